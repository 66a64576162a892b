"""The list of classes: palettes, colors of one's own, order, and names under the mouse."""

from __future__ import annotations

import itertools

import numpy as np
from playwright.sync_api import expect

from tests.e2e.studio import Studio


def test_colors_for_color_blind_eyes_differ_for_all_of_them(studio: Studio) -> None:
    """Simulated as colour-science does it; in OKLab, where 0.02 is just seen."""
    classes = [{"id": i, "name": str(i), "color": f"#{i * 5:02x}{255 - i * 5:02x}80"} for i in range(40)]
    script = "const { safeColors } = await load('panels/classes/safe-colors'); return safeColors(argument);"
    colors = studio.run(script, classes)
    assert len(set(colors)) == 40
    rgb = np.array([[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    eyes = [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    ]
    lms = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    lms.append([0.0883024619, 0.2817188376, 0.6299787005])
    lab = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099]]
    lab.append([0.0259040371, 0.7827717662, -0.808675766])
    for eye in eyes:
        seen = np.clip(linear @ np.array(eye).T, 0, 1)
        perceived = np.cbrt(seen @ np.array(lms).T) @ np.array(lab).T
        nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(perceived, 2))
        assert nearest > 0.04


def test_palettes_color_the_canvas_and_the_list_but_not_the_files(studio: Studio) -> None:
    own, file = studio.painted(), studio.save("Control+Shift+S").read_bytes()
    studio.page.get_by_role("button", name="Show the classes").click()
    studio.page.get_by_role("button", name="Colors for color-blind eyes").click()
    studio.press("Escape")
    studio.next_frame()
    safe = studio.painted()
    assert not np.array_equal(own, safe)
    chip = studio.page.locator(".class", has_text="sky").locator(".chip")
    shown = chip.evaluate("each => getComputedStyle(each).backgroundColor")
    sky = safe[studio.labels() == 1]
    assert shown == f"rgb({', '.join(map(str, sky[0, :3]))})" and (sky == sky[0]).all()
    assert studio.save("Control+Shift+S").read_bytes() == file


def test_colors_of_ones_own_are_kept_for_the_model(studio: Studio) -> None:
    studio.press("Control+k")
    studio.page.keyboard.type("colors of your own")
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


def test_a_resting_mouse_reads_the_name_of_the_class(studio: Studio) -> None:
    tag = studio.page.locator("#class-tag")
    ids = studio.labels()
    y, x = np.argwhere(ids == 1)[len(np.argwhere(ids == 1)) // 2]
    studio.page.mouse.move(*studio.at((x + 0.5, y + 0.5)))
    expect(tag).to_have_text("sky")
    expect(tag).to_be_visible()
    studio.page.mouse.down()
    expect(tag).to_be_hidden()
    studio.page.mouse.up()
