"""``*.safetensors``: weights that are compared with the network they claim to fit before memory is taken for them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from ganzoo.checkpoints.config import REFETCH, CheckpointError, clipped, shown
from ganzoo.generator import MAX_PARAMETERS

MAX_HEADER_BYTES = 1_000_000
MAX_WEIGHT_BYTES = 4 * MAX_PARAMETERS + 10 * MAX_HEADER_BYTES
"""As float32, with room for buffers and the header."""
DTYPES = {"F16": torch.float16, "F32": torch.float32, "I64": torch.int64}
"""What a file may hold, by safetensors' names."""


def check_header(network: nn.Module, file: Path) -> None:
    """Raise ``CheckpointError`` unless ``file`` names the tensors of ``network``, in their shapes and types."""
    with _opened(network, file):
        pass


def load_weights(network: nn.Module, file: Path) -> None:
    """Give a network on the meta device its weights, as float32 on the CPU; raises ``CheckpointError``."""
    wanted = network.state_dict()
    loaded: dict[str, Tensor] = {}
    with _opened(network, file) as tensors:
        for name, want in wanted.items():
            # A copy, for what safetensors gives may be the file itself, mapped.
            tensor = loaded[name] = tensors.get_tensor(name).to(want.dtype, copy=True)
            if tensor.is_floating_point() and not tensor.isfinite().all():
                raise CheckpointError(f"{file}: the tensor {name} holds values that are not finite; {REFETCH}")
            if name.endswith("running_var") and (tensor < 0).any():
                raise CheckpointError(f"{file}: the variances {name} are negative in places; {REFETCH}")
    network.load_state_dict(loaded, strict=True, assign=True)


def weight_bytes(network: nn.Module, *, half: bool, metadata: Mapping[str, str] | None = None) -> bytes:
    """A safetensors file of all that a network holds; where ``half``, what is no whole number is float16."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    if half:
        tensors = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    return save(tensors, metadata={"format": "pt", **(metadata or {})})


@contextmanager
def _opened(network: nn.Module, file: Path) -> Iterator[Any]:
    """``file``, mapped and compared with ``network``."""
    _refuse_other_formats(file)
    try:
        with safe_open(file, framework="pt", device="cpu") as tensors:
            _compare(network.state_dict(), tensors, file)
            yield tensors
    except SafetensorError as error:
        reason = clipped(repr(str(error))[1:-1], 100)
        raise CheckpointError(f"{file} is broken or cut short ({reason}); {REFETCH}") from None


def _refuse_other_formats(file: Path) -> None:
    """Look at the first bytes and the size, for what safetensors' own errors would not explain."""
    with file.open("rb") as stream:
        start = stream.read(16)
    if (size := file.stat().st_size) > MAX_WEIGHT_BYTES:
        raise CheckpointError(f"{file} has {size:,} bytes, more than the {MAX_WEIGHT_BYTES:,} allowed; {REFETCH}")
    if not start:
        raise CheckpointError(f"{file} is empty; {REFETCH}")
    if start[8:9] != b"{":  # the header's length, then the header, which is JSON
        if start.startswith((b"PK", b"\x80")):
            fault = "is a pickle under another name, which ganzoo never opens"
        elif start.lstrip().startswith(b"<"):
            fault = "is a web page, not weights"
        elif start.startswith(b"version https:"):
            fault = "is a pointer of Git LFS, not weights"
        else:
            fault = "is not a safetensors file"
        raise CheckpointError(f"{file} {fault}; {REFETCH}")
    if (header := int.from_bytes(start[:8], "little")) > MAX_HEADER_BYTES:
        raise CheckpointError(
            f"{file} has a header of {header:,} bytes, more than the {MAX_HEADER_BYTES:,} allowed; {REFETCH}"
        )


def _compare(wanted: Mapping[str, Tensor], tensors: Any, file: Path) -> None:
    found = set(tensors.keys())
    if missing := sorted(wanted.keys() - found):
        raise CheckpointError(f"{file} lacks the tensor {missing[0]}{_and_more(missing)}; {REFETCH}")
    if unexpected := sorted(found - wanted.keys()):
        raise CheckpointError(
            f"{file} holds the tensor {shown(unexpected[0])}{_and_more(unexpected)}, unknown to the network; {REFETCH}"
        )
    for name, want in wanted.items():
        header = tensors.get_slice(name)
        if (shape := tuple(header.get_shape())) != tuple(want.shape):
            raise CheckpointError(
                f"{file}: the tensor {name} has the shape {clipped(str(shape), 60)}, "
                f"the network needs {tuple(want.shape)}; {REFETCH}"
            )
        allowed = {torch.float16, torch.float32} if want.is_floating_point() else {want.dtype}
        if DTYPES.get(header.get_dtype()) not in allowed:
            names = " or ".join(sorted(str(dtype).removeprefix("torch.") for dtype in allowed))
            raise CheckpointError(
                f"{file}: the tensor {name} is of type {shown(header.get_dtype(), quote=False)}, not {names}; {REFETCH}"
            )


def _and_more(names: list[str]) -> str:
    return f" and {len(names) - 1:,} more" if len(names) > 1 else ""
