"""``python -m train.enlargement CHECKPOINT…``: measure how well pictures come back that were made small."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import torch
import tyro
from torch import Tensor
from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

from ganzoo.checkpoints import Checkpoint, CheckpointError, read_checkpoint
from ganzoo.data import DATA_ROOT, DataConfig, DataError, ImageSet, load_images, to_float, to_uint8
from ganzoo.data.config import PUBLISHED
from ganzoo.device import DeviceError, pick_device
from ganzoo.inference import translate
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import Judge, load_classifier
from ganzoo.metrics.features import sides
from ganzoo.nn.classifiers import classifier_file
from ganzoo.nn.resizing import bicubic, enlarges, shrunk

BATCH_SIZE = 250
Enlarge = Callable[[Tensor], Tensor]
"""From small images in [-1, 1] to large ones."""


@dataclass(frozen=True)
class Options:
    """Make test pictures small, enlarge them again, and tell how close they come to what they were."""

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    """Checkpoint folders of translators that enlarge, of one data set."""
    classifier: Path | None = None
    """What tells classes, where not the classifier that ships for the data set, by which they may have learnt."""
    samples: int = 10_000
    """Test pictures to enlarge, from the first on."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""


class Row(NamedTuple):
    """How close enlarged pictures come to the real ones, all of 8 bits."""

    psnr: float
    """Peak signal-to-noise ratio in dB, the mean over pictures."""
    ssim: float
    """Structural similarity (Wang et al. 2004), the mean over pictures."""
    accuracy: float
    """The share of them whose class a classifier tells right."""


def enlarging(checkpoint: Checkpoint) -> str:
    """The direction in which pictures become larger; raises ``MetricError`` where there is none."""
    for direction, (taken, given) in checkpoint.directions.items():
        if enlarges(taken, given):
            return direction
    raise MetricError(f"{checkpoint.name} enlarges no pictures: give a translator that does.")


def measure(enlarge: Enlarge, small: Sequence[int], test: ImageSet, count: int, judge: Judge) -> Row:
    """Of the first ``count`` test images, made ``small`` and enlarged; raises ``MetricError``."""
    assert test.labels is not None
    indices = torch.arange(min(count, len(test)))
    likeness: list[Tensor] = []

    def enlarged() -> Iterator[Tensor]:
        for real in test.batches(iter(indices.split(BATCH_SIZE)), torch.device("cpu")):
            given = to_float(to_uint8(shrunk(to_float(real), small)))  # as a file of the small pictures would hold them
            pixels = to_uint8(enlarge(given))
            one, other = pixels.double(), real.double()
            noise = peak_signal_noise_ratio(one, other, data_range=255.0, reduction="none", dim=(1, 2, 3))
            structure = structural_similarity_index_measure(one, other, data_range=255.0, reduction="none")
            assert isinstance(structure, Tensor)
            likeness.append(torch.stack([noise, structure]))
            yield pixels

    right = accuracy(judge, enlarged(), test.labels[indices])
    psnr, ssim = torch.cat(likeness, dim=1).mean(1).tolist()
    return Row(psnr, ssim, right)


def accuracy(judge: Judge, batches: Iterable[Tensor], labels: Tensor) -> float:
    """The share of pictures, uint8, whose class is told right; raises ``MetricError``."""
    return float((judge.look(batches).probabilities.argmax(1) == labels).double().mean())


def table(rows: Mapping[str, Sequence[str]]) -> str:
    """For the terminal and for documents: Markdown."""
    heads: list[Sequence[str]] = [("", "PSNR, dB", "SSIM", "class told right"), ("---", "---:", "---:", "---:")]
    lines = [*heads, *((name, *cells) for name, cells in rows.items())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)


def perform(options: Options) -> str:
    """Measure them all, beside bicubic interpolation; the table.

    Raises ``CheckpointError``, ``DataError``, ``DeviceError`` and ``MetricError``.
    """
    if not options.checkpoints:
        raise MetricError("There is nothing to measure: give the folders of checkpoints.")
    if options.samples < 1:
        raise MetricError("There are no pictures to enlarge: choose --samples of 1 or more.")
    device = pick_device(options.device)
    checkpoints = [read_checkpoint(path) for path in options.checkpoints]
    for name, count in Counter(checkpoint.name for checkpoint in checkpoints).items():
        if count > 1:
            raise MetricError(f"{count} of these checkpoints are called {name}: give each once, and rename the others.")
    directions = {checkpoint.name: enlarging(checkpoint) for checkpoint in checkpoints}
    kinds = {(it.config.dataset, it.directions[directions[it.name]]) for it in checkpoints}
    if len(kinds) > 1:
        raise MetricError("These checkpoints do not enlarge the same pictures alike: measure them one by one.")
    ((dataset, (taken, given)),) = kinds
    if dataset not in PUBLISHED:
        raise MetricError(f"There are no test pictures of what they learnt from, {dataset!r}.")
    data = DataConfig.model_validate({"dataset": dataset, "channels": given[0], "resolution": given[1]})
    test = load_images(data, options.data_root, split="test")
    assert test.labels is not None
    judge = load_classifier(options.classifier or classifier_file(dataset), device)
    indices = torch.arange(min(options.samples, len(test)))
    real = test.batches(iter(indices.split(BATCH_SIZE)), torch.device("cpu"))
    ways: dict[str, Enlarge] = {"bicubic": partial(bicubic, size=given[1:])}
    for checkpoint in checkpoints:
        translator = checkpoint.load_translator(device.type)
        ways[checkpoint.name] = partial(translate, translator, direction=directions[checkpoint.name])
    rows = {"real pictures": ("", "", f"{accuracy(judge, real, test.labels[indices]):.2%}")}
    for name, enlarge in ways.items():
        row = measure(enlarge, taken[1:], test, options.samples, judge)
        rows[name] = f"{row.psnr:.2f}", f"{row.ssim:.3f}", f"{row.accuracy:.2%}"
    seen = f"{len(indices):,} test pictures of {dataset}, {sides(taken)} to {sides(given)}, classes by {judge.name}"
    return f"{seen} {judge.hash[:8]}\n\n{table(rows)}"


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.enlargement")
    try:
        print(perform(options))
    except (CheckpointError, DataError, DeviceError, MetricError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
