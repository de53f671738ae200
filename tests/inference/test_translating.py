from pathlib import Path

import pytest
import torch

import ganzoo
from ganzoo.checkpoints import read_checkpoint
from ganzoo.generator import Translator


@pytest.fixture
def translator(translators: Path) -> Translator:
    return read_checkpoint(translators / "delta").load_translator("cpu")


def test_images_come_out_in_their_shape_and_alike_in_batches_of_any_size(translator: Translator) -> None:
    images = torch.rand(7, 1, 7, 7) * 2 - 1
    enlarged = ganzoo.translate(translator, images, "enlarge")
    assert enlarged.shape == (7, 1, 28, 28)
    assert enlarged.dtype == torch.float32
    assert enlarged.abs().max() <= 1
    torch.testing.assert_close(ganzoo.translate(translator, images, batch_size=2), enlarged)
    assert ganzoo.translate(translator, images[:0]).shape == (0, 1, 28, 28)


def test_a_model_in_training_is_left_in_training_and_as_it_was(translator: Translator) -> None:
    translator.train()
    before = {name: tensor.clone() for name, tensor in translator.state_dict().items()}
    ganzoo.translate(translator, torch.rand(3, 1, 7, 7))
    assert translator.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in translator.state_dict().items())


@pytest.mark.parametrize(
    ("shape", "direction", "batch_size", "said"),
    [
        ((2, 1, 28, 28), None, 64, "The images are 1×28×28 and 'enlarge' takes 1×7×7"),
        ((2, 3, 7, 7), "enlarge", 64, "The images are 3×7×7"),
        ((2, 1, 7, 7), "shrink", 64, r"There is no such direction: choose 'enlarge'\."),
        ((2, 1, 7, 7), "enlarge", 0, "A batch holds at least one image"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    translator: Translator, shape: tuple[int, ...], direction: str | None, batch_size: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        ganzoo.translate(translator, torch.zeros(shape), direction, batch_size=batch_size)


def test_of_two_directions_one_has_to_be_chosen(translators: Path) -> None:
    both = ganzoo.load(translators / "epsilon", "cpu")
    images = torch.rand(2, 1, 28, 28)
    with pytest.raises(ValueError, match="choose 'outlines to pictures' or 'pictures to outlines'"):
        ganzoo.translate(both, images)
    there, back = (ganzoo.translate(both, images, way) for way in ("outlines to pictures", "pictures to outlines"))
    assert not torch.equal(there, back)


def test_each_kind_of_model_is_for_its_own(translator: Translator, zoo: Path) -> None:
    with pytest.raises(ValueError, match=r"is a translator.*ganzoo\.translate is for it"):
        ganzoo.sample(translator, range(2))
    with pytest.raises(ValueError, match=r"is a translator.*ganzoo\.translate is for it"):
        ganzoo.interpolate(translator, 1, 2)
    with pytest.raises(ValueError, match=r"is a generator.*ganzoo\.sample is for it"):
        ganzoo.translate(ganzoo.load(zoo / "alpha", "cpu"), torch.zeros(1, 1, 28, 28))
