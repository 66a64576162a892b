"""Data parallelism over processes started by torchrun, on one machine or many; one process without it.

Every process holds the same networks and the same random stream and works on its own share of each batch. What
depends on the whole batch - gradients, batch-norm statistics, class weights, losses - is summed over the processes,
so that W processes compute what one would with the whole batch.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from models.device import choose_device
from models.networks.layers import track_statistics


@dataclass(frozen=True)
class World:
    """The processes of a run: this one is number `rank` of `size` and computes on `device`."""

    device: torch.device
    rank: int = 0
    size: int = 1

    @property
    def main(self) -> bool:
        """Whether this process writes files and talks to the user."""
        return self.rank == 0

    def share(self, rows: Tensor) -> Tensor:
        """This process's rows of a tensor for the whole batch [W * B, ...]: [B, ...]."""
        return rows.chunk(self.size)[self.rank]

    def sum(self, tensor: Tensor) -> Tensor:
        """The sum over all processes, where the tensor lies; the tensor itself is left alone."""
        if self.size == 1:
            return tensor
        # NCCL knows tensors of its GPU only.
        total = tensor.detach().to(self.device, copy=True, memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total.to(tensor.device)

    def gather(self, rows: Tensor) -> Tensor:
        """The rows [n, ...] of all processes one after another; n may differ, even be 0."""
        if self.size == 1:
            return rows
        counts = [torch.zeros(1, dtype=torch.int64, device=self.device) for _ in range(self.size)]
        dist.all_gather(counts, torch.tensor([len(rows)], device=self.device))
        longest = max(int(count) for count in counts)
        padded = torch.zeros(longest, *rows.shape[1:], dtype=rows.dtype, device=self.device)
        padded[: len(rows)] = rows
        blocks = [torch.empty_like(padded) for _ in range(self.size)]
        dist.all_gather(blocks, padded)
        gathered = [block[: int(count)] for block, count in zip(blocks, counts, strict=True)]
        return torch.cat(gathered).to(rows.device)

    def barrier(self) -> None:
        """Wait for all processes."""
        if self.size > 1:
            dist.barrier()

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace each gradient by its mean over the processes: one message for all of them."""
        gradients = [p.grad for p in parameters if p.grad is not None]
        if self.size == 1 or not gradients:
            return
        flat = self.sum(torch.cat([gradient.flatten() for gradient in gradients])) / self.size
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))


@contextmanager
def join_world(device: str = "auto") -> Iterator[World]:
    """The processes that torchrun started (gloo on CPUs, NCCL on GPUs, one each), or this one alone."""
    chosen = choose_device(device)
    if "LOCAL_RANK" not in os.environ:  # torchrun's mark
        yield World(chosen)
        return
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(chosen)
    # While the first process works for all (checkpoints, figures), the others wait.
    dist.init_process_group("nccl" if chosen.type == "cuda" else "gloo", timeout=timedelta(hours=6))
    try:
        yield World(chosen, dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()


class SumOverProcesses(torch.autograd.Function):
    """A sum whose gradient is the sum of the gradients: every process's loss depends on every summand."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor, world: World) -> Tensor:
        ctx.world = world
        return world.sum(tensor)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return ctx.world.sum(gradients[0]), None


def sum_over_processes(tensor: Tensor, world: World) -> Tensor:
    """World.sum, with gradients."""
    total: Tensor = SumOverProcesses.apply(tensor, world)  # type: ignore[no-untyped-call]
    return total


class SyncBatchNorm(nn.BatchNorm2d):
    """Batch norm over the pictures of all processes, on any device; torch's own needs a GPU.

    The mean goes round before the deviations from it, which loses no precision where a mean is large.
    """

    world: World

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W], as many pictures and pixels in every process."""
        if not self.training:
            return super().forward(x)
        size = self.world.size
        values = x.float()
        mean = sum_over_processes(values.mean((0, 2, 3)), self.world) / size  # [C]
        centered = values - mean[:, None, None]
        variance = sum_over_processes(centered.square().mean((0, 2, 3)), self.world) / size
        track_statistics(self, mean, variance, values.numel() // values.shape[1] * size)
        y: Tensor = centered * (variance + self.eps).rsqrt()[:, None, None]
        if self.affine:
            y = y * self.weight[:, None, None] + self.bias[:, None, None]
        return y.to(x.dtype)


def synchronize_batch_norm(network: nn.Module, world: World) -> None:
    """Let every batch norm of the network see the whole batch, in place; nothing changes for one process."""
    if world.size == 1:
        return
    for module in network.modules():
        for name, child in module.named_children():
            if type(child) is nn.BatchNorm2d:
                synced = SyncBatchNorm(child.num_features, child.eps, child.momentum, child.affine)
                synced.load_state_dict(child.state_dict())
                synced.world = world
                setattr(module, name, synced.to(world.device))
