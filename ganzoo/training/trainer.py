"""A game in progress: networks, optimisers, random numbers, and the one step that all variants share."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import tee

import torch
from torch import Tensor

from ganzoo.data import ImageSet, index_stream, to_float
from ganzoo.game import Batch, player_of
from ganzoo.generator import Generator, Model, Translator
from ganzoo.recipe import Recipe
from ganzoo.training.averaging import Average
from ganzoo.training.execution import Execution
from ganzoo.training.meter import Meter
from ganzoo.training.processes import ALONE, Processes
from ganzoo.training.rates import Rates

State = tuple[dict[str, Tensor], dict[str, int | float]]
"""Everything that a run needs to go on bit for bit: tensors by name, and a few numbers."""


class StateError(Exception):
    """A state that was not taken from such a trainer."""


EXAMPLES = 64
"""Real images that are shown to a translator, in each of its directions."""

Turn = Callable[[Batch], tuple[Sequence[Tensor], dict[str, Tensor]]]
"""From what a player is dealt to the gradients of its parameters, and what is worth reporting."""


def laid_out_as(parameter: Tensor, values: Tensor) -> Tensor:
    """The values, in memory as the parameter lies there: fused optimisers go through both without asking."""
    return values if values.stride() == parameter.stride() else torch.empty_like(parameter).copy_(values)


class Trainer:
    """Plays a recipe's game on a set of images.

    Everything random comes from ``seed``: weights, latents and drop-out from torch's global generators, the order of
    the images from ``index_stream``. Processes draw whole batches alike and work on their share of them; batch norm and
    drop-out, though, are each process's own.
    """

    def __init__(
        self,
        recipe: Recipe,
        images: ImageSet,
        *,
        seed: int,
        device: torch.device,
        execution: Execution | None = None,
        processes: Processes = ALONE,
    ) -> None:
        self.recipe, self.images, self.seed, self.device = recipe, images, seed, device
        self.execution = execution or Execution()
        self.processes = processes
        torch.manual_seed(seed)
        self.game = recipe.game()
        self.game.settle(device)
        for network in self.game.players.values():
            network.train()
        self.optimizers = {
            player: make(self.game.players[player].parameters()) for player, make in recipe.optimizers().items()
        }
        self._rates, self._length = Rates(self.optimizers, recipe.schedule()), recipe.total_steps(len(images))
        self._steps = {player: self.execution.prepared_step(it) for player, it in self.optimizers.items()}
        self._turns: dict[str, Turn] = {
            turn: self.execution.prepared(self._turn(turn), device) for turn in self.game.inputs
        }
        self.average = None if recipe.ema_decay is None else Average(self.game.model, recipe.ema_decay)
        self.meter = Meter()
        self.step = 0
        self.images_seen = 0
        self.seconds = 0.0
        self._real: Iterator[Batch] | None = None

    @property
    def published(self) -> Model:
        """The model that the recipe publishes: averaged or raw."""
        if self.recipe.published == "averaged" and self.average is not None:
            return self.average.generator
        return self.game.model

    @cached_property
    def examples(self) -> Mapping[str, Tensor]:
        """What a translator is shown in its film, by direction: it comes of images in fixed places of the set."""
        if not isinstance(self.game.model, Translator):
            return {}
        batch = {}
        for kind, part in self._parts.items():
            places = torch.linspace(0, len(part) - 1, min(EXAMPLES, len(part))).long()
            (images,) = part.batches(iter([places]), torch.device("cpu"))
            batch[kind] = to_float(images)
        return self.game.examples(batch)

    def play(self) -> None:
        """One generator step, with all the updates of all the players that belong to it."""
        self._rates.set(self.step / self._length)
        for turn in self.recipe.turns(self.step):
            self._update(turn)
        self.step += 1
        if self.average is not None:
            self.average.update(self.game.model, self.step)

    def rehearse(self) -> None:
        """Make every kind of turn twice, then put all back: what is paid once, such as compiling, is then paid.

        Raises whatever the compiler does, and then leaves a trainer that is good for nothing.
        """
        tensors, numbers = self.state()
        before = {name: tensor.clone() for name, tensor in tensors.items()}, dict(numbers)
        for turn in self.game.inputs:
            for _ in range(2):
                self._update(turn)
        self.restore(before)

    def _update(self, turn: str) -> None:
        player = player_of(turn)
        gradients, reports = self._computed(turn)
        self.processes.average_(gradients)
        for parameter, gradient in zip(self.game.players[player].parameters(), gradients, strict=True):
            parameter.grad = laid_out_as(parameter, gradient)
        self._steps[player]()
        self.optimizers[player].zero_grad()
        self.game.project(player)
        self.meter.add(turn, reports)

    def _computed(self, turn: str) -> tuple[Sequence[Tensor], dict[str, Tensor]]:
        for name, network in self.game.players.items():
            network.requires_grad_(name == player_of(turn))  # nobody pays for gradients that nobody uses
        return self._turns[turn](self._deal(turn))

    def _turn(self, kind: str) -> Turn:
        game, kinds, autocast, device = self.game, self.game.kinds, self.execution.autocast, self.device
        parameters = list(game.players[player_of(kind)].parameters())

        def turn(batch: Batch) -> tuple[Sequence[Tensor], dict[str, Tensor]]:
            batch = {name: to_float(dealt) if name in kinds else dealt for name, dealt in batch.items()}
            with autocast(device):
                loss, reports = game.turn(kind, batch)
            # What takes no part in this kind of turn has a gradient of zero.
            gradients = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
            return gradients, {f"loss/{kind}": loss.detach(), **reports}

        return turn

    def _deal(self, turn: str) -> Batch:
        wanted = self.game.inputs[turn]
        dealers = {"z": self._latents, "epsilon": self._shares, "y": self._classes}
        real = self._real_images() if set(self.game.kinds).intersection(wanted) else {}
        return {name: real[name] if name in real else dealers[name]() for name in wanted}

    def _real_images(self) -> Batch:
        """Real images of each kind, and their classes if there is one kind and it has any."""
        if self._real is None:
            start = self.images_seen // len(self._parts)
            streams = [
                self._stream(kind, images, index_stream(len(images), self.recipe.batch_size, self.seed + number, start))
                for number, (kind, images) in enumerate(self._parts.items())
            ]
            self._real = (dict(ChainMap(*dealt)) for dealt in zip(*streams, strict=True))
        self.images_seen += len(self._parts) * self.recipe.batch_size
        return next(self._real)

    @cached_property
    def _parts(self) -> Mapping[str, ImageSet]:
        """The set of each kind of real images."""
        kinds = self.game.kinds
        return dict(zip(kinds, self.images.parts(len(kinds)), strict=True))

    def _stream(self, kind: str, images: ImageSet, order: Iterator[Tensor]) -> Iterator[dict[str, Tensor]]:
        ahead, indices = tee(map(self.processes.share, order))
        labels = images.labels if len(self._parts) == 1 else None
        for index, pixels in zip(indices, images.batches(ahead, self.device), strict=False):
            yield {kind: pixels} if labels is None else {kind: pixels, "y": labels[index].to(self.device)}

    def _classes(self) -> Tensor:
        shape = (self.recipe.batch_size,)
        return self.processes.share(torch.randint(self.game.generator.num_classes, shape, device=self.device))

    def _latents(self) -> Tensor:
        shape = self.recipe.batch_size, self.game.generator.z_dim
        return self.processes.share(torch.randn(shape, device=self.device))

    def _shares(self) -> Tensor:
        return self.processes.share(torch.rand(self.recipe.batch_size, device=self.device))

    def state(self) -> State:
        """What ``restore`` needs; tensors are the living ones, not copies."""
        tensors: dict[str, Tensor] = {"random/cpu": torch.get_rng_state()}
        if self.device.type != "cpu":
            tensors["random/device"] = torch.get_device_module(self.device).get_rng_state()
        for player, network in self.game.players.items():
            tensors |= {f"players/{player}/{key}": value for key, value in network.state_dict().items()}
        tensors |= {f"memory/{key}": value for key, value in self.game.memory.state_dict().items()}
        for player, optimizer in self.optimizers.items():
            for index, values in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizers/{player}/{index}/{key}": value for key, value in values.items()}
        if self.average is not None:
            averaged = self.average.generator.state_dict()
            tensors |= {f"average/{key}": value for key, value in averaged.items()}
        tensors |= {f"meter/{key}": value for key, value in self.meter.state().items()}
        return tensors, {"step": self.step, "images": self.images_seen, "seconds": self.seconds}

    def restore(self, state: State) -> None:
        """Go on from where ``state`` was taken. Raises ``StateError`` where it does not fit."""
        try:
            self._restore(*state)
        except (KeyError, RuntimeError, ValueError) as error:
            raise StateError(str(error)) from error

    def _restore(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, float]) -> None:
        for player, network in self.game.players.items():
            network.load_state_dict(_under(f"players/{player}/", tensors))
        self.game.memory.load_state_dict(_under("memory/", tensors))
        for player, optimizer in self.optimizers.items():
            moments: dict[int, dict[str, Tensor]] = {}
            for key, value in _under(f"optimizers/{player}/", tensors).items():
                index, _, name = key.partition("/")
                moments.setdefault(int(index), {})[name] = value
            groups = optimizer.state_dict()["param_groups"]
            optimizer.load_state_dict({"state": moments, "param_groups": groups})
            for parameter, values in optimizer.state.items():
                for name, value in values.items():
                    if value.shape == parameter.shape:
                        values[name] = laid_out_as(parameter, value)
        if self.average is not None:
            self.average.generator.load_state_dict(_under("average/", tensors))
        self.meter.restore({key: value.to(self.device) for key, value in _under("meter/", tensors).items()})
        self.step, self.images_seen = int(numbers["step"]), int(numbers["images"])
        self.seconds = float(numbers["seconds"])
        self._real = None
        torch.set_rng_state(tensors["random/cpu"])
        if self.device.type == "cpu":
            return
        random = torch.get_device_module(self.device)
        if "random/device" in tensors:
            random.set_rng_state(tensors["random/device"])
        else:  # the run was on a CPU so far: it goes on with other numbers, not with those it began with
            random.manual_seed(self.seed + self.step)


def generators_of(recipe: Recipe, state: State, device: torch.device) -> dict[str, Generator]:
    """The ``raw`` generator of a state and, where the recipe keeps one, the ``averaged`` one, ready to draw.

    Raises ``StateError`` where the state is another recipe's.
    """
    prefixes = {"raw": "players/generator/"} | ({} if recipe.ema_decay is None else {"averaged": "average/"})
    found = {}
    for weights, prefix in prefixes.items():
        generator = recipe.game().generator
        try:
            generator.load_state_dict(_under(prefix, state[0]))
        except RuntimeError as error:
            raise StateError(str(error)) from error
        generator.settle(device)
        found[weights] = generator.requires_grad_(False).eval()
    return found


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
