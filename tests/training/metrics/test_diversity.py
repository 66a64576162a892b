"""Diversity of draws: MS-SSIM against torchmetrics, LPIPS over pairs."""

from itertools import combinations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

from training.metrics.distribution import MetricError
from training.metrics.diversity import BETAS, ms_ssim_scales, pairwise_lpips, pairwise_ms_ssim
from training.metrics.lpips import load_lpips


def pictures(count: int, height: int, width: int) -> Tensor:
    """Alike in the large, different in the small."""
    generator = torch.Generator().manual_seed(0)
    common = F.interpolate(torch.rand(1, 3, 8, 8, generator=generator), size=(height, width), mode="bicubic")
    return (common + 0.3 * torch.rand(count, 3, height, width, generator=generator)).clamp(0, 1) * 2 - 1


@pytest.mark.parametrize("size", [(256, 256), (176, 208), (99, 120), (44, 60)])
def test_ms_ssim_is_that_of_torchmetrics(size: tuple[int, int]) -> None:
    images = pictures(4, *size)
    betas = BETAS[: ms_ssim_scales(*size)]
    a, b = (list(index) for index in zip(*combinations(range(4), 2), strict=True))
    expected = multiscale_structural_similarity_index_measure(
        images[a] + 1, images[b] + 1, data_range=2.0, betas=tuple(beta / sum(betas) for beta in betas)
    )
    assert 0.1 < expected < 0.99
    assert pairwise_ms_ssim(images) == pytest.approx(expected.item(), abs=1e-4)


def test_scales() -> None:
    assert [ms_ssim_scales(side, 300) for side in (300, 161, 160, 81, 80, 41, 40, 21)] == [5, 5, 4, 4, 3, 3, 2, 2]
    with pytest.raises(MetricError, match="300x20 px is too small"):
        ms_ssim_scales(20, 300)


def test_diversity_grows_with_difference() -> None:
    lpips = load_lpips("alex")
    base, noise = pictures(1, 64, 64), torch.randn(5, 3, 64, 64)
    sets = [(base + strength * noise).clamp(-1, 1) for strength in (0, 0.1, 0.5)]
    distances = [pairwise_lpips(draws, lpips) for draws in sets]
    similarities = [pairwise_ms_ssim(draws) for draws in sets]
    assert 0 == distances[0] < distances[1] < distances[2]
    assert similarities[0] == pytest.approx(1, abs=1e-5) and 1 > similarities[1] > similarities[2] > 0


def test_lpips_is_the_mean_over_pairs() -> None:
    lpips = load_lpips("alex")
    draws = pictures(4, 64, 64)
    pairs = [lpips.distance(draws[i : i + 1], draws[j : j + 1]).item() for i, j in combinations(range(4), 2)]
    assert pairwise_lpips(draws, lpips) == pytest.approx(sum(pairs) / 6, rel=1e-4)


def test_one_draw_has_no_diversity() -> None:
    draw = pictures(1, 64, 64)
    with pytest.raises(MetricError, match="two or more"):
        pairwise_lpips(draw, load_lpips("alex"))
    with pytest.raises(MetricError, match="two or more"):
        pairwise_ms_ssim(draw)
