"""Areas of label maps as the page computes them, against plain numpy: fills, shapes, holes, smoothing, specks."""

from __future__ import annotations

import numpy as np
import pytest

from tests.e2e.studio import Studio


def run(studio: Studio, script: str, **values: object) -> np.ndarray:
    """What a script makes of `values` as a flat list; arrays travel as lists."""
    plain = {name: value.ravel().tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
    return np.array(studio.run(f"const {{ {', '.join(plain)} }} = argument; {script}", plain))


def component(labels: np.ndarray, start: tuple[int, int]) -> np.ndarray:
    """The 4-connected area around a pixel, grown until it grows no more."""
    same = labels == labels[start]
    area = np.zeros_like(same)
    area[start] = True
    while True:
        grown = area.copy()
        grown[1:] |= area[:-1]
        grown[:-1] |= area[1:]
        grown[:, 1:] |= area[:, :-1]
        grown[:, :-1] |= area[:, 1:]
        grown &= same
        if (grown == area).all():
            return area
        area = grown


def blobs(seed: int, shape: tuple[int, int] = (40, 56), ids: int = 4) -> np.ndarray:
    """Random areas of all sizes, down to single pixels."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(0, ids, (shape[0] // 8, shape[1] // 8)).repeat(8, axis=0).repeat(8, axis=1)
    return np.where(draw.random(shape) < 0.12, draw.integers(0, ids, shape), coarse).astype(np.uint8)


FILL = "return [...(await load('maps/fill')).fillArea(Uint8Array.from(labels), width, start, gap)];"


def test_a_fill_without_tolerance_is_the_connected_area(studio: Studio) -> None:
    for seed, start in [(0, (0, 0)), (1, (20, 30)), (2, (39, 55)), (3, (5, 50))]:
        labels = blobs(seed)
        filled = run(studio, FILL, labels=labels, width=56, start=start[0] * 56 + start[1], gap=0)
        assert np.array_equal(filled.reshape(labels.shape) == 1, component(labels, start))


@pytest.mark.parametrize("gap", [1, 5, 16])
def test_a_fill_does_not_leak_through_gaps_and_reaches_every_corner(studio: Studio, gap: int) -> None:
    """A room with a door, and one with a door one pixel wider, through which it does leak."""
    for door, leaks in [(gap, False), (gap + 1, True)]:
        labels = np.zeros((64, 96), np.uint8)
        labels[10:50, 50] = labels[10:50, 8] = labels[10, 8:51] = labels[49, 8:51] = 1
        labels[20 : 20 + door, 50] = 0
        filled = run(studio, FILL, labels=labels, width=96, start=30 * 96 + 20, gap=gap).reshape(labels.shape) == 1
        assert not (filled & (labels == 1)).any()
        assert filled[11:49, 9:50].all(), "every corner of the room"
        assert filled[:, 52:].any() == leaks


def test_a_fill_reaches_nooks_and_narrow_places(studio: Studio) -> None:
    labels = np.zeros((40, 40), np.uint8)
    for y in range(20):
        labels[y, : 20 - y] = labels[y, 20 + y :] = 1  # a funnel down to a point at the top
    filled = run(studio, FILL, labels=labels, width=40, start=35 * 40 + 20, gap=4).reshape(labels.shape) == 1
    assert filled[12:, 20].all() and not filled[labels == 1].any()
    corridor = np.ones((40, 40), np.uint8)
    corridor[20, 5:35] = 0
    filled = run(studio, FILL, labels=corridor, width=40, start=20 * 40 + 10, gap=9).reshape(labels.shape) == 1
    assert np.array_equal(filled, corridor == 0), "narrower than the tolerance: filled all the same"


@pytest.mark.parametrize("square", [False, True])
def test_a_brush_covers_what_is_near_its_way(studio: Studio, square: bool) -> None:
    draw = np.random.default_rng(5)
    rows, columns = np.mgrid[:48, :48] + 0.5
    for size in [1, 2, 7, 12]:
        center = 0.5 if size % 2 else 0.0
        a, b = draw.integers(0, 48, (2, 2)) + center
        share = np.linspace(0, 1, 4001)[:, None, None]
        x, y = columns - (a[0] + share * (b[0] - a[0])), rows - (a[1] + share * (b[1] - a[1]))
        far = np.maximum(abs(x), abs(y)) if square else np.hypot(x, y)
        covered = run(
            studio,
            """const { sweep } = await load('maps/sweep');
            const map = new Uint8Array(48 * 48);
            const at = ([x, y]) => ({ x, y });
            sweep(at(a), at(b), size, square, (y, from, to) => {
              for (let x = from; x < to; x++) if (x >= 0 && x < 48 && y >= 0 && y < 48) map[48 * y + x] = 1;
            });
            return [...map];""",
            a=a, b=b, size=size, square=square,
        ).reshape(48, 48)  # fmt: skip
        least = far.min(axis=0)
        clear = abs(least - size / 2) > 1e-3  # the way is sampled, so pixels on the rim stay open
        assert np.array_equal((covered == 1)[clear], (least < size / 2)[clear])


def test_outlines_fill_what_they_go_around(studio: Studio) -> None:
    """By the winding number: where an outline crosses itself nothing is left out."""
    draw = np.random.default_rng(6)
    rows, columns = np.mgrid[:48, :48] + 0.5
    for _ in range(6):
        points = draw.uniform(-4, 52, (7, 2))
        turns = np.zeros((48, 48), int)
        for (ax, ay), (bx, by) in zip(points, np.roll(points, -1, axis=0), strict=True):
            crosses = (ay <= rows) != (by <= rows)
            left = ax + (rows - ay) * (bx - ax) / (by - ay) <= columns
            turns += np.where(crosses & left, 1 if by > ay else -1, 0)
        inside = run(
            studio,
            """const { polygon } = await load('maps/raster');
            const map = new Uint8Array(48 * 48);
            const corners = [];
            for (let i = 0; i < points.length; i += 2) corners.push({ x: points[i], y: points[i + 1] });
            polygon(corners, (y, from, to) => {
              for (let x = from; x < to; x++) if (x >= 0 && x < 48 && y >= 0 && y < 48) map[48 * y + x] = 1;
            });
            return [...map];""",
            points=points,
        ).reshape(48, 48)
        assert np.array_equal(inside == 1, turns != 0)


def test_a_hole_takes_what_is_nearest(studio: Studio) -> None:
    draw = np.random.default_rng(7)
    mask = np.zeros((24, 31), np.uint8)
    mask[3:20, 2:29] = 1
    mask[draw.random(mask.shape) < 0.01] = 0
    script = "return [...(await load('maps/nearest')).nearestOutside(Uint8Array.from(mask), 31)];"
    near = run(studio, script, mask=mask)
    rows, columns = np.divmod(near.reshape(mask.shape), 31)
    assert not mask[rows, columns].any()
    y, x = np.mgrid[:24, :31]
    found = (rows - y) ** 2 + (columns - x) ** 2
    outside = np.argwhere(mask == 0)
    least = ((outside[:, 0, None, None] - y) ** 2 + (outside[:, 1, None, None] - x) ** 2).min(axis=0)
    assert np.array_equal(found, least)


def test_smoothing_takes_the_class_of_most_and_no_other(studio: Studio) -> None:
    labels = blobs(8)
    smooth = run(studio, "return [...(await load('maps/tidy')).smooth(Uint8Array.from(labels), 56)];", labels=labels)
    smooth = smooth.reshape(labels.shape)
    padded = np.pad(labels, 2, constant_values=255)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    votes = np.stack([(windows == i).sum(axis=(2, 3)) for i in range(4)])
    most = votes.max(axis=0)
    own = np.take_along_axis(votes, labels[None], 0)[0]
    assert np.array_equal(np.take_along_axis(votes, smooth[None], 0)[0], most)
    assert np.array_equal(smooth[own == most], labels[own == most]), "in doubt a pixel keeps its class"


def test_specks_go_and_all_else_stays(studio: Studio) -> None:
    labels = blobs(9)
    clean = run(
        studio,
        "return [...(await load('maps/tidy')).removeSpecks(Uint8Array.from(labels), 56, 12, i => i !== 777)];",
        labels=labels,
    ).reshape(labels.shape)
    seen = np.zeros(labels.shape, bool)
    for y, x in np.ndindex(*labels.shape):
        if seen[y, x]:
            continue
        area = component(clean, (y, x))
        seen |= area
        assert area.sum() >= 12 or area.ravel()[777]
    large = np.zeros(labels.shape, bool)
    for y, x in np.ndindex(*labels.shape):
        if not large[y, x] and (area := component(labels, (y, x))).sum() >= 12:
            large |= area
    assert np.array_equal(clean[large], labels[large])
