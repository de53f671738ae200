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
