"""The losses of the papers as functions of logits: no network, no configuration, no processes."""

import torch
import torch.nn.functional as F
from torch import Tensor

from models.maps import subsample

FAKE = 0  # channel 0 of a segmenting discriminator; class c is channel c + 1
MOST_DISTANT = 4.0  # unit vectors that are opposites, by the square of their distance


def count_classes(labels: Tensor, classes: int) -> Tensor:
    """Pixels of each class: float [N], exact to 2^24 pixels a class."""
    # Not bincount: on a GPU that would wait for the highest label.
    ids = labels.flatten()
    return torch.zeros(classes, dtype=torch.int64, device=ids.device).scatter_add_(0, ids, torch.ones_like(ids)).float()


def class_weights(counts: Tensor, ignore_id: int | None, clamp: float | None = None) -> Tensor:
    """alpha [N]: pixels of the batch / (pixels of the class * classes present), for the counts [N] of a batch; rare
    classes count more (OASIS eq. 1).

    Classes that do not occur and the ignored class weigh 0. `clamp` bounds the weights from above.
    """
    pixels = counts.sum()
    if ignore_id is not None:
        counts = counts.index_fill(0, torch.tensor(ignore_id, device=counts.device), 0.0)
    present = counts > 0
    weights = torch.where(present, pixels / (counts.clamp(min=1) * present.sum().clamp(min=1)), 0.0)
    return weights if clamp is None else weights.clamp(max=clamp)


def root_weights(weights: Tensor, counts: Tensor) -> Tensor:
    """The square roots of class weights [N], with the same mean over the pixels, counts [N]."""
    roots = weights.sqrt()
    return roots * (weights * counts).sum() / (roots * counts).sum().clamp(min=1)


def segmentation_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """How badly [B, N + 1, h, w] segments into the true classes, int64 [B, h, w], weighted by class [N]: D's loss on
    real, G's on fake pictures (OASIS eq. 1 and 3)."""
    weights = torch.cat([weights.new_zeros(1), weights])
    return F.cross_entropy(logits.float(), labels + 1, weights, reduction="none").mean()


def fake_loss(logits: Tensor) -> Tensor:
    """D's loss on fake pictures: every pixel is fake (OASIS eq. 1)."""
    target = torch.full_like(logits[:, 0], FAKE, dtype=torch.int64)
    return F.cross_entropy(logits.float(), target)


def labelmix_mask(labels: Tensor, classes: int, generator: torch.Generator) -> Tensor:
    """One fair bit per class, the same for the whole batch: bool [B, H, W], True = take the real picture.

    Mask borders follow label borders, so a mixed picture is a plausible one (OASIS sec. 3.2).
    """
    bits = torch.randint(0, 2, (classes,), generator=generator).bool().to(labels.device)
    return bits[labels]


def cutmix_mask(batch: int, size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """A box an image of any share of the picture (Yun et al. 2019): bool [B, H, W] on the CPU, True = take the real
    picture, inside the box or outside of it by a fair coin (OASIS app. A.4)."""
    share, y, x = torch.rand(3, batch, 1, generator=generator)  # [B, 1] each
    inside_is_real = torch.randint(0, 2, (batch, 1, 1), generator=generator).bool()

    def reaches(center: Tensor, length: int) -> Tensor:
        """The pixels of one axis that the box covers: bool [B, length]."""
        distance = (torch.arange(length) + 0.5) / length - center
        return torch.le(distance.abs(), (1 - share).sqrt() / 2)

    box = reaches(y, size[0])[:, :, None] & reaches(x, size[1])[:, None, :]  # [B, H, W]
    mask: Tensor = box == inside_is_real
    return mask


def consistency_loss(mixed: Tensor, real: Tensor, fake: Tensor, mask: Tensor) -> Tensor:
    """The logits of the mixed picture against the mix of the logits, mean squared error (OASIS eq. 2).

    All logits [B, N + 1, h, w]; mask: bool [B, H, W].
    """
    chosen = subsample(mask, (mixed.shape[-2], mixed.shape[-1]))[:, None]
    return F.mse_loss(mixed.float(), torch.where(chosen, real, fake).float())


def cross_entropy_real(logits: Tensor) -> Tensor:
    """Mean over pixels of -log sigmoid: D's loss on real, G's on fake pictures where D says real or fake."""
    return F.softplus(-logits.float()).mean()


def cross_entropy_fake(logits: Tensor) -> Tensor:
    """D's loss on fake pictures: mean over pixels of -log(1 - sigmoid)."""
    return F.softplus(logits.float()).mean()


def hinge_real(logits: Tensor) -> Tensor:
    """SPADE's loss of D on real pictures (OASIS app. C.3)."""
    return F.relu(1 - logits.float()).mean()


def hinge_fake(logits: Tensor) -> Tensor:
    """SPADE's loss of D on fake pictures."""
    return F.relu(1 + logits.float()).mean()


def hinge_generator(logits: Tensor) -> Tensor:
    """SPADE's adversarial loss of G."""
    return -logits.float().mean()


def feature_matching_loss(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Sum over a discriminator's features of their mean absolute difference (OASIS app. C.3); real is a target only."""
    distances = [F.l1_loss(a.float(), b.detach().float()) for a, b in zip(fake, real, strict=True)]
    return torch.stack(distances).sum()


def feature_distance(
    one: list[Tensor], other: list[Tensor], bound: float = MOST_DISTANT, weights: Tensor | None = None
) -> Tensor:
    """Mean over features [B, C, h, w] of the squared distance of their unit vectors, 0 to 4: LPIPS (Zhang et al. 2018)
    without its weights. At no pixel does it count for more than the bound. weights: [B, H, W] of the pixels, equal
    without."""
    pairs = zip(one, other, strict=True)
    distances = [(F.normalize(a.float()) - F.normalize(b.float())).square().sum(1) for a, b in pairs]  # [B, h, w]
    bounded = [distance.clamp(max=bound) for distance in distances]
    if weights is None:
        return torch.stack([distance.mean() for distance in bounded]).mean()
    shares = [subsample(weights, (distance.shape[-2], distance.shape[-1])) for distance in bounded]  # [B, h, w]
    means = [
        (share * distance).sum() / share.sum().clamp(min=1) for share, distance in zip(shares, bounded, strict=True)
    ]
    return torch.stack(means).mean()


def style_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence of styles [B, S] from a unit normal distribution, mean over the batch."""
    mean, log_variance = mean.float(), log_variance.float()  # near the normal distribution the terms cancel
    divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(1)
    return divergence.mean()
