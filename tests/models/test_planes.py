"""Noise planes: a contract that must never change, and what a generator makes of them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from models.kernels.library import available
from models.networks.blocks import GeneratorConfig
from models.networks.conditioning import DenseCondition
from models.networks.oasis import Generator
from models.noise import NoiseSpec, blend_mixes
from models.planes import HeldPlanes, Planes, PlaneSource
from tests.models.samples import SMALL, fill, scene

seeds = st.integers(0, 2**32 - 1)
PLANES = GeneratorConfig(SMALL.classes, SMALL.channels, SMALL.hidden, noise_planes=True)


def mixed(word: int) -> int:
    """The hash as docs/noise.md writes it, in whole numbers of any length."""
    word = (word ^ word >> 16) * 0x7FEB352D % 2**32
    word = (word ^ word >> 15) * 0x846CA68B % 2**32
    return word ^ word >> 16


def by_the_book(seed: int, layer: int, y: int, x: int) -> float:
    key = mixed(seed ^ mixed(layer + 1))
    second = mixed((key + 0x9E3779B9) % 2**32)
    a = mixed(mixed((y << 16 | x) ^ key) ^ second)
    b = mixed((a + 0x9E3779B9) % 2**32)
    total = sum(a.to_bytes(4, "big") + b.to_bytes(4, "big"))
    return float((total - 1020) / 43690**0.5)


def plane_of(seed: int, layer: int, size: tuple[int, int]) -> Tensor:
    return Planes.of_seeds(torch.tensor([seed])).at(layer, size)[0, 0]


@given(seeds, st.integers(0, 40), st.integers(1, 40), st.integers(1, 40))
def test_a_plane_is_the_hash_of_seed_layer_and_place(seed: int, layer: int, height: int, width: int) -> None:
    plane = plane_of(seed, layer, (height, width))
    assert plane[-1, -1].item() == pytest.approx(by_the_book(seed, layer, height - 1, width - 1), abs=1e-6)
    larger = plane_of(seed, layer, (height + 3, width + 5))
    assert torch.equal(larger[:height, :width], plane)  # the size of the picture does not matter


def test_values_that_will_never_change() -> None:
    found = torch.stack([plane_of(0, 0, (2, 2)), plane_of(2**32 - 1, 17, (2, 2)), plane_of(7, 3, (301, 257))[-2:, -2:]])
    sums = (found * 43690**0.5).round().int() + 1020
    assert sums.flatten().tolist() == [1186, 946, 1350, 1373, 860, 989, 783, 1191, 1155, 947, 1092, 1153]


def test_planes_are_white_and_do_not_know_each_other() -> None:
    several = torch.cat([plane_of(seed, layer, (256, 256))[None] for seed in (0, 1, 2**31) for layer in (0, 1, 9)])
    assert several.mean((1, 2)).abs().max() < 0.02 and (several.std((1, 2)) - 1).abs().max() < 0.02
    fourth = (several**4).mean()
    assert 2.8 < fourth < 2.9  # of the sum of eight bytes; a normal distribution has 3
    flat = several.flatten(1) / 256
    assert (flat @ flat.T - torch.eye(9)).abs().max() < 0.02
    power = torch.fft.fft2(several).abs().square() / 256**2
    # Of white noise the power is exponentially distributed: the largest of 9 * 2^16 / 2 values is near ln of that.
    assert power.flatten(1)[:, 1:].max() < 22


@given(
    st.integers(0, 2**31),
    st.integers(1, 3),
    st.tuples(st.integers(1, 9), st.integers(1, 7)),
    st.sampled_from([0, 1, 2, 4, 8, 1.5]),
    st.integers(1, 4),
)
def test_the_kernel_computes_the_same(
    random: int, batch: int, size: tuple[int, int], step: float, members: int
) -> None:
    """step: of the map of mixes; 0 for one a picture."""
    generator = torch.Generator().manual_seed(random)
    rows = torch.randint(3, (batch, *(max(1, int(side * step)) for side in size)), generator=generator)
    drawn = torch.randint(2**32, (3, members), generator=generator)
    weights = torch.rand(3, members, generator=generator) * torch.randint(2, (3, members), generator=generator)
    several, alone = Planes(rows, drawn, weights), Planes(rows, drawn[:, :1], torch.ones(3, 1))
    assert available()
    torch.testing.assert_close(several.at(5, size), several.plain_at(5, size), atol=1e-6, rtol=0)
    assert torch.equal(alone.at(5, size), alone.plain_at(5, size))  # of one seed to the bit


@given(seeds, seeds, seeds, st.floats(0, 1), st.floats(0, 1))
def test_a_blend_keeps_the_variance(one: int, two: int, three: int, t: float, u: float) -> None:
    mix = blend_mixes(blend_mixes({one: 1.0}, {two: 1.0}, t), {three: 1.0}, u)
    assert sum(weight**2 for weight in mix.values()) == pytest.approx(1, abs=1e-6)
    assert min(mix.values()) > 0


def test_a_blend_of_two_seeds_is_cosine_and_sine() -> None:
    third = blend_mixes({1: 1.0}, {2: 1.0}, 1 / 3)
    assert third == pytest.approx({1: 3**0.5 / 2, 2: 0.5})
    assert blend_mixes({1: 1.0}, {2: 1.0}, 0) == {1: 1.0} and blend_mixes({1: 1.0}, {2: 1.0}, 1) == {2: 1.0}
    assert blend_mixes({1: 1.0}, {1: 1.0}, 0.5) == {1: 1.0}


def test_mixes_of_a_specification() -> None:
    spec = NoiseSpec.parse(
        {
            "seed": 5,
            "blend": {"seed": 6, "t": 1},
            "regions": [
                {"id": 1, "seed": 7},
                {"id": 2, "seed": 7, "blend": {"t": 0.5}},
                {"id": 3, "seed": 7, "channels": [0, 1]},
                {"id": 4, "seed": 7, "blend": {"seed": 8, "t": 0.5, "channels": [3]}},
            ],
        }
    )
    found, weights = spec.mixes()
    assert found.dtype == np.int64 and weights.dtype == np.float32 and found.shape == weights.shape == (5, 2)
    half = pytest.approx(0.5**0.5)
    mixes = [{int(s): float(w) for s, w in zip(*row, strict=True) if w} for row in zip(found, weights, strict=True)]
    assert mixes == [{6: 1}, {7: 1}, {7: half, 6: half}, {6: 1}, {7: 1}]


def test_a_region_has_planes_of_its_own_and_leaves_the_others_alone() -> None:
    rows = torch.zeros(1, 16, 24, dtype=torch.int64)
    rows[0, 4:9, 5:11] = 1

    def at(*drawn: int) -> Tensor:
        return Planes(rows, torch.tensor(drawn)[:, None], torch.ones(2, 1)).at(2, (8, 12))[0, 0]

    before, after = at(3, 4), at(3, 5)
    inside = rows[0, ::2, ::2] == 1
    assert torch.equal(before[~inside], after[~inside]) and (before != after)[inside].all()
    assert torch.equal(before[inside], plane_of(4, 2, (8, 12))[inside])


def test_planes_that_are_held_stay_in_their_memory() -> None:
    """What a captured graph reads is where the next picture's planes are written."""
    network = fill(Generator(PLANES))
    labels, z = scene(16, 24), torch.linspace(-1, 1, 64)[None, :, None, None].expand(-1, -1, 16, 24)
    one, other = (Planes.of_seeds(torch.tensor([seed])) for seed in (1, 2))
    held = HeldPlanes(one, torch.device("cpu"))

    def paint(planes: PlaneSource) -> Tensor:
        condition = network.condition(labels, z)
        assert isinstance(condition, DenseCondition)
        return network.paint(replace(condition, planes=planes), (16, 24))

    assert torch.equal(paint(held), paint(one))
    kept = held.at(0, (4, 6))
    held.take(other)
    assert held.at(0, (4, 6)) is kept and torch.equal(kept, other.at(0, (4, 6)))
    assert torch.equal(paint(held), paint(other)) and not torch.equal(paint(one), paint(other))


def test_a_generator_with_planes_paints_by_seed() -> None:
    network = fill(Generator(PLANES))
    labels, z = scene(16, 24).expand(3, -1, -1), torch.linspace(-1, 1, 64).expand(3, -1)
    one, same, other = network(labels, z, torch.tensor([1, 1, 2**32 - 1]))
    assert torch.equal(one, same) and not torch.allclose(one, other, atol=1e-3)
    with pytest.raises(ValueError, match="noise planes: give their seeds"):
        network(labels, z)


def test_strength_zero_is_the_published_function() -> None:
    """A generator whose strengths are zero paints what one without planes paints; and that one did not change."""
    plain, network = fill(Generator(SMALL)), Generator(PLANES)
    strengths = {key: torch.zeros_like(value) for key, value in network.state_dict().items() if "strength" in key}
    assert len(strengths) == 3 * 2 + 2  # a shortcut where the width changes
    network.load_state_dict(plain.state_dict() | strengths)
    labels, z = scene(16, 24), torch.linspace(-1, 1, 64)[None]
    assert torch.equal(network.eval()(labels, z, torch.tensor([9])), plain(labels, z))


def test_one_class_without_borders_is_not_one_color() -> None:
    """What planes are for: with padding that has no border, a plain region still has texture."""
    labels, z = torch.ones(1, 32, 32, dtype=torch.int64), torch.linspace(-1, 1, 64)[None]
    spread = []
    for network in (fill(Generator(SMALL)), fill(Generator(PLANES))):
        for module in network.modules():
            if isinstance(module, torch.nn.Conv2d) and module.kernel_size == (3, 3):
                module.padding_mode, module._reversed_padding_repeated_twice = "circular", [1, 1, 1, 1]
        picture = network(labels, z[:, :, None, None].expand(-1, -1, 32, 32), torch.tensor([1]))
        spread.append(picture.std(dim=(2, 3)).max().item())
    assert spread[0] < 1e-5 < 0.01 < spread[1]
