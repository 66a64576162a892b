"""Tools on the label map: every stroke changes exact pixels and can be undone exactly."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.e2e.gestures import EARTH, TREE, WATER
from tests.e2e.studio import Studio


def disc(size: int, x: float, y: float, shape: tuple[int, int] = (64, 64)) -> np.ndarray:
    """What one dab of a round brush covers: pixels whose centers are within size / 2."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    return (columns - x) ** 2 + (rows - y) ** 2 <= (size / 2) ** 2 + 1e-9


def test_first_visit_shows_a_scene(studio: Studio) -> None:
    assert len(np.unique(studio.labels())) > 2
    assert studio.photo()[..., :3].std() > 0
    assert "ms" in studio.page.locator("#status-text").inner_text()


def test_stroke_changes_the_picture_and_undo_restores_it_exactly(studio: Studio) -> None:
    photo, labels = studio.photo(), studio.labels()
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30), (50, 12))
    studio.settle()
    changed_photo, changed_labels = studio.photo(), studio.labels()
    assert (changed_labels != labels).any() and (changed_photo != photo).any()
    assert set(changed_labels[changed_labels != labels]) == {EARTH}

    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), labels) and np.array_equal(studio.photo(), photo)

    studio.press("Control+Shift+Z")
    studio.settle()
    assert np.array_equal(studio.labels(), changed_labels) and np.array_equal(studio.photo(), changed_photo)


def test_dab_is_an_exact_disc_with_hard_edges(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    for size in [1, 2, 5, 12]:
        studio.set_size(size)
        studio.stroke((30.8, 20.8))
        center = 30.5 if size % 2 else 31
        expected = np.where(disc(size, center, center - 10), EARTH, before)
        assert np.array_equal(studio.labels(), expected), size
        studio.press("Control+z")


def test_stroke_has_no_gaps(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.set_size(1)
    mouse = studio.page.mouse
    mouse.move(*studio.at((2.5, 2.5)))
    mouse.down()
    mouse.move(*studio.at((60.5, 37.5)))
    mouse.up()
    columns = (studio.labels() == EARTH)[:, 2:61].sum(axis=0)
    assert (columns >= 1).all()


def test_eraser_leaves_the_unlabeled_class(studio: Studio) -> None:
    studio.press("e")
    studio.stroke((20, 20), (30, 20))
    assert studio.labels()[20, 25] == 0
    assert studio.painted()[20, 25, 3] == 0


def test_fill_is_four_connected(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.set_size(1)
    studio.stroke((5.5, 0.5), (5.5, 5.5))
    studio.stroke((0.5, 6.5), (4.5, 6.5))  # meets the line above only at a corner
    before = studio.labels()
    studio.choose_class("tree")
    studio.press("g")
    studio.stroke((2.5, 2.5))
    labels = studio.labels()
    assert (labels[0:6, 0:5] == TREE).all()
    changed = labels != before
    assert changed[0:6, 0:5].all() and changed.sum() == 30


def test_pick_takes_the_class_and_returns_to_the_brush(studio: Studio) -> None:
    labels = studio.labels()
    y, x = np.argwhere(labels == WATER)[0]
    studio.press("i")
    studio.stroke((float(x) + 0.5, float(y) + 0.5))
    expect(studio.page.locator(".class[aria-pressed=true] .name")).to_have_text("water")
    expect(studio.action("brush")).to_have_attribute("aria-pressed", "true")


def test_brush_size_by_keys_shows_at_true_size(studio: Studio) -> None:
    size = studio.page.locator("#size")
    before = int(size.input_value())
    studio.press("]")
    studio.press("]")
    assert int(size.input_value()) > before
    for _ in range(20):
        studio.press("[")
    assert size.input_value() == "1"
    studio.set_size(20)
    studio.page.mouse.move(*studio.at((32, 32)))
    studio.next_frame()
    cursor = studio.page.locator("#label-pane .cursor").bounding_box()
    canvas = studio.page.locator("#labels").bounding_box()
    assert cursor and canvas
    assert abs(cursor["width"] - 20 * canvas["width"] / 64) < 0.6


def test_pinned_classes_by_number(studio: Studio) -> None:
    chosen = studio.page.locator(".class[aria-pressed=true] .name")
    studio.press("3")
    expect(chosen).to_have_text("water")
    studio.page.get_by_role("button", name="Unpin water from key 3").click()
    studio.press("1")
    studio.press("3")
    expect(chosen).to_have_text("sky")
    studio.page.get_by_role("button", name="Pin water to a key").click()
    studio.press("3")
    expect(chosen).to_have_text("water")


def test_search_finds_classes(studio: Studio) -> None:
    studio.press("/")
    studio.page.keyboard.type("ear")
    expect(studio.page.locator(".classes li:visible")).to_have_count(1)
    studio.press("Enter")
    expect(studio.page.locator(".class[aria-pressed=true] .name")).to_have_text("earth")
    expect(studio.page.locator(".classes li:visible")).to_have_count(4)


def test_sixty_four_undos(studio: Studio) -> None:
    start = studio.labels()
    studio.set_size(1)
    studio.choose_class("earth")
    for i in range(70):
        studio.stroke((0.5 + i % 60, 0.5 + 2 * (i // 60)))
    painted = studio.labels()
    assert (painted != start).sum() == 70
    for _ in range(70):
        studio.press("Control+z")
    assert np.array_equal(studio.labels(), start)
    expect(studio.action("undo")).to_be_disabled()
    for _ in range(70):
        studio.press("Control+Shift+Z")
    assert np.array_equal(studio.labels(), painted)
    studio.settle()


def test_both_redo_shortcuts(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.stroke((10, 10))
    after = studio.labels()
    for key in ["Control+Shift+z", "Control+y"]:
        studio.press("Control+z")
        assert not np.array_equal(studio.labels(), after)
        studio.press(key)
        assert np.array_equal(studio.labels(), after)


def test_escape_cancels_a_stroke(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.page.mouse.move(*studio.at((10, 10)))
    studio.page.mouse.down()
    studio.page.mouse.move(*studio.at((30, 10)), steps=3)
    studio.press("Escape")
    studio.page.mouse.move(*studio.at((50, 10)), steps=3)
    studio.page.mouse.up()
    assert np.array_equal(studio.labels(), before)
    expect(studio.action("undo")).to_be_disabled()


def test_painting_over_the_photo_in_overlay(studio: Studio) -> None:
    studio.press("o")
    expect(studio.page.locator("#label-pane")).to_be_hidden()
    studio.choose_class("earth")
    studio.stroke((30, 10), (40, 10), canvas="#photo")
    assert studio.labels()[10, 35] == EARTH
    opacity = studio.page.locator("#opacity")
    opacity.focus()
    studio.press("End")
    expect(studio.page.locator("#labels")).to_have_css("opacity", "1")


def shown_width(studio: Studio) -> float:
    box = studio.page.locator("#labels").bounding_box()
    assert box is not None
    return box["width"]


def test_zoom_and_pan_keep_strokes_at_the_right_pixel(studio: Studio) -> None:
    studio.set_size(1)
    width = shown_width(studio)
    studio.page.mouse.move(*studio.at((20.5, 20.5)))
    spot = studio.at((20.5, 20.5))
    studio.page.mouse.wheel(0, -600)
    studio.next_frame()
    assert shown_width(studio) > 2 * width
    assert np.allclose(studio.at((20.5, 20.5)), spot, atol=2), "the wheel zooms at the cursor"

    studio.page.keyboard.down(" ")
    studio.stroke((20.5, 20.5), (26.5, 24.5))
    studio.page.keyboard.up(" ")
    studio.next_frame()
    assert not np.allclose(studio.at((20.5, 20.5)), spot, atol=5), "Space pans"

    before = studio.labels()
    studio.press("e")
    studio.stroke((22.5, 23.5))
    assert np.argwhere(studio.labels() != before).tolist() == [[23, 22]]
    studio.press("0")
    studio.next_frame()
    assert abs(shown_width(studio) - width) < 1


def test_one_finger_paints_and_two_fingers_move_the_view(new_studio) -> None:
    studio = new_studio(has_touch=True, viewport={"width": 390, "height": 844})
    studio.open()
    before = studio.labels()
    studio.choose_class("earth")
    studio.touch(*[[studio.at((x, 10))] for x in range(10, 40, 3)])
    labels = studio.labels()
    assert labels[10, 25] == EARTH and set(labels[labels != before]) == {EARTH}

    box = studio.page.locator("#labels").bounding_box()
    x, y = studio.at((32, 32))
    studio.touch([(x, y)], *[[(x - d, y), (x + d, y)] for d in range(20, 60, 8)])
    studio.next_frame()
    assert studio.page.locator("#labels").bounding_box()["width"] > 1.5 * box["width"]
    assert np.array_equal(studio.labels(), labels), "a pinch paints nothing"
    studio.settle()


def test_a_pen_paints(studio: Studio) -> None:
    studio.choose_class("earth")
    session = studio.page.context.new_cdp_session(studio.page)
    for kind, x in [("mousePressed", 10), ("mouseMoved", 20), ("mouseMoved", 30), ("mouseReleased", 30)]:
        left, top = studio.at((x, 10))
        event = {"type": kind, "x": left, "y": top, "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {**event, "pointerType": "pen"})
    assert studio.labels()[10, 20] == EARTH
    studio.settle()
