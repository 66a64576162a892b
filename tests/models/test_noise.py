"""Noise by seed and the noise specification (docs/noise.md)."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.noise import NOISE_DIM, SEED_LIMIT, NoiseError, NoiseSpec, slerp, vector

seeds = st.integers(0, SEED_LIMIT - 1)


def test_vector_is_the_same_forever() -> None:
    np.testing.assert_array_equal(
        vector(0)[:4], np.array([1.7640524, 0.4001572, 0.978738, 2.2408931], np.float32), strict=True
    )
    assert vector(SEED_LIMIT - 1).shape == (NOISE_DIM,)


@pytest.mark.parametrize("seed", [-1, SEED_LIMIT])
def test_vector_refuses_seeds_out_of_range(seed: int) -> None:
    with pytest.raises(NoiseError, match=f"{seed}.*0 to {SEED_LIMIT - 1}"):
        vector(seed)


@given(seeds, seeds, st.floats(0, 1))
def test_slerp_meets_both_ends_and_keeps_the_length(a: int, b: int, t: float) -> None:
    start, end = vector(a), vector(b)
    np.testing.assert_allclose(slerp(start, end, 0.0), start, atol=1e-5)
    np.testing.assert_allclose(slerp(start, end, 1.0), end, atol=1e-5)
    expected = (1 - t) * np.linalg.norm(start) + t * np.linalg.norm(end)
    assert np.linalg.norm(slerp(start, end, t)) == pytest.approx(expected, rel=1e-4)


@given(seeds, seeds, st.lists(st.integers(0, NOISE_DIM - 1), min_size=1, unique=True))
def test_channels_take_only_what_they_name(seed: int, own: int, channels: list[int]) -> None:
    spec = NoiseSpec.parse({"seed": seed, "regions": [{"id": 7, "seed": own, "channels": channels}]})
    base, region = spec.vectors()
    others = [c for c in range(NOISE_DIM) if c not in channels]
    np.testing.assert_array_equal(base, vector(seed))
    np.testing.assert_array_equal(region[channels], vector(own)[channels])
    np.testing.assert_array_equal(region[others], base[others])


def test_blend_moves_a_region_towards_another_seed() -> None:
    spec = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2, "blend": {"seed": 3, "t": 0.25}}]})
    np.testing.assert_array_equal(spec.vectors()[1], slerp(vector(2), vector(3), 0.25))


steps = st.lists(
    st.fixed_dictionaries(
        {"seed": seeds, "t": st.floats(0, 1)},
        optional={"channels": st.lists(st.integers(0, NOISE_DIM - 1), min_size=1, unique=True)},
    ),
    max_size=4,
)


@given(seeds, steps, seeds, steps)
def test_blends_apply_one_after_the_other(seed: int, outer: list[Any], own: int, inner: list[Any]) -> None:
    spec = {"seed": seed, "blend": outer, "regions": [{"id": 1, "seed": own, "blend": inner}]}
    moved = []
    for start, blends in ((seed, outer), (own, inner)):
        expected = vector(start).copy()
        for blend in blends:
            channels = blend.get("channels", list(range(NOISE_DIM)))
            expected[channels] = slerp(expected, vector(blend["seed"]), blend["t"])[channels]
        moved.append(expected)
    np.testing.assert_array_equal(NoiseSpec.parse(spec).vectors(), np.stack(moved), strict=True)


@given(seeds, steps, seeds, steps, st.floats(0, 1))
def test_a_blend_without_a_seed_moves_to_the_global_vector(
    seed: int, outer: list[Any], own: int, inner: list[Any], t: float
) -> None:
    def region(*more: dict[str, Any]) -> np.ndarray:
        regions = [{"id": 1, "seed": own, "blend": [*inner, *more]}]
        vectors: np.ndarray = NoiseSpec.parse({"seed": seed, "blend": outer, "regions": regions}).vectors()[1]
        return vectors

    base = NoiseSpec.parse({"seed": seed, "blend": outer}).vectors()[0]
    np.testing.assert_array_equal(region({"t": t}), slerp(region(), base, t))
    # One rounding to float32 on the way from start to end, which both are float32.
    np.testing.assert_allclose(region({"t": 1}), base, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(region({"t": 0}), region(), rtol=1e-6, atol=1e-9)


@given(seeds, seeds, st.floats(0, 1), st.sampled_from([None, [1, 63]]))
def test_one_blend_is_a_list_of_one(seed: int, other: int, t: float, channels: list[int] | None) -> None:
    blend = {"seed": other, "t": t}
    region = {"id": 1, "seed": seed, "channels": channels}
    one = NoiseSpec.parse({"seed": 5, "blend": blend, "regions": [region | {"blend": blend}]})
    assert one == NoiseSpec.parse({"seed": 5, "blend": [blend], "regions": [region | {"blend": [blend]}]})
    np.testing.assert_array_equal(one.vectors()[0], slerp(vector(5), vector(other), t))


def test_vectors_are_shared_and_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        vector(7)[0] = 0
    NoiseSpec.parse({"seed": 7}).vectors()[0, 0] = 0


def test_rows_say_which_vector_holds_where() -> None:
    spec = NoiseSpec.parse({"seed": 1, "regions": [{"id": 9, "seed": 2}, {"id": 4, "seed": 3}]})
    rows = spec.rows(np.array([[0, 9], [4, 0]], np.uint8), (2, 2))
    assert rows.tolist() == [[0, 1], [2, 0]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "JSON object"),
        ({"sed": 1}, "unknown field 'sed'"),
        ({"seed": True}, "noise.seed is True"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": SEED_LIMIT}, "0 to"),
        ({"seed": float("nan")}, "nan"),
        ({"regions": {}}, "list"),
        ({"regions": [{"id": 1, "seed": 1}] * 256}, "at most 255"),
        ({"regions": [{"id": 0, "seed": 1}]}, r"regions\[0\].id is 0"),
        ({"regions": [{"id": 1}]}, r"regions\[0\].seed is None"),
        ({"regions": [{"id": 1, "seed": 1}, {"id": 1, "seed": 2}]}, "id 1 twice"),
        ({"regions": [{"id": 1, "seed": 1, "blend": {"seed": 1, "t": float("nan")}}]}, "t is nan"),
        ({"regions": [{"id": 1, "seed": 1, "blend": {"seed": 1, "t": 1.01}}]}, "from 0 to 1"),
        ({"blend": {"t": 0.5}}, r"noise.blend\[0\] has no seed"),
        ({"blend": [{"seed": 1, "t": 1}] * 65}, "list of 65: expected at most 64"),
        ({"blend": 1}, "noise.blend must be a JSON object"),
        ({"regions": [{"id": 1, "seed": 1, "blend": [{"t": 0}, {}]}]}, r"blend\[1\].t is None"),
        ({"regions": [{"id": 1, "seed": 1, "blend": [{"t": 0, "channels": [-1]}]}]}, r"channels\[0\] is -1"),
        ({"regions": [{"id": 1, "seed": 1, "channels": []}]}, "channel numbers"),
        ({"regions": [{"id": 1, "seed": 1, "channels": [64]}]}, "0 to 63"),
    ],
)
def test_bad_specifications_say_what_is_wrong(data: object, message: str) -> None:
    with pytest.raises(NoiseError, match=message):
        NoiseSpec.parse(data)


OUTSIDE: dict[str, Any] = {
    "beyond floats": 10**400,
    "below floats": -(10**400),
    "beyond what Python prints": 10**5000,
    "a large float": 1e308,
    "infinity": float("inf"),
    "NaN": float("nan"),
    "a flag": True,
    "a long text": "9" * 5000,
    "a list": [10**5000],
}


@pytest.mark.parametrize("number", OUTSIDE)
@pytest.mark.parametrize("place", ["seed", "t", "blend seed", "channel", "id", "region seed", "unknown"])
def test_numbers_of_any_size_are_refused_in_a_short_message(number: str, place: str) -> None:
    value = OUTSIDE[number]
    blend = {"seed": 1, "t": 0.5, "channels": [0]}
    region = {"id": 1, "seed": 1}
    spec: dict[str, Any] = {
        "seed": {"seed": value},
        "t": {"blend": blend | {"t": value}},
        "blend seed": {"blend": blend | {"seed": value}},
        "channel": {"blend": blend | {"channels": [value]}},
        "id": {"regions": [region | {"id": value}]},
        "region seed": {"regions": [region | {"seed": value}]},
        "unknown": {"x" * 5000: value},
    }[place]
    with pytest.raises(NoiseError, match=r"^noise") as refused:
        NoiseSpec.parse(spec)
    assert len(str(refused.value)) < 300


def test_region_maps_must_fit() -> None:
    spec = NoiseSpec.parse({"regions": [{"id": 1, "seed": 1}]})
    with pytest.raises(NoiseError, match="no region map"):
        spec.rows(None, (2, 2))
    with pytest.raises(NoiseError, match="3x2 but the label map is 2x2"):
        spec.rows(np.zeros((2, 3), np.uint8), (2, 2))
    with pytest.raises(NoiseError, match="Region id 5"):
        spec.rows(np.array([[1, 5]], np.uint8), (1, 2))


@given(seeds, st.integers(1, 300))
def test_vectors_of_another_length_begin_alike(seed: int, dim: int) -> None:
    longer = vector(seed, 300)
    np.testing.assert_array_equal(vector(seed, dim), longer[:dim])
    np.testing.assert_array_equal(NoiseSpec(seed).vectors(dim)[0], longer[:dim])


def test_without_noise_nothing_of_the_specification_matters() -> None:
    spec = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2, "blend": {"seed": 3, "t": 0.5}}]})
    assert spec.vectors(0).shape == (2, 0)


def test_channels_that_a_model_does_not_have_are_refused() -> None:
    spec = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2, "channels": [3, 32]}]})
    assert spec.vectors(33).shape == (2, 33)
    blended = NoiseSpec.parse({"seed": 1, "blend": {"seed": 2, "t": 0.5, "channels": [3, 32]}})
    for each in (spec, blended):
        with pytest.raises(NoiseError, match="no channel 32, only 32 from 0"):
            each.vectors(32)


def test_the_example_of_the_guide_is_a_specification() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "noise.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    spec = NoiseSpec.parse(json.loads(example))
    assert [region.id for region in spec.regions] == [1, 2, 3] and len(spec.blend) == 1
