"""FID, KID, precision and recall of features, where the answer is known."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics.distribution import MetricError, fid, kid, precision_recall


def features(count: int, width: int = 8, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def test_fid_of_known_gaussians() -> None:
    real = features(50)
    shift = torch.arange(8.0)
    assert fid(real, real) == pytest.approx(0, abs=1e-6)
    assert fid(real, real + shift) == pytest.approx(shift.square().sum().item(), rel=1e-5)
    # Twice as wide: tr(S + 4 S - 2 * 2 S) = tr(S), and the mean doubles.
    assert fid(real, 2 * real) == pytest.approx((real.var(0).sum() + real.mean(0).square().sum()).item(), rel=1e-5)


def test_fid_with_fewer_pictures_than_features() -> None:
    """The covariances are singular; by the nuclear norm of the centered features' product there is no root to take."""
    real, fake = features(20, 64), features(30, 64, seed=1) * 1.5 + 0.5
    a, b = ((x - x.mean(0)).double() / (len(x) - 1) ** 0.5 for x in (real, fake))
    common = torch.linalg.matrix_norm(a @ b.T, "nuc")
    means = (real.double().mean(0) - fake.double().mean(0)).square().sum()
    expected = means + a.square().sum() + b.square().sum() - 2 * common
    assert fid(real, fake) == pytest.approx(expected.item(), rel=1e-4)


def test_kid_is_the_unbiased_estimate() -> None:
    """Subsets of everything: the sums of the definition."""
    real, fake = features(12).numpy().astype(np.float64), features(12, seed=1).numpy().astype(np.float64) + 0.5

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return (x @ y / 8 + 1) ** 3

    within = sum(kernel(s[i], s[j]) for s in (real, fake) for i in range(12) for j in range(12) if i != j)
    across = sum(kernel(x, y) for x in real for y in fake)
    mean, std = kid(torch.from_numpy(real), torch.from_numpy(fake), subsets=3, subset_size=12)
    assert mean == pytest.approx(within / (12 * 11) - 2 * across / 144)
    assert std == pytest.approx(0, abs=1e-12)


def test_kid_is_reproducible_and_leaves_the_random_stream_alone() -> None:
    real, fake = features(40), features(40, seed=1)
    state = torch.get_rng_state()
    first = kid(real, fake, subsets=5, subset_size=10)
    assert torch.equal(torch.get_rng_state(), state)
    assert kid(real, fake, subsets=5, subset_size=10) == first != kid(real, fake, subsets=5, subset_size=10, seed=1)


def test_a_missing_mode_costs_recall_and_an_odd_one_precision() -> None:
    modes = [features(20, seed=i) + 100 * i for i in range(3)]
    assert precision_recall(torch.cat(modes), torch.cat(modes)) == (1, 1)
    missing = precision_recall(torch.cat(modes[:2]), modes[0])
    assert missing.inception_precision == 1 and missing.inception_recall == 0.5
    odd = precision_recall(modes[0], torch.cat([modes[0], modes[2]]))
    assert odd.inception_precision == 0.5 and odd.inception_recall == 1


@settings(max_examples=25)
@given(st.integers(5, 12), st.integers(5, 12), st.integers(1, 4), st.integers(0, 9))
def test_precision_and_recall_by_their_definition(n: int, m: int, k: int, seed: int) -> None:
    real, fake = features(n, 2, seed).numpy(), features(m, 2, seed + 100).numpy()

    def share(points: np.ndarray, centers: np.ndarray) -> float:
        radii = [sorted(np.linalg.norm(centers - c, axis=1))[k] for c in centers]
        return float(np.mean([(np.linalg.norm(centers - p, axis=1) <= radii).any() for p in points]))

    expected = share(fake, real), share(real, fake)
    assert precision_recall(torch.from_numpy(real), torch.from_numpy(fake), k) == pytest.approx(expected)


def test_refusals() -> None:
    with pytest.raises(MetricError, match="1 real and 5 fake pictures are too few: this metric needs 2"):
        fid(features(1), features(5))
    with pytest.raises(MetricError, match="needs 1000 of each"):
        kid(features(10), features(10))
    with pytest.raises(MetricError, match="needs 4 of each"):
        precision_recall(features(3), features(9))
    with pytest.raises(MetricError, match=r"\[N, D\] and \[M, D\], not \(9, 8\) and \(9, 7\)"):
        fid(features(9), features(9, 7))
