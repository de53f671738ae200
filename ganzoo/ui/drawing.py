"""What the page and its endpoints answer with, before it is made into files: checked, drawn and timed."""

from dataclasses import dataclass
from threading import Lock
from time import perf_counter

import torch

from ganzoo import inference
from ganzoo.inference.interpolation import METHODS, Method
from ganzoo.ui import validation
from ganzoo.ui.models import Model, Models
from ganzoo.ui.pictures import Pixels, to_pixels

ON_THE_DEVICE = Lock()
"""Held while something is drawn: the device does one thing at a time."""


@dataclass(frozen=True)
class Samples:
    """One image for each seed."""

    model: Model
    seeds: range
    truncation: float
    pixels: Pixels
    seconds: float
    """What drawing all of them took, without loading the model."""


@dataclass(frozen=True)
class Walk:
    """Images on the way between those of two seeds."""

    model: Model
    seed_a: int
    seed_b: int
    method: Method
    pixels: Pixels
    seconds: float


def draw_samples(models: Models, model: object, seed: object, count: object, truncation: object) -> Samples:
    """Raises ``RequestError`` for what cannot be asked, ``CheckpointError`` for a model that proves broken."""
    chosen = models[model]
    seeds = validation.seed_range(seed, count)
    strength = validation.truncation(truncation)
    generator = models.generator(chosen)
    with ON_THE_DEVICE:
        start = perf_counter()
        images = inference.sample(generator, seeds, strength)
        seconds = perf_counter() - start
    return Samples(chosen, seeds, strength, to_pixels(images), seconds)


def draw_walk(models: Models, model: object, seed_a: object, seed_b: object, steps: object, method: object) -> Walk:
    """Raises as ``draw_samples`` does."""
    chosen = models[model]
    (a,), (b,) = (validation.seed_range(seed, 1) for seed in (seed_a, seed_b))
    number = validation.whole_number(steps, "The number of steps", 2, validation.MAX_STEPS)
    way = validation.method(method)
    generator = models.generator(chosen)
    with ON_THE_DEVICE:
        start = perf_counter()
        images = inference.interpolate(generator, a, b, number, way)
        seconds = perf_counter() - start
    return Walk(chosen, a, b, way, to_pixels(images), seconds)


def draw_comparison(models: Models, ids: object, seed: object, count: object) -> list[Samples]:
    """The same seeds by each of several models. Raises as ``draw_samples`` does."""
    chosen = [models[name] for name in validation.names(ids)]
    seeds = validation.seed_range(seed, count)
    for model in chosen:  # a first drawing pays for what later ones find ready, and would be timed with it
        draw_samples(models, model.id, seeds.start, 1, 1.0)
    return [draw_samples(models, model.id, seeds.start, len(seeds), 1.0) for model in chosen]


def norms(seed_a: int, seed_b: int, z_dim: int, steps: int) -> dict[Method, list[float]]:
    """‖z‖ along both ways between two seeds' latents."""
    a, b = inference.latents((seed_a, seed_b), z_dim)
    return {name: torch.linalg.vector_norm(way(a, b, steps), dim=1).tolist() for name, way in METHODS.items()}
