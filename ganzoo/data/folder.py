"""A folder of anyone's own pictures: PNG, JPEG and WebP of any size, in memory or, where too many, streamed."""

import hashlib
import logging
import math
import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ganzoo.data.image_set import DataError, ImageSet, ImagesInMemory, slices
from ganzoo.data.rasters import brought

FORMATS = ("PNG", "JPEG", "WEBP")
LICENCE = "pictures of a private folder, whose terms of use are not known"
WORKERS = min(8, os.cpu_count() or 1)
NAMED = 5
"""How many of the files left out a warning names."""

logger = logging.getLogger(__name__)


def load_folder(
    folder: Path,
    image_shape: tuple[int, int, int],
    *,
    name: str,
    memory_limit: int,
    parts: Sequence[str] = (),
) -> ImageSet:
    """All pictures under the folder, hidden files and folders apart, in the order of their paths.

    Where ``parts`` names two folders in it, it is those of the first, then those of the second: of two kinds. Raises
    ``DataError``.

    Every file is decoded once, here, so that what cannot be read is known before training: ``skipped`` and one warning
    name it. Pixels that would need more bytes than the limit are not kept, and are decoded again for every batch.
    """
    files = list_files(folder, parts)
    in_memory = len(files) * math.prod(image_shape) <= memory_limit
    pixels = torch.empty(len(files) if in_memory else 0, *image_shape, dtype=torch.uint8)
    readable: list[str] = []
    skipped: list[str] = []
    for file, image in zip(files, _decode_all(folder, files, image_shape), strict=True):
        if image is None:
            skipped.append(file)
            continue
        if in_memory:
            pixels[len(readable)] = image
        readable.append(file)
    for part in parts or ("",):
        listed, left = (sum(file.startswith(part) for file in names) for names in (files, readable))
        if not left:
            raise DataError(
                f"none of the {listed} files in {folder / part} can be read as PNG, JPEG or WebP: choose others."
            )
    first_kind = sum(file.startswith(parts[0]) for file in readable) if parts else None
    if skipped:
        names = ", ".join(repr(file) for file in skipped[:NAMED]) + (", …" if len(skipped) > NAMED else "")
        logger.warning(
            "%d of %d files in %s cannot be read as PNG, JPEG or WebP and are left out: %s",
            *(len(skipped), len(files), folder, names),
        )
    if in_memory:
        return ImagesInMemory(name, pixels[: len(readable)], LICENCE, skipped=tuple(skipped), first_kind=first_kind)
    fingerprint = _fingerprint(folder, readable)
    return StreamedImages(
        name, folder, tuple(readable), image_shape, fingerprint, tuple(skipped), first_kind=first_kind
    )


@dataclass(frozen=True, eq=False)
class StreamedImages:
    """A folder whose pictures are decoded as they are drawn, by other processes, ahead of time."""

    name: str
    folder: Path
    files: Sequence[str]
    """The pictures' paths inside the folder."""
    image_shape: tuple[int, int, int]
    fingerprint: str
    """The sha256 of the pictures' paths and sizes in bytes."""
    skipped: tuple[str, ...] = ()
    workers: int = WORKERS
    """Processes that decode; 0 for none but this."""
    licence: str = LICENCE
    labels: None = None
    first_kind: int | None = None
    """How many of the pictures, which come first, are of the first of two kinds; None where all are of one kind."""

    def __len__(self) -> int:
        return len(self.files)

    def batches(self, indices: Iterator[Tensor], device: torch.device) -> Iterator[Tensor]:
        loader = DataLoader(
            _Pictures(self.folder, self.files, self.image_shape),
            batch_sampler=(index.tolist() for index in indices),
            num_workers=self.workers,
            collate_fn=_collate,
            worker_init_fn=_ignore_stops,
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # or else the loader draws its seed from the training's randomness
        )
        for batch in loader:
            if isinstance(batch, str):
                raise DataError(f"{batch!r} in {self.folder} can no longer be read: put it back, or start a new run.")
            yield batch.to(device, non_blocking=device.type == "cuda")

    def parts(self, count: int) -> "Sequence[StreamedImages]":
        if count == 1:
            return [self]
        return [replace(self, files=self.files[part], first_kind=None) for part in slices(count, self.first_kind)]


@dataclass(frozen=True)
class _Pictures(Dataset[Tensor | str]):
    """Picture by index; its path where it cannot be decoded, since an exception would lose its shape on the way."""

    folder: Path
    files: Sequence[str]
    image_shape: tuple[int, int, int]

    def __getitem__(self, index: int) -> Tensor | str:
        image = _decoded(self.folder / self.files[index], self.image_shape)
        return self.files[index] if image is None else image


def _collate(images: list[Tensor | str]) -> Tensor | str:
    """A batch of the images, or the first path among them."""
    tensors = [image for image in images if isinstance(image, Tensor)]
    return torch.stack(tensors) if len(tensors) == len(images) else next(i for i in images if isinstance(i, str))


def _ignore_stops(worker: int) -> None:
    """Ctrl-C, and the end that a scheduler sends, reach all processes at once: the main one decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def decode(path: Path, image_shape: tuple[int, int, int]) -> Tensor:
    """One picture as uint8 ``[C, H, W]``: upright, its short side scaled to the size, its centre cut out.

    What is transparent becomes white. Raises whatever Pillow raises at a file that it cannot read.
    """
    _, height, width = image_shape
    if not path.is_file():  # a pipe would never end
        raise FileNotFoundError(path)
    with Image.open(path, formats=FORMATS) as file:
        file.draft(None, (2 * width, 2 * height))  # a photograph decoded at a fraction of its size costs a fraction
        image = ImageOps.exif_transpose(file)
    return brought(image, image_shape)


def _decoded(path: Path, image_shape: tuple[int, int, int]) -> Tensor | None:
    try:
        return decode(path, image_shape)
    except Exception:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        return None


def _decode_all(folder: Path, files: Sequence[str], image_shape: tuple[int, int, int]) -> Iterator[Tensor | None]:
    """Every file decoded, in order, by all cores at once; None for what is no readable picture."""
    from tqdm import tqdm

    with warnings.catch_warnings(), ThreadPoolExecutor() as threads:
        warnings.filterwarnings("ignore", module="PIL")  # of odd but readable files; the last filter comes first
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        images = threads.map(lambda file: _decoded(folder / file, image_shape), files)
        try:
            yield from tqdm(images, "Reading pictures", len(files), unit="", disable=None, leave=False)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def list_files(folder: Path, parts: Sequence[str] = ()) -> list[str]:
    """Paths inside the folder, with forward slashes, in an order that is the same on every system; at least one.

    Where there are ``parts``, folders inside it, all of the first come before all of the next, and others are not
    looked at. Links to folders are followed, each folder being entered once.
    """
    if parts:
        return [f"{part}/{file}" for part in parts for file in list_files(folder / part)]

    def fail(error: OSError) -> None:
        raise DataError(f"the folder {error.filename} cannot be read ({error.strerror}): choose one that can.")

    files: list[str] = []
    entered: set[str] = set()
    for place, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        if (real := os.path.realpath(place)) in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(place).relative_to(folder)
        files += [(inside / name).as_posix() for name in names if not name.startswith(".")]
    if not files:
        raise DataError(f"there are no pictures in {folder}: put PNG, JPEG or WebP files into it.")
    return sorted(files)


def _fingerprint(folder: Path, files: Sequence[str]) -> str:
    lines = [os.fsencode(f"{file}\0{(folder / file).stat().st_size}\n") for file in files]
    return hashlib.sha256(b"".join(lines)).hexdigest()
