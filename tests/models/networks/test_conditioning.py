"""Tables over region patterns compute what dense convolutions compute."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models.maps import PADDINGS, Padding
from models.networks import patterns as tables
from models.networks.blocks import GeneratorConfig
from models.networks.oasis import Generator
from models.networks.patterns import find_patterns
from models.noise import NOISE_DIM
from models.regions import LocalNoise
from tests.models.samples import CLASSES, neighborhoods, random_labels

CONFIG = GeneratorConfig(CLASSES, (12, 10, 8, 6), hidden=7)


@pytest.fixture(scope="module", autouse=True)
def _double_precision() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture(scope="module", params=PADDINGS)
def generator(request: pytest.FixtureRequest) -> Generator:
    torch.manual_seed(3)
    network = Generator(replace(CONFIG, padding=request.param)).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network


maps = st.builds(
    random_labels,
    st.integers(0, 2**31),
    batch=st.integers(1, 3),
    height=st.sampled_from([4, 8, 20, 32]),
    width=st.sampled_from([4, 12, 32]),
    grain=st.integers(1, 16),
)


@given(maps, st.integers(0, 2**31))
@settings(max_examples=30)
def test_regions_equal_dense(generator: Generator, labels: Tensor, seed: int) -> None:
    z = torch.randn(len(labels), NOISE_DIM, generator=torch.Generator().manual_seed(seed))
    dense = generator(labels, z[:, :, None, None].expand(-1, -1, *labels.shape[1:]))
    torch.testing.assert_close(generator(labels, z), dense, atol=1e-10, rtol=0)


@given(maps, maps, st.integers(1, 200))
@settings(max_examples=20)
def test_local_noise_equals_dense(generator: Generator, labels: Tensor, other: Tensor, vectors: int) -> None:
    """Piecewise constant noise, from one region to two hundred."""
    labels = labels[:1]
    random = torch.Generator().manual_seed(vectors)
    z = torch.randn(vectors, NOISE_DIM, generator=random)
    rows = torch.randint(vectors, (CLASSES,), generator=random)[other[:1, :4, :4]]
    rows = rows.repeat_interleave(labels.shape[1] // 4, 1).repeat_interleave(labels.shape[2] // 4, 2)
    dense = generator(labels, z[rows].permute(0, 3, 1, 2))
    by_regions = generator.paint(
        generator.condition(labels, LocalNoise(z[None], rows)), (labels.shape[1], labels.shape[2])
    )
    torch.testing.assert_close(by_regions, dense, atol=1e-10, rtol=0)


def test_noise_by_class_equals_dense(generator: Generator) -> None:
    labels = random_labels(4, 2, 16, 24, 5)
    z = torch.randn(2, CLASSES, NOISE_DIM, generator=torch.Generator().manual_seed(5))
    by_pixel = torch.stack([vectors[ids] for vectors, ids in zip(z, labels, strict=True)]).permute(0, 3, 1, 2)
    picture = generator.paint(generator.condition(labels, z), (16, 24))
    torch.testing.assert_close(picture, generator(labels, by_pixel), atol=1e-10, rtol=0)


def test_gradients_equal_dense(generator: Generator) -> None:
    labels = random_labels(1, 2, 16, 24, 5)
    z = torch.randn(2, NOISE_DIM, generator=torch.Generator().manual_seed(2))
    generator.train()
    gradients = []
    for noise in (z, z[:, :, None, None].expand(-1, -1, 16, 24)):
        generator.load_state_dict({k: v.clone() for k, v in generator.state_dict().items()})
        generator.eval()  # no power iteration between the two
        generator.zero_grad()
        generator(labels, noise).square().sum().backward()
        gradients.append({name: p.grad.clone() for name, p in generator.named_parameters() if p.grad is not None})
    assert gradients[0].keys() == gradients[1].keys() == dict(generator.named_parameters()).keys()
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], atol=1e-8, rtol=1e-8, msg=name)


def test_with_borders_replicated_a_plain_picture_is_flat(generator: Generator) -> None:
    """But for noise planes nothing tells its pixels apart; with zeros beyond the borders, distance from them does."""
    z = torch.randn(2, NOISE_DIM, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        picture = generator(torch.full((2, 32, 48), 3), z)
    spread = picture.flatten(2).std(-1)
    assert (spread < 1e-12).all() if generator.config.padding == "replicate" else (spread > 1e-3).all()


@given(maps, st.sampled_from(PADDINGS))
@settings(max_examples=40)
def test_patterns_are_the_distinct_neighborhoods(labels: Tensor, padding: Padding) -> None:
    patterns = find_patterns(labels, CLASSES, padding)
    true = neighborhoods(labels, CLASSES, padding)
    assert torch.equal(patterns.rows[patterns.index], true)
    assert len(patterns.rows) == len(torch.unique(true.reshape(-1, 9), dim=0))


def test_hash_collisions_are_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MULTIPLIERS", torch.zeros(9, dtype=torch.int64))  # everything collides
    labels = random_labels(6, 2, 16, 16, 3)
    patterns = find_patterns(labels, CLASSES)
    assert torch.equal(patterns.rows[patterns.index], neighborhoods(labels, CLASSES))
