"""Maps that are constant on regions, seen through 3x3 convolutions.

A 3x3 convolution over such a map takes few distinct values, one per 3x3 pattern of region ids: they are computed once
per pattern, as rows of a table, and looked up per pixel. Gradients flow through tables and look-ups.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from models.kernels.training import spread_rows, usable
from models.maps import Padding, pad


@dataclass(frozen=True)
class Patterns:
    """The distinct 3x3 neighborhoods of an id map. `index` [B, h, w] says which one stands at each pixel,
    `rows` [P, 9] which ids it consists of; the number of ids itself means "outside the image"."""

    index: Tensor
    rows: Tensor


class LevelPatterns:
    """Patterns of one resolution: 3x3 of regions, 3x3 of those, which is what two convolutions in a row see, and so on.

    region_map: int64 [B, h, w] of region ids 0 .. regions - 1.
    """

    def __init__(self, region_map: Tensor, regions: int, padding: Padding = "zeros") -> None:
        self.region_map, self.regions, self.padding = region_map, regions, padding
        self._found: list[Patterns] = []

    @property
    def nbytes(self) -> int:
        """Bytes of the map and the patterns that were found."""
        found = sum(patterns.index.nbytes + patterns.rows.nbytes for patterns in self._found)
        return self.region_map.nbytes + found

    def after(self, convolutions: int) -> Patterns:
        """What so many convolutions in a row see, one at least."""
        while len(self._found) < convolutions:
            ids, count = self.region_map, self.regions
            if self._found:
                ids, count = self._found[-1].index, len(self._found[-1].rows)
            self._found.append(find_patterns(ids, count, self.padding))
        return self._found[convolutions - 1]


def find_patterns(ids: Tensor, outside: int, padding: Padding = "zeros") -> Patterns:
    """The distinct 3x3 patterns of `ids` (int64 [B, h, w], values 0..outside-1). Beyond the borders stands `outside`,
    which counts as zero, or what the padding says."""
    height, width = ids.shape[1:]
    padded = pad(ids, padding, outside)  # [B, h + 2, w + 2]
    uniform = _uniform(padded)  # [B, h, w]

    # Most pixels lie inside a region; their pattern is named by their own id.
    present = torch.zeros(outside, dtype=torch.bool, device=ids.device)
    present[ids[uniform]] = True
    inner_rows = present.nonzero().expand(-1, 9)  # [U, 9]
    number = present.cumsum(0) - 1
    index = torch.where(uniform, number[ids], 0)

    # The rest is compared by a 64-bit hash of the nine ids; equal hashes are verified, collisions resolved exactly.
    edge = (~uniform).nonzero()  # [M, 3]
    corner = (edge[:, 0] * (height + 2) + edge[:, 1]) * (width + 2) + edge[:, 2]
    offsets = torch.tensor([dy * (width + 2) + dx for dy in range(3) for dx in range(3)], device=ids.device)
    neighbors = padded.flatten()[corner[:, None] + offsets]  # [M, 9]
    keys = (neighbors * _MULTIPLIERS.to(ids.device)).sum(1)
    unique, inverse = torch.unique(keys, return_inverse=True)
    example = torch.zeros_like(unique).scatter_(0, inverse, torch.arange(len(keys), device=ids.device))
    edge_rows = neighbors[example]  # [E, 9]
    if not torch.equal(edge_rows[inverse], neighbors):
        edge_rows, inverse = torch.unique(neighbors, dim=0, return_inverse=True)
    index[~uniform] = len(inner_rows) + inverse
    return Patterns(index, torch.cat([inner_rows, edge_rows]))


# Odd 64-bit constants with no structure of their own: fixed, so that pattern order is reproducible.
_MULTIPLIERS = torch.randint(-(2**62), 2**62, (9,), generator=torch.Generator().manual_seed(9)) * 2 + 1


def _uniform(padded: Tensor) -> Tensor:
    """Where all nine ids of the 3x3 neighborhood agree: bool [B, h, w] of a padded map [B, h + 2, w + 2]."""
    across = padded[:, :, 1:] == padded[:, :, :-1]
    rows = across[:, :, 1:] & across[:, :, :-1]  # three in a row agree: [B, h + 2, w]
    down = padded[:, 1:, 1:-1] == padded[:, :-1, 1:-1]  # [B, h + 1, w]
    return rows[:, 1:-1] & rows[:, :-2] & rows[:, 2:] & down[:, 1:] & down[:, :-1]


def convolve_patterns(values: Tensor, weight: Tensor, bias: Tensor | None, rows: Tensor) -> Tensor:
    """A 3x3 convolution over ids with `values` [A, I], evaluated once per pattern: [P, O]. Outside counts as zero."""
    out_channels, in_channels = weight.shape[:2]
    taps = weight.permute(1, 2, 3, 0).reshape(in_channels, 9 * out_channels)
    tables = (values @ taps).view(-1, out_channels)  # [A * 9, O]: value a at tap k stands in row 9 a + k
    tables = torch.cat([tables, tables.new_zeros(9, out_channels)])
    bags = rows * 9 + torch.arange(9, device=rows.device)  # [P, 9]
    sums: Tensor = SumRows.apply(tables, bags, rows)  # type: ignore[no-untyped-call]
    return sums if bias is None else sums + bias


class SumRows(torch.autograd.Function):
    """Sums of the rows of a table [A * 9, O] that each bag [P, 9] names: [P, O]. rows: the ids [P, 9] in the bags."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, bags: Tensor, rows: Tensor) -> Tensor:
        ctx.save_for_backward(bags, rows)
        ctx.rows, ctx.dtype = len(table), table.dtype
        return F.embedding_bag(bags, table, mode="sum")

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (bags, rows), (gradient,) = ctx.saved_tensors, gradients
        if usable(gradient, gradient.shape[1]):  # an order of magnitude faster than what torch has
            table = spread_rows(gradient.float().contiguous(), rows.contiguous(), ctx.rows // 9).flatten(0, 1)
        else:
            table = gradient.new_zeros(ctx.rows, gradient.shape[1])
            table.index_add_(0, bags.flatten(), gradient.repeat_interleave(9, 0))
        return table.to(ctx.dtype), None, None


def look_up(table: Tensor, index: Tensor) -> Tensor:
    """Spread a table [P, C] over the pixels of index [B, h, w]: [B, C, h, w], channels last in memory.

    Under autocast the pixels have its type, as a convolution's would; their gradients are summed in the table's.
    """
    kind = index.device.type
    dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else table.dtype
    spread: Tensor = LookUp.apply(table, index, dtype)  # type: ignore[no-untyped-call]
    return spread.permute(0, 3, 1, 2)


class LookUp(torch.autograd.Function):
    """Rows of a table [P, C] in another type: [B, h, w, C]. A row's gradient is a sum over many pixels, too many for
    bf16: it is taken in the table's type."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, index: Tensor, dtype: torch.dtype) -> Tensor:
        ctx.save_for_backward(index)
        ctx.rows, ctx.dtype = len(table), table.dtype
        return F.embedding(index, table.to(dtype))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (index,) = ctx.saved_tensors
        (gradient,) = gradients  # [B, h, w, C]
        sums = gradient.new_zeros(ctx.rows, gradient.shape[-1], dtype=ctx.dtype)
        return sums.index_add_(0, index.flatten(), gradient.flatten(0, -2).to(ctx.dtype)), None, None
