"""``python -m train.enlargement``: from a checkpoint to a table."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganzoo.data import DataConfig, ImageSet, load_images, to_float, to_uint8
from ganzoo.metrics.classifiers import Judge, load_classifier
from ganzoo.metrics.fitting import accuracy
from ganzoo.nn.classifiers import classifier_file
from ganzoo.nn.resizing import shrunk
from train.enlargement import main, measure

CPU = torch.device("cpu")
LARGE = (28, 28)


@pytest.fixture(scope="module")
def test_set(sample_root: Path) -> ImageSet:
    return load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_classifier(classifier_file("fashion-mnist"))


def test_measures_are_those_of_their_closed_forms(test_set: ImageSet, judge: Judge) -> None:
    (real,) = test_set.batches(iter([torch.arange(40)]), CPU)
    rows = []
    for difference in (1, 16):
        wrong = to_float(torch.where(real < 128, real + difference, real - difference))
        row = measure(lambda small, wrong=wrong: wrong, (7, 7), test_set, 40, judge)  # type: ignore[misc]
        rows.append(row)
        assert row.psnr == pytest.approx(20 * torch.log10(torch.tensor(255 / difference)).item(), abs=1e-4)
    assert 1 > rows[0].ssim > rows[1].ssim > 0
    assert rows[0].accuracy > 0.8


def test_what_is_enlarged_is_the_small_picture_of_eight_bits(test_set: ImageSet, judge: Judge) -> None:
    seen: list[Tensor] = []

    def enlarge(small: Tensor) -> Tensor:
        seen.append(small)
        return torch.zeros(len(small), 1, *LARGE)

    measure(enlarge, (7, 7), test_set, 12, judge)
    (real,) = test_set.batches(iter([torch.arange(12)]), CPU)
    assert torch.equal(to_uint8(seen[0]), to_uint8(shrunk(to_float(real), (7, 7))))
    assert torch.equal(to_float(to_uint8(seen[0])), seen[0])


def test_the_command_tells_the_model_beside_bicubic_and_real_pictures(
    translators: Path, sample_root: Path, test_set: ImageSet, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(translators / "delta"), "--data-root", str(sample_root), "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    head, *rows = said.strip().splitlines()
    assert head.startswith(f"{len(test_set):,} test pictures of fashion-mnist, 1×7×7 to 1×28×28, classes by fashion")
    cells = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in rows[3:]}
    assert list(cells) == ["real pictures", "bicubic", "delta"]
    assert cells["real pictures"] == ["", "", f"{accuracy(judge.classifier, test_set):.2%}"]
    assert float(cells["bicubic"][0]) > float(cells["delta"][0])  # which has learnt nothing


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (lambda zoo, translators: [zoo / "alpha"], "alpha enlarges no pictures"),
        (lambda zoo, translators: [translators / "nowhere"], "There is no folder"),
        (lambda zoo, translators: [], "give the folders of checkpoints"),
        (lambda zoo, translators: [translators / "delta", "--samples", "-5"], "choose --samples of 1 or more"),
        (lambda zoo, translators: [translators / "delta"] * 2, "2 of these checkpoints are called delta"),
        (lambda zoo, translators: [translators / "delta", "--classifier", "none"], "There is no classifier none"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(
    zoo: Path,
    translators: Path,
    sample_root: Path,
    arguments: Callable[[Path, Path], list[object]],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*map(str, arguments(zoo, translators)), "--data-root", str(sample_root)]) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert said in errors[0]
