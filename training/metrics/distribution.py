"""How alike two sets of pictures are, from the features of InceptionV3 for each picture."""

import warnings
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import KernelInceptionDistance

from models.errors import UserError

CHUNK = 1024  # rows of a distance matrix at a time


class MetricError(UserError, ValueError):
    """A metric is not defined for what it was given; the message says what it needs."""


class Features(nn.Module):
    """Stands where torchmetrics has its network: what it gets are features [N, D] already."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_features = width

    def forward(self, features: Tensor) -> Tensor:
        return features


def fid(real: Tensor, fake: Tensor) -> float:
    """Fréchet inception distance of features [N, D] and [M, D] (Heusel et al. 2017, eq. 6); 0 is best.

    In double precision. It shrinks as N and M grow: compare values of equal counts only. Raises MetricError.
    """
    _check(real, fake, 2)
    # Under torchrun torchmetrics would wait for the other processes; these features are all of them.
    metric = FrechetInceptionDistance(Features(real.shape[1]), sync_on_compute=False).to(real.device)
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    return float(metric.compute())


class KernelDistance(NamedTuple):
    """Mean and standard deviation over the subsets."""

    mean: float
    std: float


def kid(real: Tensor, fake: Tensor, subsets: int = 100, subset_size: int = 1000, seed: int = 0) -> KernelDistance:
    """Kernel inception distance of features [N, D] and [M, D] (Bińkowski et al. 2018, § 4); 0 is best.

    The mean does not depend on N and M, so small sets can be compared too. Raises MetricError.
    """
    _check(real, fake, subset_size)
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.filterwarnings("ignore", "Metric `Kernel Inception Distance` will save all extracted features")
        torch.manual_seed(seed)  # torchmetrics draws the subsets from the global stream
        features = Features(real.shape[1])
        metric = KernelInceptionDistance(features, subsets, subset_size, sync_on_compute=False).to(real.device)
        metric.update(real.double(), real=True)
        metric.update(fake.double(), real=False)
        mean, std = metric.compute()
    return KernelDistance(float(mean), float(std))


class InceptionPrecisionRecall(NamedTuple):
    """Shares in [0, 1]. Named for its features: the paper's figures are of the VGG16 classifier's."""

    inception_precision: float
    inception_recall: float


def precision_recall(real: Tensor, fake: Tensor, k: int = 3) -> InceptionPrecisionRecall:
    """Improved precision and recall of features [N, D] and [M, D] (Kynkäänniemi et al. 2019, eqs. 1 and 2).

    Precision: the share of fakes that lie no further from some real picture than its k-th neighbor among the real
    ones. Recall: the other way round. Raises MetricError.
    """
    _check(real, fake, k + 1)
    real, fake = real.double(), fake.double()
    return InceptionPrecisionRecall(_share_inside(fake, real, k), _share_inside(real, fake, k))


def _share_inside(points: Tensor, centers: Tensor, k: int) -> float:
    """The share of points [N, D] inside the ball of any center [M, D], which reaches its k-th nearest center."""
    # The nearest center to a center is itself.
    radii = torch.cat(
        [torch.cdist(rows, centers).kthvalue(k + 1).values for rows in torch.split(centers, CHUNK)]
    )  # [M]
    inside = [(torch.cdist(rows, centers) <= radii).any(1) for rows in torch.split(points, CHUNK)]
    return float(torch.cat(inside).double().mean())


def _check(real: Tensor, fake: Tensor, least: int) -> None:
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise MetricError(f"Features must be [N, D] and [M, D], not {tuple(real.shape)} and {tuple(fake.shape)}.")
    if min(len(real), len(fake)) < least:
        raise MetricError(
            f"{len(real)} real and {len(fake)} fake pictures are too few: this metric needs {least} of each. "
            "Take more pictures, or a smaller subset size or neighbor count."
        )
