"""Strips: the rows of a picture that are worked on at a time, so that what lies between two layers stays small."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

TILE = 4  # rows that a convolution computes together
FLOATS = 2**22  # of the widest map in a strip: 16 MB


@dataclass(frozen=True)
class Strip:
    """Rows top .. bottom - 1 are new; then rows first .. last - 1 can be convolved, as those beside them are there."""

    top: int
    bottom: int
    first: int
    last: int


def strips(height: int, floats: int) -> Iterator[Strip]:
    """The strips of a picture from top to bottom; one, if it is small. floats: how many a row has in the widest map."""
    rows, done = strip_rows(height, floats), 0
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        last = bottom if bottom == height else bottom - TILE
        yield Strip(top, bottom, done, last)
        done = last


def strip_rows(height: int, floats: int) -> int:
    """How many rows a strip has at most."""
    return height if height * floats <= FLOATS else min(max(FLOATS // floats // TILE, 2) * TILE, height)


def rows_of(map: Tensor, top: int, bottom: int, width: int) -> Tensor:
    """Rows top .. bottom - 1 of a map [h * width, ...]."""
    return map[top * width : bottom * width]


class Window:
    """The rows of a map that a convolution still reads: with each strip new ones come, and the others go."""

    KEPT = TILE + 1  # rows of the strips before

    def __init__(self, memory: Tensor, width: int) -> None:
        """memory: [pixels, C], of `KEPT` rows more than a strip has."""
        self._memory, self._width = memory, width
        self.top = self._bottom = 0

    @property
    def rows(self) -> Tensor:
        """All of them, from row `top` of the map."""
        return self._part(self.top, self._bottom)

    def advance(self, strip: Strip) -> Tensor:
        """Room for the new rows of a strip."""
        top = max(strip.first - 1, 0)
        kept = self._part(top, self._bottom).clone()  # before and after it may overlap
        self.top, self._bottom = top, strip.bottom
        self._memory[: len(kept)] = kept
        return self._part(strip.top, strip.bottom)

    def _part(self, top: int, bottom: int) -> Tensor:
        return rows_of(self._memory, top - self.top, bottom - self.top, self._width)
