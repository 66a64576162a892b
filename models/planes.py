"""Noise planes: a value for every pixel of every SPADE layer, beside the noise vector, which is one for a whole region.

Not part of the OASIS papers. A convolutional generator that is given one vector a region can tell its pixels apart by
the picture's borders alone, so that every texture is an echo of zero padding; a plane is what differs from pixel to
pixel (StyleGAN's noise inputs serve the same end).

A plane is a function of (seed, layer, y, x) by a counter-based hash in whole numbers of 32 bits: the same on every
device, at every size and forever. `docs/noise.md` writes it down; the kernels compute the same.
"""

import ctypes
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from models.kernels.library import available, kernel_threads, library
from models.kernels.structures import address, structure
from models.maps import subsample

GOLDEN = 0x9E3779B9
# A value is the sum of eight bytes, brought to mean 0 and variance 1: close to normal, and exact in whole numbers.
MEAN = 8 * 255 // 2
VARIANCE = 8 * (256**2 - 1) // 12
SCALE = VARIANCE**-0.5


Size = tuple[int, int]


class PlaneSource(Protocol):
    """Where a generator gets its noise planes from."""

    def at(self, layer: int, size: Size) -> Tensor:
        """The plane of a layer, float32 [B, 1, h, w]."""
        ...


@dataclass(frozen=True)
class Planes:
    """The planes of a batch. rows: int64 [B, H, W], the mix that holds at each pixel; [B, 1, 1] for one a picture.
    seeds: int64 [V, M] in 0 .. 2^32 - 1 and weights: float [V, M], whose planes each mix adds up; the squares of its
    weights add up to 1, so that the variance of every mix is 1."""

    rows: Tensor
    seeds: Tensor
    weights: Tensor

    @classmethod
    def of_seeds(cls, seeds: Tensor) -> "Planes":
        """The seed of each picture, int64 [B], or of each pixel, [B, H, W]."""
        if seeds.dim() == 3:
            seeds, rows = torch.unique(seeds, return_inverse=True)
            return cls(rows, seeds[:, None], torch.ones(len(seeds), 1, device=seeds.device))
        rows = torch.arange(len(seeds), device=seeds.device)[:, None, None]
        return cls(rows, seeds[:, None], torch.ones(len(seeds), 1, device=seeds.device))

    def to(self, device: torch.device) -> "Planes":
        return Planes(self.rows.to(device), self.seeds.to(device), self.weights.to(device))

    def same_as(self, other: "Planes | None") -> bool:
        """Whether all pixels have the same planes there."""
        return other is not None and all(
            torch.equal(one, another)
            for one, another in (
                (self.seeds, other.seeds),
                (self.weights, other.weights),
                (self.rows, other.rows),
            )
        )

    def at(self, layer: int, size: Size) -> Tensor:
        """The plane of a layer, float32 [B, 1, h, w]."""
        if self.rows.device.type == "cpu" and available():
            return self._by_kernel(layer, size)
        return self.plain_at(layer, size)

    def plain_at(self, layer: int, size: Size) -> Tensor:
        """The same on any device."""
        rows = subsample(self.rows, size)  # [B, h, w]
        plane = torch.zeros(rows.shape, device=rows.device)
        for seeds, weights in zip(short_seeds(self.seeds).unbind(1), self.weights.unbind(1), strict=True):
            plane = plane + weights[rows] * normal(seeds, rows, layer)
        return plane[:, None]

    def _by_kernel(self, layer: int, size: Size) -> Tensor:
        rows = self.rows
        if rows.shape[1:] != (1, 1) and (rows.shape[1] % size[0] or rows.shape[2] * size[0] != rows.shape[1] * size[1]):
            rows = subsample(rows, size)
        step = 0 if rows.shape[1:] == (1, 1) else rows.shape[2] // size[1]
        rows, seeds, weights = rows.contiguous(), self.seeds.contiguous(), self.weights.contiguous()
        output = torch.empty(len(rows), 1, *size)
        pointers = (address(tensor) for tensor in (rows, seeds, weights, output))
        job = _NoisePlane(*pointers, len(rows), *size, step, weights.shape[1], layer, MEAN, SCALE)
        with kernel_threads():
            library().noise_plane(ctypes.byref(job))
        return output


_NoisePlane = structure(
    "NoisePlane", "rows seeds weights output", "images height width step members layer", "mean scale"
)


class HeldPlanes:
    """Planes in memory that stays where it is, as a captured graph wants it."""

    def __init__(self, planes: Planes, device: torch.device) -> None:
        self._of, self._device = planes, device
        self._held: dict[tuple[int, Size], Tensor] = {}

    def at(self, layer: int, size: Size) -> Tensor:
        if (layer, size) not in self._held:
            self._held[layer, size] = self._of.to(self._device).at(layer, size)
        return self._held[layer, size]

    def take(self, planes: Planes) -> None:
        """Other planes, in place of those that are held."""
        if planes.same_as(self._of):
            return
        self._of, moved = planes, planes.to(self._device)
        for (layer, size), held in self._held.items():
            held.copy_(moved.at(layer, size))


def short_seeds(seeds: Tensor) -> Tensor:
    """int64 in 0 .. 2^32 - 1 as int32 of the same bits."""
    return torch.where(seeds < 2**31, seeds, seeds - 2**32).int()


def normal(seeds: Tensor, rows: Tensor, layer: int) -> Tensor:
    """One value a pixel, of mean 0 and variance 1: float32 [B, h, w]. seeds: int32 [V], rows: int64 [B, h, w]."""
    height, width = rows.shape[-2:]
    y = torch.arange(height, dtype=torch.int32, device=rows.device)[:, None]
    x = torch.arange(width, dtype=torch.int32, device=rows.device)
    key = mix(seeds ^ mix(torch.full_like(seeds, layer + 1)))  # [V]
    second = mix(key + _signed(GOLDEN))
    a = mix(mix((y << 16 | x) ^ key[rows]) ^ second[rows])  # [B, h, w]
    b = mix(a + _signed(GOLDEN))
    pairs = _pair_sums(a) + _pair_sums(b)
    total = (pairs & 0xFFFF) + (pairs >> 16)
    value: Tensor = (total - MEAN).float() * SCALE
    return value


def _pair_sums(word: Tensor) -> Tensor:
    """Two sums of two bytes each, in the upper and the lower half of a word."""
    return (word & 0x00FF00FF) + ((word >> 8) & 0x00FF00FF)


def mix(word: Tensor) -> Tensor:
    """A bijection of 32-bit words in which every bit depends on every other (constants of Wellons' "lowbias32")."""
    word = word ^ ((word >> 16) & 0xFFFF)  # a shift of int32 repeats the sign: the mask takes it off
    word = word * _signed(0x7FEB352D)
    word = word ^ ((word >> 15) & 0x1FFFF)
    word = word * _signed(0x846CA68B)
    return word ^ ((word >> 16) & 0xFFFF)


def _signed(word: int) -> int:
    """The int32 of the same bits."""
    return word - 2**32 if word >= 2**31 else word
