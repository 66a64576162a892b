"""The generator at work where the native kernels are not: on CUDA, or on a machine that cannot build them.

On CUDA a picture is one captured graph of the plain forward: at batch 1 the network is limited by the launches of its
kernels, not by their work. Elsewhere the tables of `models.conditioning` serve, their patterns kept while only the
noise changes.
"""

from collections import OrderedDict
from contextlib import nullcontext

import torch
from torch import Tensor

from models.conditioning import DenseCondition, RegionCondition, Size
from models.noise import NOISE_DIM
from models.oasis import Generator
from models.regions import Regions, common_size

GRAPHS = 4  # picture sizes kept captured; each holds the activations of its size


class PortableEngine:
    """Renders with the plain network's own operations, on the network's device."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.device = next(generator.parameters()).device
        self._graphs: OrderedDict[Size, CapturedForward] = OrderedDict()

    def canvas(self) -> "PortableCanvas":
        """A new picture to be edited."""
        return PortableCanvas(self)

    @torch.inference_mode()
    def render(self, jobs: "list[tuple[PortableCanvas, Regions]]") -> Tensor:
        """The pictures [B, 3, H, W] in [-1, 1] of canvases with new regions, all of one size, on the CPU.
        Raises ValueError for sizes that do not fit."""
        common_size([regions for _, regions in jobs])
        return torch.stack([canvas.paint(regions) for canvas, regions in jobs])

    def captured(self, size: Size) -> "CapturedForward":
        """The captured forward of a size, the least recently used of too many forgotten."""
        if size not in self._graphs:
            self._graphs[size] = CapturedForward(self.generator, size, self.device)
        self._graphs.move_to_end(size)
        if len(self._graphs) > GRAPHS:
            self._graphs.popitem(last=False)
        return self._graphs[size]


class PortableCanvas:
    """One picture that is being edited."""

    def __init__(self, engine: PortableEngine) -> None:
        self._engine = engine
        self._condition: RegionCondition | None = None

    threads = staticmethod(nullcontext)

    @torch.inference_mode()
    def paint(self, regions: Regions) -> Tensor:
        """The picture [3, H, W] in [-1, 1], on the CPU. Raises ValueError if its size does not fit the stride."""
        generator, device = self._engine.generator, self._engine.device
        size = (regions.map.shape[0], regions.map.shape[1])
        features = regions.features(generator.config.classes).to(device)
        if device.type == "cuda":
            return self._engine.captured(size)(features[regions.map.to(device)]).cpu()
        before, region_map = self._condition, regions.map[None].to(device)
        self._condition = RegionCondition(region_map, features)
        if before is not None and len(before.features) == len(features) and torch.equal(before.region_map, region_map):
            self._condition.patterns = before.patterns
        return generator.paint(self._condition, size)[0].cpu()


class CapturedForward:
    """generator.paint of a dense map as a CUDA graph."""

    def __init__(self, generator: Generator, size: Size, device: torch.device) -> None:
        channels = NOISE_DIM + generator.config.classes
        self._map = torch.zeros(1, channels, *size, device=device).contiguous(memory_format=torch.channels_last)
        condition = DenseCondition(self._map)
        side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(side):  # libraries choose their kernels before the capture
            generator.paint(condition, size)
        torch.cuda.current_stream(device).wait_stream(side)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._image = generator.paint(condition, size)

    def __call__(self, features: Tensor) -> Tensor:
        """The picture [3, H, W] of the noise-label map [H, W, 64 + N]."""
        self._map.copy_(features.permute(2, 0, 1)[None])
        self._graph.replay()
        return self._image[0]
