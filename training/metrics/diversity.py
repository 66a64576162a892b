"""How different the pictures are that a model draws for one label map (OASIS § 4: all pairs of 20, and the mean over
label maps)."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from training.metrics.distribution import MetricError
from training.metrics.lpips import Lpips
from training.metrics.ms_ssim import pairwise_ms_ssim


@dataclass(frozen=True)
class Diversity:
    """Means over all pairs of draws."""

    lpips: float
    """0 for equal pictures; the more, the more diverse."""
    ms_ssim: float
    """1 for equal pictures; the less, the more diverse."""


def measure_diversity(draws: Tensor, lpips: Lpips) -> Diversity:
    """Of draws [K, 3, H, W] in [-1, 1] of one label map, K >= 2. Raises MetricError.

    Pictures below 161 px take part in MS-SSIM with fewer scales: see ms_ssim.scales_for.
    """
    if len(draws) < 2:
        raise MetricError("Diversity needs two or more draws of a label map.")
    # Features once for each picture, then pairs; the number of pairs is large.
    return Diversity(float(F.pdist(lpips.embed(draws)).square().mean()), float(pairwise_ms_ssim(draws)))
