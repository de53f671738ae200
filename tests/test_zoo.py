"""The checkpoints that ship with the project."""

from pathlib import Path

import pytest
import torch
from torchmetrics.functional import spearman_corrcoef

from ganzoo.checkpoints import read_checkpoint
from ganzoo.checkpoints.card import card
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.generator import Network
from ganzoo.inference import inputs, sample, translate
from ganzoo.metrics import Seen, class_counts, class_histogram, duplicate_rate, frechet_distance
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.collapse import has_collapsed
from ganzoo.metrics.evaluation import ClassifierYardstick, drawn
from ganzoo.metrics.score import confident_share
from ganzoo.nn.classifiers import classifier_file
from ganzoo.zoo import RECIPES
from tests.metrics.second.look import COUNT, real, second

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
SHIPPED = [
    *(
        f"{variant}-{dataset}"
        for variant in ("gan", "gan-small", "dcgan", "wgan", "wgan-gp", "cgan", "sngan", "stylegan2", "r3gan")
        for dataset in ("mnist", "fashion-mnist")
    ),
    "dcgan-cifar10",
]
TRANSLATORS = ["cyclegan-fashion-mnist", "srgan-fashion-mnist"]
EXHIBITS = [f"{name}-mnist" for name, recipe in RECIPES.items() if recipe.exhibit]
MAX_WEIGHTS = 50_000_000
MAX_EXHIBITS = 3_000_000


def test_what_ships_is_what_is_promised_and_small() -> None:
    assert sorted(folder.name for folder in CHECKPOINTS.iterdir()) == sorted(SHIPPED + EXHIBITS + TRANSLATORS)
    assert sum(file.stat().st_size for file in CHECKPOINTS.rglob("*.safetensors")) <= MAX_WEIGHTS


def test_the_exhibits_are_small_with_all_that_they_show() -> None:
    files = [file for name in EXHIBITS for file in (CHECKPOINTS / name).iterdir()]
    assert sum(file.stat().st_size for file in files) <= MAX_EXHIBITS


@pytest.mark.parametrize("name", SHIPPED + EXHIBITS)
def test_a_shipped_checkpoint_is_whole_and_draws(name: str) -> None:
    checkpoint = read_checkpoint(CHECKPOINTS / name)
    files = {"config.json", "model.safetensors", "discriminator.safetensors", "README.md", "history.jsonl"}
    assert {file.name for file in checkpoint.folder.iterdir()} == files | {"film.webp", "film.json", "metrics.json"}
    recipe, training = checkpoint.config.recipe, checkpoint.config.training
    assert f"{recipe['variant']}-{recipe['data']['dataset']}" == name  # type: ignore[index, call-overload]
    RECIPES[str(recipe["variant"])].model_validate({k: v for k, v in recipe.items() if k not in {"variant", "seed"}})
    assert {"steps", "images", "seconds", "hardware", "weights", "data_licence", "command"} <= training.keys()

    generator, discriminator = checkpoint.load_generator("cpu"), checkpoint.load_discriminator("cpu")
    images = sample(generator, range(16))
    assert checkpoint.config.exhibit == RECIPES[str(recipe["variant"])].exhibit
    assert checkpoint.config.exhibit or images.std(dim=0).mean() > 0.1  # not one picture for every seed
    assert discriminator is not None
    with torch.inference_mode():
        y = inputs(range(16), generator.z_dim, generator.num_classes).y
        assert discriminator(images, y).shape == (16,)
    networks: dict[str, Network] = {"generator": generator, "discriminator": discriminator}
    written = (checkpoint.folder / "README.md").read_text(encoding="utf-8")
    assert written == card(checkpoint.config, name=name, networks=networks, scores=read_scores(checkpoint.folder))


@pytest.mark.parametrize("name", TRANSLATORS)
def test_a_shipped_translator_is_whole_and_translates(name: str) -> None:
    checkpoint = read_checkpoint(CHECKPOINTS / name)
    files = {"config.json", "model.safetensors", "README.md", "history.jsonl", "film.webp", "film.json"}
    assert {file.name for file in checkpoint.folder.iterdir()} == files
    translator, recipe = checkpoint.load("cpu"), checkpoint.config.recipe
    assert f"{recipe['variant']}-{recipe['data']['dataset']}" == name  # type: ignore[index, call-overload]
    for direction, (taken, given) in checkpoint.directions.items():
        images = translate(translator, torch.rand(16, *taken) * 2 - 1, direction)
        assert images.shape == (16, *given)
        assert images.std(dim=0).mean() > 0.1  # not one picture for all
    written = (checkpoint.folder / "README.md").read_text(encoding="utf-8")
    assert written == card(checkpoint.config, name=name, networks={"translator": translator}, scores=[])


def scores(name: str) -> dict[str, Score]:
    """By metric, against the test split where there is a choice."""
    return {score.metric: score for score in reversed(read_scores(CHECKPOINTS / name))}


@pytest.mark.parametrize("name", SHIPPED + EXHIBITS)
def test_every_model_tells_scores_of_its_own_weights_by_the_classifier_that_ships(name: str) -> None:
    checkpoint, found = read_checkpoint(CHECKPOINTS / name), scores(name)
    assert found.keys() == ClassifierYardstick.metrics.keys()
    extractor = load_classifier(classifier_file(checkpoint.config.dataset)).hash
    for score in found.values():
        assert score.passport["extractor_sha256"] == extractor
        assert score.passport["weights_sha256"] == weights_hash(checkpoint.folder)
        assert score.passport["generated_count"] == 10_000
        assert score.passport["metric_version"] == ClassifierYardstick.metrics[score.metric].version


def test_the_verdict_falls_on_the_collapsed_exhibit_and_on_nothing_else() -> None:
    assert [name for name in SHIPPED + EXHIBITS if scores(name)["collapsed"].value] == ["gan-collapsed-mnist"]


Opinion = tuple[Seen, dict[str, Seen]]
"""What a second classifier sees in real pictures, and in what each model draws."""


@pytest.fixture(scope="module", params=["mnist", "fashion-mnist"])
def opinion(request: pytest.FixtureRequest) -> Opinion:
    judge, checkpoints = second(request.param), [read_checkpoint(CHECKPOINTS / name) for name in SHIPPED + EXHIBITS]
    return real(judge), {
        checkpoint.name: judge.look(drawn(checkpoint.load_generator("cpu"), COUNT, judge.image_shape))
        for checkpoint in checkpoints
        if checkpoint.config.dataset == request.param
    }


def test_a_second_classifier_ranks_them_as_the_one_that_ships_does(opinion: Opinion) -> None:
    """A model that pleases the classifier that ships, and no other, would have another place."""
    pictures, models = opinion
    distance = "frechet-classifier-distance"
    pairs = [
        (scores(name)[distance].value, frechet_distance(seen.features, pictures.features))
        for name, seen in models.items()
        if name in SHIPPED
    ]
    assert len(pairs) >= 5
    assert spearman_corrcoef(*torch.tensor(pairs).T) >= 0.8


def test_a_second_classifier_finds_the_collapsed_exhibit_collapsed_and_no_sound_model(opinion: Opinion) -> None:
    """Of noise and blurs, which the other exhibits draw, it may think otherwise: how sure it is of those is chance."""
    pictures, models = opinion
    for name in models.keys() & {*SHIPPED, "gan-collapsed-mnist"}:
        seen = models[name]
        histogram = class_histogram(seen.probabilities, class_counts(pictures.probabilities))
        duplicates = duplicate_rate(seen.points, pictures.points)
        collapsed = has_collapsed(histogram, duplicates, confident_share(seen.probabilities))
        assert collapsed == (name == "gan-collapsed-mnist"), name
