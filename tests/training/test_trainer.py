import pytest
import torch
from torch import Tensor, nn
from torch.optim import Adam

from ganzoo.data import ImagesInMemory, to_uint8
from ganzoo.game import AdversarialGame, Batch, Game
from ganzoo.inference import sample
from ganzoo.losses import NonSaturating
from ganzoo.training.averaging import Average
from ganzoo.training.processes import Processes
from ganzoo.training.trainer import StateError, Trainer, generators_of
from ganzoo.zoo import RECIPES
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from tests.training.conftest import tiny_recipe

CPU = torch.device("cpu")


def parameters(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {key: value.clone() for key, value in trainer.state()[0].items()}


@pytest.mark.parametrize("variant", RECIPES)
def test_the_same_seed_gives_the_same_run_and_another_seed_another(variant: str, images: ImagesInMemory) -> None:
    runs = []
    for seed in (3, 3, 4):
        trainer = Trainer(tiny_recipe(variant), images, seed=seed, device=CPU)
        for _ in range(3):
            trainer.play()
        runs.append((parameters(trainer), trainer.meter.peek(trainer.processes)))
    assert runs[0][1] == runs[1][1]
    assert all(torch.equal(value, runs[1][0][key]) for key, value in runs[0][0].items())
    assert runs[0][1] != runs[2][1]


@pytest.mark.parametrize("variant", RECIPES)
def test_a_restored_trainer_goes_on_bit_for_bit(variant: str, images: ImagesInMemory) -> None:
    recipe = tiny_recipe(variant)
    whole = Trainer(recipe, images, seed=0, device=CPU)
    for _ in range(3):
        whole.play()
    tensors, numbers = whole.state()
    saved = {key: value.clone() for key, value in tensors.items()}, dict(numbers)
    for _ in range(4):
        whole.play()

    resumed = Trainer(recipe, images, seed=0, device=CPU)
    torch.rand(5)  # whatever happened to the random numbers in between
    resumed.restore(saved)
    for _ in range(4):
        resumed.play()

    assert resumed.step == whole.step == 7
    assert resumed.images_seen == whole.images_seen
    expected = parameters(whole)
    assert expected.keys() == parameters(resumed).keys()
    assert all(torch.equal(value, expected[key]) for key, value in parameters(resumed).items())
    assert resumed.meter.peek(Processes()) == whole.meter.peek(Processes())


class CountingGame(AdversarialGame):
    """It remembers how many turns there were, and its generator has a parameter that no loss depends on."""

    def __init__(self, recipe: GAN) -> None:
        super().__init__(*recipe.networks(), NonSaturating())
        self.generator.register_parameter("idle", nn.Parameter(torch.ones(3)))
        self.memory.register_buffer("turns", torch.zeros(()))

    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        self.memory.get_buffer("turns").add_(1)
        return super().turn(turn, batch)


class CountingGAN(GAN):
    def game(self) -> Game:
        return CountingGame(self)


def test_what_takes_no_part_in_a_turn_stays_and_what_a_game_remembers_is_saved(images: ImagesInMemory) -> None:
    recipe = CountingGAN(width=4, batch_size=8, steps=12)
    trainer = Trainer(recipe, images, seed=0, device=CPU)
    for _ in range(3):
        trainer.play()
    assert (trainer.game.generator.get_parameter("idle") == 1).all()
    state = trainer.state()
    resumed = Trainer(recipe, images, seed=0, device=CPU)
    resumed.restore(state)
    assert resumed.game.memory.get_buffer("turns") == 6
    del state[0]["memory/turns"]
    with pytest.raises(StateError):
        resumed.restore(state)


@pytest.mark.parametrize("recipe", [tiny_recipe("dcgan", data={"dataset": "cifar10"}), tiny_recipe("dcgan")])
def test_fused_optimisers_take_the_step_of_plain_ones(recipe: DCGAN) -> None:
    """Which they do not where gradients lie in memory in another order than their weights."""
    noise = torch.randint(0, 256, (40, *recipe.data.image_shape), dtype=torch.uint8)
    images = ImagesInMemory("noise", noise, licence="none")
    ends = []
    for fused in (True, False):
        trainer = Trainer(recipe, images, seed=0, device=CPU)
        if not fused:
            trainer.optimizers = {
                player: Adam(network.parameters(), lr=recipe.lr, betas=(recipe.beta1, 0.999), eps=recipe.eps)
                for player, network in trainer.game.players.items()
            }
        for _ in range(3):
            trainer.play()
        ends.append([p.detach() for network in trainer.game.players.values() for p in network.parameters()])
    torch.testing.assert_close(ends[0], ends[1], rtol=1e-3, atol=1e-5)


def numbered(count: int, first_kind: int | None = None) -> ImagesInMemory:
    """Pictures that are all of one grey, by which their number is known."""
    pixels = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 28, 28)
    return ImagesInMemory("numbers", pixels, licence="none", first_kind=first_kind)


def dealt_to(trainer: Trainer, steps: int) -> dict[str, list[int]]:
    """The numbers of the pictures of each kind that turns are dealt."""
    seen: dict[str, list[int]] = {}
    make = trainer.game.turn

    def watched(turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        for name, images in batch.items():
            seen.setdefault(name, []).extend(to_uint8(images[:, 0, 0, 0]).tolist())
        return make(turn, batch)

    trainer.game.turn = watched  # type: ignore[method-assign]
    for _ in range(steps):
        trainer.play()
    return seen


@pytest.mark.parametrize(
    ("images", "first", "second"),
    [
        (numbered(20), set(range(0, 20, 2)), set(range(1, 20, 2))),
        (numbered(20, 14), set(range(14)), set(range(14, 20))),
    ],
    ids=["halves of one", "two"],
)
def test_two_kinds_are_dealt_side_by_side_each_in_an_order_of_its_own(
    images: ImagesInMemory, first: set[int], second: set[int]
) -> None:
    recipe = tiny_recipe("cyclegan", width=2, blocks=1, batch_size=2, steps=8)
    trainer = Trainer(recipe, images, seed=0, device=CPU)
    seen = dealt_to(trainer, 8)
    assert set(seen) == {"real_a", "real_b"}
    for name, kind in (("real_a", first), ("real_b", second)):
        assert set(seen[name]) == kind
        assert len(set(seen[name][: len(kind)])) == len(kind)  # once each, before any comes again
    assert trainer.images_seen == 2 * len(seen["real_a"]) == 8 * recipe.images_a_step()
    assert [number // 2 for number in seen["real_a"][:10]] != [number // 2 for number in seen["real_b"][:10]]


def test_a_resumed_run_goes_on_in_the_order_of_both_kinds_and_with_what_the_game_remembers() -> None:
    recipe = tiny_recipe("cyclegan", width=2, blocks=1, batch_size=3, pool=5)
    whole = Trainer(recipe, numbered(20), seed=0, device=CPU)
    for _ in range(4):
        whole.play()  # the pool is full by now
    tensors, numbers = whole.state()
    saved = {name: tensor.clone() for name, tensor in tensors.items()}, dict(numbers)
    dealt = dealt_to(whole, 3)
    resumed = Trainer(recipe, numbered(20), seed=0, device=CPU)
    resumed.restore(saved)
    assert dealt_to(resumed, 3) == dealt
    expected = parameters(whole)
    assert {"memory/0.images", "memory/1.seen"} <= expected.keys()
    assert all(torch.equal(value, expected[name]) for name, value in parameters(resumed).items())


def test_images_are_counted_once_for_every_critic_update(images: ImagesInMemory) -> None:
    trainer = Trainer(tiny_recipe("wgan", n_critic=3), images, seed=0, device=CPU)
    trainer.play()
    assert trainer.images_seen == 3 * 8


def test_real_images_come_with_their_own_classes_and_drawn_ones_with_any(images: ImagesInMemory) -> None:
    labels = torch.arange(len(images)) % 7
    pixels = labels.to(torch.uint8)[:, None, None, None].expand(-1, 1, 28, 28).contiguous()
    labelled = ImagesInMemory("labelled", pixels, licence="none", labels=labels)
    trainer = Trainer(tiny_recipe("cgan"), labelled, seed=0, device=CPU)
    dealt = trainer._deal("discriminator")
    assert torch.equal(dealt["real"][:, 0, 0, 0].long(), dealt["y"])
    asked = torch.cat([trainer._deal("generator")["y"] for _ in range(50)])
    assert asked.unique().tolist() == list(range(10))


def test_the_published_generator_is_the_recipes_choice(images: ImagesInMemory) -> None:
    averaged = Trainer(tiny_recipe("gan"), images, seed=0, device=CPU)
    raw = Trainer(tiny_recipe("gan", published="raw"), images, seed=0, device=CPU)
    assert averaged.average is not None
    assert averaged.published is averaged.average.generator
    assert raw.published is raw.game.generator


def test_the_average_is_the_closed_form_with_its_buffers() -> None:
    source = tiny_recipe("gan").game().generator
    average = Average(source, decay=0.5)
    weights = [value.clone() for value in source.state_dict().values()]
    with torch.no_grad():
        for value in source.state_dict().values():
            value.add_(1)
    average.update(source, step=100)
    for old, averaged in zip(weights, average.generator.state_dict().values(), strict=True):
        torch.testing.assert_close(averaged, old + (0.5 if old.is_floating_point() else 1))


def test_an_early_average_follows_closely() -> None:
    source = tiny_recipe("gan").game().generator
    average = Average(source, decay=0.999)
    before = source.state_dict()["layers.0.weight"].clone()
    with torch.no_grad():
        source.state_dict()["layers.0.weight"].add_(1)
    average.update(source, step=1)  # (1 + 1) / (10 + 1) stays of the old
    torch.testing.assert_close(average.generator.state_dict()["layers.0.weight"], before + 9 / 11)


@pytest.mark.parametrize("variant", ["gan", "dcgan"])
def test_both_generators_of_a_state_draw_as_they_did_in_the_run(variant: str, images: ImagesInMemory) -> None:
    recipe = tiny_recipe(variant)
    trainer = Trainer(recipe, images, seed=0, device=CPU)
    for _ in range(3):
        trainer.play()
    assert trainer.average is not None
    found = generators_of(recipe, trainer.state(), CPU)
    assert set(found) == {"raw", "averaged"}
    for weights, generator in (("raw", trainer.game.model), ("averaged", trainer.average.generator)):
        assert torch.equal(sample(found[weights], range(4)), sample(generator, range(4)))
        assert not any(parameter.requires_grad for parameter in found[weights].parameters())
    assert set(generators_of(tiny_recipe(variant, ema_decay=None, published="raw"), trainer.state(), CPU)) == {"raw"}
    with pytest.raises(StateError):
        generators_of(tiny_recipe(variant, width=5), trainer.state(), CPU)
