"""Interpolation between two key frames: label maps by shape, noise vectors along the sphere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.noise import NoiseSpec, slerp
from tests.page.node import run

MORPH = """
  const { morph } = await load('maps/morph');
  const [from, to] = argument.maps.map(map => Uint8Array.from(map.flat()));
  const at = await morph(from, to, argument.maps[0][0].length);
  return argument.shares.map(share => [...at(share)]);
"""
MOVE = """
  const { interpolate } = await load('panels/timeline/tween');
  return argument.ts.map(t => interpolate(argument.from, argument.to, t));
"""
TWEEN = """
  const { tween } = await load('panels/timeline/tween');
  const [from, to] = argument.ends.map(({ width, labels, regions, noise }) =>
    ({ width, labels: Uint8Array.from(labels), regions: Uint8Array.from(regions), noise }));
  const at = await tween(from, to);
  return argument.ts.map(at).map(frame => ({
    labels: [...frame.labels], regions: [...frame.regions], noise: frame.noise,
  }));
"""
SHARES = [0, 0.25, 0.5, 0.75, 1]


def between(start: np.ndarray, end: np.ndarray, shares: list[float]) -> np.ndarray:
    """[len(shares), H, W]: the maps on the way."""
    found = run(MORPH, {"maps": [start.tolist(), end.tolist()], "shares": shares})
    return np.array(found, np.uint8).reshape(-1, *start.shape)


def vectors(draws: list[dict[str, Any]]) -> list[np.ndarray]:
    return [NoiseSpec.parse(draw).vectors()[0] for draw in draws]


def test_a_morph_is_exact_at_its_ends_and_invents_no_class() -> None:
    random = np.random.default_rng(0)
    start, end = (random.choice([1, 4, 9, 200], (6, 8)).repeat(8, 0).repeat(8, 1).astype(np.uint8) for _ in range(2))
    way = between(start, end, SHARES)
    assert np.array_equal(way[0], start) and np.array_equal(way[-1], end)
    assert set(np.unique(way)) <= {1, 4, 9, 200}
    assert (way[:, start == end] == start[start == end]).all(), "what is the same in both stays"
    assert np.array_equal(way, between(start, end, SHARES))
    assert not np.array_equal(way[1], way[2]) and not np.array_equal(way[2], way[3])


def test_an_edge_moves_steadily() -> None:
    column = np.arange(64)
    start, end = (np.tile(np.where(column < edge, 3, 5), (32, 1)).astype(np.uint8) for edge in (16, 48))
    way = between(start, end, SHARES)
    assert (way == way[:, :1]).all(), "a straight edge stays straight"
    assert (way[:, 0] == 3).sum(1) == pytest.approx([16, 24, 32, 40, 48], abs=1)


def test_a_class_missing_in_one_map_grows_from_its_middle() -> None:
    rows, columns = np.mgrid[:64, :64] - 31.5
    start = np.full((64, 64), 2, np.uint8)
    end = np.where(rows**2 + columns**2 < 24**2, 7, 2).astype(np.uint8)
    discs = between(start, end, [0.25, 0.5, 0.75]) == 7
    assert np.sqrt(discs.sum((1, 2)) / np.pi) == pytest.approx([6, 12, 18], abs=2)
    assert np.array_equal(between(end, start, [0.25])[0] == 7, discs[2])
    whole = between(start, np.full((64, 64), 9, np.uint8), [0.3, 0.7])
    assert set(np.unique(whole)) <= {2, 9}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ({"seed": 1}, {"seed": 2}),
        ({"seed": 1, "blend": [{"seed": 5, "t": 0.4}]}, {"seed": 2}),
        ({"seed": 1}, {"seed": 2, "blend": [{"seed": 5, "t": 0.4}, {"seed": 6, "t": 0.2}]}),
        ({"seed": 3}, {"seed": 3, "blend": [{"seed": 5, "t": 0.4}]}),
    ],
)
def test_noise_takes_the_shortest_path_from_or_to_a_plain_seed(start: dict[str, Any], end: dict[str, Any]) -> None:
    draws = run(MOVE, {"from": start, "to": end, "ts": SHARES})
    first, last = vectors([start, end])
    for t, found in zip(SHARES, vectors(draws), strict=True):
        np.testing.assert_allclose(found, slerp(first, last, t), atol=1e-5)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ({"seed": 1, "blend": [{"seed": 5, "t": 0.4}]}, {"seed": 2, "blend": [{"seed": 6, "t": 0.7}]}),
        ({"seed": 1, "blend": [{"seed": 5, "t": 0.4}]}, {"seed": 1, "blend": [{"seed": 6, "t": 0.7, "channels": [3]}]}),
        (
            {"seed": 1, "blend": [{"seed": 5, "t": 0.4}, {"seed": 9, "t": 0.1}]},
            {"seed": 2, "blend": [{"seed": 9, "t": 0.1}]},
        ),
    ],
)
def test_between_any_two_vectors_the_ends_are_exact_and_the_path_is_continuous(
    start: dict[str, Any], end: dict[str, Any]
) -> None:
    shares = np.linspace(0, 1, 41).tolist()
    way = vectors(run(MOVE, {"from": start, "to": end, "ts": shares}))
    first, last = vectors([start, end])
    np.testing.assert_allclose(way[0], first, atol=1e-5)
    np.testing.assert_allclose(way[-1], last, atol=1e-5)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    assert steps.max() < 0.15 * np.linalg.norm(last - first)


def test_the_noise_of_every_pixel_is_interpolated() -> None:
    def content(regions: list[int], ids: list[int]) -> dict[str, Any]:
        drawn = [{"id": id, "seed": 100 * len(ids) + id} for id in ids]
        return {"width": 4, "labels": [1, 1, 2, 2], "regions": regions, "noise": {"seed": len(ids), "regions": drawn}}

    def by_pixel(frame: dict[str, Any]) -> np.ndarray:
        noise = {"seed": frame["noise"]["seed"], "blend": frame["noise"].get("blend"), "regions": []}
        regions = [{k: r[k] for k in ("id", "seed", "blend") if k in r} for r in frame["noise"]["regions"]]
        spec = NoiseSpec.parse({**noise, "regions": regions})
        return spec.vectors()[spec.rows(np.array([frame["regions"]], np.uint8), (1, 4))[0]]

    start, end = content([0, 1, 1, 0], [1]), content([0, 0, 2, 3], [2, 3])
    frames = run(TWEEN, {"ends": [start, end], "ts": SHARES})
    first, last = by_pixel(start), by_pixel(end)
    assert frames[0] == {k: start[k] for k in ("labels", "regions", "noise")}
    assert frames[-1] == {k: end[k] for k in ("labels", "regions", "noise")}
    for t, frame in zip(SHARES[1:-1], frames[1:-1], strict=True):
        found = by_pixel(frame)
        for pixel in (0, 2):  # from a seed to a seed; the others go to and from a global vector that moves itself
            np.testing.assert_allclose(found[pixel], slerp(first[pixel], last[pixel], t), atol=1e-5)
    near_end = by_pixel(run(TWEEN, {"ends": [start, end], "ts": [0.999]})[0])
    np.testing.assert_allclose(near_end, last, atol=0.05)
