"""Everything a picture knows at one resolution: patterns of regions, and their rows in the tables of each layer."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from models.engine.arena import Arena
from models.engine.folding import FoldedBlock, FoldedGenerator, FoldedSpade, FoldedTables
from models.engine.operations import modulate, sum_rows
from models.engine.patterns import LevelPatterns, number
from models.engine.planes import KeptPlanes
from models.engine.slots import Change
from models.engine.strips import TILE, Strip, rows_of
from models.engine.tables import Table
from models.networks.conditioning import Size

Hidden = Callable[[Tensor], Tensor]
"""The hidden channels of a layer for small patterns, int32 [n] -> [n, hidden channels]."""

LEVEL_BYTES = 2**25  # tables and patterns that a level may keep; a drawn picture of 1024x1024 has half of it
TAPS_BYTES = 2**24  # taps that a level keeps
PRODUCTS = 2**23  # floats of tap products at a time


class RegionTables:
    """Convolutions over regions: first a row of taps per slot, then a row of outputs per small pattern."""

    def __init__(self, folded: FoldedTables, *, rectify: bool) -> None:
        self._folded = folded
        self._rectify = rectify
        self._taps = Table(folded.labels.shape[1])
        self._known = torch.zeros(0, dtype=torch.bool)  # slots whose taps are computed
        self.rows = Table(len(folded.bias))

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._taps.nbytes + self.rows.nbytes

    def take(self, change: Change) -> None:
        """Compute the taps of slots that are new or renamed."""
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

    def update(self, change: Change, patterns: LevelPatterns, stale: Tensor | None) -> None:
        """Compute the taps of slots that are new or renamed, then the rows that are new or stale."""
        self.take(change)
        count = patterns.small.count
        rows = self.rows(count)
        for which in self.rows.to_do(count, stale):
            sum_rows(self._taps(0), patterns.small.rows, self._folded.bias, rows, which, rectify=self._rectify)
        self.forget_taps()

    def forget_taps(self) -> None:
        """Forget the taps if they are more than they are worth."""
        if self._taps.nbytes > TAPS_BYTES:
            self._taps.clear()
            self._known = self._known[:0]

    def of(self, rows: Tensor, first: int, output: Tensor) -> Tensor:
        """The outputs first .. first + C - 1 of patterns of these rows, int32 [n, 9]: output, [n, C]."""
        channels = slice(first, first + output.shape[1])
        taps = self._taps(0).view(-1, 9, len(self._folded.bias))[:, :, channels]
        sum_rows(taps, rows, self._folded.bias[channels], output, range(len(rows)), rectify=self._rectify)
        return output


class SpadeTables:
    """Scale and shift of one SPADE layer: a row (A, B) per large pattern."""

    def __init__(self, folded: FoldedSpade) -> None:
        self.folded = folded
        self.rows = Table(len(folded.bias))
        self.dense = False

    def update(self, hidden: Hidden, patterns: LevelPatterns, stale: Tensor | None, arena: Arena) -> None:
        """Compute the rows that are new or stale. stale: large patterns, int32."""
        count = patterns.large.count
        rows = self.rows(count)
        for which in self.rows.to_do(count, stale):
            if isinstance(which, range):
                part = slice(which.start, which.stop)
                self.of(patterns.large.rows[part], hidden, patterns.small.count, rows[part], arena)
            else:
                computed = torch.empty(len(which), rows.shape[1])
                rows[which] = self.of(patterns.large.rows[which], hidden, patterns.small.count, computed, arena)

    def of(self, rows: Tensor, hidden: Hidden, count: int, output: Tensor, arena: Arena) -> Tensor:
        """(A, B) of large patterns of these rows, int32 [n, 9] of small ones below `count`: output, [n, 2 C]."""
        needed, numbers = number(rows, count)
        outputs = self.folded.products.outputs
        if len(needed) * outputs > PRODUCTS and len(rows) > 1:
            for half, target in zip(rows.tensor_split(2), output.tensor_split(2), strict=True):
                self.of(half, hidden, count, target, arena)
            return output
        products = self.folded.products(hidden(needed), arena.pixels("products", len(needed), outputs))
        sum_rows(products, numbers, self.folded.bias, output, range(len(rows)))
        return output


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


MANY_REGIONS = 4096  # whose taps would take more time than they are worth


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
        self._start_anew()

    def _start_anew(self) -> None:
        self.patterns = LevelPatterns(self.size, replicate=self._generator.replicate)
        self._hidden = RegionTables(self._block.shared, rectify=True)
        self._fc = RegionTables(self._generator.fc, rectify=False) if self._first else None
        self._spades = {id(spade): SpadeTables(spade) for spade in self._block.spades}
        self._many = False
        self._by_strips = False  # tables would be too large: a strip has its own
        self._features = torch.empty(0, 0)  # of the slots, where regions are many
        self._ids = torch.empty(0, dtype=torch.int32)  # their map

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        maps = self._features.nbytes + self._ids.nbytes
        return self.patterns.nbytes + self._table_bytes() + maps

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
        self._change = change
        if regions_are_many(change, self.patterns.pixels):
            if not self._many:
                self._start_anew()
            self._many = True
            self._features = change.features(self._generator.classes)
            step = slots.shape[0] // self.size[0]
            self._ids = slots[::step, ::step].flatten().contiguous()  # of one row, flatten is a view
            return
        if self._many:
            self._start_anew()
        patterns, stale = self.patterns, None
        if change.total:
            self._invalidate()
        if patterns.small.count and (len(change.renamed) or patterns.crowded):
            self._forget()
        patterns.update(slots)
        for spade in self._spades.values():
            spade.dense = dense_is_cheaper(spade.folded, patterns)
        if self._needed_bytes() > LEVEL_BYTES and patterns.some_unused:
            self._forget()
        self._by_strips = self._needed_bytes() > LEVEL_BYTES
        if len(change.renamed) and not change.total:
            stale = self._stale_patterns(change)
        small, large = stale or (None, None)
        if self._fc is not None:
            self._fc.update(change, patterns, small)
        if self._by_strips:
            self._hidden.rows.clear()
        else:
            self._hidden.update(change, patterns, small)
        for spade in self._spades.values():
            if spade.dense or self._by_strips:
                spade.rows.clear()
            else:
                spade.update(self._hidden_of(spade.folded, arena), patterns, large, arena)

    def finish(self) -> None:
        """Forget, after the block, what takes more memory than it is worth."""
        self._hidden.forget_taps()
        if self.patterns.row_bytes + self._table_bytes() > 2 * LEVEL_BYTES:
            self._start_anew()

    def modulate(
        self,
        spade: FoldedSpade,
        source: Tensor,
        output: Tensor,
        strip: Strip,
        arena: Arena,
        *,
        upsample: bool,
        slope: float,
    ) -> None:
        """output = leaky ReLU of the normalized source, the new rows of a strip, [pixels, C] each; upsample: source has
        half the size."""
        table, index = self._affine(spade, strip, arena)
        strength, width = spade.strength, self.size[1]
        plane = None
        if strength is not None:
            plane = rows_of(self._planes.at(spade.layer, self.size), strip.top, strip.bottom, width)
        size = strip.bottom - strip.top, width
        modulate(source, table, index, output, size, plane=plane, strength=strength, upsample=upsample, slope=slope)

    def _affine(self, spade: FoldedSpade, strip: Strip, arena: Arena) -> tuple[Tensor, Tensor | None]:
        """(A, B) of a layer in a strip: rows, and which of them stands at each pixel, None if there is one a pixel."""
        tables, patterns = self._spades[id(spade)], self.patterns
        height, width = self.size
        if self._many or tables.dense:
            pixels = (strip.bottom - strip.top) * width
            output = arena.pixels("affine", pixels, spade.convolution.outputs)
            hidden, index, top = self._hidden_map(spade, strip, arena)
            return spade.convolution(
                hidden,
                output,
                (1, height, width),
                arena,
                index=index,
                slope=0.0 if self._many else 1.0,  # the ReLU between the two
                rows=(strip.top, strip.bottom),
                input_top=top,
            ), None
        index = rows_of(patterns.large.index, strip.top, strip.bottom, width)
        if not self._by_strips:
            return tables.rows(0), index
        needed, numbers = number(index, patterns.large.count)
        output = arena.pixels("affine", len(needed), spade.convolution.outputs)
        rows = patterns.large.rows[needed]
        return tables.of(rows, self._hidden_of(spade, arena), patterns.small.count, output, arena), numbers

    def _hidden_map(self, spade: FoldedSpade, strip: Strip, arena: Arena) -> tuple[Tensor, Tensor | None, int]:
        """What the convolution of a layer needs for a strip: rows of hidden channels, which of them stands at each
        pixel, None if there is one a pixel, and the row of the picture that these begin with."""
        small, (height, width) = self.patterns.small, self.size
        if self._many:
            top, bottom = max(strip.top - TILE, 0), min(strip.bottom + TILE, height)
            hidden = arena.pixels("hidden", (bottom - top) * width, spade.shared.outputs)
            shape = (1, height, width)
            return spade.shared(self._features, hidden, shape, arena, index=self._ids, rows=(top, bottom)), None, top
        if not self._by_strips:
            return self._hidden_rows(spade), small.index, 0
        top, bottom = max(strip.top - 1, 0), min(strip.bottom + 1, height)
        needed, numbers = number(rows_of(small.index, top, bottom, width), small.count)
        return self._hidden_of(spade, arena)(needed), numbers, top

    def _hidden_of(self, spade: FoldedSpade, arena: Arena) -> Hidden:
        """Looks up hidden channels, or computes them where there is no table."""
        if not self._by_strips:
            return lambda small: self._hidden_rows(spade)[small]
        self._hidden.take(self._change)

        def compute(small: Tensor) -> Tensor:
            output = arena.pixels("hidden", len(small), spade.shared.outputs)
            return self._hidden.of(self.patterns.small.rows[small], spade.hidden, output)

        return compute

    def _region_tables(self) -> list[RegionTables]:
        return [self._hidden] if self._fc is None else [self._hidden, self._fc]

    def _hidden_rows(self, spade: FoldedSpade) -> Tensor:
        return self._hidden.rows(0)[:, spade.hidden : spade.hidden + spade.shared.outputs]

    def _stale_patterns(self, change: Change) -> tuple[Tensor, Tensor]:
        """Numbers of the small and large patterns in which renamed slots occur."""
        small = _containing(self.patterns.small.rows, change.renamed, change.count)
        return small, _containing(self.patterns.large.rows, small, self.patterns.small.count)

    def _table_bytes(self) -> int:
        regions = sum(part.nbytes for part in self._region_tables())
        return regions + sum(spade.rows.nbytes for spade in self._spades.values())

    def _needed_bytes(self) -> int:
        """Of the tables if all of them were kept."""
        small, large = self.patterns.small.count, self.patterns.large.count
        spades = sum(len(spade.folded.bias) for spade in self._spades.values() if not spade.dense)
        return 4 * (small * len(self._block.shared.bias) + large * spades)

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
