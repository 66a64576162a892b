"""What conditions a generator: the noise-label map, dense or as tables over region patterns.

All classes compute the same functions. `DenseCondition` has the map [B, D + N, H, W] as the papers write it, D channels
of noise before N of labels. `RegionCondition` knows that the map is constant on regions (class x noise vector) and
computes tables (`models.networks.patterns`); `SplitCondition` knows that the noise is a few vectors a picture. Training
uses them as well as inference.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import Padding, pad, subsample
from models.networks.patterns import LevelPatterns, convolve_patterns, look_up
from models.planes import PlaneSource

Size = tuple[int, int]
Pointwise = Callable[[Tensor], Tensor]


class Level(Protocol):
    """Maps of one resolution [B, C, h, w] that follow from the noise-label map, held in whatever form is cheapest.

    A layer says what it wants of the noise-label map by chaining `convolve` and `pointwise`; `spread` gives the pixels.
    SPADE: level.convolve(shared).pointwise(relu).convolve(gamma, beta).spread().
    """

    def convolve(self, *convolutions: nn.Conv2d) -> "Level":
        """3x3 convolutions of a single map that keep its size, one map each."""
        ...

    def pointwise(self, *functions: Pointwise) -> "Level":
        """Functions of the values at a pixel of a single map, [..., C] -> [..., C'], one map each."""
        ...

    def spread(self) -> tuple[Tensor, ...]:
        """The maps, [B, C, h, w] each."""
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

    def at(self, size: Size) -> Level:
        """The noise-label map resized to (height, width) by nearest neighbor."""
        ...


@dataclass(frozen=True)
class DenseCondition:
    """noise_label_map: float [B, D + N, H, W], noise first."""

    noise_label_map: Tensor
    style: Tensor | None = None
    planes: PlaneSource | None = None

    def at(self, size: Size) -> "DenseLevel":
        return DenseLevel((F.interpolate(self.noise_label_map, size=size, mode="nearest"),))


@dataclass(frozen=True)
class DenseLevel:
    maps: tuple[Tensor, ...]  # [B, C, h, w] each

    def convolve(self, *convolutions: nn.Conv2d) -> "DenseLevel":
        (single,) = self.maps
        return DenseLevel(tuple(conv(single) for conv in convolutions))

    def pointwise(self, *functions: Pointwise) -> "DenseLevel":
        (single,) = self.maps
        pixels = single.permute(0, 2, 3, 1)  # [B, h, w, C]
        return DenseLevel(tuple(function(pixels).permute(0, 3, 1, 2) for function in functions))

    def spread(self) -> tuple[Tensor, ...]:
        return self.maps


@dataclass(frozen=True)
class SplitCondition:
    """The dense map of noise that is a few vectors a picture, never written out: its channels of noise are constant but
    for where one vector gives way to another, so that what a 3x3 convolution makes of them is a product of the masks
    around a pixel and of taps times vectors. labels: one-hot [B, N, H, W]; vectors: [B, K, D]; masks: [B, K, H, W],
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
            self.levels[size] = SplitLevel(pad(labels, self.padding), self.vectors, masks, around)
        return self.levels[size]


@dataclass(frozen=True)
class SplitLevel:
    labels: Tensor  # [B, N, h + 2, w + 2]
    vectors: Tensor  # [B, K, D]
    masks: Tensor  # [B, K, h, w]
    around: Tensor  # [B, h w, K 9]

    def convolve(self, *convolutions: nn.Conv2d) -> DenseLevel:
        return DenseLevel(tuple(self._convolve(conv) for conv in convolutions))

    def _convolve(self, conv: nn.Conv2d) -> Tensor:
        noise, labels = torch.split(conv.weight, [self.vectors.shape[2], self.labels.shape[1]], dim=1)
        taps = torch.einsum("bkz,oztu->bktuo", self.vectors, noise).flatten(1, 3)  # [B, K 9, O]
        height, width = self.masks.shape[-2:]
        added = (self.around @ taps).view(-1, height, width, taps.shape[2]).permute(0, 3, 1, 2)  # [B, O, h, w]
        return F.conv2d(self.labels, labels, conv.bias) + added

    def pointwise(self, *functions: Pointwise) -> DenseLevel:
        return DenseLevel(self.spread()).pointwise(*functions)

    def spread(self) -> tuple[Tensor, ...]:
        noise = torch.einsum("bkhw,bkz->bzhw", self.masks, self.vectors)
        return (torch.cat([noise, self.labels[:, :, 1:-1, 1:-1]], dim=1),)  # [B, D + N, h, w]


@dataclass(frozen=True)
class RegionCondition:
    """Noise and labels that are constant on regions.

    region_map: int64 [B, H, W] of region ids 0..K-1; features: float [K, D + N], noise and one-hot class of each;
    patterns: those of the region map that were found so far.
    """

    region_map: Tensor
    features: Tensor
    style: Tensor | None = None
    planes: PlaneSource | None = None
    padding: Padding = "zeros"
    patterns: dict[Size, LevelPatterns] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of the region map, its features and the patterns."""
        patterns = sum(level.nbytes for level in self.patterns.values())
        return self.region_map.nbytes + self.features.nbytes + patterns

    def at(self, size: Size) -> "RegionLevel":
        if size not in self.patterns:
            self.patterns[size] = LevelPatterns(subsample(self.region_map, size), len(self.features), self.padding)
        return RegionLevel(self.features, (self.features.shape[1],), self.patterns[size], 0)


@dataclass(frozen=True)
class RegionLevel:
    """Maps side by side in one table: a row for each region or, after convolutions, for each pattern of regions."""

    table: Tensor  # [P, C]
    widths: tuple[int, ...]  # channels of each map; their sum is C
    patterns: LevelPatterns
    convolutions: int  # so many 3x3 convolutions away from the regions

    @property
    def index(self) -> Tensor:
        """The row of the table that holds at each pixel: int64 [B, h, w]."""
        return self.patterns.after(self.convolutions).index if self.convolutions else self.patterns.region_map

    def convolve(self, *convolutions: nn.Conv2d) -> "RegionLevel":
        rows = self.patterns.after(self.convolutions + 1).rows
        weight = _side_by_side([conv.weight for conv in convolutions], 0)
        bias = _side_by_side([_bias(conv) for conv in convolutions], 0)
        table = convolve_patterns(self.table, weight, bias, rows)
        widths = tuple(conv.out_channels for conv in convolutions)
        return RegionLevel(table, widths, self.patterns, self.convolutions + 1)

    def pointwise(self, *functions: Pointwise) -> "RegionLevel":
        parts = [function(self.table) for function in functions]
        widths = tuple(part.shape[1] for part in parts)
        return RegionLevel(_side_by_side(parts, 1), widths, self.patterns, self.convolutions)

    def spread(self) -> tuple[Tensor, ...]:
        index = self.index
        return tuple(look_up(part.contiguous(), index) for part in torch.split(self.table, list(self.widths), dim=1))


def _side_by_side(parts: list[Tensor], dimension: int) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dimension)


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias
