"""The losses against cases computed by hand."""

import math

import pytest
import torch

from models.maps import subsample
from training.loss import terms
from training.loss.terms import class_weights, consistency_loss, count_classes, cutmix_mask, fake_loss, labelmix_mask

LABELS = torch.tensor([[[0, 1], [1, 1]]])
COUNTS = count_classes(LABELS, 3)


def segmentation_loss(logits: torch.Tensor, ignore_id: int | None) -> torch.Tensor:
    return terms.segmentation_loss(logits, LABELS, class_weights(COUNTS, ignore_id))


def test_class_weights_balance_rare_classes() -> None:
    # 4 pixels, 2 classes present: alpha_0 = 4 / (1 * 2), alpha_1 = 4 / (3 * 2), class 2 does not occur.
    torch.testing.assert_close(class_weights(COUNTS, None), torch.tensor([2.0, 2 / 3, 0.0]))


def test_ignored_class_weighs_nothing_and_is_not_present() -> None:
    # Only class 1 counts as present: alpha_1 = 4 / (3 * 1).
    torch.testing.assert_close(class_weights(COUNTS, ignore_id=0), torch.tensor([0.0, 4 / 3, 0.0]))
    assert class_weights(torch.tensor([4.0, 0.0, 0.0]), ignore_id=0).sum() == 0


def test_class_weights_can_be_clamped() -> None:
    torch.testing.assert_close(class_weights(COUNTS, None, clamp=1.5), torch.tensor([1.5, 2 / 3, 0.0]))


def test_root_weights_are_milder_and_weigh_as_much_in_all() -> None:
    # Weights 2 and 2/3 on 1 and 3 pixels: roots in the ratio sqrt(3), a sum of 4 over the pixels.
    found = terms.root_weights(class_weights(COUNTS, None), COUNTS)
    assert (found[0] / found[1]).item() == pytest.approx(3**0.5)
    assert (found * COUNTS).sum().item() == pytest.approx(4)
    assert terms.root_weights(torch.zeros(3), torch.tensor([4.0, 0, 0])).sum() == 0


def test_segmentation_loss_by_hand() -> None:
    # Uniform logits over 4 channels: every pixel costs log 4; weights 2 + 3 * 2/3 = 4 over 4 pixels.
    assert segmentation_loss(torch.zeros(1, 4, 2, 2), None).item() == pytest.approx(math.log(4))
    # Certain and right on every pixel costs nothing; class c is channel c + 1.
    logits = torch.full((1, 4, 2, 2), -50.0).scatter(1, LABELS[:, None] + 1, 50.0)
    assert segmentation_loss(logits, None).item() == pytest.approx(0)
    # Certain and wrong on the one pixel of class 0 costs 100 * 2 / 4.
    logits[0, :, 0, 0] = torch.tensor([50.0, -50, -50, -50])
    assert segmentation_loss(logits, None).item() == pytest.approx(50)
    assert segmentation_loss(logits, ignore_id=0).item() == pytest.approx(0)


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


def test_consistency_loss_is_the_mean_squared_error_to_the_mix() -> None:
    real, fake = torch.ones(1, 2, 2, 2), torch.zeros(1, 2, 2, 2)
    mask = torch.tensor([[[True, False], [False, False]]])
    mixed = torch.where(mask[:, None], real, fake)
    assert consistency_loss(mixed, real, fake, mask).item() == 0
    assert consistency_loss(fake, real, fake, mask).item() == pytest.approx(1 / 4)


def test_cutmix_masks_are_boxes_of_any_share() -> None:
    masks = cutmix_mask(200, (24, 40), torch.Generator().manual_seed(0))
    assert masks.shape == (200, 24, 40)
    assert all(is_box(mask) or is_box(~mask) for mask in masks)
    shares = masks.float().mean((1, 2))
    assert 0.4 < shares.mean() < 0.6 and shares.min() < 0.2 and shares.max() > 0.8


def is_box(mask: torch.Tensor) -> bool:
    """Whether the True pixels fill a rectangle."""
    return bool(torch.equal(mask, mask.any(1)[:, None] & mask.any(0)[None, :]))


def test_real_or_fake_losses_by_hand() -> None:
    logits = torch.tensor([0.0, 3.0])
    assert terms.cross_entropy_real(logits).item() == pytest.approx((math.log(2) + math.log1p(math.exp(-3))) / 2)
    assert terms.cross_entropy_fake(logits).item() == pytest.approx((math.log(2) + math.log1p(math.exp(3))) / 2)
    assert terms.hinge_real(logits).item() == pytest.approx(0.5)  # 1 and 0
    assert terms.hinge_fake(logits).item() == pytest.approx(2.5)  # 1 and 4
    assert terms.hinge_generator(logits).item() == pytest.approx(-1.5)


def test_feature_matching_pulls_the_fake_alone() -> None:
    fake, real = torch.tensor([1.0, 3.0], requires_grad=True), torch.tensor([2.0, 2.0], requires_grad=True)
    loss = terms.feature_matching_loss([fake, 2 * fake], [real, real])
    assert loss.item() == pytest.approx(1 + 2)
    loss.backward()
    assert fake.grad is not None and real.grad is None


def test_style_divergence_is_that_of_normal_distributions() -> None:
    mean, log_variance = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, math.log(4.0)]])
    normal = torch.distributions.Normal
    expected = torch.distributions.kl_divergence(normal(mean, (0.5 * log_variance).exp()), normal(0.0, 1.0)).sum()
    assert terms.style_divergence(mean, log_variance).item() == pytest.approx(expected.item())
    near = 0.003 * torch.ones(1, 4)  # where bf16 arithmetic would cancel to nothing
    rounded = terms.style_divergence(near.bfloat16(), near.bfloat16()).item()
    assert rounded == pytest.approx(terms.style_divergence(near, near).item(), rel=0.02)


def test_feature_distance_is_zero_for_twins_and_four_for_opposites() -> None:
    one = [torch.randn(2, 5, 3, 3), torch.randn(2, 4, 1, 1)]
    assert terms.feature_distance(one, one).item() == 0
    assert terms.feature_distance(one, [3 * f for f in one]).item() == pytest.approx(0, abs=1e-6)  # length is nothing
    assert terms.feature_distance(one, [-f for f in one]).item() == pytest.approx(4)
    assert terms.feature_distance(one, [-f for f in one], 0.6).item() == pytest.approx(0.6)


def test_feature_distance_counts_pixels_by_their_weights() -> None:
    """Two scales; the draws are opposites in the left quarter, which has three quarters of the weight."""
    one = [torch.ones(1, 3, 8, 8), torch.ones(1, 3, 4, 4)]
    other = [f.clone() for f in one]
    other[0][..., :2] *= -1
    other[1][..., :1] *= -1
    weights = torch.full((1, 16, 16), 1 / 12)
    weights[..., :4] = 3 / 4
    assert terms.feature_distance(one, other).item() == pytest.approx(4 / 4)
    assert terms.feature_distance(one, other, 4.0, weights).item() == pytest.approx(4 * 3 / 4)
    assert terms.feature_distance(one, other, 4.0, torch.ones(1, 16, 16)).item() == pytest.approx(4 / 4)
