"""Exponential moving average of the generator, with batch-norm statistics estimated again before it is used."""

from collections.abc import Iterable

import torch
from torch import nn

from models.networks.protocols import PainterNetwork
from training.data.batches import Batch
from training.run.noise_sampling import NoiseSampler


@torch.no_grad()
def update_ema(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Average the parameters; copy buffers."""
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
    for own, other in zip(average.buffers(), network.buffers(), strict=True):
        own.copy_(other)


@torch.no_grad()
def estimate_batch_norm(generator: PainterNetwork, batches: Iterable[Batch], noise: NoiseSampler) -> None:
    """Running means and variances as the plain average over the fakes of `batches`, in place.

    The averaged weights never saw a batch, so the statistics copied from training do not belong to them.
    """
    norms = [module for module in generator.modules() if isinstance(module, nn.BatchNorm2d)]
    generator.eval()  # spectral norm must not take power iterations here
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a cumulative average
        norm.train()
    for batch in batches:
        noise.paint(generator, batch.labels)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    generator.eval()
