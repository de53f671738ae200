import pytest
from pydantic import ValidationError

from ganzoo.game import AdversarialGame
from ganzoo.zoo.dcgan import DCGAN


def test_gamma_reaches_the_game() -> None:
    game = DCGAN.model_validate({"gamma": 2.0, "width": 2}).game()
    assert isinstance(game, AdversarialGame)
    assert game.gamma == 2.0


def test_gamma_is_refused_where_batch_norm_ties_the_images_together() -> None:
    DCGAN.model_validate({"data": {"dataset": "cifar10"}, "width": 2})
    with pytest.raises(ValidationError, match="leave gamma at 0"):
        DCGAN.model_validate({"data": {"dataset": "cifar10"}, "width": 2, "gamma": 1.0})


def test_depth_reaches_the_discriminator() -> None:
    _, shallow = DCGAN.model_validate({"width": 2}).networks()
    _, deep = DCGAN.model_validate({"width": 2, "depth": 3}).networks()
    assert len(list(deep.parameters())) == len(list(shallow.parameters())) + 2  # another convolution's weight and bias


def test_depth_is_refused_where_the_paper_says_it() -> None:
    with pytest.raises(ValidationError, match="leave depth at 2"):
        DCGAN.model_validate({"data": {"dataset": "cifar10"}, "width": 2, "depth": 3})
