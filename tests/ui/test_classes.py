"""Models that are told classes, as the page and its programs ask them."""

from pathlib import Path
from typing import Any

import pytest
import torch

import ganzoo
from ganzoo.checkpoints import read_checkpoint, save_checkpoint
from ganzoo.data import to_float
from ganzoo.data.config import CLASSES
from ganzoo.inference import draw, inputs, judge, styles
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.sampling import drawing
from ganzoo.ui import about
from ganzoo.ui.classes import OWN, asked
from ganzoo.ui.compare import comparison
from ganzoo.ui.drawing import Studio
from ganzoo.ui.endpoints import facts
from ganzoo.ui.interpolate import file_name as walk_name
from ganzoo.ui.interpolate import walk_value
from ganzoo.ui.models import Models
from ganzoo.ui.reality import Reality
from ganzoo.ui.sample import file_name, sheet_value
from ganzoo.ui.validation import RequestError
from ganzoo.zoo.cgan import CGANDiscriminator, CGANDiscriminatorConfig, CGANGenerator, CGANGeneratorConfig
from tests.copies import copied

GARMENTS = CLASSES["fashion-mnist"]


@pytest.fixture
def studio(conditional: Path, zoo: Path) -> Studio:
    return Studio(Models([conditional, zoo], device="cpu"))


def drawn(conditional: Path, seeds: range, of: Any = None, truncation: float = 1.0) -> Pixels:
    return to_pixels(ganzoo.sample(ganzoo.load(conditional / "delta", "cpu"), seeds, truncation, of))


def test_a_model_with_classes_says_so_and_names_them(studio: Studio) -> None:
    told = {model.id: facts(model) for model in studio.models}
    assert "classes" in told["delta"]["abilities"]
    assert told["delta"]["classes"] == list(GARMENTS)
    assert "classes" not in told["alpha"]["abilities"]
    assert told["alpha"]["classes"] == []
    page = about.page(studio.models)
    assert page.count("<dt>Classes</dt>") == 1
    assert "sneaker, bag, ankle boot" in page


def test_classes_without_names_have_numbers_and_are_of_no_published_set(conditional: Path, tmp_path: Path) -> None:
    for name, dataset in (("folder", "folder:mine"), ("mnist", "mnist")):
        copied(conditional / "delta", tmp_path / name, dataset=dataset)
    models = Models([tmp_path])
    assert models["mnist"].classes == models["folder"].classes == tuple("0123456789")
    assert (models["mnist"].published_set, models["folder"].published_set) == ("mnist", None)


def test_pictures_are_of_each_seed_s_own_class_or_all_of_one(studio: Studio, conditional: Path) -> None:
    own, bags = studio.samples("delta", 3, 12, 0.5), studio.samples("delta", 3, 12, 0.5, 8)
    assert own.classes == tuple(seed % 10 for seed in range(3, 15))
    assert bags.classes == (8,) * 12
    assert (own.pixels == drawn(conditional, range(3, 15), None, 0.5)).all()
    assert (bags.pixels == drawn(conditional, range(3, 15), 8, 0.5)).all()
    assert studio.samples("delta", 3, 12, 0.5, 8).again
    assert not studio.samples("delta", 3, 12, 0.5, 7).again


def test_what_is_shown_says_of_which_class_it_is(studio: Studio) -> None:
    own, bags = (sheet_value(studio.samples("delta", 6, 3, 1.0, of)) for of in (None, 8))
    assert own["labels"] == ["seed 6, shirt", "seed 7, sneaker", "seed 8, bag"]
    assert own["alt"] == "3 pictures drawn by delta, seeds 6 to 8, truncation 1"
    assert bags["alt"] == "3 pictures drawn by delta, seeds 6 to 8, bag, truncation 1"
    assert bags["labels"] == ["seed 6, bag", "seed 7, bag", "seed 8, bag"]
    assert bags["file"] == "delta_seeds-6-to-8_class-8"
    assert file_name(studio.samples("delta", 7, 1, 1.0)) == "delta_seed-7_class-7"
    assert sheet_value(studio.samples("alpha", 6, 1, 1.0))["labels"] == ["seed 6"]


def test_pictures_lie_between_two_classes_as_styles_do(studio: Studio, conditional: Path) -> None:
    generator = drawing(ganzoo.load(conditional / "delta", "cpu"))
    z, _, _ = inputs(range(4), generator.z_dim)
    a, b = (styles(generator, z, torch.full((4,), of), 0.7) for of in (5, 9))
    expected = to_pixels(draw(generator, a.lerp(b, 0.25)))
    mixed = studio.samples("delta", 0, 4, 0.7, 5, 9, 0.25)
    assert (mixed.pixels == expected).all()
    assert mixed.classes is None
    assert sheet_value(mixed)["labels"] == [f"seed {seed}" for seed in range(4)]
    for share, of in ((0.0, 5), (1.0, 9)):
        end = studio.samples("delta", 0, 4, 0.7, 5, 9, share)
        assert abs(end.pixels.astype(int) - drawn(conditional, range(4), of, 0.7)).max() <= 1


def test_a_walk_goes_from_class_to_class(studio: Studio, conditional: Path) -> None:
    generator = ganzoo.load(conditional / "delta", "cpu")
    own, still = studio.walk("delta", 3, 14, 5, "slerp"), studio.walk("delta", 3, 3, 5, "slerp", 0, 9)
    assert (own.classes, still.classes) == ((3, 4), (0, 9))
    assert (own.pixels == to_pixels(ganzoo.interpolate(generator, 3, 14, 5))).all()
    assert (still.pixels == to_pixels(ganzoo.interpolate(generator, 3, 3, 5, classes=(0, 9)))).all()
    assert walk_value(still)["note"] == "delta, from seed 3, T-shirt/top, to seed 3, ankle boot, by slerp"
    assert walk_name(still) == "delta_3-3_classes-0-9_slerp"
    assert walk_value(studio.walk("alpha", 3, 14, 5, "slerp"))["note"] == "alpha, from seed 3 to seed 14 by slerp"


@pytest.mark.parametrize(
    ("model", "asked_for", "sentence"),
    [
        ("alpha", (3,), "This model knows no classes: ask it for none."),
        ("alpha", (None, 3), "This model knows no classes: ask it for none."),
        ("delta", (10,), "The class is a whole number from 0 to 9, not 10."),
        ("delta", (-1,), "The class is a whole number from 0 to 9, not -1."),
        ("delta", (1.5,), "The class is a whole number from 0 to 9, not 1.5."),
        ("delta", ("bag",), "The class is a whole number from 0 to 9, not 'bag'."),
        ("delta", (1, [2]), "The class is a whole number from 0 to 9, not a list."),
        ("delta", (1, 2, 1.5), "The mix is a number from 0 to 1, not 1.5."),
        ("delta", (1, 2, "half"), "The mix is a number from 0 to 1, not 'half'."),
    ],
)
def test_what_is_no_class_is_refused_in_one_sentence(
    studio: Studio, model: str, asked_for: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(RequestError) as refusal:
        studio.samples(model, 0, 4, 1.0, *asked_for)
    assert str(refusal.value) == sentence


def test_what_is_chosen_for_one_model_asks_nothing_of_one_that_has_no_such_class(studio: Studio) -> None:
    delta, alpha = studio.models["delta"], studio.models["alpha"]
    assert [asked(delta, kind) for kind in (0, 9, 10, OWN, None, "bag")] == [0, 9, None, None, None, None]
    assert asked(alpha, 0) is None


def test_a_discriminator_is_told_the_classes_of_drawn_and_of_real_pictures(studio: Studio, conditional: Path) -> None:
    samples = studio.samples("delta", 0, 6, 1.0)
    discriminator = read_checkpoint(conditional / "delta").load_discriminator("cpu")
    assert discriminator is not None
    real = Reality().of(samples.model, 6)
    assert real is not None
    shown = ((samples.pictures, torch.arange(6)), real)
    said = [studio.judgement(samples.model, *one) for one in shown]
    for told, (pictures, labels) in zip(said, shown, strict=True):
        assert told is not None
        assert told.probable
        torch.testing.assert_close(told.values, judge(discriminator, to_float(pictures), labels).sigmoid())
    (column,) = comparison(studio, [samples], real)["columns"]
    assert column["remarks"][0].startswith("D(x, y): mean ")
    assert column["remarks"][0].endswith(" on real pictures")


def test_models_of_another_number_of_classes_than_the_set_s_are_shown_no_real_pictures(
    conditional: Path, tmp_path: Path
) -> None:
    """What such a checkpoint says of its data cannot be, and labels out of range would be no labels."""
    networks = {
        "generator": CGANGenerator(CGANGeneratorConfig(image_shape=(1, 28, 28), num_classes=7, width=2)),
        "discriminator": CGANDiscriminator(CGANDiscriminatorConfig(image_shape=(1, 28, 28), num_classes=7, width=2)),
    }
    save_checkpoint(
        tmp_path / "seven",
        networks=networks,
        recipe={"variant": "cgan", "data": {"dataset": "fashion-mnist"}},
        training={},
    )
    model = Models([tmp_path])["seven"]
    assert model.classes == tuple("0123456")
    assert model.published_set is None
    assert Reality().of(model, 5) is None
