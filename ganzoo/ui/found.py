"""A latent that is no seed: what Paint has found. Other tabs have it in a seed's place until a seed is typed there."""

from typing import Any

NAME = "what Paint has found"


def latent(model: Any, seed: Any, found: Any) -> Any:
    """What stands in a seed's place: the latent that was found, where this model's was, or else the seed.

    ``found`` is ``{"model": …, "z": […]}`` as the browser holds it, or None.
    """
    return found.get("z") if isinstance(found, dict) and found.get("model") == model else seed


def called(seed: int | None) -> str:
    """What a latent is called: by its seed, or, where it has none, as what it is."""
    return NAME if seed is None else f"seed {seed}"


def name(model: Any, seed: Any, found: Any) -> str:
    """What stands in a seed's place, as a sentence begins."""
    words = called(seed if latent(model, seed, found) is seed else None)
    return words[0].upper() + words[1:]
