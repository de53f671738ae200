"""Cuts this folder's sample out of Fashion-MNIST, as Debian's package ``dataset-fashion-mnist`` installs it.

``python tests/sample/cut.py`` takes the first pictures of every class, so many that all classes have the same number,
in their original order, and writes them as torchvision would find them.
"""

import gzip
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

SOURCE = Path("/usr/share/datasets/fashion-mnist")
TARGET = Path(__file__).parent / "FashionMNIST" / "raw"
PER_CLASS = {"train": 100, "t10k": 20}


def read(name: str, header: int) -> npt.NDArray[np.uint8]:
    return np.frombuffer(gzip.decompress((SOURCE / f"{name}.gz").read_bytes()), np.uint8, offset=header)


def cut(split: str, per_class: int) -> None:
    labels = read(f"{split}-labels-idx1-ubyte", 8)
    images = read(f"{split}-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    chosen = np.sort(np.concatenate([np.flatnonzero(labels == label)[:per_class] for label in range(10)]))
    header = struct.pack(">4i", 0x803, len(chosen), 28, 28)
    (TARGET / f"{split}-images-idx3-ubyte").write_bytes(header + images[chosen].tobytes())
    header = struct.pack(">2i", 0x801, len(chosen))
    (TARGET / f"{split}-labels-idx1-ubyte").write_bytes(header + labels[chosen].tobytes())


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for split, per_class in PER_CLASS.items():
        cut(split, per_class)
