import pytest
import torch
from torch import Tensor

from ganzoo.generator import Discriminator, NetworkConfig
from ganzoo.inference import batching, explain, judge
from ganzoo.nn.dcgan import dcgan_networks


class Counting(Discriminator):
    """Says the mean of a picture."""

    def __init__(self) -> None:
        super().__init__(NetworkConfig())
        self.image_shape = (1, 4, 4)
        self.weight = torch.nn.Parameter(torch.ones(1))
        self.passes: list[int] = []

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        self.passes.append(len(images))
        return self.weight * images.flatten(1).mean(1)


class Fitting(Counting):
    """Says the class that it is told."""

    num_classes = 4

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        assert y is not None
        assert len(y) == len(images)
        return self.weight * y


def test_each_picture_has_its_logit_and_no_pass_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "VALUES", 3 * 16)
    model, images = Counting(), torch.arange(7.0)[:, None, None, None].expand(7, 1, 4, 4)
    assert judge(model, images).tolist() == list(range(7))
    assert model.passes == [3, 3, 1]


def test_one_that_is_told_classes_is_told_each_picture_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "VALUES", 3 * 16)
    model, images = Fitting(), torch.zeros(7, 1, 4, 4)
    classes = [3, 0, 2, 3, 1, 1, 0]
    assert judge(model, images, classes).tolist() == classes
    assert judge(model, images, 2).tolist() == [2] * 7
    assert judge(Counting(), images, classes).tolist() == [0] * 7  # others ask for none
    for wrong, sentence in ((None, "say of which one"), (4, "from 0 to 3"), ([1, 2], "2 are not 7")):
        with pytest.raises(ValueError, match=sentence):
            judge(model, images, wrong)


def test_a_judgement_does_not_depend_on_the_others_of_its_batch() -> None:
    torch.manual_seed(0)
    model = dcgan_networks((3, 32, 32), width=4, z_dim=6)[1].train()
    assert model.mixes_samples
    images = torch.rand(5, 3, 32, 32) * 2 - 1
    alone = torch.cat([judge(model, image[None]) for image in images])
    torch.testing.assert_close(judge(model, images), alone)
    assert model.training
    assert not alone.requires_grad


class Linear(Counting):
    """Says w · x, and where it is told classes, y times as much."""

    def __init__(self, slope: Tensor, num_classes: int = 0) -> None:
        super().__init__()
        self.image_shape, self.slope, self.num_classes = (
            (slope.shape[0], slope.shape[1], slope.shape[2]),
            slope,
            num_classes,
        )

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        self.passes.append(len(images))
        said = self.weight * (images * self.slope).flatten(1).sum(1)
        return said if y is None else y * said


def test_what_matters_to_a_linear_critic_are_its_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "VALUES", 2 * 3 * 16)
    slope = torch.randn(3, 4, 4)
    critic, images = Linear(slope), torch.randn(5, 3, 4, 4)
    expected = slope.abs().amax(0).expand(5, 4, 4)
    logits, saliency = explain(critic, images)
    torch.testing.assert_close(saliency, expected)
    assert critic.passes == [2, 2, 1]
    torch.testing.assert_close(logits, judge(critic, images))
    with torch.inference_mode():  # as pictures come that were drawn
        torch.testing.assert_close(explain(critic, images.clone())[1], expected)
    assert critic.weight.grad is None
    _, told = explain(Linear(slope, num_classes=4), images, [0, 1, 2, 3, 1])
    torch.testing.assert_close(told, torch.tensor([0.0, 1.0, 2.0, 3.0, 1.0])[:, None, None] * expected)
    with pytest.raises(ValueError, match="say of which one"):
        explain(Linear(slope, num_classes=4), images)


def test_what_matters_in_a_picture_does_not_depend_on_the_others() -> None:
    torch.manual_seed(0)
    model = dcgan_networks((3, 32, 32), width=4, z_dim=6)[1].train()
    images = torch.rand(3, 3, 32, 32) * 2 - 1
    logits, saliency = explain(model, images)
    torch.testing.assert_close(saliency, torch.cat([explain(model, image[None])[1] for image in images]))
    torch.testing.assert_close(logits, judge(model, images))
    assert model.training
