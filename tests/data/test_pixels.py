import torch

from ganzoo.data import to_float, to_uint8


def test_all_256_values_come_back() -> None:
    pixels = torch.arange(256, dtype=torch.uint8)
    assert torch.equal(to_uint8(to_float(pixels)), pixels)


def test_the_range_is_minus_one_to_one() -> None:
    floats = to_float(torch.tensor([0, 255], dtype=torch.uint8))
    assert floats.dtype == torch.float32
    assert floats.tolist() == [-1.0, 1.0]


def test_floats_are_rounded_and_clamped() -> None:
    step = 2 / 255
    floats = torch.tensor([-3.0, -1 + 0.4 * step, -1 + 0.6 * step, 0.999, 7.0])
    assert to_uint8(floats).tolist() == [0, 0, 1, 255, 255]
    assert to_uint8(torch.tensor([-1.0, 1.0], dtype=torch.float16)).tolist() == [0, 255]
