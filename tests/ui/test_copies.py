"""The copy check, among a thousand training pictures."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, DataError, load_images
from ganzoo.inference import BusyError, latents
from ganzoo.metrics.catalogue import Catalogue
from ganzoo.ui import catalogues as ui_catalogues
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.copies import compare, likeness_value, plot, whole
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Model, Models
from ganzoo.ui.validation import RequestError
from tests.copies import copied


@pytest.fixture(scope="module")
def models(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Of garments, grey and in colour, and of pictures that nobody knows."""
    folder = tmp_path_factory.mktemp("copies")
    copied(zoo / "alpha", folder / "grey", dataset="fashion-mnist")
    copied(zoo / "gamma", folder / "large", dataset="fashion-mnist")
    copied(zoo / "alpha", folder / "own", dataset="folder:cats")
    return Models([folder, zoo], device="cpu")


@pytest.fixture(scope="module")
def known(models: Models, sample_root: Path) -> Catalogue:
    return whole(Catalogues(sample_root), models["grey"])


@pytest.mark.parametrize("name", ["grey", "large"])
def test_a_sample_is_found_among_training_pictures(models: Models, known: Catalogue, name: str) -> None:
    studio = Studio(models)
    likeness = compare(studio, known, name, 3)
    told = likeness.plain()
    labels = known.training.labels
    assert labels is not None
    (pictures,) = known.training.batches(iter([torch.tensor(told["indices"])]), torch.device("cpu"))
    assert (likeness.pixels == pictures.permute(0, 2, 3, 1).numpy()).all()
    assert told["labels"] == [likeness.expert.classes[label] for label in labels[told["indices"]]]
    assert told["distances"] == sorted(told["distances"])
    assert told["percentile"] == 100 * known.resembled(likeness.expert.brought(likeness.samples.pictures)[0]).share
    assert f"{told['percentile']:.0f} % of 512 real pictures" in told["sentence"]
    value = likeness_value(likeness)
    assert len(value["pictures"]) == 5
    assert value["pictures"][0]["alt"].startswith(f"Training picture {told['indices'][0]} of fashion-mnist")
    assert "this sample" in plot(likeness)


def test_a_latent_resembles_what_its_seed_does(models: Models, known: Catalogue) -> None:
    studio = Studio(models)
    (z,) = latents([3], models.generator(models["grey"]).z_dim).tolist()
    assert compare(studio, known, "grey", z).plain() == compare(studio, known, "grey", 3).plain()
    with pytest.raises(RequestError, match="A latent of this model is a list of"):
        compare(studio, known, "grey", z[1:])


def test_a_copy_is_told(models: Models, known: Catalogue) -> None:
    studio = Studio(models)
    likeness = compare(studio, known, "grey", 3)
    copy = replace(likeness, found=known.resembled(known.pictures((5,))[0]))
    assert copy.plain()["indices"][0] == 5
    assert copy.sentence.endswith("this may be a copy.")


def test_training_pictures_come_when_they_are_asked_for_and_one_set_at_a_time(
    models: Models, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def garments(config: DataConfig, root: Path) -> object:
        read.append(config.dataset)
        return load_images(config.model_copy(update={"dataset": "fashion-mnist"}), root)

    monkeypatch.setattr(ui_catalogues, "load_images", garments)
    catalogues = Catalogues(sample_root)
    assert catalogues.of(models["grey"]) is None
    found = catalogues.fetch(models["grey"])
    assert catalogues.fetch(models["large"]) is found
    assert found.progress == 0
    catalogues.fetch(models["alpha"])  # of digits
    assert catalogues.of(models["grey"]) is None
    assert read == ["fashion-mnist", "mnist"]


def test_what_is_not_to_be_had_is_one_sentence_without_a_place(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def nowhere(config: object, root: Path) -> object:
        raise DataError(f"put it into {root}")

    monkeypatch.setattr(ui_catalogues, "load_images", nowhere)
    with caplog.at_level(logging.WARNING), pytest.raises(RequestError, match="could not be fetched") as refusal:
        Catalogues(tmp_path).fetch(models["grey"])
    assert str(tmp_path) not in str(refusal.value)
    assert str(refusal.value).endswith("whoever runs this page finds the reason in its log.")
    assert str(tmp_path) in caplog.text
    with pytest.raises(RequestError) as refusal:  # its owner needs no log to be told
        Catalogues(tmp_path, at_home=True).fetch(models["grey"])
    assert str(refusal.value) == f"put it into {tmp_path}"


def test_who_learnt_from_other_pictures_has_no_neighbours(models: Models, known: Catalogue, tmp_path: Path) -> None:
    own: Model = models["own"]
    with pytest.raises(RequestError, match="did not learn from a published set"):
        Catalogues(tmp_path).fetch(own)
    with pytest.raises(RequestError, match="its training pictures are not known here"):
        compare(Studio(models), known, "own", 3)


def test_one_set_is_fetched_at_a_time_and_nobody_waits(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = Catalogues(tmp_path)

    def meanwhile(config: object, root: Path) -> object:
        with pytest.raises(BusyError, match="try again"):
            catalogues.fetch(models["alpha"])
        raise DataError("It is over.")

    monkeypatch.setattr(ui_catalogues, "load_images", meanwhile)
    with pytest.raises(RequestError):
        catalogues.fetch(models["grey"])


def test_looking_uses_no_randomness(known: Catalogue) -> None:
    state = torch.get_rng_state()
    known.resembled(known.pictures((1,))[0])
    assert torch.equal(state, torch.get_rng_state())
