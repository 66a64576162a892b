"""The class list: color schemes, custom colors, order, and names under the mouse."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.e2e.studio import Studio


def test_color_schemes_affect_the_canvas_and_the_list_but_not_files(studio: Studio) -> None:
    own, file = studio.painted(), studio.save("Control+Shift+S").read_bytes()
    studio.page.get_by_role("button", name="Class options").click()
    studio.page.get_by_role("button", name="Color-blind safe colors").click()
    studio.press("Escape")
    studio.next_frame()
    safe = studio.painted()
    assert not np.array_equal(own, safe)
    chip = studio.page.locator(".class", has_text="sky").locator(".chip")
    shown = chip.evaluate("each => getComputedStyle(each).backgroundColor")
    sky = safe[studio.labels() == 1]
    assert shown == f"rgb({', '.join(map(str, sky[0, :3]))})" and (sky == sky[0]).all()
    assert studio.save("Control+Shift+S").read_bytes() == file


def test_custom_colors_are_stored_per_model(studio: Studio) -> None:
    studio.press("Control+k")
    studio.page.keyboard.type("custom colors")
    studio.press("Enter")
    studio.page.get_by_label("Color of sky").evaluate(
        "input => { input.value = '#123456'; input.dispatchEvent(new Event('input')); }"
    )
    for _ in range(2):
        studio.next_frame()
        studio.next_frame()
        assert (studio.painted()[studio.labels() == 1] == [0x12, 0x34, 0x56, 255]).all()
        studio.open()


def test_classes_in_use_come_first(studio: Studio) -> None:
    names = studio.page.locator("#classes .name")
    plain = names.all_inner_texts()
    used = studio.page.locator("#classes li.used .name").all_inner_texts()
    rest = [name for name in plain if name not in used]
    assert rest and used
    studio.press("Control+k")
    studio.page.keyboard.type("classes in use first")
    studio.press("Enter")
    expect(names).to_have_text([*used, *rest])
    studio.choose_class(rest[0])
    studio.page.mouse.move(*studio.at((10, 12)))
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    used = [name for name in plain if name in [*used, rest[0]]]
    expect(names).to_have_text([*used, *[name for name in plain if name not in used]])


def test_a_resting_mouse_shows_the_name_of_the_class(studio: Studio) -> None:
    tag = studio.page.locator("#class-tag")
    ids = studio.labels()
    y, x = np.argwhere(ids == 1)[len(np.argwhere(ids == 1)) // 2]
    studio.page.mouse.move(*studio.at((x + 0.5, y + 0.5)))
    expect(tag).to_have_text("sky")
    expect(tag).to_be_visible()
    studio.page.mouse.down()
    expect(tag).to_be_hidden()
    studio.page.mouse.up()
