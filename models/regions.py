"""Regions of a picture: what enters a SPADE layer at a pixel is a pair of class and noise vector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from models.planes import Planes


@dataclass(frozen=True)
class Regions:
    """A picture, or a batch, cut into regions of one class and one noise vector each.

    map: int64 [..., H, W] of region ids 0..K-1. classes, vector_of: int64 [K], the class of each region and the row of
    its noise vector in vectors, float [V, D]. planes: the noise planes, for generators that have them.
    """

    map: Tensor
    classes: Tensor
    vector_of: Tensor
    vectors: Tensor
    planes: Planes | None = None

    def to(self, device: torch.device) -> "Regions":
        map, classes, vector_of, vectors = (
            part.to(device) for part in (self.map, self.classes, self.vector_of, self.vectors)
        )
        return Regions(map, classes, vector_of, vectors, self.planes and self.planes.to(device))

    def batched(self) -> "Regions":
        """One picture's as a batch of one: maps [1, H, W]."""
        planes = self.planes and replace(self.planes, rows=self.planes.rows[None])
        return replace(self, map=self.map[None], planes=planes)

    def features(self, classes: int) -> Tensor:
        """What the networks see of each region, noise first: float [K, 64 + classes]."""
        one_hot_classes = F.one_hot(self.classes, classes).to(self.vectors)
        return torch.cat([self.vectors[self.vector_of], one_hot_classes], dim=1)


@dataclass(frozen=True)
class LocalNoise:
    """Noise that differs from place to place. vectors: float [B, K, D], those of each picture; owner: int64 [B, H, W]
    in 0..K-1, which of them holds at a pixel."""

    vectors: Tensor
    owner: Tensor

    def masks(self) -> Tensor:
        """bool [B, K, H, W]: where each vector holds."""
        count = self.vectors.shape[1]
        return self.owner[:, None] == torch.arange(count, device=self.owner.device)[:, None, None]


Noise = Tensor | LocalNoise
"""Noise of a batch: [B, D], a vector for each picture; [B, N, D], one for each class of each picture; [B, D, H, W], one
for each pixel; or LocalNoise, vectors on patches of any shape."""


def common_size(pictures: Sequence[Regions]) -> tuple[int, int]:
    """Height and width of the maps [H, W]. Raises ValueError if they differ."""
    sizes = {(regions.map.shape[0], regions.map.shape[1]) for regions in pictures}
    if len(sizes) != 1:
        raise ValueError(f"The pictures of a batch must have one size, not {sorted(sizes)}.")
    return sizes.pop()


def find_class_regions(labels: Tensor, classes: int) -> Regions:
    """The regions of labels without noise: images of a batch share the regions of their classes."""
    return find_regions(labels, torch.zeros(1, 0, device=labels.device), torch.zeros_like(labels), classes)


def find_noise_regions(labels: Tensor, noise: Noise, classes: int) -> Regions:
    """The regions of labels int64 [B, H, W] under noise that is constant on regions. No two pictures share one."""
    batch = torch.arange(len(labels), device=labels.device)[:, None, None]
    if isinstance(noise, LocalNoise):
        rows = noise.vectors.shape[1] * batch + noise.owner
        return find_regions(labels, noise.vectors.flatten(0, 1), rows, classes)
    if noise.dim() == 2:
        return find_regions(labels, noise, batch.expand_as(labels), classes)
    found = find_regions(labels, noise[:, 0], batch.expand_as(labels), classes)
    own = noise[found.vector_of, found.classes]  # [K, D]: of each pair (picture, class) that is there
    return replace(found, vectors=own, vector_of=torch.arange(len(own), device=labels.device))


def find_regions(labels: Tensor, vectors: Tensor, rows: Tensor, classes: int) -> Regions:
    """The regions of a label map: one for each pair of class and noise vector that occurs.

    Args:
        labels: int64 [..., H, W] in 0..classes-1.
        vectors: float [V, D].
        rows: int64 [..., H, W], which of the vectors holds at each pixel.
        classes: N.

    Returns:
        Regions numbered by row, then class. Images of a batch that share class and vector share the region.
    """
    pairs = rows * classes + labels
    present = torch.zeros(len(vectors) * classes, dtype=torch.bool, device=labels.device)
    present[pairs.flatten()] = True
    number = present.cumsum(0) - 1  # of each pair that is there
    found = present.nonzero()[:, 0]  # [K]
    return Regions(number[pairs], found % classes, found // classes, vectors)
