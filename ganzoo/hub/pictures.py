"""The pictures on a published card: what a model draws, and how its players fared."""

from collections.abc import Mapping
from io import BytesIO
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

from ganzoo.checkpoints import CheckpointError, Curve
from ganzoo.checkpoints.film import FILM_FILE
from ganzoo.checkpoints.reading import optional_file
from ganzoo.generator import Generator
from ganzoo.inference import sample
from ganzoo.inference.pictures import PORTRAIT_SEEDS, enlarged, grid, picture, png, to_pixels

TILE = 64
"""Pixels that a side of a tile has at least, so that small pictures can be looked at."""
SHEET = 8 * TILE
"""Pixels that the longer side of a film's frame has about, enlarged."""
COLOURS = {"generator": "#0369a1", "discriminator": "#c2410c"}
"""Of each player, as on the page by day."""
INK, LINE = "#57534e", "#d6d3d1"


def draw_samples(generator: Generator) -> bytes:
    """A PNG of the images of seeds 0-63, eight by eight; raises ``CheckpointError`` where they are no images."""
    images = sample(generator, PORTRAIT_SEEDS)
    if not images.isfinite().all():
        raise CheckpointError("The generator draws values that are not finite; train or fetch another one.")
    return png(grid(enlarged(to_pixels(images), ceil(TILE / min(images.shape[2:])))))


def last_frame(folder: Path) -> bytes | None:
    """A PNG of what the film in a checkpoint ends with, enlarged; None where there is no film.

    Raises ``CheckpointError`` for a film that cannot be read.
    """
    file = optional_file(folder, FILM_FILE)
    if file is None:
        return None
    try:
        with Image.open(file, formats=["WEBP"]) as film:
            *_, frame = (np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film))
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise CheckpointError(f"{file} is no film that can be read; train the checkpoint again.") from error
    return png(picture(enlarged(frame[None], max(1, SHEET // max(frame.shape)))[0]))


def draw_losses(curves: Mapping[str, Curve]) -> bytes:
    """A PNG of each player's loss over the steps, opaque, so that it can be read on a light and on a dark page."""
    from matplotlib.figure import Figure  # here, for nobody else needs it, and it is slow to import

    figure = Figure(figsize=(8, 3.5), dpi=150, facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.15, h_pad=0.15)
    axes = figure.add_subplot()
    for player, curve in curves.items():
        axes.plot(*zip(*curve, strict=True), color=COLOURS[player], linewidth=1.5)
    # The name of the upper line's player stands above its end, of the lower one's below: so they never meet.
    by_end = sorted(curves, key=lambda player: curves[player][-1][1])
    for player, side in zip(by_end, ("top", "bottom"), strict=False):
        axes.annotate(
            player, curves[player][-1], (6, 0), textcoords="offset points", va=side, color=COLOURS[player]
        ).set_annotation_clip(False)
    axes.margins(x=0)
    axes.set_xlim(left=0)
    axes.set_xlabel("step", color=INK)
    axes.set_ylabel("loss", color=INK)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.tick_params(color=LINE, labelcolor=INK)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    stream = BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()
