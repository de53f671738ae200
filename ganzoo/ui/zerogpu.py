"""ZeroGPU, the hardware of a Space that lends it a GPU for the length of a call: what is large is drawn there.

Everywhere else this module does nothing. Such a Space has the package ``spaces``, which marks what it decorates there
and elsewhere hands it back as it was. Outside of calls there is no GPU, although PyTorch is made to say so.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from threading import BoundedSemaphore
from time import perf_counter

import gradio as gr
import torch
from gradio.context import LocalContext
from torch import Tensor

from ganzoo import inference
from ganzoo.checkpoints import CheckpointError
from ganzoo.generator import Generator, NetworkConfig
from ganzoo.inference.batching import PASS, WAITING
from ganzoo.ui.models import Model, Stamp
from ganzoo.ui.validation import MAX_COUNT

try:
    from spaces import GPU as lend
except ImportError:
    lend = None

log = logging.getLogger(__name__)

LARGE = 100_000_000_000
"""Floating-point operations for which it is worth asking: they keep two processor cores busy for seconds."""
SECONDS = 20
"""What a call asks for, most of it to start a process: the less, the sooner it comes and the longer a quota lasts."""
GPU = torch.device("cuda")

_placed: dict[Stamp, Generator] = {}
_asking = BoundedSemaphore(WAITING)


class NotLentError(RuntimeError):
    """No GPU is to be had for this request. Its text is a remark for the visitor."""


def place(models: Iterable[Model]) -> None:
    """Put models that large requests are made of on the GPU, before the page starts: calls find what is there then."""
    if LENDS:
        for model in models:
            with suppress(CheckpointError):  # whoever chooses the model is told
                generator = model.checkpoint.load_generator("cpu")
                if _is_large(generator, MAX_COUNT):
                    generator.settle(GPU)
                    _placed[model.stamp] = generator


def draw(stamp: Stamp, generator: Generator, ws: Tensor, noise: Tensor) -> tuple[Tensor, float] | None:
    """As ``Batcher.draw``, on a GPU lent for it; None for what is small, what no visitor asks for, and everywhere else.

    ``stamp`` is that of the generator's model. Raises ``NotLentError``.
    """
    # The package asks in the visitor's name and takes from the visitor's quota, which it knows by the same variable.
    if not LENDS or LocalContext.request.get(None) is None or not _is_large(generator, len(ws)):
        return None
    if not _asking.acquire(blocking=False):
        raise NotLentError("too many wait for a GPU")
    try:
        return _lent(stamp, None if stamp in _placed else generator, ws, noise)
    except Exception as error:  # whatever it is that keeps the GPU away, the processor draws
        log.warning("ZeroGPU lent no GPU: %r", error)
        raise NotLentError(error.title if isinstance(error, gr.Error) else "no GPU was to be had") from error
    finally:
        _asking.release()


def _draw(stamp: Stamp, generator: Generator | None, ws: Tensor, noise: Tensor) -> tuple[Tensor, float]:
    """Runs in a process of its own, to which the package copies the arguments."""
    if generator is None:
        generator = _placed[stamp]
    else:
        generator.settle(GPU)
    start = perf_counter()
    images = inference.draw(generator, ws, noise, batch_size=PASS)
    return images, perf_counter() - start


_lent = lend(duration=SECONDS)(_draw) if lend else _draw
LENDS = hasattr(_lent, "zerogpu")
"""Whether this runs on ZeroGPU."""
OWN_DEVICE = "cpu" if LENDS else "auto"
"""Where everything is drawn for which no GPU is lent."""


def _is_large(generator: Generator, count: int) -> bool:
    return count * _operations(type(generator), generator.config) >= LARGE


@lru_cache(256)
def _operations(architecture: type[Generator], config: NetworkConfig) -> int:
    """Floating-point operations of one picture."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"), FlopCounterMode(display=False) as counter:  # shapes without numbers
        generator = architecture(config).eval()
        y = torch.zeros(1, dtype=torch.int64) if generator.num_classes else None
        generator(torch.empty(1, generator.z_dim), y)
    operations: int = counter.get_total_flops()
    return operations
