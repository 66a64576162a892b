"""A SPADE layer as one operation computes what the plain layer computes, forward and back."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from models.kernels.library import lanes
from models.kernels.training import usable
from models.networks import patterns
from models.networks.blocks import GeneratorConfig, Spade
from models.networks.conditioning import RegionCondition
from models.networks.fused_spade import serves
from models.networks.patterns import convolve_patterns
from models.planes import Planes
from tests.models.samples import CLASSES, random_labels

CONFIG = GeneratorConfig(CLASSES, (12, 10), hidden=7, noise_planes=True)


@pytest.fixture(autouse=True)
def _three_threads() -> Iterator[None]:
    """Each adds up a part of the pixels."""
    count = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(count)


class Case:
    """A layer, what it normalizes and what it is conditioned on."""

    def __init__(self, seed: int, size: tuple[int, int], widths: int = 1, planes: bool = True) -> None:
        torch.manual_seed(seed)
        channels = widths * lanes()
        self.layer = Spade(channels, replace(CONFIG, noise_planes=planes), layer=4)
        for parameter in self.layer.parameters():
            nn.init.normal_(parameter, std=0.3)
        labels = random_labels(seed, 3, *size, grain=3)
        features = torch.randn(CLASSES, CONFIG.condition_channels)
        self.condition = RegionCondition(labels, features, planes=Planes.of_seeds(torch.tensor([1, 2, 3])))
        # Means far from zero, as an unlucky channel has them.
        self.x = torch.randn(3, channels, *size) * 0.3 + torch.linspace(-30, 30, channels)[:, None, None]

    def run(self, fused: bool, slope: float, border: bool, dtype: torch.dtype) -> dict[str, Tensor]:
        """Output, gradients and running statistics; as one operation, or in double precision as the plain layer."""
        layer, x, condition = copy.deepcopy(self.layer), self.x.to(dtype), self.condition
        if not fused:
            layer, x = layer.double(), x.double()
            condition = replace(condition, features=condition.features.double())
        x = x.detach().requires_grad_()
        assert serves(x, layer.batch_norm) == fused
        y = layer(x, condition, slope, border)
        weights = torch.randn(y.shape, generator=torch.Generator().manual_seed(1)).bfloat16().to(y)
        (y * weights).sum().backward()
        found = {f"gradient of {name}": p.grad for name, p in layer.named_parameters() if p.grad is not None}
        buffers = dict(layer.named_buffers())
        assert x.grad is not None
        return {"output": y.detach(), "gradient of x": x.grad, **found, **buffers}


def assert_equal(found: dict[str, Tensor], expected: dict[str, Tensor], tolerance: float) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        scale = max(float(value.double().abs().max()), 1.0)
        message = f"{name}: {{}}".format
        torch.testing.assert_close(found[name].double(), value.double(), atol=tolerance * scale, rtol=0, msg=message)


cases = st.builds(
    Case,
    st.integers(0, 2**31),
    st.tuples(st.integers(1, 9), st.integers(2, 9)),
    widths=st.integers(1, 3),
    planes=st.booleans(),
)


@given(cases, st.sampled_from([1.0, 0.2]), st.booleans())
@settings(max_examples=60)
def test_one_operation_is_the_plain_layer(case: Case, slope: float, border: bool) -> None:
    found, expected = (case.run(fused, slope, border, torch.float32) for fused in (True, False))
    assert_equal(found, expected, 3e-4)


def test_in_bf16_it_rounds_to_the_nearest() -> None:
    case = Case(5, (12, 20), widths=2)
    case.x = torch.randn(case.x.shape)
    expected = case.run(False, 0.2, True, torch.bfloat16)
    found = case.run(True, 0.2, True, torch.bfloat16)
    for name in ("output", "gradient of x"):
        assert found[name].dtype == torch.bfloat16
        error = (found[name].double() - expected[name].double()).abs()
        assert (error <= expected[name].double().abs() / 256 + 1e-3).all()  # half of the last digit is 1 / 512
        del found[name], expected[name]
    assert_equal(found, expected, 3e-4)
    with torch.autocast("cpu", torch.bfloat16):
        assert case.run(True, 1.0, False, torch.float32)["output"].dtype == torch.bfloat16


def test_statistics_of_several_batches_without_a_momentum_are_their_average() -> None:
    """As they are estimated for averaged weights."""
    case = Case(4, (6, 5))
    norms = []
    for dtype in (torch.float32, torch.float64):
        layer, condition = copy.deepcopy(case.layer).to(dtype), case.condition
        condition = replace(condition, features=condition.features.to(dtype))
        layer.batch_norm.reset_running_stats()
        layer.batch_norm.momentum = None
        for factor in (1, 2, 5):
            layer(factor * case.x.to(dtype), condition)
        norms.append(dict(layer.batch_norm.named_buffers()))
    assert_equal(norms[0], norms[1], 1e-5)


def test_what_is_not_finite_stays_so() -> None:
    """Training ends then, before it can spoil the weights."""
    case = Case(2, (4, 4))
    case.x[1, 3, 2, 2] = torch.nan
    for dtype in (torch.float32, torch.bfloat16):
        assert case.run(True, 0.2, False, dtype)["output"][:, 3].isnan().all()


def test_the_same_computation_gives_the_same_bits() -> None:
    case = Case(3, (9, 7))
    runs = [case.run(True, 0.2, True, torch.float32) for _ in range(3)]
    assert all(torch.equal(runs[0][name], other[name]) for other in runs for name in other)


@pytest.mark.parametrize(
    ("x", "norm"),
    [
        (torch.zeros(1, 16, 4, 4, dtype=torch.float64), nn.BatchNorm2d(16)),
        (torch.zeros(1, 17, 4, 4), nn.BatchNorm2d(17)),
        (torch.zeros(1, 16, 4, 4), nn.SyncBatchNorm(16)),
        (torch.zeros(1, 16, 4, 4), nn.BatchNorm2d(16).eval()),
        (torch.zeros(1, 16, 1, 1), nn.BatchNorm2d(16)),
    ],
    ids=["double precision", "no whole registers", "several processes", "statistics fixed", "one pixel"],
)
def test_others_are_left_to_the_plain_layer(x: Tensor, norm: nn.Module) -> None:
    assert not serves(x, norm)


@given(st.integers(0, 2**31), st.integers(1, 3), st.integers(1, 200))
@settings(max_examples=40)
def test_gradients_of_sums_over_patterns(seed: int, widths: int, patterns: int) -> None:
    random = torch.Generator().manual_seed(seed)
    rows = torch.randint(6, (patterns, 9), generator=random)  # the fifth id is the outside
    values, weight = torch.randn(5, 4, generator=random), torch.randn(widths * lanes(), 4, 3, 3, generator=random)
    gradients = []
    for dtype in (torch.float32, torch.float64):
        inputs = [t.to(dtype).requires_grad_() for t in (values, weight)]
        sums = convolve_patterns(inputs[0], inputs[1], None, rows)
        assert usable(sums, sums.shape[1]) == (dtype == torch.float32)
        gradients.append(
            torch.autograd.grad((sums * torch.arange(sums.numel()).view_as(sums) / sums.numel()).sum(), inputs)
        )
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found.double(), expected, atol=1e-5 * float(expected.abs().max()), rtol=0)


def test_sums_elsewhere_have_the_gradient_of_a_convolution(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(table: Any) -> Tensor:
        bags = torch.tensor([[0, 4, 11], [0, 1, 4]]).repeat(1, 3)
        return patterns.SumRows.apply(table, bags, bags)

    monkeypatch.setattr(patterns, "usable", lambda *_: False)
    assert torch.autograd.gradcheck(check, torch.randn(12, 5, dtype=torch.float64, requires_grad=True))
