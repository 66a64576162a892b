"""Maps as tensors: what networks and value types alike do with label maps and other maps [..., H, W]."""

from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor

Padding = Literal["zeros", "replicate"]
PADDINGS: tuple[Padding, ...] = get_args(Padding)


def check_size(what: str, height: int, width: int, stride: int) -> None:
    """Raises ValueError unless both sides are multiples of a network's stride."""
    if height % stride or width % stride or not height or not width:
        raise ValueError(f"A {what} of {width}x{height} does not fit: both sides must be multiples of {stride}.")


def pad(map: Tensor, padding: Padding, outside: int = 0) -> Tensor:
    """A map [..., H, W] with one pixel more on every side: `outside` or, to replicate, the pixel at the border."""
    if padding == "zeros":
        return F.pad(map, (1, 1, 1, 1), value=outside)
    if map.is_floating_point():
        return F.pad(map, (1, 1, 1, 1), padding)
    # Of whole numbers torch pads by constants alone.
    rows, columns = (torch.arange(-1, side + 1, device=map.device).clamp(0, side - 1) for side in map.shape[-2:])
    return map[..., rows, :][..., columns]


def subsample(map: Tensor, size: tuple[int, int]) -> Tensor:
    """Nearest: [B, H, W] -> [B, h, w] of the same type, source index floor(i * scale)."""
    rows = torch.arange(size[0], device=map.device) * map.shape[-2] // size[0]
    columns = torch.arange(size[1], device=map.device) * map.shape[-1] // size[1]
    return map[:, rows][:, :, columns]


def one_hot(ids: Tensor, classes: int) -> Tensor:
    """int64 [B, H, W] -> float [B, classes, H, W]."""
    return F.one_hot(ids, classes).permute(0, 3, 1, 2).to(torch.get_default_dtype())
