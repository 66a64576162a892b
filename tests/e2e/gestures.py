"""What tests of tools share: classes of the test model, shapes on its map, held keys, a pen, and what was painted.

A test draws with `Studio.stroke` and checks with `painted` and `one_step`; tests/e2e/test_tools.py shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from tests.e2e.studio import Studio

SKY, TREE, WATER, EARTH = 1, 2, 3, 4
ROWS, COLUMNS = np.mgrid[:64, :64] + 0.5
"""[64, 64] the centers of the pixels."""


@contextmanager
def held(studio: Studio, key: str) -> Iterator[None]:
    """Holds a key down."""
    studio.page.keyboard.down(key)
    yield
    studio.page.keyboard.up(key)


def one_step(studio: Studio, before: np.ndarray) -> None:
    """Undoes once, which must bring all of `before` back."""
    studio.press("Control+z")
    assert np.array_equal(studio.labels(), before)


def painted(studio: Studio, before: np.ndarray) -> np.ndarray:
    """[64, 64] bool: where the map is earth, the only class that may have been painted since `before`."""
    labels = studio.labels()
    assert set(np.unique(labels[labels != before])) <= {EARTH}
    return labels == EARTH


def box(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """[64, 64] bool: the pixels of a rectangle, the last column and row included."""
    mask = np.zeros((64, 64), bool)
    mask[top : bottom + 1, left : right + 1] = True
    return mask


def ellipse(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """[64, 64] bool: the pixels whose centers are in the ellipse inside that box."""
    x = (COLUMNS - (left + right + 1) / 2) / ((right - left + 1) / 2)
    y = (ROWS - (top + bottom + 1) / 2) / ((bottom - top + 1) / 2)
    return x**2 + y**2 <= 1 + 1e-9


def pen(studio: Studio, *points: tuple[float, float], force: float = 0.5) -> None:
    """Like `Studio.stroke`, with a pen pressed with a force of 0 to 1."""
    session = studio.page.context.new_cdp_session(studio.page)
    kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 1)]
    for kind, point in [*zip(kinds, points, strict=True), ("mouseReleased", points[-1])]:
        x, y = studio.at(point)
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1, "force": force}
        session.send("Input.dispatchMouseEvent", {**event, "pointerType": "pen"})
