"""LPIPS: published heads, the formula, and what a distance must do."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchmetrics.functional.image.lpips as torchmetrics_lpips
from torch import Tensor

from training.metrics.lpips import load_lpips
from training.weights.pretrained import LPIPS_ALEX, LPIPS_VGG, fetch

# torchmetrics ships the heads as published, without the networks below them.
HEADS = Path(torchmetrics_lpips.__file__).parent / "lpips_models"
# (convolution's number, stride, padding, pooled before)
ALEXNET = ((0, 4, 2, False), (3, 1, 2, True), (6, 1, 1, True), (8, 1, 1, False), (10, 1, 1, False))


@pytest.fixture
def pictures() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.rand(2, 3, 70, 64, generator=generator) * 2 - 1 for _ in range(2))  # type: ignore[return-value]


@pytest.mark.parametrize(("weights", "file"), [(LPIPS_ALEX, "alex.pth"), (LPIPS_VGG, "vgg.pth")])
def test_heads_are_the_published_ones(weights, file) -> None:
    state, published = fetch(weights), torch.load(HEADS / file, map_location="cpu", weights_only=True)
    for i in range(5):
        assert torch.equal(state[f"heads.{i}"], published[f"lin{i}.model.1.weight"].flatten())


def test_distance_is_the_formula(pictures: tuple[Tensor, Tensor]) -> None:
    """Layer by layer, with the input scaling as LPIPS prints it."""
    state = fetch(LPIPS_ALEX)
    shift, scale = (torch.tensor(v).view(3, 1, 1) for v in ((-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)))
    a, b = ((x - shift) / scale for x in pictures)
    expected = torch.zeros(2)
    for i, (number, stride, padding, pooled) in enumerate(ALEXNET):
        weight, bias = state[f"features.{number}.weight"], state[f"features.{number}.bias"]
        a, b = (F.max_pool2d(x, 3, 2) if pooled else x for x in (a, b))
        a, b = (F.relu(F.conv2d(x, weight, bias, stride, padding)) for x in (a, b))
        difference = (F.normalize(a) - F.normalize(b)) ** 2  # [B, C, h, w]
        expected += (difference * state[f"heads.{i}"].view(-1, 1, 1)).sum(1).mean((1, 2))
    torch.testing.assert_close(load_lpips("alex").distance(*pictures), expected, rtol=1e-4, atol=1e-5)


def test_distance_is_that_of_the_published_package() -> None:
    """What `lpips` prints for noise of this seed, with VGG."""
    random = np.random.RandomState(123)
    a, b = (torch.from_numpy(random.rand(10, 3, 100, 100)).float() * 2 - 1 for _ in range(2))
    printed = [0.3497, 0.3494, 0.3473, 0.3558, 0.3437, 0.3366, 0.3716, 0.3516, 0.3472, 0.3413]
    assert load_lpips("vgg").distance(a, b).tolist() == pytest.approx(printed, abs=6e-5)


@pytest.mark.parametrize("name", ["alex", "vgg"])
def test_distance(name, pictures: tuple[Tensor, Tensor]) -> None:
    lpips, (a, b) = load_lpips(name), pictures
    assert lpips.distance(a, a).tolist() == [0, 0]
    torch.testing.assert_close(lpips.distance(a, b), lpips.distance(b, a))
    near = lpips.distance(a, (a + 0.05 * b).clamp(-1, 1))
    assert (near < lpips.distance(a, b) / 2).all() and (near > 0).all()


def test_gradients_reach_the_picture(pictures: tuple[Tensor, Tensor]) -> None:
    lpips, (a, b) = load_lpips("alex"), pictures
    a.requires_grad_()
    lpips.distance(a, b).sum().backward()
    assert a.grad is not None and a.grad.isfinite().all() and (a.grad != 0).any()
    assert not any(p.requires_grad for p in lpips.parameters())


def test_features_of_nothing_have_a_gradient() -> None:
    """They have no direction, and the root in their norm has no slope."""
    lpips, picture = load_lpips("alex"), torch.zeros(1, 3, 64, 64).requires_grad_()
    for parameter in lpips.trunk.parameters():
        parameter.zero_()
    lpips.distance(picture, torch.ones(1, 3, 64, 64)).sum().backward()
    assert picture.grad is not None and (picture.grad == 0).all()
