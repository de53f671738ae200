import numpy as np

from ganzoo.inference.pictures import GAP_GREY, grid
from ganzoo.ui import pictures


def test_without_gaps_hides_the_gaps_and_nothing_of_the_tiles() -> None:
    pixels = np.full((3, 5, 6, 1), GAP_GREY, np.uint8)
    sheet = np.asarray(pictures.without_gaps(grid(pixels), 3, (5, 6), 2))
    assert sheet.shape == (11, 13, 2)
    assert (sheet[:5, :6] == [GAP_GREY, 255]).all()
    assert (sheet[:, 6, 1] == 0).all()
    assert (sheet[6:, 7:, 1] == 0).all()  # the fourth place is empty


def test_stacked_pictures_are_enlarged_by_whole_numbers_and_lie_in_the_middle_of_cells_one_can_see_through() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 4, 3), dtype=np.uint8)
    cells = np.asarray(pictures.stacked(pixels, (13, 11))).reshape(3, 13, 11, 4)
    assert (cells[:, 1:11:2, 1:9:2, :3] == pixels).all()
    assert (cells[:, 2:11:2, 2:9:2, :3] == pixels).all()
    assert (cells[:, 1:11, 1:9, 3] == 255).all()
    assert cells[..., 3].sum() == 3 * 10 * 8 * 255
