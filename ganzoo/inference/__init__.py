"""What trained networks are for: drawing images from seeds, walking between them, mixing, translating, judging them."""

from ganzoo.inference.batching import Batcher, BusyError
from ganzoo.inference.interpolation import interpolate, lerp, slerp
from ganzoo.inference.judging import explain, judge
from ganzoo.inference.mixing import mix
from ganzoo.inference.sampling import draw, sample, styles
from ganzoo.inference.touring import tour
from ganzoo.inference.translating import translate
from ganzoo.latents import SEEDS, inputs, latents

__all__ = [
    "SEEDS",
    "Batcher",
    "BusyError",
    "draw",
    "explain",
    "inputs",
    "interpolate",
    "judge",
    "latents",
    "lerp",
    "mix",
    "sample",
    "slerp",
    "styles",
    "tour",
    "translate",
]
