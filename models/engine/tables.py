"""Tables with a row per pattern, computed once and kept for as long as the pattern is remembered."""

from collections.abc import Iterator

import torch
from torch import Tensor

SLACK = 4  # how many times the rows it needs a table may have room for


class Table:
    """float32 [patterns, width]. The first `valid` rows are computed; the others are still to do."""

    def __init__(self, width: int) -> None:
        self._values = torch.empty(0, width)
        self.valid = 0

    def __call__(self, count: int) -> Tensor:
        """The table with room for `count` rows at least."""
        if len(self._values) < count:
            grown = torch.empty(count + count // 2, self._values.shape[1])
            grown[: self.valid] = self._values[: self.valid]
            self._values = grown
        return self._values

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._values.nbytes

    def clear(self) -> None:
        """Give the memory back; nothing is computed."""
        self._values, self.valid = self._values.new_empty(0, self._values.shape[1]), 0

    def keep(self, rows: Tensor) -> None:
        """Keep only these rows, in their order, which is ascending."""
        kept = rows[rows < self.valid]
        self.valid = len(kept)
        if len(self._values) > SLACK * len(rows):
            self._values = self._values[kept]
        elif len(kept) and kept[-1] != len(kept) - 1:  # else they are the first ones, where they are
            self._values[: len(kept)] = self._values[kept]

    def to_do(self, count: int, stale: Tensor | None) -> Iterator[Tensor | range]:
        """What to compute so that `count` rows are valid: those that are not, and the stale ones, int32 numbers."""
        if stale is not None and len(stale):
            if 2 * len(stale) > self.valid:
                self.valid = 0  # a range is cheaper than a list
            else:
                yield stale[stale < self.valid]
        if self.valid < count:
            yield range(self.valid, count)
        self.valid = count
