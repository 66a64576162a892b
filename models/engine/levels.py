"""Everything a picture knows at one resolution: patterns of regions, and their rows in the tables of each layer."""

import torch
import torch.nn.functional as F
from torch import Tensor

from models.engine.folding import FoldedBlock, FoldedGenerator, FoldedSpade, FoldedTables
from models.engine.operations import Arena, modulate, sum_rows
from models.engine.patterns import LevelPatterns
from models.engine.planes import KeptPlanes
from models.engine.slots import Change
from models.engine.tables import Table
from models.networks.conditioning import Size


class RegionTables:
    """Convolutions over regions: first a row of taps per slot, then a row of outputs per small pattern."""

    def __init__(self, folded: FoldedTables, *, rectify: bool) -> None:
        self._folded = folded
        self._rectify = rectify
        self._taps = Table(folded.labels.shape[1])
        self._known = torch.zeros(0, dtype=torch.bool)  # slots whose taps are computed
        self.rows = Table(len(folded.bias))

    def update(self, change: Change, patterns: LevelPatterns, stale: Tensor | None) -> None:
        """Compute the taps of slots that are new or renamed, then the rows that are new or stale."""
        self._known = F.pad(self._known, (0, change.count - len(self._known)))
        self._known[change.renamed] = False
        taps = self._taps(change.count)
        self._taps.valid = change.count
        new = (~self._known[change.slots]).nonzero()[:, 0]
        if len(new):
            used, vector_of = torch.unique(change.regions.vector_of[new], return_inverse=True)
            vectors = change.regions.vectors[used].float().contiguous()
            noise = self._folded.noise(vectors, torch.empty(len(vectors), self._folded.noise.outputs))
            taps[change.slots[new]] = noise[vector_of] + self._folded.labels[change.regions.classes[new]]
            self._known[change.slots[new]] = True
        count = patterns.small.count
        rows = self.rows(count)
        for which in self.rows.to_do(count, stale):
            sum_rows(taps, patterns.small.rows, self._folded.bias, rows, which, rectify=self._rectify)


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
            self.folded.products(hidden[needed], products, into=needed.int())


# What a layer costs per output channel, in multiplications of its matrix products. Measured on two AVX2 cores: where
# tables and map cost the same, the estimates are within a fifth of each other.
ADD = 6.0  # adding one value of a table row
TRANSFORM = 18.0  # bringing one value of a map in or out of its Winograd form
READ = 9.0  # reading one weight


def dense_is_cheaper(spade: FoldedSpade, patterns: LevelPatterns) -> bool:
    """Whether a convolution over the whole map costs less than tables over its patterns, which come to nothing when
    nearly every pixel has a pattern of its own. Depends on the picture alone, not on the edits that led to it."""
    hidden, pixels = spade.products.depth, patterns.pixels
    tables = 9 * hidden * (patterns.small.used + READ) + 9 * ADD * patterns.large.used
    dense = 36 * hidden * (pixels / 16 + READ) + TRANSFORM * pixels * (1 + hidden / (2 * spade.channels))
    return dense < tables


MANY_REGIONS = 4096  # whose taps would take more memory than they are worth


def regions_are_many(change: Change, pixels: int) -> bool:
    """Whether regions are so many, as in a wide blend of noise, that a table of them costs more than a map."""
    return len(change.slots) > min(pixels // 4, MANY_REGIONS)


class LevelTables:
    """One picture at the resolution of one block."""

    def __init__(
        self, generator: FoldedGenerator, block: FoldedBlock, size: Size, planes: KeptPlanes, *, first: bool
    ) -> None:
        """planes: of the whole picture."""
        self.size = size
        self._planes = planes
        self._generator = generator
        self._block = block
        self._first = first
        self._features = torch.empty(0, 0)  # of the slots, where regions are many
        self._ids = torch.empty(0, dtype=torch.int32)  # their map
        self._start_anew()

    def _start_anew(self) -> None:
        self.patterns = LevelPatterns(self.size, replicate=self._generator.replicate)
        self._hidden = RegionTables(self._block.shared, rectify=True)
        self._fc = RegionTables(self._generator.fc, rectify=False) if self._first else None
        self._spades = {id(spade): SpadeTables(spade) for spade in self._block.spades}
        self._many = False

    def entrance(self, arena: Arena) -> Tensor:
        """What the first block starts from: [h w, C]."""
        assert self._fc is not None
        if self._many:
            fc = self._generator.fc_dense
            output = torch.empty(self.patterns.pixels, fc.outputs)
            return fc(self._features, output, (1, *self.size), arena, index=self._ids)
        return self._fc.rows(self.patterns.small.count)[self.patterns.small.index]

    def update(self, slots: Tensor, change: Change, arena: Arena) -> None:
        """Take a map of slots, int32 [H, W], some of which may have a new meaning."""
        if regions_are_many(change, self.patterns.pixels):
            if not self._many:
                self._start_anew()
            self._many = True
            self._features = change.features(self._generator.classes)
            step = slots.shape[0] // self.size[0]
            self._ids = slots[::step, ::step].flatten().contiguous()  # of one row, flatten is a view
            return
        self._many = False
        patterns, stale = self.patterns, None
        if change.total:
            self._invalidate()
        if len(change.renamed) or patterns.small.crowded or patterns.large.crowded:
            self._forget()
        patterns.update(slots)
        if len(change.renamed) and not change.total:
            stale = self._stale_patterns(change)
        for tables in self._region_tables():
            tables.update(change, patterns, stale and stale[0])
        for spade in self._spades.values():
            spade.update(self._hidden_rows(spade.folded), patterns, stale and stale[1], arena)

    def modulate(
        self, spade: FoldedSpade, source: Tensor, output: Tensor, arena: Arena, *, upsample: bool, slope: float
    ) -> None:
        """output = leaky ReLU of the normalized source, [h w, C] each; upsample: source has half the size."""
        table, index = self._affine(spade, arena)
        strength = spade.strength
        plane = None if strength is None else self._planes.at(spade.layer, self.size)
        modulate(
            source, table, index, output, self.size, plane=plane, strength=strength, upsample=upsample, slope=slope
        )

    def _affine(self, spade: FoldedSpade, arena: Arena) -> tuple[Tensor, Tensor | None]:
        """(A, B) of a layer: rows, and which of them stands at each pixel, None if there is one a pixel."""
        tables, pixels, shape = self._spades[id(spade)], self.patterns.pixels, (1, *self.size)
        if not self._many and not tables.dense:
            return tables.rows(0), self.patterns.large.index
        output = arena.pixels("affine", pixels, spade.convolution.outputs)
        if self._many:
            hidden = arena.pixels("hidden", pixels, spade.shared.outputs)
            spade.shared(self._features, hidden, shape, arena, index=self._ids)
            return spade.convolution(hidden, output, shape, arena, slope=0.0), None  # the ReLU between the two
        hidden = self._hidden_rows(spade)
        return spade.convolution(hidden, output, shape, arena, index=self.patterns.small.index), None

    def _region_tables(self) -> list[RegionTables]:
        return [self._hidden] if self._fc is None else [self._hidden, self._fc]

    def _hidden_rows(self, spade: FoldedSpade) -> Tensor:
        return self._hidden.rows(0)[:, spade.hidden : spade.hidden + spade.shared.outputs]

    def _stale_patterns(self, change: Change) -> tuple[Tensor, Tensor]:
        """Numbers of the small and large patterns in which renamed slots occur."""
        small = _containing(self.patterns.small.rows, change.renamed, change.count)
        return small, _containing(self.patterns.large.rows, small, self.patterns.small.count)

    def _invalidate(self) -> None:
        for tables in self._region_tables():
            tables.rows.valid = 0
        for spade in self._spades.values():
            spade.rows.valid = 0

    def _forget(self) -> None:
        """Forget the patterns, and their rows, that are not in use."""
        small, large = self.patterns.forget()
        for tables in self._region_tables():
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
