"""The published networks: exact shapes, golden outputs, gradients, and how far noise reaches."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from models.networks.blocks import GeneratorConfig
from models.networks.layers import count_parameters, fold_spectral_norm
from models.networks.oasis import Generator
from models.networks.projected import ProjectedDiscriminator, ProjectedDiscriminatorConfig
from models.networks.unet import Discriminator, DiscriminatorConfig
from models.networks.variants import VARIANTS
from models.noise import NOISE_DIM
from models.regions import LocalNoise
from tests.models.samples import GOLDEN_LOGITS, GOLDEN_PIXEL, SMALL, SMALL_JUDGE, assert_all_gradients, fill, scene


def test_spectral_norm_is_one() -> None:
    for layer in fill(Discriminator(SMALL_JUDGE)).modules():
        if isinstance(layer, nn.Conv2d) and parametrize.is_parametrized(layer, "weight"):
            assert torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "generator", "discriminator"),
    [
        ("ade20k", 74_314_691, 22_258_904),
        ("coco-stuff", 75_199_427, 22_260_984),
        ("cityscapes", 71_107_523, 22_251_364),
    ],
)
def test_published_shapes_have_the_published_sizes(name: str, generator: int, discriminator: int) -> None:
    shapes = VARIANTS[name]
    # Initializing 100 million weights is not the point here.
    with torch.device("meta"):
        assert count_parameters(Discriminator(shapes[1])) == discriminator
        assert count_parameters(Generator(shapes[0])) == generator


def test_generator_golden() -> None:
    picture = fill(Generator(SMALL))(scene(8, 12), torch.linspace(-1, 1, NOISE_DIM)[None])
    assert picture.shape == (1, 3, 8, 12)
    torch.testing.assert_close(picture[0, :, 4, 6], GOLDEN_PIXEL, atol=1e-5, rtol=0)


def test_discriminator_golden() -> None:
    image = torch.sin(torch.arange(3 * 8 * 16).float()).reshape(1, 3, 8, 16)
    (logits,) = fill(Discriminator(SMALL_JUDGE))(image)
    assert logits.shape == (1, 5, 8, 16)
    torch.testing.assert_close(logits[0, :, 3, 5], GOLDEN_LOGITS, atol=1e-5, rtol=0)


def test_projected_discriminator_golden() -> None:
    image = torch.sin(torch.arange(3 * 32 * 64).float()).reshape(1, 3, 32, 64)
    scales = fill(ProjectedDiscriminator(ProjectedDiscriminatorConfig(4, width=8)))(image)
    assert [tuple(logits.shape) for logits in scales] == [
        (1, 5, 16, 32),
        (1, 5, 8, 16),
        (1, 5, 4, 8),
        (1, 5, 2, 4),
    ]
    torch.testing.assert_close(
        scales[0][0, :, 3, 5], torch.tensor([-0.88798, 0.88696, 2.24766, 2.57801, 1.73449]), atol=1e-5, rtol=0
    )


@pytest.mark.parametrize("local", [False, True])
def test_every_generator_parameter_gets_a_gradient(local: bool) -> None:
    torch.manual_seed(0)
    network = Generator(SMALL)
    z = torch.randn(2, NOISE_DIM)
    z = z[:, :, None, None].expand(-1, -1, 8, 8) if local else z
    network(scene(8, 8).expand(2, -1, -1), z).square().sum().backward()
    assert_all_gradients(network)


def test_the_encoder_stays_frozen() -> None:
    network = ProjectedDiscriminator(ProjectedDiscriminatorConfig(4, width=8))
    trainable = {name.split(".")[0] for name, p in network.named_parameters() if p.requires_grad}
    assert trainable == {"pixels", "pixels_down", "heads"}


@pytest.mark.parametrize("size", [(4, 4), (4, 20), (36, 8)])
def test_any_multiple_of_the_stride_works(size: tuple[int, int]) -> None:
    assert Generator(SMALL).eval()(scene(*size), torch.zeros(1, NOISE_DIM)).shape == (1, 3, *size)


def test_other_sizes_are_refused_with_the_stride() -> None:
    with pytest.raises(ValueError, match="10x8.*multiples of 4"):
        Generator(SMALL)(scene(8, 10), torch.zeros(1, NOISE_DIM))
    with pytest.raises(ValueError, match="12x8.*multiples of 8"):
        Discriminator(SMALL_JUDGE)(torch.zeros(1, 3, 8, 12))
    with pytest.raises(ValueError, match="48x32.*multiples of 32"):
        ProjectedDiscriminator(ProjectedDiscriminatorConfig(4, width=8))(torch.zeros(1, 3, 32, 48))


def test_region_noise_stays_local() -> None:
    """With the published depth a noise change reaches at most 191 pixels beyond its region, and reaches its inside."""
    network = fill(Generator(GeneratorConfig(4, (6, 6, 6, 6, 6, 6, 6), hidden=4)))
    labels = scene(32, 512)
    vectors = torch.randn(1, 2, NOISE_DIM, generator=torch.Generator().manual_seed(0))
    rows = torch.zeros_like(labels)
    before = network.paint(network.condition(labels, LocalNoise(vectors, rows)), (32, 512))
    rows[:, :, :64] = 1
    after = network.paint(network.condition(labels, LocalNoise(vectors, rows)), (32, 512))
    difference = (after - before).abs().amax(dim=(0, 1, 2))  # per column
    assert difference[:64].mean() > 1e-3
    # The same tables summed in another order may differ by rounding, no more.
    assert difference[64 + 191 :].max() < 1e-6
    assert difference[:64].mean() > difference[64 : 64 + 191].mean()


def test_folding_spectral_norm_changes_nothing() -> None:
    network = fill(Generator(SMALL))
    z = torch.ones(1, NOISE_DIM)
    before = network(scene(8, 8), z)
    fold_spectral_norm(network)
    assert not any("parametrizations" in name for name in network.state_dict())
    torch.testing.assert_close(network(scene(8, 8), z), before, atol=1e-6, rtol=0)


@pytest.mark.parametrize("bad", [{"classes": 1}, {"classes": 4, "channels": (8,)}, {"classes": 4, "channels": (8, 0)}])
def test_bad_configurations_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="generator needs"):
        GeneratorConfig(**bad)
    with pytest.raises(ValueError, match="discriminator needs"):
        DiscriminatorConfig(4, ())
