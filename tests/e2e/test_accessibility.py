"""The page audited by axe-core in its main states, and used with the keyboard only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id}: ${html.slice(0, 200)} ${[...any, ...all, ...none].map(({ message }) => message).join('; ')}`));
}"""
FADED = """() => document.getAnimations()
  .filter(each => each.effect.getTiming().iterations < 9).forEach(each => each.finish())"""
DESKTOP = (1280, 800)
PHONE = (390, 844)


@pytest.fixture
def audit() -> Callable[[Studio], None]:
    if not AXE.exists():
        pytest.fail("There is no axe-core: `make style` installs it.")
    source = f"() => {{ {AXE.read_text()} }}"

    def run(studio: Studio) -> None:
        """Asserts that axe finds nothing, in light and in dark; what fades in has come first."""
        if not studio.page.evaluate("() => 'axe' in window"):
            studio.page.evaluate(source)
        found = []
        for theme, rules in [("light", RULES), ("dark", ["color-contrast"])]:
            studio.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            studio.page.evaluate(FADED)
            found += studio.page.evaluate(RUN, rules)
        assert not found, "\n".join(found)

    return run


DIALOGS = {
    "sheet": ["?"],
    "sheet, waiting for a key": ["?", "#shortcuts .key >> nth=1"],
    "sheet, a taken key": ["?", "#shortcuts .key >> nth=1", "B"],
    "commands": ["Control+k"],
    "commands, nothing found": ["Control+k", *"qqq"],
    "models": ["[popovertarget=model-menu]"],
    "scenes": ["[popovertarget=scene-menu]"],
    "files": ["[popovertarget=file-menu]"],
    "more": ["[popovertarget=more-menu]"],
    "classes": ["[popovertarget=class-menu]"],
    "augmentation set": ["[popovertarget=file-menu]", "[data-action=save-set]"],
}
VIEWS = {
    "start": [],
    "own colors": ["[popovertarget=class-menu]", "[data-action=palette-custom]"],
    "noise region": ["Shift+N", "c"],
    "overlay": ["o"],
    "compare": ["Shift+C"],
    "paused": ["p"],
    "timeline": ["t", "#timeline [data-action=key-frame]"],
    "variations": ["w"],
    "replacing classes": ["x"],
    "selection": ["v", "Control+a"],
    "layers": [".tabs [data-panel=layers]", "#layers summary", "#hints summary"],
    "results": [".tabs [data-panel=results]"],
}


def reach(studio: Studio, steps: list[str]) -> None:
    """Keys are pressed; what looks like a selector is clicked, but for the tabs that wide screens have not."""
    for step in steps:
        if step[0] in "[#.":
            if studio.page.locator(step).is_visible() or not step.startswith(".tabs"):
                studio.page.locator(step).click()
        else:
            studio.press(step)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(new_studio, audit, size: tuple[int, int]) -> None:
    """Dialogs one after the other on one page, views on a page of their own: most of the time goes into loading."""
    studio = new_studio()
    studio.open()
    studio.resize(*size)
    found = []
    for name, steps in (DIALOGS | VIEWS).items():
        if name in VIEWS:
            studio.open()
        reach(studio, steps)
        studio.next_frame()
        try:
            audit(studio)
        except AssertionError as error:
            found.append(f"{name}: {error}")
        if name in DIALOGS:
            studio.press("Escape")
            studio.press("Escape")
            expect(studio.page.locator("dialog[open], :popover-open")).to_have_count(0)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_german(new_studio, audit) -> None:
    studio = new_studio(locale="de-DE")
    studio.open()
    audit(studio)
    studio.press("?")
    audit(studio)


def test_the_offline_notice_is_accessible(new_studio, audit, start_server, tiny_zoo) -> None:
    server = start_server(tiny_zoo)
    studio = new_studio(server.url)
    studio.open()
    server.stop()
    expect(studio.page.locator("#offline")).to_be_visible()
    try:
        audit(studio)
    finally:
        studio.page.close()  # it goes on looking for the server, and the browser logs that
        studio.errors.clear()


# By keyboard


def test_a_skip_link_leads_to_the_canvas(studio: Studio) -> None:
    studio.press("Tab")
    skip = studio.page.get_by_role("link", name="Skip to the canvas")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    studio.press("Enter")
    assert studio.page.evaluate("() => location.hash") == "#label-pane"


@pytest.mark.parametrize(("key", "dialog"), [("?", "#shortcuts"), ("Control+k", "#commands")])
def test_dialogs_trap_the_focus_and_restore_it(studio: Studio, key: str, dialog: str) -> None:
    studio.action("fill").focus()
    studio.press(key)
    for _ in range(12):
        studio.press("Tab")
        inside = studio.page.evaluate(
            "dialog => !document.hasFocus() || document.activeElement === document.body"
            " || !!document.activeElement.closest(dialog)",
            dialog,
        )
        assert inside
    studio.press("Escape")
    expect(studio.page.locator(dialog)).to_be_hidden()
    expect(studio.action("fill")).to_be_focused()


def test_every_control_is_reached_by_tab(studio: Studio) -> None:
    """Two rounds of Tab meet all that can be pressed, but for the tools: there the arrows go on."""
    studio.page.evaluate("() => document.body.focus()")
    unmet = """() => [...document.querySelectorAll('button, input, a[href], summary')]
      .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && !each.met)
      .filter(each => !each.closest('[role=toolbar], [popover]'))"""
    for _ in range(2 * studio.page.evaluate(f"() => ({unmet})().length") + 10):
        studio.press("Tab")
        studio.page.evaluate("() => { document.activeElement.met = true; }")
    assert studio.page.evaluate(f"() => ({unmet})().map(each => each.outerHTML)") == []


def test_the_focus_is_visible_on_every_control(studio: Studio) -> None:
    """An outline at least 1.5 px wide."""
    for _ in range(25):
        studio.press("Tab")
        seen = studio.page.evaluate(
            """() => {
              let at = document.activeElement;
              if (at === document.body) return true;
              for (; at; at = at.parentElement) {
                const style = getComputedStyle(at);
                if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5) return true;
                if (at.matches('.seed, .search') && style.borderColor) return true;
              }
              return document.activeElement.outerHTML;
            }"""
        )
        assert seen is True


def test_reduced_motion_is_respected(new_studio) -> None:
    studio = new_studio(reduced_motion="reduce")
    studio.open()
    studio.press("Control+k")
    long = "() => document.getAnimations().filter(each => each.effect.getTiming().duration > 10).length"
    assert studio.page.evaluate(long) == 0


def test_forced_colors_show_pressed_buttons(new_studio) -> None:
    studio = new_studio(forced_colors="active")
    studio.open()
    style = "each => getComputedStyle(each).outlineStyle"
    assert studio.action("brush").evaluate(style) == "solid"
    assert studio.action("eraser").evaluate(style) == "none"
    colors = studio.page.locator(".class .chip").evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )
    assert len(set(colors)) == len(colors), "the classes keep their colors"
