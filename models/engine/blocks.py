"""A residual block at work, strip by strip."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.engine.arena import Arena
from models.engine.folding import FoldedBlock, FoldedSpade
from models.engine.levels import LevelTables
from models.engine.operations import Convolution, upsample_bilinear
from models.engine.strips import Strip, Window, rows_of, strip_rows, strips
from models.networks.layers import LEAK


def widest(block: FoldedBlock) -> int:
    """Channels of the widest map in a block: scale and shift of its widest layer."""
    return max(spade.convolution.outputs for spade in block.spades)


@dataclass(frozen=True)
class BlockRun:
    """A block on one picture or, if together they are one strip, on several: the large weights of the coarse levels are
    then read but once. bilinear: how it upsamples."""

    block: FoldedBlock
    levels: tuple[LevelTables, ...]
    arena: Arena
    bilinear: bool

    def run(self, x: Tensor, residual: Tensor, middle: Tensor, output: Tensor, *, upsample: bool) -> None:
        """output = the block of x. middle: room for the map between the two convolutions; residual: what is added, x or
        room for the shortcut, may be the output. upsample: x has half the size. [B h w, C] each."""
        block = self.block
        doubled = upsample and block.conv_s is None  # the residual is x
        window = self._window(block.norm_0)
        for strip in self._strips():
            source, smaller = self._source(x, strip, upsample=upsample)
            if block.norm_s is not None and block.conv_s is not None:
                room = self.arena.pixels("normalized", len(self._rows(middle, strip)), block.norm_s.channels)
                self._normalize(block.norm_s, source, room, strip, upsample=smaller, slope=1.0)
                block.conv_s(room, self._rows(residual, strip))
            self._normalize(block.norm_0, source, window.advance(strip), strip, upsample=smaller, slope=LEAK)
            self._convolve(block.conv_0, window, strip, middle)
        window = self._window(block.norm_1)
        for strip in self._strips():
            source = self._rows(middle, strip)
            self._normalize(block.norm_1, source, window.advance(strip), strip, upsample=False, slope=LEAK)
            self._convolve(block.conv_1, window, strip, output, residual, doubled=doubled)

    @property
    def _width(self) -> int:
        """Of a row of all pictures."""
        return len(self.levels) * self.levels[0].size[1]

    def _strips(self) -> Iterator[Strip]:
        return strips(self.levels[0].size[0], self._width * widest(self.block))

    def _rows(self, map: Tensor, strip: Strip) -> Tensor:
        return rows_of(map, strip.top, strip.bottom, self._width)

    def _window(self, spade: FoldedSpade) -> Window:
        height = strip_rows(self.levels[0].size[0], self._width * widest(self.block))
        memory = self.arena.pixels("window", (height + Window.KEPT) * self._width, spade.channels)
        return Window(memory, self._width)

    def _source(self, x: Tensor, strip: Strip, *, upsample: bool) -> tuple[Tensor, bool]:
        """The new rows of x, and whether they still have half the size: nearest costs nothing where pixels are read."""
        if not upsample:
            return self._rows(x, strip), False
        if not self.bilinear:
            return rows_of(x, strip.top // 2, strip.bottom // 2, self._width // 2), True
        rows = strip.top, strip.bottom
        room = self.arena.pixels("enlarged", (rows[1] - rows[0]) * self._width, x.shape[1])
        return upsample_bilinear(x, room, (len(self.levels), *self.levels[0].size), rows), False

    def _normalize(
        self, spade: FoldedSpade, source: Tensor, output: Tensor, strip: Strip, *, upsample: bool, slope: float
    ) -> None:
        count = len(self.levels)
        for level, part, target in zip(self.levels, source.chunk(count), output.chunk(count), strict=True):
            level.modulate(spade, part, target, strip, self.arena, upsample=upsample, slope=slope)

    def _convolve(
        self,
        convolution: Convolution,
        window: Window,
        strip: Strip,
        output: Tensor,
        residual: Tensor | None = None,
        *,
        doubled: bool = False,
    ) -> None:
        """The rows of output that a strip makes possible. doubled: residual has half the size."""
        rows, width = (strip.first, strip.last), self._width
        if residual is not None:
            scale = 2 if doubled else 1
            residual = rows_of(residual, rows[0] // scale, rows[1] // scale, width // scale)
        convolution(
            window.rows,
            rows_of(output, *rows, width),
            (len(self.levels), *self.levels[0].size),
            self.arena,
            residual=residual,
            residual_upsample=doubled,
            rows=rows,
            input_top=window.top,
        )
