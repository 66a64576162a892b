"""Every painting tool by mouse, touch, pen and keyboard: exact pixels, one step each."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.e2e.gestures import COLUMNS, EARTH, ROWS, TREE, WATER, box, ellipse, held, one_step, painted, pen
from tests.e2e.studio import Studio


def test_square_brush_and_straight_lines(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.set_size(6)
    studio.action("square").click()
    studio.stroke((10, 10))
    assert np.array_equal(painted(studio, before), box(7, 7, 12, 12))
    with held(studio, "Shift"):
        studio.stroke((40, 10))
    assert np.array_equal(painted(studio, before), box(7, 7, 42, 12))
    with held(studio, "Shift"):
        studio.stroke((40, 50))
    assert np.array_equal(painted(studio, before), box(7, 7, 42, 12) | box(37, 7, 42, 52))


def test_rectangles_and_ellipses(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.press("u")
    studio.stroke((30.5, 40.5), (10.5, 20.5))
    assert np.array_equal(painted(studio, before), box(10, 20, 30, 40))
    one_step(studio, before)
    for key, shape in [("u", box), ("Shift+U", ellipse)]:
        studio.press(key)
        with held(studio, "Shift"):
            studio.stroke((10.5, 20.5), (20.5, 50.5))
        assert np.array_equal(painted(studio, before), shape(10, 20, 40, 50))
        one_step(studio, before)
        with held(studio, "Alt"):
            studio.stroke((30.5, 30.5), (40.5, 35.5))
        assert np.array_equal(painted(studio, before), shape(20, 25, 40, 35))
        one_step(studio, before)
        mouse = studio.page.mouse
        mouse.move(*studio.at((5.5, 5.5)))
        mouse.down()
        mouse.move(*studio.at((15.5, 12.5)))
        assert np.array_equal(studio.labels(), before), "nothing changes before the end"
        with held(studio, " "):
            mouse.move(*studio.at((25.5, 32.5)))
        mouse.move(*studio.at((30.5, 40.5)))
        mouse.up()
        assert np.array_equal(painted(studio, before), shape(15, 25, 30, 40)), "Space moves it"
        one_step(studio, before)


def test_lasso_and_polygon(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    triangle = (COLUMNS > 10) & (ROWS < 50) & (ROWS > COLUMNS + 0.5)
    studio.press("l")
    studio.stroke((10.2, 10.7), (10.2, 49.8), (49.3, 49.8))
    assert np.array_equal(painted(studio, before), triangle)
    one_step(studio, before)
    studio.press("y")
    for point in [(10.2, 10.7), (30, 5), (10.2, 49.8), (49.3, 49.8)]:
        studio.stroke(point)
        if point == (30, 5):
            studio.press("Backspace")
    assert np.array_equal(studio.labels(), before)
    studio.stroke((10.4, 10.9))  # the first point closes it
    assert np.array_equal(painted(studio, before), triangle)
    one_step(studio, before)
    for close in ["Enter", "twice"]:
        for point in [(10.2, 10.7), (10.2, 49.8), (49.3, 49.8)]:
            studio.stroke(point)
        if close == "Enter":
            studio.press("Enter")
        else:
            studio.stroke((49.3, 49.8))
        assert np.array_equal(painted(studio, before), triangle)
        one_step(studio, before)
    studio.stroke((10.2, 10.2))
    with held(studio, "Shift"):
        studio.stroke((12, 50))
        studio.stroke((50, 52))
    studio.press("Enter")
    width = painted(studio, before).sum(axis=1)
    assert len(np.unique(width[width > 0])) > 20 and (painted(studio, before) & (COLUMNS < 10)).sum() == 0
    one_step(studio, before)
    for point in [(10, 10), (10, 40), (40, 40)]:
        studio.stroke(point)
    studio.press("Escape")
    studio.press("Enter")
    assert np.array_equal(studio.labels(), before)


def test_symmetry_of_all_tools(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.set_size(5)
    studio.action("mirror-x").click()
    studio.action("mirror-y").click()
    gestures: list[tuple[str, list[tuple[float, float]]]] = [
        ("b", [(10, 6), (26, 20)]),
        ("u", [(3.5, 3.5), (20.5, 9.5)]),
        ("l", [(3, 3), (20, 5), (9, 20)]),
        ("Shift+U", [(40.5, 3.5), (50.5, 20.5)]),
    ]
    for key, points in gestures:
        studio.press(key)
        studio.stroke(*points)
        mask = painted(studio, before)
        assert mask.sum() > 60 and np.array_equal(mask, mask[::-1]) and np.array_equal(mask, mask[:, ::-1])
        one_step(studio, before)
    studio.press("g")
    studio.stroke((5, 60))
    assert set(np.unique(studio.labels()[[3, 60, 3, 60], [5, 5, 58, 58]])) == {EARTH}


def test_alt_picks_and_the_tool_stays(studio: Studio) -> None:
    before = studio.labels()
    y, x = np.argwhere(before == WATER)[100]
    for key in ["g", "l", "b"]:
        studio.press(key)
        studio.choose_class("earth")
        with held(studio, "Alt"):
            studio.stroke((float(x) + 0.5, float(y) + 0.5))
        expect(studio.page.locator(".class[aria-pressed=true] .name")).to_have_text("water")
    expect(studio.action("brush")).to_have_attribute("aria-pressed", "true")
    assert np.array_equal(studio.labels(), before)


def test_fill_with_tolerance_and_all_of_a_class(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.set_size(1)
    studio.stroke((0.5, 10.5), (13.5, 10.5))
    studio.stroke((17.5, 10.5), (63.5, 10.5))  # a gap of three pixels
    before = studio.labels()
    studio.choose_class("tree")
    studio.press("g")
    gap = studio.page.locator("#gap")
    gap.focus()
    for _ in range(3):
        studio.press("ArrowRight")
    studio.stroke((30, 5))
    labels = studio.labels()
    assert (labels[:10] == TREE).all() and np.array_equal(labels[11:], before[11:])
    one_step(studio, before)
    with held(studio, "Shift"):
        studio.stroke((30, 60))
    assert np.array_equal(studio.labels(), np.where(before == before[60, 30], TREE, before))
    one_step(studio, before)


def test_after_a_pen_fingers_pan(new_studio) -> None:
    studio = new_studio(has_touch=True, viewport={"width": 390, "height": 844})
    studio.open()
    studio.choose_class("earth")
    before = studio.labels()
    expect(studio.action("finger-pans")).to_be_hidden()
    pen(studio, (10, 10), (20, 10))
    after = studio.labels()
    assert after[10, 15] == EARTH
    place = studio.at((30, 30))
    studio.touch(*[[studio.at((x, 30))] for x in range(30, 50, 3)])
    studio.next_frame()
    assert np.array_equal(studio.labels(), after) and studio.at((30, 30)) != place, "one finger pans"
    studio.press("0")
    studio.next_frame()  # where a point is on screen is known once the page has drawn
    session = studio.page.context.new_cdp_session(studio.page)
    for kind, x in [("mousePressed", 10), ("touch", 0), ("mouseMoved", 40), ("mouseReleased", 40)]:
        if kind == "touch":
            studio.touch([studio.at((50, 50))], [studio.at((60, 60))])
            continue
        left, top = studio.at((x, 20))
        event = {"type": kind, "x": left, "y": top, "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {**event, "pointerType": "pen"})
    assert studio.labels()[20, 25] == EARTH and studio.labels()[60, 60] != EARTH, "the hand may rest on the screen"
    studio.press("Control+z")
    studio.page.evaluate(
        """([x, y]) => {
        const pane = document.querySelector('#label-pane');
        const at = { clientX: x, clientY: y, pointerType: 'pen', pointerId: 1, button: 5, pressure: 0.5 };
        pane.dispatchEvent(new PointerEvent('pointerdown', at));
        pane.dispatchEvent(new PointerEvent('pointerup', at));
        }""",
        studio.at((40, 40)),
    )
    assert studio.labels()[40, 40] == 0, "the other end of the pen erases"
    studio.press("Control+z")
    studio.action("finger-pans").click()
    studio.touch(*[[studio.at((x, 30))] for x in range(30, 50, 3)])
    assert studio.labels()[30, 40] == EARTH
    studio.press("Control+z")
    one_step(studio, before)


def test_a_palm_that_touches_before_the_pen_is_ignored(new_studio) -> None:
    studio = new_studio(has_touch=True)
    studio.open()
    studio.choose_class("earth")
    studio.set_size(4)
    before = studio.labels()
    session = studio.page.context.new_cdp_session(studio.page)
    for y in [10, 20]:  # the first time a pen is seen, and from then on
        x, below = studio.at((50, 50))
        palm = [{"x": x, "y": below, "id": 0}]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": palm})
        pen(studio, (10, y), (40, y))
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        mask = painted(studio, before)
        assert mask[y, 12:38].all() and not mask[30:].any()


def test_pressure_sets_the_size_if_enabled(studio: Studio) -> None:
    studio.choose_class("earth")
    before = studio.labels()
    studio.set_size(20)
    pen(studio, (20, 20), force=0.5)
    assert (painted(studio, before) == ((COLUMNS - 20) ** 2 + (ROWS - 20) ** 2 <= 100)).all()
    one_step(studio, before)
    studio.action("pressure").click()
    pen(studio, (20, 20), force=0.3)
    assert (painted(studio, before) == ((COLUMNS - 20) ** 2 + (ROWS - 20) ** 2 <= 9)).all()


def test_tools_by_keyboard(studio: Studio) -> None:
    studio.choose_class("earth")
    before = studio.labels()
    studio.set_size(1)
    spoken = studio.page.locator("#caret-text")
    studio.page.evaluate("() => document.querySelector('#label-pane').focus({ focusVisible: true })")
    expect(spoken).to_have_text("water, 32 across, 32 down")
    studio.press("Shift+ArrowUp")
    studio.press(" ")
    for _ in range(5):
        studio.press("ArrowRight")
    studio.press("Enter")
    studio.press("ArrowRight")
    assert np.array_equal(painted(studio, before), box(32, 22, 37, 22))
    expect(spoken).to_have_text(f"{['', 'sky', 'tree', 'water'][before[22, 38]]}, 38 across, 22 down")
    one_step(studio, before)
    studio.press("u")
    studio.press("Enter")
    studio.press("Shift+ArrowLeft")
    studio.press("Shift+ArrowDown")
    studio.press("Enter")
    assert np.array_equal(painted(studio, before), box(28, 22, 38, 32))
    one_step(studio, before)
    studio.press("g")
    studio.press(" ")
    assert (studio.labels() == EARTH).sum() > 100
    one_step(studio, before)
    studio.press("y")
    for way in ["Shift+ArrowLeft", "Shift+ArrowUp", "Shift+ArrowRight"]:
        studio.press(" ")
        studio.press(way)
    studio.press("Enter")
    assert painted(studio, before).sum() > 40
    one_step(studio, before)
    studio.press("o")
    studio.page.evaluate("() => document.querySelector('#photo-pane').focus({ focusVisible: true })")
    studio.press("b")
    for key in [" ", "ArrowDown", " "]:
        studio.press(key)
    assert np.array_equal(painted(studio, before), box(32, 32, 32, 33))


def test_a_second_finger_cancels_a_shape(new_studio) -> None:
    studio = new_studio(has_touch=True)
    studio.open()
    before = studio.labels()
    for key in ["b", "g", "l", "u", "y"]:
        studio.press(key)
        x, y = studio.at((32, 32))
        studio.touch([(x, y)], [(x - 9, y), (x + 9, y)], [(x - 20, y), (x + 20, y)])
        assert np.array_equal(studio.labels(), before)
    expect(studio.action("undo")).to_be_disabled()


def test_the_mouse_does_not_paint_during_a_keyboard_stroke(studio: Studio) -> None:
    studio.choose_class("earth")
    before = studio.labels()
    studio.set_size(1)
    studio.page.evaluate("() => document.querySelector('#label-pane').focus({ focusVisible: true })")
    studio.press(" ")
    studio.page.mouse.move(*studio.at((10, 10)))
    studio.page.mouse.move(*studio.at((20, 10)), steps=4)
    studio.press(" ")
    assert np.array_equal(painted(studio, before), box(32, 32, 32, 32))
