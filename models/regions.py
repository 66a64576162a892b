"""Regions of a picture: what enters a SPADE layer at a pixel is a pair of class and noise vector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from models.planes import Planes


@dataclass(frozen=True)
class Regions:
    """map: int64 [..., H, W] of region ids 0..K-1. classes, vector_of: int64 [K], the class of each region and the
    row of its noise vector in vectors, float [V, 64]. planes: the noise planes, for generators that have them."""

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


def common_size(pictures: Sequence[Regions]) -> tuple[int, int]:
    """Height and width of the maps [H, W]. Raises ValueError if they differ."""
    sizes = {(regions.map.shape[0], regions.map.shape[1]) for regions in pictures}
    if len(sizes) != 1:
        raise ValueError(f"The pictures of a batch must have one size, not {sorted(sizes)}.")
    return sizes.pop()


def find_class_regions(labels: Tensor, classes: int) -> Regions:
    """As `find_regions` without noise: images of a batch share the regions of their classes."""
    return find_regions(labels, torch.zeros(1, 0, device=labels.device), torch.zeros_like(labels), classes)


def find_regions(labels: Tensor, vectors: Tensor, rows: Tensor, classes: int) -> Regions:
    """The regions of labels int64 [..., H, W] in 0..classes-1, where rows, int64 of the same shape, says which of the
    vectors [V, 64] holds at each pixel. Images of a batch that share class and vector share the region."""
    pairs = rows * classes + labels
    present = torch.zeros(len(vectors) * classes, dtype=torch.bool, device=labels.device)
    present[pairs.flatten()] = True
    number = present.cumsum(0) - 1  # of each pair that is there
    found = present.nonzero()[:, 0]  # [K]
    return Regions(number[pairs], found % classes, found // classes, vectors)
