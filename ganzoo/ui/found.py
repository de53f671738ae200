"""A latent that is no seed: what Paint has found. Other tabs have it in a seed's place until a seed is typed there."""

from typing import Any

NAME = "what Paint has found"


def latent(model: Any, seed: Any, found: Any) -> Any:
    """What stands in a seed's place: the latent that was found, where this model's was, or else the seed.

    ``found`` is ``{"model": …, "z": […]}`` as the browser holds it, or None.
    """
    return found.get("z") if isinstance(found, dict) and found.get("model") == model else seed


def name(model: Any, seed: Any, found: Any) -> str:
    """What that is called, as a sentence begins."""
    return f"Seed {seed}" if latent(model, seed, found) is seed else NAME[0].upper() + NAME[1:]
