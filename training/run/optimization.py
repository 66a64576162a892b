"""What is optimized, by which optimizer and in which precision."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.optim import Adam

from models.networks.projected import PretrainedDiscriminator


def adam(groups: list[list[nn.Parameter]], rate: float, betas: tuple[float, float]) -> Adam:
    """One optimizer of the groups that are not empty, each of which may have a rate of its own."""
    return Adam([{"params": group} for group in groups if group], rate, betas, fused=True)


def frozen_encoders(discriminator: nn.Module) -> list[nn.Parameter]:
    """What the variants on pretrained features do not train with their heads."""
    judges = [module for module in discriminator.modules() if isinstance(module, PretrainedDiscriminator)]
    return [parameter for judge in judges for parameter in judge.encoder.parameters()]


@contextmanager
def gradients(parameters: list[nn.Parameter], wanted: bool) -> Iterator[None]:
    """Gradients for these inside the block, or none where they are only passed through; the reverse after it."""
    for parameter in parameters:
        parameter.requires_grad_(wanted)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(not wanted)


def choose_autocast(precision: str, device: torch.device) -> torch.autocast:
    """'auto' takes bf16 only where the hardware computes in it; elsewhere it is slower than fp32."""
    if precision == "auto":
        if device.type == "cuda":
            native = torch.cuda.is_bf16_supported(including_emulation=False)
        else:  # torch has no public question for this
            native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        precision = "bf16" if native else "fp32"
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")
