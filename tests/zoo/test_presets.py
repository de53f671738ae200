"""Every preset against the description it reproduces, written out by hand: no number here comes from the code.

Where a description is in Keras, Keras' defaults hold: batch norm with ε 1e-3 and momentum 0.99 (0.01 in PyTorch, which
weighs the new value), Adam with ε 1e-7, Glorot-uniform weights, zero biases.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.optim import Adam, Optimizer, RMSprop

from ganzoo.game import AdversarialGame
from ganzoo.losses import AdversarialLoss, Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein
from ganzoo.nn.dropout import Dropout
from ganzoo.recipe import GeneratorRecipe, Recipe
from ganzoo.zoo import RECIPES
from tests.cases import SHAPES, Shape, data, deal, optimizers, update

LARGER = SHAPES[1:]
WASSERSTEIN = ("wgan", "wgan-gp")

every_shape = pytest.mark.parametrize("shape", SHAPES, ids=["x".join(map(str, shape)) for shape in SHAPES])
every_larger_shape = pytest.mark.parametrize("shape", LARGER, ids=["x".join(map(str, shape)) for shape in LARGER])
shapes_only = pytest.mark.usefixtures("_on_meta")


@pytest.fixture
def _on_meta() -> Iterator[None]:
    """Networks of full width that take neither memory nor time."""
    with torch.device("meta"):
        yield


def preset(variant: str, shape: Shape = SHAPES[0], **options: object) -> Recipe:
    return RECIPES[variant].model_validate({"data": data(shape), **options})


def game(variant: str, shape: Shape = SHAPES[0], **options: object) -> AdversarialGame:
    played = preset(variant, shape, **options).game()
    assert isinstance(played, AdversarialGame)
    return played


def optimizer_of(recipe: Recipe, player: str) -> Optimizer:
    return recipe.optimizers()[player]([nn.Parameter(torch.zeros(1))])


def layers(network: nn.Module) -> list[str]:
    """Every layer with all of its settings, in order of use; a LeakyReLU of slope 0 is called the ReLU that it is."""
    shown = [str(layer) for layer in network.modules() if not any(layer.children())]
    reshapes = ("Flatten", "Unflatten")
    return [
        layer.replace("LeakyReLU(negative_slope=0.0)", "ReLU()") for layer in shown if not layer.startswith(reshapes)
    ]


def written(*expected: nn.Module) -> list[str]:
    return [str(layer) for layer in expected]


@shapes_only
@every_shape
@pytest.mark.parametrize("variant", ["gan", "gan-minimax", *WASSERSTEIN])
def test_perceptrons_of_keras_gan(variant: str, shape: Shape) -> None:
    played, pixels = game(variant, shape), math.prod(shape)
    assert layers(played.generator) == written(
        nn.Linear(100, 256),
        nn.LeakyReLU(0.2),
        nn.BatchNorm1d(256, eps=1e-3, momentum=0.2),
        nn.Linear(256, 512),
        nn.LeakyReLU(0.2),
        nn.BatchNorm1d(512, eps=1e-3, momentum=0.2),
        nn.Linear(512, 1024),
        nn.LeakyReLU(0.2),
        nn.BatchNorm1d(1024, eps=1e-3, momentum=0.2),
        nn.Linear(1024, pixels),
        nn.Tanh(),
    )
    assert layers(played.discriminator) == written(
        nn.Linear(pixels, 512),
        nn.LeakyReLU(0.2),
        nn.Linear(512, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 1),
    )


@shapes_only
@every_shape
def test_perceptrons_with_one_hidden_layer(shape: Shape) -> None:
    played, pixels = game("gan-small", shape), math.prod(shape)
    assert layers(played.generator) == written(
        nn.Linear(100, 128), nn.LeakyReLU(0.2), nn.Linear(128, pixels), nn.Tanh()
    )
    assert layers(played.discriminator) == written(nn.Linear(pixels, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1))


@shapes_only
@every_shape
def test_perceptrons_with_plain_relu(shape: Shape) -> None:
    played, pixels = game("gan-smooth", shape), math.prod(shape)
    assert layers(played.generator) == written(
        nn.Linear(100, 256),
        nn.ReLU(),
        nn.Linear(256, 512),
        nn.ReLU(),
        nn.Linear(512, 1024),
        nn.ReLU(),
        nn.Linear(1024, pixels),
        nn.Tanh(),
    )
    assert layers(played.discriminator) == written(
        nn.Linear(pixels, 1024),
        nn.ReLU(),
        nn.Linear(1024, 512),
        nn.ReLU(),
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Linear(256, 1),
    )


def layer_norm(channels: int) -> nn.Module:
    return nn.GroupNorm(1, channels)  # one group: all channels and places of one image


def instance_norm(channels: int) -> nn.Module:
    return nn.InstanceNorm2d(channels, affine=True)


CRITICS = [
    pytest.param("dcgan", {}, 0.3, None, id="dcgan"),
    pytest.param("wgan", {"network": "dcgan"}, 0.0, None, id="wgan"),
    pytest.param("wgan-gp", {"network": "dcgan"}, 0.0, layer_norm, id="wgan-gp"),
    pytest.param("wgan-gp", {"network": "dcgan", "norm": "instance"}, 0.0, instance_norm, id="wgan-gp instance"),
    pytest.param("wgan-gp", {"network": "dcgan", "norm": "none"}, 0.0, None, id="wgan-gp none"),
]


@shapes_only
@pytest.mark.parametrize(("variant", "options", "dropout", "norm"), CRITICS)
def test_convolutions_of_the_tutorial(
    variant: str, options: dict[str, str], dropout: float, norm: Callable[[int], nn.Module] | None
) -> None:
    played = game(variant, (1, 28, 28), **options)
    assert layers(played.generator) == written(
        nn.Linear(100, 7 * 7 * 256, bias=False),
        nn.BatchNorm1d(7 * 7 * 256, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        nn.ConvTranspose2d(256, 128, 5, stride=1, padding=2, bias=False),
        nn.BatchNorm2d(128, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        nn.ConvTranspose2d(128, 64, 5, stride=2, padding=2, output_padding=1, bias=False),
        nn.BatchNorm2d(64, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        nn.ConvTranspose2d(64, 1, 5, stride=2, padding=2, output_padding=1, bias=False),
        nn.Tanh(),
    )
    assert layers(played.discriminator) == written(
        nn.Conv2d(1, 64, 5, stride=2, padding=2),
        nn.LeakyReLU(0.3),
        nn.Dropout(dropout),
        nn.Conv2d(64, 128, 5, stride=2, padding=2),
        *([norm(128)] if norm else []),
        nn.LeakyReLU(0.3),
        nn.Dropout(dropout),
        nn.Linear(7 * 7 * 128, 1),
    )


@shapes_only
@every_larger_shape
@pytest.mark.parametrize("variant", ["dcgan", *WASSERSTEIN])
def test_convolutions_of_the_paper(variant: str, shape: Shape) -> None:
    played = game(variant, shape, **({} if variant == "dcgan" else {"network": "dcgan"}))
    norm = layer_norm if variant == "wgan-gp" else nn.BatchNorm2d
    hidden = [1024, 512, 256, 128] if shape[1] == 64 else [512, 256, 128]

    generator: list[nn.Module] = [
        nn.ConvTranspose2d(100, hidden[0], 4, bias=False),
        nn.BatchNorm2d(hidden[0]),
        nn.ReLU(),
    ]
    for inputs, outputs in pairwise(hidden):
        generator += [nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False)]
        generator += [nn.BatchNorm2d(outputs, eps=1e-5, momentum=0.1), nn.ReLU()]
    generator += [nn.ConvTranspose2d(128, shape[0], 4, stride=2, padding=1), nn.Tanh()]
    assert layers(played.generator) == written(*generator)

    discriminator: list[nn.Module] = [nn.Conv2d(shape[0], 128, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for inputs, outputs in pairwise(reversed(hidden)):
        discriminator += [nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False)]
        discriminator += [norm(outputs), nn.LeakyReLU(0.2)]
    discriminator += [nn.Conv2d(hidden[0], 1, 4)]
    assert layers(played.discriminator) == written(*discriminator)


@shapes_only
@every_shape
def test_a_class_conditional_pair_is_dcgan_s_but_for_the_class(shape: Shape) -> None:
    assert preset("cgan", shape).model_dump() == {**preset("dcgan", shape).model_dump(), "embedding_dim": 50}
    told, plain = game("cgan", shape), game("dcgan", shape)
    first, *others = layers(plain.generator)
    inputs = "in_features={}," if shape[1] == 28 else "ConvTranspose2d({},"
    assert layers(told.generator) == [first.replace(inputs.format(100), inputs.format(150)), *others]
    assert layers(told.discriminator)[:-1] == layers(plain.discriminator)[:-1]
    channels, side = {28: (128, 7), 32: (512, 4), 64: (1024, 4)}[shape[1]]
    assert layers(told.discriminator)[-1:] == written(nn.Linear(channels * side * side, 1))
    assert told.generator.state_dict()["embedding"].shape == (10, 50)
    assert told.discriminator.state_dict()["v"].shape == (10, channels)


@shapes_only
@every_shape
def test_residual_networks_of_the_spectral_normalisation_paper(shape: Shape) -> None:
    played = game("sngan", shape)
    start, doublings, halvings = {28: (7, 2, 2), 32: (4, 3, 2), 64: (4, 4, 3)}[shape[1]]

    def grown() -> list[nn.Module]:
        return [
            *(nn.BatchNorm2d(256), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(256, 256, 3, padding=1)),
            *(nn.BatchNorm2d(256), nn.ReLU(), nn.Conv2d(256, 256, 3, padding=1)),
            *(nn.Conv2d(256, 256, 1), nn.Upsample(scale_factor=2)),
        ]

    assert layers(played.generator) == written(
        nn.Linear(128, start * start * 256),
        *(layer for _ in range(doublings) for layer in grown()),
        nn.BatchNorm2d(256),
        nn.ReLU(),
        nn.Conv2d(256, shape[0], 3, padding=1),
        nn.Tanh(),
    )
    weights = played.discriminator.state_dict()
    originals = [tuple(value.shape) for name, value in weights.items() if name.endswith("original")]
    wide, narrow = (128, 128, 3, 3), (128, 128, 1, 1)
    assert originals == [
        *((128, shape[0], 3, 3), wide, (128, shape[0], 1, 1)),
        *((wide, wide, narrow) * (halvings - 1)),
        *((wide, wide) * 2),
        (1, 128),
    ]
    assert [name for name in weights if name.endswith("weight")] == []  # no layer is left as it is
    assert [layer for layer in layers(played.discriminator) if "Pool" in layer] == written(
        *[nn.AvgPool2d(2)] * halvings
    )


@shapes_only
@every_shape
@pytest.mark.parametrize(
    "options", [{"network": "mlp"}] + [{"network": "dcgan", "norm": n} for n in ("layer", "instance", "none")], ids=str
)
def test_a_penalised_critic_has_no_batch_norm(shape: Shape, options: dict[str, str]) -> None:
    assert not any("BatchNorm" in layer for layer in layers(game("wgan-gp", shape, **options).discriminator))


@shapes_only
@every_shape
@pytest.mark.parametrize("network", ["mlp", "dcgan"])
@pytest.mark.parametrize("variant", WASSERSTEIN)
def test_a_critic_has_neither_sigmoid_nor_drop_out(variant: str, network: str, shape: Shape) -> None:
    critic = game(variant, shape, network=network).discriminator
    assert not any("Sigmoid" in layer for layer in layers(critic))
    assert all(layer.p == 0 for layer in critic.modules() if isinstance(layer, nn.Dropout))


@pytest.mark.parametrize("variant", ["gan", "gan-minimax", "gan-small", "gan-smooth", "dcgan", *WASSERSTEIN])
def test_weights_are_keras_at_28(variant: str) -> None:
    torch.manual_seed(0)
    for network in game(variant).players.values():
        for layer in network.modules():
            if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
                outputs, inputs = layer.weight.shape[:2]
                bound = math.sqrt(6 / ((inputs + outputs) * math.prod(layer.weight.shape[2:])))
                assert layer.weight.abs().max().item() == pytest.approx(bound, rel=0.05)
                assert layer.weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.1)
                assert layer.bias is None or not layer.bias.any()
            elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                assert (layer.weight == 1).all()
                assert not layer.bias.any()


@every_larger_shape
def test_weights_are_the_paper_s_at_32_and_64(shape: Shape) -> None:
    torch.manual_seed(0)
    for network in game("dcgan", shape, width=32).players.values():
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
                centre = 1 if isinstance(layer, nn.BatchNorm2d) else 0
                chance = 4 / math.sqrt(layer.weight.numel())  # four standard errors
                assert layer.weight.mean().item() == pytest.approx(centre, abs=0.02 * chance)
                assert layer.weight.std().item() == pytest.approx(0.02, rel=chance)
                assert layer.bias is None or not layer.bias.any()


@pytest.mark.parametrize(
    ("variant", "shape", "expected"),
    [
        ("gan", (1, 28, 28), {"batch_size": 64, "steps": 10_000}),
        ("gan-smooth", (1, 28, 28), {"batch_size": 128, "steps": 12_800}),
        ("gan-small", (1, 28, 28), {"batch_size": 64, "steps": 10_000}),
        ("gan-minimax", (1, 28, 28), {"batch_size": 64, "steps": 10_000}),
        ("dcgan", (1, 28, 28), {"batch_size": 256, "steps": None, "epochs": 50}),
        ("dcgan", (1, 32, 32), {"batch_size": 128, "steps": None, "epochs": 25}),
        ("dcgan", (3, 64, 64), {"batch_size": 128, "steps": None, "epochs": 25}),
        ("wgan", (1, 28, 28), {"batch_size": 64, "steps": 40_000}),
        ("wgan-gp", (1, 28, 28), {"batch_size": 64, "steps": 40_000}),
        ("sngan", (3, 32, 32), {"batch_size": 64, "steps": 50_000, "z_dim": 128}),
    ],
    ids=str,
)
def test_batch_and_length(variant: str, shape: Shape, expected: dict[str, object]) -> None:
    recipe = preset(variant, shape)
    expected = {"z_dim": 100, **expected}
    assert {name: getattr(recipe, name) for name in expected} == expected
    assert isinstance(recipe, GeneratorRecipe)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize(
    ("variant", "shape", "lr", "betas", "eps"),
    [
        ("gan", (1, 28, 28), 2e-4, (0.5, 0.999), 1e-7),
        ("gan-smooth", (1, 28, 28), 1e-3, (0.9, 0.999), 1e-7),
        ("gan-small", (1, 28, 28), 2e-4, (0.9, 0.999), 1e-7),
        ("gan-minimax", (1, 28, 28), 2e-4, (0.5, 0.999), 1e-7),
        ("dcgan", (1, 28, 28), 1e-4, (0.9, 0.999), 1e-7),
        ("dcgan", (3, 32, 32), 2e-4, (0.5, 0.999), 1e-8),
        ("dcgan", (3, 64, 64), 2e-4, (0.5, 0.999), 1e-8),
        ("wgan-gp", (1, 28, 28), 1e-4, (0.0, 0.9), 1e-8),
        ("sngan", (3, 32, 32), 2e-4, (0.0, 0.9), 1e-8),
    ],
    ids=str,
)
def test_adam(variant: str, shape: Shape, lr: float, betas: tuple[float, float], eps: float, player: str) -> None:
    optimizer = optimizer_of(preset(variant, shape), player)
    assert type(optimizer) is Adam
    settings = optimizer.defaults
    assert (settings["lr"], settings["betas"], settings["eps"], settings["weight_decay"]) == (lr, betas, eps, 0)
    assert not settings["amsgrad"]


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_rmsprop(player: str) -> None:
    optimizer = optimizer_of(preset("wgan"), player)
    assert type(optimizer) is RMSprop
    settings = optimizer.defaults
    assert (settings["lr"], settings["alpha"], settings["eps"]) == (5e-5, 0.99, 1e-8)
    assert (settings["momentum"], settings["weight_decay"], settings["centered"]) == (0, 0, False)


@pytest.mark.parametrize(
    ("variant", "loss"),
    [
        ("gan", NonSaturating(real_label=1.0)),
        ("gan-smooth", NonSaturating(real_label=0.9)),
        ("gan-small", NonSaturating(real_label=1.0)),
        ("gan-minimax", Minimax()),
        ("dcgan", NonSaturating(real_label=1.0)),
        ("wgan", Wasserstein()),
        ("wgan-gp", Wasserstein()),
        ("sngan", Hinge()),
    ],
)
@shapes_only
def test_objective(variant: str, loss: AdversarialLoss) -> None:
    played = game(variant)
    assert played.loss == loss
    assert played.clip == (0.01 if variant == "wgan" else None)
    assert played.penalty_weight == (10.0 if variant == "wgan-gp" else 0.0)
    assert not played.discriminator.mixes_samples  # so real and fake may be one batch, as gan-smooth has them


@pytest.mark.parametrize("variant", ["gan", "gan-minimax", "gan-small", "gan-smooth", "dcgan", *WASSERSTEIN, "sngan"])
def test_discriminator_updates_for_one_of_the_generator(variant: str) -> None:
    expected = 5 if variant in (*WASSERSTEIN, "sngan") else 1
    assert preset(variant).updates() == {"discriminator": expected, "generator": 1}


@shapes_only
@pytest.mark.parametrize("variant", ["gan", "gan-small", "dcgan"])
@pytest.mark.parametrize(
    ("name", "loss"), [("least-squares", LeastSquares()), ("hinge", Hinge()), ("minimax", Minimax())]
)
def test_other_losses_can_be_chosen(variant: str, name: str, loss: AdversarialLoss) -> None:
    assert game(variant, loss=name).loss == loss


def test_numbers_of_updates_can_be_chosen() -> None:
    assert preset("gan-minimax", n_discriminator=3).updates() == {"discriminator": 3, "generator": 1}
    assert preset("wgan", n_critic=2).updates() == {"discriminator": 2, "generator": 1}
    assert preset("sngan", n_discriminator=2).updates() == {"discriminator": 2, "generator": 1}


@shapes_only
def test_smoothing_and_penalty_can_be_chosen() -> None:
    assert game("gan-smooth", real_label=0.8).loss == NonSaturating(real_label=0.8)
    assert game("wgan-gp", penalty_weight=3.0).penalty_weight == 3.0


@pytest.mark.parametrize("network", ["mlp", "dcgan"])
@pytest.mark.parametrize("clip", [0.01, 0.003])
def test_every_weight_of_the_critic_is_clipped_after_its_step(network: str, clip: float) -> None:
    torch.manual_seed(0)
    recipe = preset("wgan", (3, 32, 32), network=network, width=2, batch_size=2, clip=clip)
    played = recipe.game()
    update(played, "discriminator", deal(recipe, torch.Generator()), optimizers(recipe, played)["discriminator"])
    for parameter in played.players["discriminator"].parameters():
        assert parameter.abs().max() <= clip
    largest = max(parameter.abs().max().item() for parameter in played.players["discriminator"].parameters())
    assert largest == pytest.approx(clip)
    assert max(parameter.abs().max().item() for parameter in played.generator.parameters()) > clip


def test_drop_out_can_be_left_out() -> None:
    discriminator = game("dcgan", dropout=0.0).discriminator
    assert [layer.p for layer in discriminator.modules() if isinstance(layer, Dropout)] == [0.0, 0.0]
