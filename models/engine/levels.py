"""Everything a picture knows at one resolution: patterns of regions, and their rows in the tables of each layer."""

import torch
from torch import Tensor

from models.engine.folding import FoldedBlock, FoldedGenerator, FoldedSpade, FoldedTables
from models.engine.operations import Arena, modulate, sum_rows
from models.engine.patterns import LevelPatterns
from models.engine.slots import Change
from models.engine.tables import Table

Size = tuple[int, int]


class RegionTables:
    """Convolutions over regions: first a row of taps per slot, then a row of outputs per small pattern."""

    def __init__(self, folded: FoldedTables, *, rectify: bool) -> None:
        self._folded = folded
        self._rectify = rectify
        self._taps = Table(folded.labels.shape[1])
        self.rows = Table(len(folded.bias))

    def update(self, change: Change, patterns: LevelPatterns, stale: Tensor | None) -> None:
        """Compute the taps of the changed slots, then the rows that are new or stale."""
        if len(change.slots):
            noise = torch.empty(len(change.vectors), self._folded.noise.outputs)
            self._folded.noise(change.vectors, noise)
            taps = noise[change.vector_of] + self._folded.labels[change.classes]  # [slots, 9 * width]
            self._taps(change.count)[change.slots] = taps
            self._taps.valid = change.count
        table, count = self._taps(change.count), patterns.small.count
        rows = self.rows(count)
        for which in self.rows.to_do(count, stale):
            sum_rows(table, patterns.small.rows, self._folded.bias, rows, which, rectify=self._rectify)


class SpadeTables:
    """Scale and shift of one SPADE layer: a row (A, B) per large pattern."""

    def __init__(self, folded: FoldedSpade) -> None:
        self.folded = folded
        self.rows = Table(len(folded.bias))
        self.dense = False

    def update(self, hidden: Tensor, patterns: LevelPatterns, stale: Tensor | None, arena: Arena) -> None:
        """Compute the rows that are new or stale, or none if this layer is cheaper as a map.

        hidden: [small patterns, hidden channels] of this layer; stale: large patterns, int32.
        """
        self.dense = dense_is_cheaper(self.folded, patterns)
        if self.dense:
            self.rows.valid = 0
            return
        small, large = patterns.small, patterns.large
        rows = self.rows(large.count)
        products = arena.pixels("products", small.count, self.folded.products.outputs)
        for which in self.rows.to_do(large.count, stale):
            self._multiply(hidden, products, _members(large.rows, which, small.count))
            sum_rows(products, large.rows, self.folded.bias, rows, which)

    def _multiply(self, hidden: Tensor, products: Tensor, needed: Tensor) -> None:
        """The nine tap products of the small patterns that are needed, into their rows."""
        if 2 * len(needed) > len(products):
            self.folded.products(hidden[: len(products)], products)
        else:
            computed = torch.empty(len(needed), products.shape[1])
            products[needed] = self.folded.products(hidden[needed], computed)


# What a layer costs per output channel, in multiplications of its matrix products; by benchmarks/rules.py.
ADD = 6.0  # adding one value of a table row
TRANSFORM = 20.0  # bringing one value of a map in or out of its Winograd form
READ = 12.0  # reading one weight


def dense_is_cheaper(spade: FoldedSpade, patterns: LevelPatterns) -> bool:
    """Whether a convolution over the whole map costs less than tables over its patterns, which come to nothing when
    nearly every pixel has a pattern of its own. Depends on the picture alone, not on the edits that led to it."""
    hidden, pixels = spade.products.depth, patterns.pixels
    tables = 9 * hidden * (patterns.small.used + READ) + 9 * ADD * patterns.large.used
    dense = 36 * hidden * (pixels / 16 + READ) + TRANSFORM * pixels * (1 + hidden / (2 * spade.channels))
    return dense < tables


class LevelTables:
    """One picture at the resolution of one block."""

    def __init__(self, generator: FoldedGenerator, block: FoldedBlock, size: Size, *, first: bool) -> None:
        self.size = size
        self.patterns = LevelPatterns(size)
        self._hidden = RegionTables(block.shared, rectify=True)
        self._fc = RegionTables(generator.fc, rectify=False) if first else None
        self._spades = {id(spade): SpadeTables(spade) for spade in block.spades}

    @property
    def entrance(self) -> Tensor:
        """What the first block starts from: [h w, C]."""
        assert self._fc is not None
        return self._fc.rows(self.patterns.small.count)[self.patterns.small.index]

    def update(self, slots: Tensor, change: Change, arena: Arena) -> None:
        """Take a map of slots, int32 [H, W], in which some slots changed their meaning."""
        patterns = self.patterns
        if len(change.stale) or patterns.small.crowded or patterns.large.crowded:
            self._forget()
        patterns.update(slots)
        stale = self._stale_patterns(change) if len(change.stale) else None
        for tables in (self._hidden, self._fc):
            if tables is not None:
                tables.update(change, patterns, stale and stale[0])
        for spade in self._spades.values():
            spade.update(self._hidden_rows(spade.folded), patterns, stale and stale[1], arena)

    def modulate(
        self, spade: FoldedSpade, source: Tensor, output: Tensor, arena: Arena, *, upsample: bool, slope: float
    ) -> None:
        """output = leaky ReLU of the normalised source, [h w, C] each; upsample: source has half the size."""
        tables, index = self._spades[id(spade)], self.patterns.large.index
        if tables.dense:
            table = arena.pixels("affine", self.patterns.pixels, len(spade.bias))
            small = self.patterns.small.index
            spade.convolution(self._hidden_rows(spade), table, (1, *self.size), arena, index=small)
            modulate(source, table, None, output, self.size, upsample=upsample, slope=slope)
        else:
            modulate(source, tables.rows(0), index, output, self.size, upsample=upsample, slope=slope)

    def _hidden_rows(self, spade: FoldedSpade) -> Tensor:
        return self._hidden.rows(0)[:, spade.hidden :]

    def _stale_patterns(self, change: Change) -> tuple[Tensor, Tensor]:
        """Numbers of the small and large patterns in which stale slots occur."""
        small = _containing(self.patterns.small.rows, change.stale, change.count)
        return small, _containing(self.patterns.large.rows, small, self.patterns.small.count)

    def _forget(self) -> None:
        small, large = self.patterns.forget()
        for tables in (self._hidden, self._fc):
            if tables is not None:
                tables.rows.keep(small)
        for spade in self._spades.values():
            spade.rows.keep(large)


def _containing(rows: Tensor, ids: Tensor, count: int) -> Tensor:
    """Numbers, int32, of the rows [P, 9] of ids below `count` (-1: none) in which one of `ids` occurs."""
    wanted = torch.zeros(count + 1, dtype=torch.bool)
    wanted[ids.long()] = True  # the last one, which -1 finds, stays false
    return wanted[rows.long()].any(1).nonzero()[:, 0].int()


def _members(rows: Tensor, which: Tensor | range, count: int) -> Tensor:
    """The ids below `count`, int64 in order, that occur in these rows [P, 9] (-1: none)."""
    chosen = rows[which.start : which.stop] if isinstance(which, range) else rows[which]
    found = torch.zeros(count + 1, dtype=torch.bool)
    found[chosen.flatten().long()] = True  # -1 is the last one
    return found[:count].nonzero()[:, 0]
