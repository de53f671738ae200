"""SRGAN's own: what is made small, what is minimised, and what is asked of the set."""

import pytest
import torch
from pydantic import ValidationError
from torch import nn
from torch.nn import functional as F

from ganzoo.data import DataConfig, DataError
from ganzoo.losses import NonSaturating
from ganzoo.nn.classifiers import classifier_file, read_classifier
from ganzoo.zoo.srgan import ENLARGE, SRGAN, ContentLoss, EnlargingGame


def tiny(**fields: object) -> SRGAN:
    return SRGAN.model_validate({"width": 2, "blocks": 1, "batch_size": 4, **fields})


def game(**fields: object) -> EnlargingGame:
    torch.manual_seed(0)
    played = tiny(**fields).game()
    assert isinstance(played, EnlargingGame)
    return played


@pytest.fixture
def real() -> torch.Tensor:
    return torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_the_translator_is_shown_means_of_four_by_four_pixels(real: torch.Tensor) -> None:
    played = game()
    seen: list[torch.Tensor] = []
    played.translator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    for turn in played.inputs:
        played.turn(turn, {"real": real})
    assert len(seen) == 2
    for small in seen:
        torch.testing.assert_close(small, F.avg_pool2d(real, 4))


def test_the_loss_is_the_weighted_sum_of_its_three_parts(real: torch.Tensor) -> None:
    weights = {"pixel_weight": 2.0, "content_weight": 3.0, "adversarial_weight": 5.0}
    played = game(**weights)
    loss, reports = played.turn("generator", {"real": real})
    enlarged = played.translator(F.avg_pool2d(real, 4), ENLARGE)
    classifier, _ = read_classifier(classifier_file("fashion-mnist"))
    pixels = (enlarged - real).square().mean()
    content = (classifier.maps(enlarged) - classifier.maps(real)).square().mean()
    adversarial = NonSaturating().generator(played.discriminator(enlarged))
    torch.testing.assert_close(loss, 2 * pixels + 3 * content + 5 * adversarial)
    torch.testing.assert_close(reports, {"pixels": pixels.detach(), "content": content.detach()})


def test_what_is_seen_is_where_the_features_come_from(real: torch.Tensor) -> None:
    classifier, _ = read_classifier(classifier_file("fashion-mnist"))
    torch.testing.assert_close(classifier.maps(real).mean((2, 3)), classifier.features(real))


@pytest.mark.parametrize("shape", [(3, 28, 28), (1, 32, 32), (3, 64, 64)])
def test_pictures_of_any_shape_are_seen(shape: tuple[int, int, int]) -> None:
    content = ContentLoss(read_classifier(classifier_file("mnist"))[0])
    images = torch.rand(2, *shape, requires_grad=True)
    assert content(images, images) == 0
    (gradient,) = torch.autograd.grad(content(images, torch.zeros(2, *shape)), images)
    assert gradient.any()


def test_a_set_without_a_classifier_is_for_who_asks_nothing_of_its_content() -> None:
    unknown = tiny(data={"dataset": "folder:pictures", "resolution": 32, "channels": 1})  # which may be said so far
    with pytest.raises(DataError, match="no classifier to look at these pictures: choose --content-weight 0"):
        unknown.game()
    played = unknown.model_copy(update={"content_weight": 0.0}).game()
    _, reports = played.turn("generator", {"real": torch.zeros(2, 1, 32, 32)})
    assert set(reports) == {"pixels"}


def test_sizes_that_cannot_be_made_four_times_smaller_are_refused() -> None:
    with pytest.raises(ValidationError, match="pictures of 30×30 are not 4 times as large as any"):
        tiny(data=DataConfig(resolution=30))


def test_the_paper_s_settings() -> None:
    recipe = SRGAN()
    assert (recipe.width, recipe.blocks, recipe.batch_size, recipe.lr) == (64, 16, 16, 1e-4)
    assert recipe.adversarial_weight == 1e-3
    schedule = recipe.schedule()
    assert schedule is not None
    assert [schedule(done) for done in (0.0, 0.49, 0.5, 0.99)] == [1.0, 1.0, 0.1, 0.1]
    with torch.device("meta"):
        players = recipe.game().players
    kinds = (nn.Conv2d, nn.Linear)
    judge = [
        (layer.weight.shape[0], getattr(layer, "stride", (0,))[0])
        for layer in players["discriminator"].modules()
        if isinstance(layer, kinds)
    ]
    assert judge == [
        *((64, 1), (64, 2), (128, 1), (128, 2), (256, 1), (256, 2), (512, 1), (512, 2)),
        *((1024, 0), (1, 0)),
    ]
    forger = [layer.kernel_size[0] for layer in players["generator"].modules() if isinstance(layer, nn.Conv2d)]
    assert forger == [9, *[3] * 32, 3, 3, 3, 9]
