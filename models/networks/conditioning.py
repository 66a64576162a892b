"""What conditions a SPADE generator: the noise-label map, dense or as a table over region patterns.

Both classes compute the same function. `DenseCondition` convolves the map [B, 64 + N, H, W] as the papers write it.
`RegionCondition` knows that the map is constant on regions (class x noise vector): a 3x3 convolution then takes
few distinct values, one per 3x3 pattern of region ids, so it is computed once per pattern and looked up per pixel.
Gradients flow through tables and look-ups, so training uses it as well as inference.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.kernels.training import spread_rows, usable
from models.maps import Padding, pad, subsample
from models.planes import PlaneSource

Size = tuple[int, int]


class Level(Protocol):
    """The noise-label map at one resolution."""

    def convolve(self, conv: nn.Conv2d) -> Tensor:
        """conv(map): [B, C, h, w]."""
        ...

    def modulation(self, shared: nn.Conv2d, gamma: nn.Conv2d, beta: nn.Conv2d) -> tuple[Tensor, Tensor]:
        """gamma and beta of ReLU(shared(map)): two times [B, C, h, w]."""
        ...


class Condition(Protocol):
    """The noise-label map at every resolution."""

    @property
    def style(self) -> Tensor | None:
        """What an image encoder says of the pictures, [B, S]; None for generators without."""
        ...

    @property
    def planes(self) -> PlaneSource | None:
        """The noise planes; None for generators without."""
        ...

    def at(self, size: Size) -> Level: ...


@dataclass(frozen=True)
class DenseCondition:
    """noise_label_map: float [B, 64 + N, H, W], noise first."""

    noise_label_map: Tensor
    style: Tensor | None = None
    planes: PlaneSource | None = None

    def at(self, size: Size) -> "DenseLevel":
        return DenseLevel(F.interpolate(self.noise_label_map, size=size, mode="nearest"))


@dataclass(frozen=True)
class SplitCondition:
    """The dense map of noise that is a few vectors a picture, never written out: its channels of noise are constant but
    for where one vector gives way to another, so that what a 3x3 convolution makes of them is a product of the masks
    around a pixel and of taps times vectors. labels: one-hot [B, N, H, W]; vectors: [B, K, 64]; masks: [B, K, H, W],
    1 where a vector holds, else 0."""

    labels: Tensor
    vectors: Tensor
    masks: Tensor
    style: Tensor | None = None
    planes: PlaneSource | None = None
    padding: Padding = "zeros"
    levels: "dict[Size, SplitLevel]" = field(default_factory=dict)

    def at(self, size: Size) -> "SplitLevel":
        if size not in self.levels:
            labels, masks = (F.interpolate(map, size=size, mode="nearest") for map in (self.labels, self.masks))
            around = F.unfold(pad(masks, self.padding), 3).transpose(1, 2).contiguous()  # [B, h w, K 9]
            self.levels[size] = SplitLevel(pad(labels, self.padding), self.vectors, around, size)
        return self.levels[size]


@dataclass(frozen=True)
class SplitLevel:
    labels: Tensor  # [B, N, h + 2, w + 2]
    vectors: Tensor  # [B, K, 64]
    around: Tensor  # [B, h w, K 9]
    size: Size  # h, w

    def convolve(self, conv: nn.Conv2d) -> Tensor:
        noise, labels = torch.split(conv.weight, [self.vectors.shape[2], self.labels.shape[1]], dim=1)
        taps = torch.einsum("bkz,oztu->bktuo", self.vectors, noise).flatten(1, 3)  # [B, K 9, O]
        added = (self.around @ taps).view(-1, *self.size, taps.shape[2]).permute(0, 3, 1, 2)  # [B, O, h, w]
        return F.conv2d(self.labels, labels, conv.bias) + added

    def modulation(self, shared: nn.Conv2d, gamma: nn.Conv2d, beta: nn.Conv2d) -> tuple[Tensor, Tensor]:
        hidden = F.relu(self.convolve(shared))  # [B, 128, h, w]
        return gamma(hidden), beta(hidden)


@dataclass(frozen=True)
class DenseLevel:
    map: Tensor  # [B, 64 + N, h, w]

    def convolve(self, conv: nn.Conv2d) -> Tensor:
        convolved: Tensor = conv(self.map)
        return convolved

    def modulation(self, shared: nn.Conv2d, gamma: nn.Conv2d, beta: nn.Conv2d) -> tuple[Tensor, Tensor]:
        hidden = F.relu(shared(self.map))  # [B, 128, h, w]
        return gamma(hidden), beta(hidden)


@dataclass(frozen=True)
class RegionCondition:
    """Noise and labels that are constant on regions.

    region_map: int64 [B, H, W] of region ids 0..K-1; features: float [K, 64 + N], noise and one-hot class of each;
    patterns: those of the region map that were found so far.
    """

    region_map: Tensor
    features: Tensor
    style: Tensor | None = None
    planes: PlaneSource | None = None
    padding: Padding = "zeros"
    patterns: "dict[Size, LevelPatterns]" = field(default_factory=dict)

    def at(self, size: Size) -> "RegionLevel":
        if size not in self.patterns:
            self.patterns[size] = LevelPatterns(subsample(self.region_map, size), len(self.features), self.padding)
        return RegionLevel(self.features, self.patterns[size])


@dataclass(frozen=True)
class Patterns:
    """The distinct 3x3 neighborhoods of an id map. `index` [B, h, w] says which one stands at each pixel,
    `rows` [P, 9] which ids it consists of; the number of ids itself means "outside the image"."""

    index: Tensor
    rows: Tensor


class LevelPatterns:
    """Patterns of one resolution: 3x3 of regions, and 3x3 of those, which is what two convolutions in a row see."""

    def __init__(self, region_map: Tensor, regions: int, padding: Padding = "zeros") -> None:
        self.padding = padding
        self.small = find_patterns(region_map, regions, padding)

    @cached_property
    def large(self) -> Patterns:
        return find_patterns(self.small.index, len(self.small.rows), self.padding)


@dataclass(frozen=True)
class RegionLevel:
    features: Tensor  # [K, 64 + N]
    patterns: LevelPatterns

    def convolve(self, conv: nn.Conv2d) -> Tensor:
        table = convolve_patterns(self.features, conv.weight, conv.bias, self.patterns.small.rows)
        return look_up(table, self.patterns.small.index)

    def modulation(self, shared: nn.Conv2d, gamma: nn.Conv2d, beta: nn.Conv2d) -> tuple[Tensor, Tensor]:
        table, index = self.table(shared, gamma, beta)
        gamma_table, beta_table = table.chunk(2, dim=1)
        return look_up(gamma_table.contiguous(), index), look_up(beta_table.contiguous(), index)

    def table(self, shared: nn.Conv2d, gamma: nn.Conv2d, beta: nn.Conv2d) -> tuple[Tensor, Tensor]:
        """gamma and beta of each pattern side by side, [P, 2 C], and the pattern of each pixel, int64 [B, h, w]."""
        small, large = self.patterns.small, self.patterns.large
        hidden = F.relu(convolve_patterns(self.features, shared.weight, shared.bias, small.rows))  # [P3, 128]
        both = torch.cat([gamma.weight, beta.weight]), torch.cat([_bias(gamma), _bias(beta)])
        return convolve_patterns(hidden, *both, large.rows), large.index  # [P5, 2 C]


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


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias
