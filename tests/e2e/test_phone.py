"""Small screens: everything can be reached by touch."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio

SIZES = [(360, 740), (390, 844), (844, 390), (768, 1024), (1280, 800), (1920, 1080), (2560, 1440)]
SMALL = """() => [...document.querySelectorAll('button, input, summary, a[href]')]
  .filter(each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter(each => !each.closest('[popover], dialog, .skip'))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, { width, height }]) => each.matches(argument[0]) && Math.min(width, height) < argument[1])
  .map(([each, { width, height }]) => `${width} x ${height}: ${each.outerHTML.slice(0, 120)}`)"""


def phone(new_studio, size: tuple[int, int] = (390, 844)) -> Studio:
    studio = new_studio(viewport={"width": size[0], "height": size[1]}, has_touch=True, is_mobile=True)
    studio.open()
    return studio


def small(studio: Studio, selector: str, least: int) -> list[str]:
    """Controls that can be seen, fit `selector` and are smaller than `least` pixels."""
    return studio.page.evaluate(f"argument => ({SMALL})()", [selector, least])


OUTSIDE = """() => [
  ...document.querySelectorAll('.topbar, .tools, .options, .panes, .side, .tabs, .panel, .topbar > *'),
].filter(each => each.checkVisibility()).filter(each => {
    const { left, right, top, bottom, width } = each.getBoundingClientRect();
    return width > 0 && !(left >= 0 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight + 1);
  }).filter(each => !each.closest('.side') || each.matches('.side')).map(each => each.className)"""


def test_nothing_overflows_and_both_maps_are_visible(studio: Studio) -> None:
    for size in SIZES:
        studio.resize(*size)
        assert studio.page.evaluate(OUTSIDE) == [], size
        for canvas in ["#labels", "#photo"]:
            box = studio.page.locator(canvas).bounding_box()
            assert box and box["width"] >= min(size) / 4, size
            assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1], size


def test_low_windows_have_room_for_both_maps(studio: Studio) -> None:
    """Phones on their side, and desktops at a zoom of 200 %; at 320x256 and 300 % one at a time."""
    for size in [(667, 375), (640, 360), (720, 360), (683, 384), (640, 400), (720, 450), (760, 500), (568, 320)]:
        studio.resize(*size)
        for canvas in ["#labels", "#photo"]:
            box = studio.page.locator(canvas).bounding_box()
            assert box and box["width"] >= 100, size
    for size in [(320, 256), (427, 267)]:
        studio.resize(*size)
        assert studio.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") == 0, size
        studio.press("Shift+L")
        box = studio.page.locator("#labels").bounding_box()
        assert box and box["width"] >= 100, size
        studio.press("s")


def test_touch_targets_are_large_enough(new_studio) -> None:
    studio = phone(new_studio)
    assert small(studio, ".tool, .tabs button, .class, .topbar .primary", 44) == []
    for panel in ["classes", "noise", "layers", "results"]:
        studio.page.locator(f".tabs [data-panel={panel}]").tap()
        assert small(studio, "button:not(.key)", 28) == []
    studio.page.get_by_role("button", name="More").tap()
    heights = studio.page.locator("#more-menu button").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert min(heights) >= 44


@pytest.mark.parametrize("size", [(360, 740), (844, 390)], ids=["upright", "on its side"])
def test_every_tool_can_be_reached_by_touch(new_studio, size: tuple[int, int]) -> None:
    studio = phone(new_studio, size)
    tools = studio.page.locator(".tools button:not([data-action=undo], [data-action=redo])")
    for i in range(tools.count()):
        tools.nth(i).scroll_into_view_if_needed()
        tools.nth(i).tap()
        expect(tools.nth(i)).to_have_attribute("aria-pressed", "true")


def test_tabs_show_one_panel_each(new_studio) -> None:
    studio = phone(new_studio)
    for panel in ["noise", "layers", "results", "classes"]:
        studio.page.locator(f".tabs [data-panel={panel}]").tap()
        shown = studio.page.locator(".panel:visible")
        expect(shown).to_have_count(1)
        expect(shown).to_have_class(f"panel panel-{panel}")


def test_a_finger_paints_and_undoes(new_studio) -> None:
    studio = phone(new_studio)
    before = studio.labels()
    studio.page.locator(".class", has_text="earth").tap()
    studio.touch([studio.at((10, 12))], [studio.at((20, 20))], [studio.at((40, 30))])
    studio.settle()
    assert not np.array_equal(studio.labels(), before)
    studio.action("undo").tap()
    studio.settle()
    assert np.array_equal(studio.labels(), before)


def test_menus_stay_on_the_screen(new_studio) -> None:
    for size in [(360, 740), (844, 390)]:
        studio = phone(new_studio, size)
        for opener in studio.page.locator("[popovertarget]:visible").all():
            opener.tap()
            menu = studio.page.locator(f"#{opener.get_attribute('popovertarget')}")
            box = menu.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= size[0]
            assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
            studio.press("Escape")
