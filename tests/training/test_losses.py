"""The OASIS losses against cases computed by hand."""

import math

import pytest
import torch

from training.losses import class_weights, fake_loss, labelmix_loss, labelmix_mask, segmentation_loss, subsample

LABELS = torch.tensor([[[0, 1], [1, 1]]])


def test_class_weights_balance_rare_classes() -> None:
    # 4 pixels, 2 classes present: alpha_0 = 4 / (1 * 2), alpha_1 = 4 / (3 * 2), class 2 does not occur.
    torch.testing.assert_close(class_weights(LABELS, 3, None), torch.tensor([2.0, 2 / 3, 0.0]))


def test_ignored_class_weighs_nothing_and_is_not_present() -> None:
    # Only class 1 counts as present: alpha_1 = 4 / (3 * 1).
    torch.testing.assert_close(class_weights(LABELS, 3, ignore_id=0), torch.tensor([0.0, 4 / 3, 0.0]))
    assert class_weights(torch.zeros(1, 2, 2, dtype=torch.int64), 3, ignore_id=0).sum() == 0


def test_class_weights_can_be_clamped() -> None:
    torch.testing.assert_close(class_weights(LABELS, 3, None, clamp=1.5), torch.tensor([1.5, 2 / 3, 0.0]))


def test_segmentation_loss_by_hand() -> None:
    # Uniform logits over 4 channels: every pixel costs log 4; weights 2 + 3 * 2/3 = 4 over 4 pixels.
    assert segmentation_loss(torch.zeros(1, 4, 2, 2), LABELS, None).item() == pytest.approx(math.log(4))
    # Certain and right on every pixel costs nothing; class c is channel c + 1.
    logits = torch.full((1, 4, 2, 2), -50.0).scatter(1, LABELS[:, None] + 1, 50.0)
    assert segmentation_loss(logits, LABELS, None).item() == pytest.approx(0)
    # Certain and wrong on the one pixel of class 0 costs 100 * 2 / 4.
    logits[0, :, 0, 0] = torch.tensor([50.0, -50, -50, -50])
    assert segmentation_loss(logits, LABELS, None).item() == pytest.approx(50)
    assert segmentation_loss(logits, LABELS, ignore_id=0).item() == pytest.approx(0)


def test_fake_loss_is_plain_cross_entropy_to_channel_zero() -> None:
    logits = torch.tensor([2.0, 0.0, 0.0]).reshape(1, 3, 1, 1).expand(2, 3, 2, 2)
    assert fake_loss(logits).item() == pytest.approx(-2 + math.log(math.exp(2) + 2))


def test_subsampling_is_nearest_like_torch() -> None:
    labels = torch.arange(35).reshape(1, 5, 7)
    expected = torch.nn.functional.interpolate(labels[None].float(), size=(3, 4), mode="nearest")[0].long()
    assert torch.equal(subsample(labels, (3, 4)), expected)


def test_labelmix_masks_follow_classes() -> None:
    labels = torch.randint(6, (2, 8, 8), generator=torch.Generator().manual_seed(1))
    masks = [labelmix_mask(labels, 6, torch.Generator().manual_seed(seed)) for seed in range(20)]
    for mask in masks:
        for c in range(6):
            inside = mask[labels == c]
            assert inside.all() or not inside.any()
    assert 0.3 < torch.stack(masks).float().mean() < 0.7


def test_labelmix_loss_is_the_mean_squared_error_to_the_mix() -> None:
    real, fake = torch.ones(1, 2, 2, 2), torch.zeros(1, 2, 2, 2)
    mask = torch.tensor([[[True, False], [False, False]]])
    mixed = torch.where(mask[:, None], real, fake)
    assert labelmix_loss(mixed, real, fake, mask).item() == 0
    assert labelmix_loss(fake, real, fake, mask).item() == pytest.approx(1 / 4)
