import pytest
import torch
from PIL import Image

from ganzoo.data.rasters import MODES, reshaped, to_tensor


def test_a_set_of_the_right_shape_is_left_alone() -> None:
    pixels = torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
    assert reshaped(pixels, (1, 28, 28)) is pixels


@pytest.mark.parametrize("size", [8, 16, 24])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("wanted", [1, 3])
def test_a_set_is_reshaped_as_pillow_does_it(channels: int, wanted: int, size: int) -> None:
    pixels = torch.randint(256, (3, channels, 16, 16), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    for image, result in zip(pixels, reshaped(pixels, (wanted, size, size)), strict=True):
        picture = Image.fromarray(image.permute(1, 2, 0).numpy() if channels == 3 else image[0].numpy())
        scaled = picture.resize((size, size), Image.Resampling.BILINEAR)
        assert torch.equal(result, to_tensor(scaled.convert(MODES[wanted])))


def test_large_sets_keep_their_order() -> None:
    pixels = (torch.arange(3000) % 251).to(torch.uint8)[:, None, None, None].expand(3000, 1, 4, 4)
    assert torch.equal(reshaped(pixels, (1, 5, 5))[:, 0, 0, 0], pixels[:, 0, 0, 0])
