"""A SPADE layer in training on a CPU as one operation: batch norm, noise plane, modulation by tables, leaky ReLU.

Each of these alone is a walk through memory and back; together they are two walks forward and two back, with nothing
kept for the way back but the input. The same function and the same gradients as the plain layer, to rounding: in bf16
it rounds once where the plain layer rounds after every step.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.kernels.training import mean_and_variance, normalize, normalize_backward, usable
from models.networks.layers import track_statistics


@dataclass(frozen=True)
class Modulation:
    """table: [P, 2 C], gamma and then beta of each pattern. index: int64 [B, h, w], the pattern of each pixel. plane:
    [B, 1, h, w] and strength: [C], both or neither."""

    table: Tensor
    index: Tensor
    plane: Tensor | None
    strength: Tensor | None


def serves(x: Tensor, norm: nn.Module) -> bool:
    """Whether this operation can take the place of the plain layer on x [B, C, h, w]."""
    # Not a norm that is synchronized between processes.
    return type(norm) is nn.BatchNorm2d and norm.training and x.numel() > x.shape[1] and usable(x, x.shape[1])


def fused_spade(x: Tensor, norm: nn.BatchNorm2d, modulation: Modulation, slope: float, border: bool) -> Tensor:
    """x [B, C, h, w], normalized and modulated, after a leaky ReLU of this slope; with a border [B, C, h + 2, w + 2].
    The running statistics of the norm follow. Under autocast the result has its type."""
    pixels = x.permute(0, 2, 3, 1).contiguous()  # [B, h, w, C]
    with torch.no_grad():
        mean, variance = mean_and_variance(pixels)
        track_statistics(norm, mean, variance, pixels.numel() // len(mean))
        factor = (variance + norm.eps).rsqrt()
    dtype = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype
    m = modulation
    plane = None if m.plane is None else m.plane.contiguous()
    output: Tensor = FusedSpade.apply(  # type: ignore[no-untyped-call]
        pixels, m.table.float().contiguous(), m.strength, plane, m.index, mean, factor, slope, border, dtype
    )
    return output.permute(0, 3, 1, 2)


class FusedSpade(torch.autograd.Function):
    """Of pixels [B, h, w, C]. mean and factor [C] are those of the pixels: the gradient goes through them too."""

    @staticmethod
    def forward(
        ctx: Any,
        pixels: Tensor,
        table: Tensor,
        strength: Tensor | None,
        plane: Tensor | None,
        index: Tensor,
        mean: Tensor,
        factor: Tensor,
        slope: float,
        border: bool,
        dtype: torch.dtype,
    ) -> Tensor:
        images, height, width, channels = pixels.shape
        more = 2 if border else 0
        output = torch.empty(images, height + more, width + more, channels, dtype=dtype)
        given = {"table": table, "strength": strength, "plane": plane, "index": index, "mean": mean, "factor": factor}
        normalize(pixels, output, border, slope, **given)
        ctx.save_for_backward(pixels, *given.values())
        ctx.names, ctx.border, ctx.slope = tuple(given), border, slope
        return output

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        pixels, *saved = ctx.saved_tensors
        given = dict(zip(ctx.names, saved, strict=True))
        of_pixels, of_table, of_strength = normalize_backward(
            pixels, gradients[0].contiguous(), ctx.border, ctx.slope, **given
        )
        return of_pixels, of_table, None if given["strength"] is None else of_strength, *[None] * 7
