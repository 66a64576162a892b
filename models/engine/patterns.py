"""Which patterns of regions stand where, at one resolution, kept from edit to edit (models/kernels/patterns.cpp)."""

import ctypes

import numpy as np
import torch
from torch import Tensor

from models.kernels.library import library
from models.kernels.structures import declared

MANY = 256  # unused patterns that are never worth forgetting
PATTERN_BYTES = 40  # its ids, and when it was seen


@declared
class _Patterns(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_void_p),
        ("rows", ctypes.c_void_p),
        ("slots", ctypes.c_void_p),
        ("seen", ctypes.c_void_p),
        ("slot_count", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("used", ctypes.c_int64),
    )


@declared
class _Level(ctypes.Structure):
    _fields_ = (
        ("ids", ctypes.c_void_p),
        ("height", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("edit", ctypes.c_int64),
        ("replicate", ctypes.c_int64),
        ("small", _Patterns),
        ("large", _Patterns),
    )


def _zeros(*shape: int) -> Tensor:
    """int32. Unlike torch's they take no memory before they are written."""
    return torch.from_numpy(np.zeros(shape, np.int32))


class PatternRows:
    """The distinct 3x3 neighborhoods of a map: index, int32 [H * W], says which stands where, rows, int32 [P, 9],
    of which ids each consists (-1: outside, unless borders are replicated)."""

    def __init__(self, pixels: int, state: _Patterns) -> None:
        capacity = 2 * pixels  # an edit meets at most `pixels` new ones, and before it the unused can be forgotten
        slot_count = 1 << (2 * capacity - 1).bit_length()
        self.index = torch.full((pixels,), -1, dtype=torch.int32)
        self._rows = _zeros(capacity, 9)
        self._slots = _zeros(slot_count)
        self._seen = _zeros(capacity)
        self.most = 0
        self._state = state
        state.index, state.rows = self.index.data_ptr(), self._rows.data_ptr()
        state.slots, state.seen = self._slots.data_ptr(), self._seen.data_ptr()
        state.slot_count = slot_count

    @property
    def rows(self) -> Tensor:
        return self._rows[: self.count]

    @property
    def count(self) -> int:
        """Patterns remembered."""
        count: int = self._state.count
        return count

    @property
    def used(self) -> int:
        """Patterns that stand somewhere in the map."""
        used: int = self._state.used
        return used

    @property
    def nbytes(self) -> int:
        """Bytes that are held: `most`, the patterns that there ever were, have taken rows from memory."""
        return self.index.nbytes + self._slots.nbytes + self.most * PATTERN_BYTES

    @property
    def full(self) -> bool:
        """Whether an edit could meet more new patterns than there is room for."""
        return self.count + len(self.index) > len(self._rows)

    @property
    def crowded(self) -> bool:
        """Whether the unused should be forgotten before the next edit."""
        return self.full or self.count > 2 * self.used + MANY


class LevelPatterns:
    """Patterns at one resolution: `small` are 3x3 of regions, `large` 3x3 of those, what two convolutions see."""

    def __init__(self, size: tuple[int, int], *, replicate: bool = False) -> None:
        """replicate: outside the map stand the ids at its borders."""
        self.size = size
        pixels = size[0] * size[1]
        self._ids = torch.full((pixels,), -2, dtype=torch.int32)  # no region, and not the outside
        self._state = _Level(ids=self._ids.data_ptr(), height=size[0], width=size[1], replicate=replicate)
        self.small = PatternRows(pixels, self._state.small)
        self.large = PatternRows(pixels, self._state.large)

    @property
    def pixels(self) -> int:
        return self.size[0] * self.size[1]

    @property
    def crowded(self) -> bool:
        """Whether the unused should be forgotten before the next edit."""
        return self.small.crowded or self.large.crowded

    @property
    def some_unused(self) -> bool:
        """Whether patterns are remembered that do not stand in the map."""
        return any(kind.count > kind.used for kind in (self.small, self.large))

    @property
    def row_bytes(self) -> int:
        """Bytes that are held because of the patterns that there were, beside what any map takes."""
        return (self.small.most + self.large.most) * PATTERN_BYTES

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._ids.nbytes + self.small.nbytes + self.large.nbytes

    def update(self, ids: Tensor) -> None:
        """Take a map of region ids, int32 [H, W], H and W multiples of the size: the nearest of them are used.

        Patterns must not be `full`.
        """
        assert not self.small.full and not self.large.full, "call forget() first"
        library().update(ctypes.byref(self._state), ids.data_ptr(), ids.shape[0] // self.size[0])
        for kind in (self.small, self.large):
            kind.most = max(kind.most, kind.count)

    def forget(self) -> tuple[Tensor, Tensor]:
        """Forget unused patterns; returns the former numbers of those that stay, small and large, in new order."""
        keep = [torch.empty(kind.used, dtype=torch.int32) for kind in (self.small, self.large)]
        library().forget(ctypes.byref(self._state), *(numbers.data_ptr() for numbers in keep))
        return keep[0], keep[1]


def number(ids: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The distinct ones of ids below `count`, int32 of any shape (-1: none), and where among them each id is, int32 of
    that shape (-1: none)."""
    places = _zeros(count)
    values, numbers = torch.empty(min(ids.numel(), count), dtype=torch.int32), torch.empty_like(ids)
    pointers = (tensor.data_ptr() for tensor in (places, values, numbers))
    found = library().number_ids(ids.data_ptr(), ids.numel(), *pointers)
    return values[:found], numbers
