"""The generator at work on painted pictures: tables over region patterns, then the image path (native, CPU)."""

import torch
from torch import Tensor

from models.engine.arena import SHARED, Arena
from models.engine.blocks import BlockRun, widest
from models.engine.folding import FoldedBlock, fold
from models.engine.levels import LevelTables
from models.engine.operations import upsample_bilinear
from models.engine.planes import KeptPlanes
from models.engine.slots import Slots
from models.engine.strips import rows_of, strip_rows, strips
from models.kernels.library import kernel_threads
from models.maps import check_size
from models.memory import trim
from models.networks.conditioning import Size
from models.networks.layers import LEAK
from models.networks.oasis import NO_SEEDS, Generator
from models.regions import Regions, common_size


class GeneratorEngine:
    """Folded weights of a generator. It renders one picture or batch at a time."""

    def __init__(self, generator: Generator) -> None:
        self.folded = fold(generator)
        self._arena = SHARED

    def canvas(self) -> "Canvas":
        """A new picture to be edited."""
        return Canvas(self)

    @torch.inference_mode()
    def render(self, jobs: "list[tuple[Canvas, Regions]]") -> Tensor:
        """The pictures [B, 3, H, W] in [-1, 1] of canvases with new regions, all of one size; each is the same, byte
        for byte, as alone. No canvas may come twice. Raises ValueError for sizes that do not fit."""
        size = common_size([regions for _, regions in jobs])
        check_size("label map", *size, self.folded.stride)
        with kernel_threads():
            canvases = [canvas for canvas, _ in jobs]
            before = sum(canvas.nbytes for canvas in canvases)
            for canvas, regions in jobs:
                canvas.update(regions, self._arena)
            held = max(before, sum(canvas.nbytes for canvas in canvases))
            picture = self._paint(canvases, size)
            trim(held - sum(canvas.nbytes for canvas in canvases) + self._arena.release())
            return picture

    def _paint(self, canvases: "list[Canvas]", size: Size) -> Tensor:
        batch = len(canvases)
        levels = list(zip(*(canvas.levels for canvas in canvases), strict=True))
        x = torch.cat([level.entrance(self._arena) for level in levels[0]])  # [B h w, C] at the coarsest level
        for i, block in enumerate(self.folded.blocks):
            x = self._block(block, levels[i], x, "even" if i % 2 == 0 else "odd", upsample=i > 0)
        image = torch.empty(batch * size[0] * size[1], 3)
        for features, target in zip(x.chunk(batch), image.chunk(batch), strict=True):
            self._colors(features, target, size)
        return torch.tanh(image).view(batch, *size, 3).permute(0, 3, 1, 2)

    def _colors(self, x: Tensor, image: Tensor, size: Size) -> None:
        """The last convolution, of one picture: x [h w, C] -> image [h w, 3]."""
        conv, (height, width) = self.folded.conv_img, size
        for strip in strips(height, width * conv.outputs):
            rows = strip.top, strip.bottom
            colors = self._arena.pixels("image", (strip.bottom - strip.top) * width, conv.outputs)
            conv(x, colors, (1, height, width), self._arena, slope=LEAK, rows=rows)
            rows_of(image, *rows, width).copy_(colors[:, :3])

    def _block(
        self, block: FoldedBlock, levels: tuple[LevelTables, ...], x: Tensor, name: str, *, upsample: bool
    ) -> Tensor:
        """A residual block, into the buffer `name`; x [B h w, C] has half the size if it is still to be upsampled."""
        arena, size, batch = self._arena, levels[0].size, len(levels)
        pixels = batch * size[0] * size[1]
        middle = arena.pixels("middle", pixels, block.conv_0.outputs)
        output = arena.pixels(name, pixels, block.conv_1.outputs)
        bilinear = self.folded.bilinear
        if upsample and bilinear and block.conv_s is None:  # the enlarged map is the residual as well
            x, upsample = upsample_bilinear(x, output, (batch, *size)), False
        residual = x if block.conv_s is None else output  # what is added to the output may stand in its place
        together = strip_rows(size[0], batch * size[1] * widest(block)) == size[0]
        groups = [levels] if together else [(level,) for level in levels]
        maps = (map.chunk(len(groups)) for map in (x, residual, middle, output))
        for group, *parts in zip(groups, *maps, strict=True):
            BlockRun(block, group, arena, bilinear).run(*parts, upsample=upsample)
        for level in levels:
            level.finish()
        return output


class Canvas:
    """One picture that is being edited: which patterns stand where, and the rows they have in every table.

    An edit computes only what it changes: new noise keeps the patterns, new labels keep the rows of the patterns that
    were there before. The picture is the same, byte for byte, as a new canvas would paint.
    """

    def __init__(self, engine: GeneratorEngine) -> None:
        self._engine = engine
        self._size: Size = (0, 0)
        self._slots = Slots()
        self._planes = KeptPlanes()
        self.levels: list[LevelTables] = []

    threads = staticmethod(kernel_threads)  # to have around everything that belongs to a picture

    @property
    def nbytes(self) -> int:
        """Bytes that are held for the next edit."""
        return self._slots.nbytes + self._planes.nbytes + sum(level.nbytes for level in self.levels)

    def paint(self, regions: Regions) -> Tensor:
        """The picture [3, H, W] in [-1, 1]. Raises ValueError if its size does not fit the generator's stride."""
        return self._engine.render([(self, regions)])[0]

    def update(self, regions: Regions, arena: Arena) -> None:
        """Bring all tables and noise planes up to date; for the engine."""
        if self._engine.folded.noise_planes:
            if regions.planes is None:
                raise ValueError(NO_SEEDS)
            self._planes.update(regions.planes)
        size = (regions.map.shape[0], regions.map.shape[1])
        if size != self._size or self._slots.crowded(regions):
            self._size, self._slots = size, Slots()
            folded = self._engine.folded
            scales = [1 << len(folded.blocks) - 1 - i for i in range(len(folded.blocks))]
            self.levels = [
                LevelTables(folded, block, (size[0] // scale, size[1] // scale), self._planes, first=i == 0)
                for i, (block, scale) in enumerate(zip(folded.blocks, scales, strict=True))
            ]
        change = self._slots.assign(regions)
        for level in self.levels:
            level.update(self._slots.map, change, arena)
