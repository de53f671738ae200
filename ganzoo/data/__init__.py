"""Where training pictures come from. Images are uint8 ``[N, C, H, W]`` here and floats in [-1, 1] to the networks."""

from ganzoo.data.config import DATA_ROOT, DataConfig
from ganzoo.data.image_set import DataError, ImageSet, ImagesInMemory
from ganzoo.data.loading import expected_size, load_images
from ganzoo.data.order import index_stream
from ganzoo.data.pixels import to_float, to_uint8

__all__ = [
    "DATA_ROOT",
    "DataConfig",
    "DataError",
    "ImageSet",
    "ImagesInMemory",
    "expected_size",
    "index_stream",
    "load_images",
    "to_float",
    "to_uint8",
]
