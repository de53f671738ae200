"""A memory of drawn images, so that a discriminator does not forget what it has learnt to tell."""

import torch
from torch import Tensor, nn


class ImagePool(nn.Module):
    """Gives back images, or older ones in their places (Shrivastava et al. 2017, section 2.3; Zhu et al. 2017).

    What comes is given back as it is and kept, until ``size`` images are. From then on an even chance decides about
    each image: it is given back, or it takes the place of one that is kept, chosen evenly, which is given back instead.
    """

    images: Tensor
    seen: Tensor

    def __init__(self, size: int, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.size = size
        self.register_buffer("images", torch.zeros(size, *image_shape))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def forward(self, images: Tensor) -> Tensor:
        """As many as come, ``[N, C, H, W]``; of more than ``size`` at once, the last are given back as they are."""
        taking = min(self.size, len(images))
        fresh = images[:taking]
        full = self.seen >= self.size
        chosen = torch.rand(self.size, device=images.device).argsort()[:taking]  # no place twice
        order = torch.arange(taking, device=images.device)
        places = torch.where(full, chosen, (self.seen + order) % max(self.size, 1))
        swapped = full & (torch.rand(taking, device=images.device) < 0.5)
        given = torch.where(swapped[:, None, None, None], self.images[places], fresh)
        kept = torch.where((swapped | ~full)[:, None, None, None], fresh, self.images[places])
        self.images[places] = kept
        self.seen += taking
        return torch.cat([given, images[taking:]])
