"""Generators at work where the native kernels are not: on CUDA, on a machine that cannot build them, and those that
the kernels do not know.

On CUDA a picture is one captured graph of the plain forward: at batch 1 the network is limited by the launches of its
kernels, not by their work. Elsewhere the tables of `models.networks.conditioning` serve, their patterns kept while
only the noise changes.
"""

from collections import OrderedDict
from contextlib import nullcontext

import torch
from torch import Tensor

from models.networks.conditioning import DenseCondition, RegionCondition, Size
from models.networks.protocols import PainterNetwork
from models.planes import HeldPlanes, Planes
from models.regions import Regions, common_size

GRAPHS = 4  # picture sizes kept captured; each holds the activations of its size


class PortableEngine:
    """Renders with the plain network's own operations, on the network's device."""

    def __init__(self, generator: PainterNetwork) -> None:
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

    def captured(self, condition: RegionCondition, size: Size) -> "CapturedForward":
        """The captured forward of a size, the least recently used of too many forgotten."""
        if size not in self._graphs:
            self._graphs[size] = CapturedForward(self.generator, condition, size, self.device)
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

    @property
    def nbytes(self) -> int:
        """Bytes that are held for the next edit."""
        return 0 if self._condition is None else self._condition.nbytes

    @torch.inference_mode()
    def paint(self, regions: Regions) -> Tensor:
        """The picture [3, H, W] in [-1, 1], on the CPU. Raises ValueError if its size does not fit the stride."""
        generator, device = self._engine.generator, self._engine.device
        size = (regions.map.shape[0], regions.map.shape[1])
        condition = generator.condition_regions(regions.batched().to(device))
        if device.type == "cuda":
            return self._engine.captured(condition, size)(condition, regions.batched().planes).cpu()
        before, self._condition = self._condition, condition
        same_regions = before is not None and len(before.features) == len(condition.features)
        if before is not None and same_regions and torch.equal(before.region_map, condition.region_map):
            condition.patterns.update(before.patterns)
        return generator.paint(condition, size)[0].cpu()


class CapturedForward:
    """generator.paint of a dense map as a CUDA graph, for conditions of the form of the first one."""

    def __init__(self, generator: PainterNetwork, first: RegionCondition, size: Size, device: torch.device) -> None:
        channels = first.features.shape[1]
        noise_label_map = torch.zeros(1, channels, *size, device=device)
        style = None if first.style is None else torch.zeros_like(first.style)
        self._planes = None
        if isinstance(first.planes, Planes):
            self._planes = HeldPlanes(first.planes.to(torch.device("cpu")), device)
        channels_last = noise_label_map.contiguous(memory_format=torch.channels_last)
        self._condition = DenseCondition(channels_last, style, self._planes)
        side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(side):  # libraries choose their kernels before the capture
            generator.paint(self._condition, size)
        torch.cuda.current_stream(device).wait_stream(side)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._image = generator.paint(self._condition, size)

    def __call__(self, condition: RegionCondition, planes: Planes | None) -> Tensor:
        """The picture [3, H, W] of the regions of one picture; planes: its noise planes, on the CPU."""
        if self._planes is not None and planes is not None:
            self._planes.take(planes)
        noise_label_map = condition.features[condition.region_map].permute(0, 3, 1, 2)  # [1, C, H, W]
        self._condition.noise_label_map.copy_(noise_label_map)
        if self._condition.style is not None and condition.style is not None:
            self._condition.style.copy_(condition.style)
        self._graph.replay()
        return self._image[0]
