"""Exponential moving average of the generator, with batch-norm statistics estimated anew before it is used."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from models.oasis import Generator
from training.data.batches import Batch


@torch.no_grad()
def update_ema(average: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Average the parameters; copy buffers. Early on the average is short, so that it forgets the initial weights."""
    decay = min(decay, (1 + step) / (10 + step))
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
    for own, other in zip(average.buffers(), network.buffers(), strict=True):
        own.copy_(other)


@torch.no_grad()
def estimate_batch_norm(generator: Generator, batches: Iterable[tuple[Batch, Tensor]]) -> None:
    """Running means and variances as the plain average over `batches` of (batch, z [B, 64]), in place.

    The averaged weights never saw a batch, so the statistics copied from training do not belong to them.
    """
    norms = [module for module in generator.modules() if isinstance(module, nn.BatchNorm2d)]
    generator.eval()  # spectral norm must not take power iterations here
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a cumulative average
        norm.train()
    for batch, z in batches:
        generator(batch.labels, z)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    generator.eval()
