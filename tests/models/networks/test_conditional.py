"""Discriminators that are told the labels, and discriminators at several scales."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.networks.conditional import ConcatDiscriminator, MultiScale, ProjectionDiscriminator
from models.networks.layers import count_parameters
from models.networks.patchgan import PatchConfig, PatchDiscriminator, ResNetPatchDiscriminator
from models.networks.projected import ProjectedDiscriminator, ProjectedDiscriminatorConfig
from models.networks.unet import Discriminator, DiscriminatorConfig
from tests.models.samples import SMALL_JUDGE, fill, scene

LABELS = scene(16, 32)
IMAGE = torch.sin(torch.arange(3 * 16 * 32).float()).reshape(1, 3, 16, 32)
TOLD = [
    ConcatDiscriminator(SMALL_JUDGE),
    ProjectionDiscriminator(SMALL_JUDGE),
    PatchDiscriminator(PatchConfig(4, width=4)),
    ResNetPatchDiscriminator(SMALL_JUDGE),
]


def named(networks: list[nn.Module]) -> list[str]:
    return [type(network).__name__ for network in networks]


def test_published_sizes() -> None:
    """102M with the generator, as OASIS table 1 says of SPADE+; its app. C.1 has 5.5M instead of 5.8M."""
    with torch.device("meta"):
        assert count_parameters(MultiScale(PatchDiscriminator(PatchConfig(151)) for _ in range(2))) == 5_836_930
        assert count_parameters(ResNetPatchDiscriminator(DiscriminatorConfig(151))) == 11_130_241


@pytest.mark.parametrize("network", TOLD, ids=named(TOLD))
def test_labels_matter(network: Any) -> None:
    network = fill(network)
    (one,), (other,) = (network.examine(IMAGE, labels).logits for labels in (LABELS, 3 - LABELS))
    assert (one - other).abs().mean() > 1e-3


def test_projection_is_the_inner_product_at_each_pixel() -> None:
    network = fill(ProjectionDiscriminator(SMALL_JUDGE))
    output = network.examine(IMAGE, LABELS)
    phi = output.features[-1]
    assert phi.shape == (1, 3, 16, 32)
    y, x = 5, 11
    expected = network.psi(phi)[0, 0, y, x] + network.embedding.weight[LABELS[0, y, x]] @ phi[0, :, y, x]
    torch.testing.assert_close(output.logits[0][0, 0, y, x], expected)
    assert torch.linalg.matrix_norm(network.embedding.weight, 2).item() == pytest.approx(1, abs=1e-5)


def test_features_are_those_of_every_block() -> None:
    shapes = [tuple(x.shape[1:]) for x in fill(Discriminator(SMALL_JUDGE)).examine(IMAGE).features]
    assert shapes == [(6, 8, 16), (6, 4, 8), (8, 2, 4), (6, 4, 8), (6, 8, 16), (3, 16, 32)]
    told: Any = fill(TOLD[2])
    shapes = [tuple(x.shape[1:]) for x in told.examine(IMAGE, LABELS).features]
    assert shapes == [(4, 9, 17), (8, 5, 9), (16, 3, 5), (32, 4, 6)]


def test_patches_are_judged_where_they_are() -> None:
    """A change in the left of a picture reaches the logits there, and those at the right only by instance norm."""
    network = fill(PatchDiscriminator(PatchConfig(4, width=4)))
    labels = scene(32, 256)
    image = torch.sin(torch.arange(3 * 32 * 256).float()).reshape(1, 3, 32, 256)
    changed = image.clone()
    changed[..., :8] = 1
    one, other = (network.examine(x, labels).logits[0] for x in (image, changed))
    difference = (one - other).abs().amax(dim=(0, 1, 2))
    assert difference[:3].max() > 5 * difference[16:].max()


@pytest.mark.parametrize("network", TOLD, ids=named(TOLD))
def test_two_scales(network: Any) -> None:
    """The second sees the mean of 3x3 pixels, of which a border has fewer, and every second label."""
    pair = MultiScale([fill(network), fill(network)])
    output = pair.examine(IMAGE, LABELS)
    count = F.conv2d(torch.ones(1, 1, 16, 32), torch.ones(1, 1, 3, 3), stride=2, padding=1)
    summed = F.conv2d(IMAGE, torch.ones(3, 1, 3, 3), stride=2, padding=1, groups=3)
    small = network.examine(summed / count, LABELS[:, ::2, ::2])
    full = network.examine(IMAGE, LABELS)
    close_lists(output.logits, full.logits + small.logits)
    close_lists(output.features, full.features + small.features)


@pytest.mark.parametrize(
    ("network", "size"),
    [(Discriminator(SMALL_JUDGE), 16), (ProjectedDiscriminator(ProjectedDiscriminatorConfig(4, width=8)), 64)],
    ids=["oasis", "projected"],
)
def test_segmenters_answer_the_logits_of_their_output(network: Any, size: int) -> None:
    image = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    close_lists(fill(network)(image), network.examine(image).logits)
    pair = MultiScale([network, network])
    assert [len(logits[0]) for logits in pair(image)] == [5] * 2 * len(network(image))


def test_sizes_that_do_not_fit_a_scale_are_refused() -> None:
    pair = MultiScale(Discriminator(SMALL_JUDGE) for _ in range(2))
    with pytest.raises(ValueError, match="12x12.*multiples of 8"):
        pair(torch.zeros(1, 3, 24, 24))


def close_lists(found: list[Tensor], expected: list[Tensor]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
