"""What a checkpoint tells of itself, in words."""

from ganzoo.ui.models import Model


def training_length(model: Model) -> str:
    """How long it was trained."""
    steps, images, seconds = (model.training(fact) for fact in ("steps", "images", "seconds"))
    parts = [f"{count:,} {unit}" for count, unit in ((steps, "steps"), (images, "images")) if isinstance(count, int)]
    if isinstance(seconds, int | float):
        parts.append(duration(seconds))
    return ", ".join(parts) or "length of training unknown"


def duration(seconds: float) -> str:
    """To about two digits, in the unit that people would choose."""
    for unit, size in (("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= size:
            return rounded(seconds / size, unit)
    return rounded(1000 * seconds, "ms")


def rounded(value: float, unit: str) -> str:
    """To two digits, or to the whole number if it has more."""
    digits = f"{value:.0f}" if value >= 10 else f"{value:.2g}"
    return f"{digits} {unit}"
