"""Where training pictures come from. Images are uint8 ``[N, C, H, W]`` here and floats in [-1, 1] to the networks."""

from ganzoo.data.config import DataConfig

__all__ = ["DataConfig"]
