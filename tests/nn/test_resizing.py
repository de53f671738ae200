import pytest
import torch

from ganzoo.nn.resizing import bicubic, fitted, shrunk


def test_a_small_pixel_is_the_mean_of_the_square_that_it_stands_for() -> None:
    images = torch.rand(2, 3, 8, 12) * 2 - 1
    small = shrunk(images, (2, 3))
    assert small.shape == (2, 3, 2, 3)
    torch.testing.assert_close(small[1, 2, 1, 2], images[1, 2, 4:, 8:].mean())
    torch.testing.assert_close(small.mean((2, 3)), images.mean((2, 3)))


def test_cubic_interpolation_goes_through_smooth_images_and_not_beyond_black_and_white() -> None:
    ramp = torch.linspace(-0.8, 0.8, 8).expand(1, 1, 8, 8)
    inside = bicubic(ramp, (32, 32))[0, 0, 16, 8:24]
    torch.testing.assert_close(inside.diff(), torch.full((15,), 1.6 / 7 / 4), atol=1e-4, rtol=0)
    edge = torch.tensor([-1.0, -1, 1, 1]).expand(1, 1, 4, 4)
    assert bicubic(edge, (16, 16)).abs().max() == 1


@pytest.mark.parametrize(
    ("shape", "wanted"), [((3, 8, 8), (1, 8, 8)), ((1, 16, 16), (3, 8, 8)), ((1, 8, 8), (1, 8, 8))]
)
def test_images_fit_another_shape_and_stay_as_bright(shape: tuple[int, int, int], wanted: tuple[int, int, int]) -> None:
    images = torch.full((2, *shape), 0.25)
    assert torch.equal(fitted(images, wanted), torch.full((2, *wanted), 0.25))
