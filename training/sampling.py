"""The 3D noise of training pictures, by the strategies the papers compare (OASIS app. A.7, table I)."""

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from models.networks.conditioning import DenseCondition, RegionCondition, SplitCondition
from models.networks.oasis import Generator
from models.noise import SEED_LIMIT
from models.planes import Planes
from models.regions import find_regions
from training.config import NoiseSampling
from training.distributed import World

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

    def paint(self, generator: Generator, labels: Tensor, twins: int = 0) -> Tensor:
        """Pictures [B, 3, H, W] of labels int64 [B, H, W] with newly drawn noise, or styles where those are taken.
        twins: how many at the end are other draws of the first ones; they share the noise planes of those, or a
        distance between the two could be had by grain alone."""
        condition = self.condition(generator, labels)
        if generator.config.noise_planes:
            condition = replace(condition, planes=self._planes(len(labels), twins))
        return generator.paint(condition, (labels.shape[-2], labels.shape[-1]))

    def _planes(self, batch: int, twins: int) -> Planes:
        """A seed for each picture; whose region a pixel is in makes no difference to noise that is new everywhere."""
        seeds = torch.randint(SEED_LIMIT, ((batch - twins) * self.world.size,), generator=self.random)
        own = self.world.share(seeds)
        return Planes.of_seeds(torch.cat([own, own[:twins]]).to(self.world.device))

    def condition(self, generator: Generator, labels: Tensor) -> RegionCondition | DenseCondition | SplitCondition:
        batch, height, width = labels.shape
        match self.strategy:
            case "pixel":
                return generator.dense_condition(labels, self.normal(batch, generator.config.z_dim, height, width))
            case "region":
                return self._by_region(generator, labels)
            case "mix" if torch.randint(0, 2, (1,), generator=self.random).item():
                return self._by_region(generator, labels)
            case "brushed":
                return self._brushed(generator, labels)
            case _:  # one vector an image; without 3D noise it has no channels
                z = self.normal(batch, generator.config.z_dim)
                if not self.dense:
                    return generator.condition(labels, z)
                return generator.split_condition(labels, z[:, None], torch.ones_like(labels[:, None]))

    def _by_region(self, generator: Generator, labels: Tensor) -> RegionCondition:
        """A vector for every class of every image."""
        batch, classes = len(labels), generator.config.classes
        vectors = self.normal(batch, classes, generator.config.z_dim)  # [B, N, 64]
        image = torch.arange(batch, device=labels.device)
        found = find_regions(labels, vectors[:, 0], image[:, None, None].expand_as(labels), classes)
        own = vectors[found.vector_of, found.classes]  # [K, 64]: of each pair (image, class) that is there
        regions = replace(found, vectors=own, vector_of=torch.arange(len(own), device=labels.device))
        return RegionCondition(regions.map, regions.features(classes))

    def _brushed(self, generator: Generator, labels: Tensor) -> RegionCondition | SplitCondition:
        """Two vectors an image: one, and the other on patches of any shape that cover any share of it."""
        batch, height, width = labels.shape
        vectors = self.normal(2 * batch, generator.config.z_dim)
        coarse = self._draw(batch, 1, PATCHES, PATCHES)
        hills = F.interpolate(coarse.to(labels.device), (height, width), mode="bicubic")[:, 0]  # [B, H, W]
        patch = hills > self._draw(batch, 1, 1).to(labels.device)
        if self.dense:
            masks = torch.stack([~patch, patch], dim=1)  # [B, 2, H, W]
            return generator.split_condition(labels, vectors.view(batch, 2, -1), masks)
        image = torch.arange(batch, device=labels.device)[:, None, None]
        return generator.region_condition(labels, vectors, 2 * image + patch)
