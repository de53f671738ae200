"""What a trained generator is for: drawing images from seeds, and walking between them."""

from ganzoo.inference.batching import Batcher, BusyError
from ganzoo.inference.interpolation import interpolate, lerp, slerp
from ganzoo.inference.sampling import draw, sample
from ganzoo.latents import SEEDS, latents

__all__ = ["SEEDS", "Batcher", "BusyError", "draw", "interpolate", "latents", "lerp", "sample", "slerp"]
