"""The 3D noise of training pictures, by the strategies the papers compare (OASIS app. A.7, table I)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.networks.protocols import Painter, PainterConfig
from models.noise import SEED_LIMIT
from models.planes import Planes
from models.regions import LocalNoise, Noise
from training.config import NoiseSampling
from training.run.distributed import World

PATCHES = 4  # a side of the coarse noise whose hills are the patches


@dataclass(frozen=True)
class NoiseSampler:
    """random: the stream all processes share. Every process draws the noise of the whole batch and takes its share, on
    the CPU, so that neither their number nor the device changes what is drawn. dense: convolve label maps instead of
    looking their patterns up in tables, which on a GPU would wait for it time and again; the same function."""

    strategy: NoiseSampling
    world: World
    random: torch.Generator
    dense: bool = False

    def normal(self, batch: int, *shape: int) -> Tensor:
        """This process's share of standard normal values for all: [B, *shape]."""
        return self._draw(batch, *shape).to(self.world.device)

    def _draw(self, batch: int, *shape: int) -> Tensor:
        """The same on the CPU."""
        return self.world.share(torch.randn(batch * self.world.size, *shape, generator=self.random))

    def paint(self, generator: Painter, labels: Tensor, twins: int = 0) -> Tensor:
        """Pictures [B, 3, H, W] of labels int64 [B, H, W] with newly drawn noise, or styles where those are taken.
        twins: how many at the end are other draws of the first ones; they share the noise planes of those, or a
        distance between the two could be had by grain alone."""
        noise = self.draw(generator.config, labels)
        planes = self._planes(len(labels), twins) if generator.config.noise_planes else None
        condition = generator.condition(labels, noise, planes, dense=self.dense)
        return generator.paint(condition, (labels.shape[-2], labels.shape[-1]))

    def _planes(self, batch: int, twins: int) -> Planes:
        """A seed for each picture; whose region a pixel is in makes no difference to noise that is new everywhere."""
        seeds = torch.randint(SEED_LIMIT, ((batch - twins) * self.world.size,), generator=self.random)
        own = self.world.share(seeds)
        return Planes.of_seeds(torch.cat([own, own[:twins]]).to(self.world.device))

    def draw(self, generator: PainterConfig, labels: Tensor) -> Noise:
        """New noise for labels int64 [B, H, W], by the strategy."""
        batch, height, width = labels.shape
        match self.strategy:
            case "pixel":
                return self.normal(batch, generator.z_dim, height, width)
            case "region":
                return self.normal(batch, generator.classes, generator.z_dim)
            case "mix" if torch.randint(0, 2, (1,), generator=self.random).item():
                return self.normal(batch, generator.classes, generator.z_dim)
            case "brushed":
                return self._brushed(generator, labels)
            case _:  # one vector an image; without 3D noise it has no channels
                return self.normal(batch, generator.z_dim)

    def _brushed(self, generator: PainterConfig, labels: Tensor) -> LocalNoise:
        """Two vectors an image: one, and the other on patches of any shape that cover any share of it."""
        batch, height, width = labels.shape
        vectors = self.normal(2 * batch, generator.z_dim).view(batch, 2, -1)
        coarse = self._draw(batch, 1, PATCHES, PATCHES)
        hills = F.interpolate(coarse.to(labels.device), (height, width), mode="bicubic")[:, 0]  # [B, H, W]
        patch = hills > self._draw(batch, 1, 1).to(labels.device)
        return LocalNoise(vectors, patch.long())
