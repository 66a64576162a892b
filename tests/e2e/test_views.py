"""The view: layouts, the previous picture, canvas sizes and earlier results."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.studio import Studio


def pane(studio: Studio, name: str) -> Locator:
    return studio.page.locator(f"#{name}-pane")


LAYOUTS = [
    ("o", False, True),
    ("s", True, True),
    ("Shift+L", True, False),
    ("Shift+O", False, True),
    ("Shift+C", False, True),
]


def test_each_layout_shows_its_panes(studio: Studio) -> None:
    for key, labels, photo in LAYOUTS:
        studio.press(key)
        expect(pane(studio, "label")).to_be_visible(visible=labels)
        expect(pane(studio, "photo")).to_be_visible(visible=photo)
        assert studio.page.locator("#photo-pane #labels").count() == (key == "o")


def test_a_single_pane_can_be_painted_on(studio: Studio) -> None:
    studio.press("Shift+L")
    studio.choose_class("tree")
    studio.set_size(3)
    studio.stroke((30, 30))
    studio.settle()
    assert (studio.labels()[29:32, 29:32] == 2).all()


def test_the_slider_uncovers_the_picture_before(studio: Studio) -> None:
    before = studio.photo()
    studio.press("r")
    studio.settle()
    studio.press("Shift+C")
    compare = studio.page.get_by_label("How much of the previous photo to show")
    expect(compare).to_be_visible()
    assert np.array_equal(studio.pixels("#before"), before)
    compare.fill("25")
    studio.next_frame()
    assert studio.page.locator("#before").evaluate("canvas => canvas.style.clipPath") == "inset(0px 75% 0px 0px)"
    studio.press("s")
    expect(compare).to_be_hidden()
    expect(studio.page.locator("#before")).to_be_hidden()


def test_the_slider_is_dragged_without_painting(studio: Studio) -> None:
    studio.press("r")
    studio.settle()
    studio.press("Shift+C")
    studio.next_frame()
    labels = studio.labels()
    studio.stroke((32, 10), (48, 10), canvas="#photo")
    studio.settle()
    share = float(studio.page.locator("#compare").input_value())
    assert share == pytest.approx(75, abs=2)
    assert np.array_equal(studio.labels(), labels)


def test_the_previous_picture_is_shown_while_its_key_is_held(studio: Studio) -> None:
    before = studio.photo()
    studio.press("r")
    studio.settle()
    shown = studio.page.locator("#before")
    expect(shown).to_be_hidden()
    studio.page.keyboard.down("q")
    expect(shown).to_be_visible()
    assert np.array_equal(studio.pixels("#before"), before)
    studio.page.keyboard.up("q")
    expect(shown).to_be_hidden()
    button = studio.action("before").bounding_box()
    assert button
    studio.page.mouse.move(button["x"] + 5, button["y"] + 5)
    studio.page.mouse.down()
    expect(shown).to_be_visible()
    studio.page.mouse.up()
    expect(shown).to_be_hidden()
    studio.press("Tab")
    studio.action("before").focus()
    for key in ("Enter", "Space"):
        studio.page.keyboard.down(key)
        expect(shown).to_be_visible()
        studio.page.keyboard.up(key)
        expect(shown).to_be_hidden()


def test_a_larger_canvas_is_one_undoable_step(studio: Studio) -> None:
    photo, labels = studio.photo(), studio.labels()
    studio.page.get_by_role("button", name="File").click()
    studio.action("size-2").click()
    studio.settle()
    assert np.array_equal(studio.labels(), labels.repeat(2, 0).repeat(2, 1))
    assert studio.photo().shape == studio.painted().shape == (128, 128, 4)

    studio.choose_class("water")
    studio.set_size(4)
    studio.stroke((100, 20), (120, 20))
    studio.settle()
    assert (studio.labels()[18:22, 100:120] == 3).all()
    studio.press("Control+z")
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), labels) and np.array_equal(studio.photo(), photo)
    studio.press("Control+Shift+z")
    studio.press("Control+Shift+z")
    studio.settle()
    assert (studio.labels()[18:22, 100:120] == 3).all()


def test_scenes_and_earlier_results_work_on_a_larger_canvas(studio: Studio) -> None:
    small = studio.labels()
    studio.page.get_by_role("button", name="File").click()
    studio.action("size-2").click()
    studio.settle()
    studio.page.get_by_role("button", name="Scenes").click()
    studio.page.locator("#scene-list button", has_text="Grove").click()
    studio.settle()
    assert studio.labels().shape == (128, 128)
    studio.page.locator("#results button").last.click()
    studio.settle()
    assert np.array_equal(studio.labels(), small)
    studio.press("Control+z")
    studio.settle()
    assert studio.labels().shape == (128, 128)


DRAWN = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const box = canvas.getBoundingClientRect();
  const xs = [], ys = [];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] < 128) continue;
    xs.push((i >> 2) % width);
    ys.push(Math.floor((i >> 2) / width));
  }
  const x = at => box.left + at * box.width / width;
  const y = at => box.top + at * box.height / height;
  return [x(Math.min(...xs)), y(Math.min(...ys)), x(Math.max(...xs) + 1), y(Math.max(...ys) + 1)];
}"""


def test_outlines_lie_around_their_regions_on_a_screen_of_another_density(new_studio) -> None:
    studio = new_studio(isolated=True)
    studio.open()
    studio.press("n")
    studio.action("square").click()
    studio.set_size(10)
    studio.stroke((20, 20), (40, 30))
    studio.settle()
    session = studio.page.context.new_cdp_session(studio.page)
    for ratio in (1, 2, 1, 1.25):
        screen = {"width": 1280, "height": 800, "deviceScaleFactor": ratio, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", screen)
        studio.page.wait_for_function("ratio => devicePixelRatio === ratio", arg=ratio)
        expected = [*studio.at((15, 15)), *studio.at((45, 35))]
        studio.page.wait_for_function(
            f"""expected => {{
              const drawn = ({DRAWN})(document.querySelector('#label-pane .lines'));
              return drawn.every((side, i) => Math.abs(side - expected[i]) < 3);
            }}""",
            arg=expected,
        )
