"""SPADE's generator and image encoder: sizes, where it doubles, and that every way to condition it is the same."""

import pytest
import torch
from torch import Tensor

from models.networks.blocks import GeneratorConfig
from models.networks.kinds import build_network
from models.networks.layers import count_parameters
from models.networks.oasis import Generator
from models.networks.spade import SpadeConfig, SpadeGenerator, StyleEncoder, StyleEncoderConfig
from models.noise import NoiseError
from models.regions import LocalNoise
from tests.models.samples import fill, random_labels

CLASSES = 5
WIDTHS = (8, 8, 8, 6, 4)  # four blocks: stride 4
PLAIN = SpadeConfig(CLASSES, WIDTHS, hidden=6)
NOISE = SpadeConfig(CLASSES, WIDTHS, hidden=6, noise_dim=7)
STYLE = SpadeConfig(CLASSES, WIDTHS, hidden=6, style_dim=9, native_size=(16, 24))
LABELS = random_labels(1, 2, 16, 24, 5)


def draw(network: Generator, batch: int = 2, seed: int = 0) -> Tensor:
    return torch.randn(batch, network.config.z_dim, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("kind", "config", "parameters"),
    [
        ("spade-generator", {"classes": 151}, 96_492_483),  # the paper: 96M (app. C.2)
        ("spade-generator", {"classes": 151, "noise_dim": 64}, 98_409_411),
        ("oasis-generator", {"classes": 151, "noise_dim": 0}, 72_545_219),  # 72M
        ("style-encoder", {}, 10_463_424),  # 10M
    ],
)
def test_published_sizes(kind: str, config: dict[str, int], parameters: int) -> None:
    with torch.device("meta"):
        assert count_parameters(build_network(kind, config)) == parameters


def test_seven_blocks_double_five_times() -> None:
    network = SpadeGenerator(SpadeConfig(CLASSES, (4,) * 8, hidden=4))
    sides: list[int] = []
    for block in network.body:
        block.register_forward_pre_hook(lambda _, arguments: sides.append(arguments[0].shape[-1]))
    network(random_labels(1, 1, 64, 64, 9), torch.zeros(1, 0))
    assert network.config.stride == 32 and sides == [2, 4, 4, 8, 16, 32, 64]


@pytest.mark.parametrize("config", [PLAIN, NOISE, STYLE, GeneratorConfig(CLASSES, WIDTHS, hidden=6, noise_dim=0)])
def test_regions_equal_dense(config: GeneratorConfig) -> None:
    network = fill(SpadeGenerator(config) if isinstance(config, SpadeConfig) else Generator(config))
    z = draw(network)
    local = z if config is STYLE else z[:, :, None, None].expand(-1, -1, 16, 24)
    labels = random_labels(1, 2, 16, 24, 5)
    dense = network.paint(network.condition(labels, local, dense=True), (16, 24))
    torch.testing.assert_close(network(labels, z), dense, atol=1e-5, rtol=0)


@pytest.mark.parametrize("config", [NOISE, STYLE])
def test_z_matters(config: SpadeConfig) -> None:
    network = fill(SpadeGenerator(config))
    difference = (network(LABELS, draw(network)) - network(LABELS, draw(network, seed=1))).abs()
    assert difference.amax(dim=(1, 2, 3)).min() > 1e-3  # in each picture


def test_every_picture_of_a_batch_has_its_own_style() -> None:
    network = fill(SpadeGenerator(STYLE))
    style = draw(network)
    together = network(LABELS, style)
    alone = torch.cat([network(LABELS[i : i + 1], style[i : i + 1]) for i in range(2)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


def test_style_at_another_size() -> None:
    network = fill(SpadeGenerator(STYLE))
    start = network.fc(draw(network)).view(2, 8, 4, 6)
    condition = network.condition(LABELS, draw(network))
    assert torch.equal(network.entrance(condition, (4, 6)), start)  # at the native size as SPADE has it
    assert network(random_labels(1, 2, 32, 20, 5), draw(network)).shape == (2, 3, 32, 20)


def test_a_style_cannot_be_local() -> None:
    network = SpadeGenerator(STYLE)
    with pytest.raises(NoiseError, match="one style for the whole picture"):
        network.condition(LABELS, LocalNoise(draw(network)[:, None], torch.zeros_like(LABELS)))
    with pytest.raises(NoiseError, match="one style for the whole picture"):
        network(LABELS, torch.zeros(2, 9, 16, 24))


@pytest.mark.parametrize("config", [PLAIN, NOISE, STYLE])
def test_z_of_another_length_is_refused(config: SpadeConfig) -> None:
    network = SpadeGenerator(config)
    with pytest.raises(ValueError, match=f"has 3 channels, but this generator takes {config.z_dim}"):
        network(LABELS, torch.zeros(2, 3))


@pytest.mark.parametrize("size", [(32, 32), (50, 71)])
def test_the_encoder_takes_any_size(size: tuple[int, int]) -> None:
    network = fill(StyleEncoder(StyleEncoderConfig(9, (4, 6, 8), size=32)))
    image = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0))
    mu, logvar = network(image)
    assert mu.shape == logvar.shape == (2, 9)
    assert not torch.equal(mu[0], mu[1]) and not torch.equal(mu, logvar)
