"""What critics say of pictures: a model's own, another model's, or all that look at pictures of one shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganzoo.data.held_out import HeldOut
from ganzoo.inference.pictures import Pixels
from ganzoo.metrics.histogram import most_probable
from ganzoo.ui.drawing import Judgement, Samples, Studio
from ganzoo.ui.experts import expert_of
from ganzoo.ui.models import Model, Models
from ganzoo.ui.validation import RequestError, shown


@dataclass(frozen=True)
class Criticism:
    """What a critic says of some samples, and by what in them."""

    samples: Samples
    critic: Model
    """The model whose discriminator it is."""
    judgement: Judgement
    saliency: Tensor
    """How much each pixel matters, float32 ``[N, H, W]``."""

    @property
    def order(self) -> list[int]:
        """The places of the samples, that which seems most real first."""
        places: list[int] = self.judgement.values.argsort(descending=True, stable=True).tolist()
        return places

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {
            "critic": self.critic.id,
            "probability": self.judgement.probable,
            "values": self.judgement.values.tolist(),
            "order": self.order,
        }

    @property
    def heat(self) -> Pixels:
        """The saliency in greys, 255 for the pixel of each sample that matters most: ``[N, H, W, 1]``."""
        most = self.saliency.amax((1, 2), keepdim=True).clamp(min=torch.finfo(torch.float32).tiny)
        pixels: Pixels = (self.saliency / most * 255).round().to(torch.uint8)[..., None].numpy()
        return pixels


def critics(models: Models, shape: tuple[int, int, int], opened: Sequence[str] = ()) -> list[Model]:
    """The models with a discriminator of pictures of this shape, also those ``opened`` on the Hub."""
    known = {model.id: model for model in (*models.able("judge"), *models.still_known(opened))}
    return [model for model in known.values() if "judge" in model.abilities and model.image_shape == shape]


def criticised(studio: Studio, samples: Samples, critic: object = None) -> Criticism:
    """What the model's own discriminator, or that of the ``critic``, says of its samples.

    Raises ``RequestError`` for a critic of other pictures, and what getting and asking it raises.
    """
    judge = studio.models.asked(critic or samples.model.id, "judge")
    if judge.image_shape != samples.model.image_shape:
        raise RequestError(f"The critic of {shown(judge.id)} looks at pictures of another size: choose another one.")
    same = judge.published_set == samples.model.published_set and judge.num_classes == samples.model.num_classes
    classes = told(judge, samples.pictures, samples.classes if same else None)
    explanation = studio.explanation(judge, samples.pictures, classes)
    assert explanation is not None  # who can judge has a discriminator
    return Criticism(samples, judge, *explanation)


def of_real(studio: Studio, critic: Model, model: Model, real: HeldOut) -> Judgement:
    """What a critic says of real pictures such as the ``model`` learnt from, in its shape."""
    known = real.labels.tolist() if critic.published_set == model.published_set else None
    judgement = studio.judgement(critic, real.pictures, told(critic, real.pictures, known))
    assert judgement is not None
    return judgement


def told(critic: Model, pictures: Tensor, known: Iterable[int] | None) -> Iterable[int] | None:
    """The classes that the critic is told: those ``known``, or else what the classifier of its data set sees.

    None where it asks for none. Raises ``RequestError`` where nothing here tells them.
    """
    if not critic.num_classes:
        return None
    if known is not None:
        return known
    expert = expert_of(critic)
    if expert is None:
        raise RequestError(f"The critic of {shown(critic.id)} is told classes, and nothing here tells those pictures’.")
    classes: list[int] = most_probable(expert.look(pictures).probabilities).tolist()
    return classes


def opinion(studio: Studio, critic: Model, picture: Tensor) -> dict[str, Any]:
    """What a critic says of one picture, uint8 ``[C, H, W]``, as the browser takes it."""
    classes = told(critic, picture[None], None)
    judgement = studio.judgement(critic, picture[None], classes)
    assert judgement is not None
    (value,) = judgement.values.tolist()
    as_what = "" if classes is None else f", told that it is of class {critic.classes[next(iter(classes))]}"
    return {"critic": f"{critic.id}{as_what}", "said": worded(value, judgement), "share": value * judgement.probable}


def worded(value: float, judgement: Judgement) -> str:
    """What was said of one picture, for people."""
    return f"D(x) = {value:.2f}" if judgement.probable else f"score {value:.3g}"
