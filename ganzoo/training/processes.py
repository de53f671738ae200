"""Several processes training one game, each on its share of every batch."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class Processes:
    """This process among its peers; alone, everything here does nothing."""

    rank: int = 0
    world_size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process is the one that writes files and speaks."""
        return self.rank == 0

    def share(self, whole: Tensor) -> Tensor:
        """This process's slice of a batch that every process has drawn alike."""
        return whole if self.world_size == 1 else whole.tensor_split(self.world_size)[self.rank]

    def average_(self, tensors: Iterable[Tensor]) -> None:
        """Replace tensors by their means over all processes, in one exchange."""
        tensors = list(tensors)
        if self.world_size == 1 or not tensors:
            return
        together = torch.cat([tensor.flatten() for tensor in tensors])
        dist.all_reduce(together)
        together /= self.world_size
        for tensor, mean in zip(tensors, together.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(mean.view_as(tensor))

    @contextmanager
    def leader_first(self) -> Iterator[None]:
        """Run the block in the leading process before the others enter it, so that they find what it made."""
        if self.world_size > 1 and not self.leads:
            dist.barrier()
        yield
        if self.world_size > 1 and self.leads:
            dist.barrier()

    def any(self, here: bool, device: torch.device) -> bool:
        """Whether it is so in any process."""
        if self.world_size == 1:
            return here
        flag = torch.tensor(float(here), device=device)
        dist.all_reduce(flag)
        return bool(flag)


ALONE = Processes()


@contextmanager
def joined(device: torch.device) -> Iterator[Processes]:
    """Meet the processes that torchrun started; alone where it did not."""
    if not {"RANK", "WORLD_SIZE"} <= os.environ.keys():  # schedulers set the latter for programs of one process too
        yield ALONE
        return
    if device.type == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Processes(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()
