"""How far generated colors and textures are from real ones, class by class (thesis sec. 4.3.1 and Fig. 4.7)."""

from dataclasses import dataclass

import numpy as np
import torch
from skimage.color import rgb2lab
from skimage.feature import local_binary_pattern
from torch import Tensor

from training.metrics.segmentation import LEFT_OUT, Grouping

LAB_REACH = 110.0
"""Every sRGB color has L in 0..100, a in -87..99 and b in -108..95."""
LAB_BIN = 2.0
"""Width of a bin in LAB units; a difference of about 2 in L, a or b is just visible."""
COLOR_BINS = round(2 * LAB_REACH / LAB_BIN)
TEXTURE_BINS = 256
"""Codes of a local binary pattern: 8 neighbors at radius 1, each brighter than the center or not."""


class ColorTexture:
    """Histograms of a set of pictures by class; summing `color` and `texture` over processes joins their shares."""

    def __init__(self, grouping: Grouping) -> None:
        self.grouping = grouping
        self.color = torch.zeros(len(grouping.names), 3, COLOR_BINS, dtype=torch.int64)  # [G, L/a/b, bins]
        self.texture = torch.zeros(len(grouping.names), TEXTURE_BINS, dtype=torch.int64)  # [G, codes]

    def update(self, picture: np.ndarray, labels: Tensor) -> None:
        """Count the pixels of one picture, uint8 [H, W, 3], with its class ids, int64 [H, W].

        The outermost pixels have no full neighborhood and are left out of the textures.
        """
        groups = self.grouping.apply(labels).numpy()
        lab = rgb2lab(picture.astype(np.float32) / 255)  # [H, W, 3]
        bins = ((lab + LAB_REACH) / LAB_BIN).astype(np.int64).clip(0, COLOR_BINS - 1)
        counted = groups != LEFT_OUT
        rows = groups[counted][:, None] * 3 + np.arange(3)  # [pixels, 3]
        self.color += _count(rows * COLOR_BINS + bins[counted], self.color)

        gray = (picture @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)  # luma of BT.601, as JPEG has it
        codes = local_binary_pattern(gray, P=8, R=1, method="default")  # type: ignore[no-untyped-call]
        codes, groups = codes[1:-1, 1:-1].astype(np.int64), groups[1:-1, 1:-1]
        counted = groups != LEFT_OUT
        self.texture += _count(groups[counted] * TEXTURE_BINS + codes[counted], self.texture)


def _count(cells: np.ndarray, like: Tensor) -> Tensor:
    return torch.from_numpy(np.bincount(cells.ravel(), minlength=like.numel())).view_as(like)


@dataclass(frozen=True)
class ClassDistances:
    """A distance between two sets of pictures for each class that both have, and the mean over those."""

    by_class: dict[str, float]
    mean: float


def color_distance(real: ColorTexture, fake: ColorTexture) -> ClassDistances:
    """Earth mover's distance between LAB histograms, in LAB units: in each channel alone, then their mean.

    Raises ValueError if the sets have no class in common.
    """
    distances = (_shares(real.color) - _shares(fake.color)).cumsum(-1).abs().sum(-1) * LAB_BIN  # [G, 3]
    return _by_class(real, fake, distances.mean(-1))


def texture_distance(real: ColorTexture, fake: ColorTexture) -> ClassDistances:
    """Chi-square distance between histograms of local binary patterns: sum (p - q)^2 / (p + q) / 2, in 0..1.

    Raises ValueError if the sets have no class in common.
    """
    p, q = _shares(real.texture), _shares(fake.texture)  # [G, codes]
    distances = ((p - q).square() / (p + q).clamp(min=1e-30)).sum(-1) / 2  # [G]
    return _by_class(real, fake, distances)


def _shares(counts: Tensor) -> Tensor:
    """Counts [..., bins] -> shares that sum to one."""
    return counts.double() / counts.sum(-1, keepdim=True).clamp(min=1)


def _by_class(real: ColorTexture, fake: ColorTexture, distances: Tensor) -> ClassDistances:
    # A class of a few border pixels may have colors but no textures.
    both = [min(s.texture[g].sum() for s in (real, fake)) > 0 for g in range(len(distances))]
    if not any(both):
        raise ValueError("The two sets of pictures have no class in common.")
    named = zip(real.grouping.names, distances.tolist(), both, strict=True)
    found = {name: distance for name, distance, shared in named if shared}
    return ClassDistances(found, sum(found.values()) / len(found))
