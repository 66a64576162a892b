"""The discriminator's engine gives the plain network's logits, and the same bytes alone and in a batch."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models.engine import operations
from models.engine.discriminator import DiscriminatorEngine
from models.networks.unet import Discriminator, DiscriminatorConfig
from tests.models.engine.regions import alive
from tests.models.samples import GOLDEN_LOGITS, SMALL_JUDGE, fill

# Logits here are between -2 and 2; fp32 rounding was measured at 6e-7.
TOLERANCE = 5e-6

DISCRIMINATORS = {
    "odd widths": DiscriminatorConfig(4, (6, 6, 8)),
    "whole registers": DiscriminatorConfig(7, (16, 16, 32, 32)),
    "growing": DiscriminatorConfig(20, (5, 9, 21)),
    "one block": DiscriminatorConfig(2, (3,)),
    "shrinking": DiscriminatorConfig(4, (24, 12, 6)),
}


@pytest.fixture(scope="module", params=DISCRIMINATORS)
def discriminator(request: pytest.FixtureRequest) -> Discriminator:
    torch.manual_seed(5)
    return alive(Discriminator(DISCRIMINATORS[request.param]))


@pytest.fixture(scope="module")
def engine(discriminator: Discriminator) -> DiscriminatorEngine:
    return DiscriminatorEngine(discriminator)


def photos(seed: int, batch: int, height: int, width: int) -> Tensor:
    return torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@torch.inference_mode()
def assert_plain(logits: Tensor, discriminator: Discriminator, images: Tensor) -> None:
    (expected,) = copy.deepcopy(discriminator).double()(images.double())
    torch.testing.assert_close(logits.double(), expected, atol=TOLERANCE, rtol=0)


@given(st.integers(0, 2**31), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=20)
def test_equals_the_plain_network(
    discriminator: Discriminator, engine: DiscriminatorEngine, seed: int, batch: int, height: int, width: int
) -> None:
    stride = discriminator.config.stride
    images = photos(seed, batch, height * stride, width * stride)
    (logits,) = engine(images)
    assert_plain(logits, discriminator, images)
    for i in range(batch):
        (alone,) = engine(images[i : i + 1])
        assert torch.equal(alone[0], logits[i])


def test_weights_too_large_for_a_cache(monkeypatch: pytest.MonkeyPatch, discriminator: Discriminator) -> None:
    monkeypatch.setattr(operations, "STREAMED", 0)
    images = photos(1, 2, 2 * discriminator.config.stride, 48)
    assert_plain(DiscriminatorEngine(discriminator)(images)[0], discriminator, images)


def test_layouts_of_memory_do_not_matter(engine: DiscriminatorEngine) -> None:
    images = photos(1, 2, 32, 16)
    (expected,) = engine(images)
    for other in (images.contiguous(memory_format=torch.channels_last), images.expand(2, -1, -1, -1)):
        assert torch.equal(engine(other)[0], expected)


def test_answers_stay_as_they_were(engine: DiscriminatorEngine) -> None:
    (first,) = engine(photos(1, 1, 16, 32))
    before = first.clone()
    engine(photos(2, 1, 16, 32))
    assert torch.equal(first, before)


def test_threads_change_no_byte(engine: DiscriminatorEngine) -> None:
    images, found, before = photos(1, 1, 48, 64), [], torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(engine(images)[0])
    finally:
        torch.set_num_threads(before)
    assert torch.equal(*found)


def test_golden_logits() -> None:
    """The same values as the plain network."""
    image = torch.sin(torch.arange(3 * 8 * 16).float()).reshape(1, 3, 8, 16)
    (logits,) = DiscriminatorEngine(fill(Discriminator(SMALL_JUDGE)))(image)
    assert logits.shape == (1, 5, 8, 16)
    torch.testing.assert_close(logits[0, :, 3, 5], GOLDEN_LOGITS, atol=1e-5, rtol=0)


def test_sizes_that_do_not_fit_are_refused() -> None:
    engine = DiscriminatorEngine(alive(Discriminator(DISCRIMINATORS["odd widths"])))
    with pytest.raises(ValueError, match="picture of 12x8.*multiples of 8"):
        engine(torch.zeros(1, 3, 8, 12))
