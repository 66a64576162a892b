"""How different the pictures are that a model draws for one label map (OASIS § 4: all pairs of 20, and the mean over
label maps): LPIPS, and multi-scale structural similarity (Wang et al. 2003).

MS-SSIM has torchmetrics' definition and figures; it is reimplemented for the 190 pairs of 20 pictures, where what
concerns one picture only can be computed once for it. With windows as matrix products too it takes a tenth of the time.
"""

from itertools import combinations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.metrics.distribution import MetricError
from training.metrics.lpips import Lpips

BETAS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # weights of the scales, fine to coarse
WINDOW = 11  # px; Gaussian
SIGMA = 1.5  # px
STABILISERS = (0.01**2, 0.03**2)  # for values in [0, 1]: of the luminance, of the contrast
PAIRS = 32  # at a time: fewer are slow where threads wait for each other


def pairwise_lpips(draws: Tensor, lpips: Lpips) -> float:
    """Mean LPIPS over all pairs of draws [K, 3, H, W] in [-1, 1]; 0 if all are equal. Raises MetricError."""
    _check(draws)
    return float(F.pdist(lpips.embed(draws)).square().mean())


def ms_ssim_scales(height: int, width: int) -> int:
    """How many of the five scales fit a picture: 5 from 161 px a side on, one fewer for every halving.

    Raises MetricError below 21 px, where two scales do not fit.
    """
    for scales in range(len(BETAS), 1, -1):
        if min(height, width) > (WINDOW - 1) << scales - 1:
            return scales
    raise MetricError(f"A picture of {width}x{height} px is too small for MS-SSIM: it takes 21 px a side.")


def pairwise_ms_ssim(draws: Tensor) -> float:
    """Mean MS-SSIM over all pairs of draws [K, 3, H, W] in [-1, 1]; 1 if all are equal. Raises MetricError.

    Small pictures are compared at ms_ssim_scales() scales, the weights of the finest ones made to add up to 1: name the
    count with the figure.
    """
    _check(draws)
    betas = draws.new_tensor(BETAS[: ms_ssim_scales(*draws.shape[2:])])
    pairs = torch.tensor(list(combinations(range(len(draws)), 2)), device=draws.device)  # [P, 2]
    x = (draws + 1) / 2
    factors = []
    for scale in range(len(betas)):
        similarity, contrast = _compare(x, pairs)
        factors.append(similarity if scale == len(betas) - 1 else contrast)
        x = F.avg_pool2d(x, 2)
    values = torch.stack(factors).relu() ** (betas / betas.sum())[:, None]  # [scales, P]
    return float(values.prod(0).mean())


def _compare(x: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
    """SSIM and its contrast-structure part for pairs [P, 2] of pictures [K, C, H, W] in [0, 1]: [P] each."""
    rows, columns = _window(x.shape[2], x), _window(x.shape[3], x)

    def local_mean(values: Tensor) -> Tensor:
        return rows @ values @ columns.T

    mean = local_mean(x)
    variance = (local_mean(x * x) - mean * mean).relu()
    border = WINDOW // 2
    c1, c2 = STABILISERS
    similarities, contrasts = [], []
    for a, b in (chunk.unbind(1) for chunk in torch.split(pairs, PAIRS)):
        means = mean[a] * mean[b]
        contrast = (2 * (local_mean(x[a] * x[b]) - means) + c2) / (variance[a] + variance[b] + c2)
        luminance = (2 * means + c1) / (mean[a].square() + mean[b].square() + c1)
        similarities.append((luminance * contrast).mean((1, 2, 3)))
        contrasts.append(contrast[..., border:-border, border:-border].mean((1, 2, 3)))  # whole windows only
    return torch.cat(similarities), torch.cat(contrasts)


def _window(length: int, like: Tensor) -> Tensor:
    """[length, length]: maps a row of pixels, mirrored at its ends, to its Gaussian local means."""
    offsets = torch.arange(WINDOW, dtype=like.dtype, device=like.device) - WINDOW // 2
    weights = (-(offsets**2) / (2 * SIGMA**2)).exp()
    pixels = torch.eye(length, dtype=like.dtype, device=like.device)[:, None]  # [length, 1, length]
    mirrored = F.pad(pixels, (WINDOW // 2, WINDOW // 2), mode="reflect")
    return F.conv1d(mirrored, (weights / weights.sum()).view(1, 1, -1))[:, 0].T


def _check(draws: Tensor) -> None:
    if len(draws) < 2:
        raise MetricError("Diversity needs two or more draws of a label map.")
