"""The OASIS objective: class-balanced (N + 1)-class cross-entropy and LabelMix (OASIS sec. 3.1 and 3.2)."""

import torch
import torch.nn.functional as F
from torch import Tensor

FAKE = 0  # channel 0 of the discriminator; class c is channel c + 1


def subsample(labels: Tensor, size: torch.Size | tuple[int, int]) -> Tensor:
    """Nearest: [B, H, W] -> [B, h, w] of the same type, source index floor(i * scale)."""
    rows = torch.arange(size[0], device=labels.device) * labels.shape[-2] // size[0]
    columns = torch.arange(size[1], device=labels.device) * labels.shape[-1] // size[1]
    return labels[:, rows][:, :, columns]


def class_weights(labels: Tensor, classes: int, ignore_id: int | None, clamp: float | None = None) -> Tensor:
    """alpha [N]: B * H * W / (pixels of the class * classes present); rare classes count more (OASIS eq. 1).

    Classes that do not occur and the ignored class weigh 0. `clamp` bounds the weights from above.
    """
    counts = torch.bincount(labels.flatten(), minlength=classes).float()
    if ignore_id is not None:
        counts[ignore_id] = 0
    present = counts > 0
    weights = torch.where(present, labels.numel() / (counts.clamp(min=1) * present.sum().clamp(min=1)), 0.0)
    return weights if clamp is None else weights.clamp(max=clamp)


def segmentation_loss(logits: Tensor, labels: Tensor, ignore_id: int | None, clamp: float | None = None) -> Tensor:
    """How badly [B, N + 1, h, w] segments into the true classes [B, H, W]: D's loss on real, G's on fake pictures."""
    labels = subsample(labels, logits.shape[-2:])
    weights = class_weights(labels, logits.shape[1] - 1, ignore_id, clamp)
    weights = torch.cat([weights.new_zeros(1), weights])
    return F.cross_entropy(logits.float(), labels + 1, weights, reduction="none").mean()


def fake_loss(logits: Tensor) -> Tensor:
    """D's loss on fake pictures: every pixel is fake."""
    target = torch.full_like(logits[:, 0], FAKE, dtype=torch.int64)
    return F.cross_entropy(logits.float(), target)


def labelmix_mask(labels: Tensor, classes: int, generator: torch.Generator) -> Tensor:
    """One fair bit per class of the batch: bool [B, H, W], True = take the real picture.

    Mask borders follow label borders, so a mixed picture is a plausible one (OASIS sec. 3.2).
    """
    bits = torch.randint(0, 2, (classes,), generator=generator).bool().to(labels.device)
    return bits[labels]


def labelmix_loss(mixed: Tensor, real: Tensor, fake: Tensor, mask: Tensor) -> Tensor:
    """Consistency (OASIS eq. 2): the logits of the mixed picture against the mix of the logits, mean squared error.

    All logits [B, N + 1, h, w]; mask: bool [B, H, W].
    """
    chosen = subsample(mask, mixed.shape[-2:])[:, None]
    return F.mse_loss(mixed.float(), torch.where(chosen, real, fake).float())
