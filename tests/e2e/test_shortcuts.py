"""Shortcuts: listed, searched, changed, and on other keyboard layouts."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.studio import Studio


def key_of(studio: Studio, name: str) -> Locator:
    """The button of an action's key on the open sheet."""
    return studio.page.locator(f"#shortcuts .key[aria-label^='{name}: ']")


def rebind(studio: Studio, name: str, *keys: str) -> None:
    key_of(studio, name).click()
    for key in keys:
        studio.press(key)


def test_no_two_actions_share_a_key_or_a_name(studio: Studio) -> None:
    studio.press("?")
    keys = studio.page.locator("#shortcuts .key").evaluate_all("all => all.map(each => each.textContent)")
    keys = [key for key in keys if key != "–"]
    assert len(keys) > 30 and len(set(keys)) == len(keys)
    names = studio.page.locator("#shortcuts .key").evaluate_all("all => all.map(each => each.ariaLabel.split(': ')[0])")
    assert len(set(names)) == len(names)


def test_a_custom_key_works_everywhere_and_survives_a_reload(studio: Studio) -> None:
    studio.press("?")
    rebind(studio, "Eraser", "Shift+Q")
    expect(key_of(studio, "Eraser")).to_have_text("Shift Q")
    studio.press("Escape")
    for _ in range(2):
        studio.press("e")
        expect(studio.action("brush")).to_have_attribute("aria-pressed", "true")
        studio.press("Shift+Q")
        expect(studio.action("eraser")).to_have_attribute("aria-pressed", "true")
        expect(studio.action("eraser")).to_have_attribute("aria-keyshortcuts", "Shift+Q")
        expect(studio.action("eraser")).to_have_attribute("data-key", "Shift+Q")
        studio.open()
    studio.press("?")
    studio.page.get_by_role("button", name="Reset: Eraser").click()
    expect(key_of(studio, "Eraser")).to_have_text("E")
    studio.press("Escape")
    studio.press("e")
    expect(studio.action("eraser")).to_have_attribute("aria-pressed", "true")


def test_a_key_in_use_is_named_and_can_be_reassigned(studio: Studio) -> None:
    studio.press("?")
    rebind(studio, "Eraser", "g")
    note = studio.page.locator("#shortcut-note")
    expect(note).to_contain_text("G is already used by “Fill”.")
    studio.page.locator("#shortcut-cancel").click()
    expect(note).to_be_hidden()
    expect(key_of(studio, "Eraser")).to_have_text("E")
    rebind(studio, "Eraser", "g", "Enter")
    expect(key_of(studio, "Eraser")).to_have_text("G")
    expect(key_of(studio, "Fill")).to_have_text("–")
    rebind(studio, "Brush", "Backspace")
    expect(key_of(studio, "Brush")).to_have_text("–")
    rebind(studio, "Undo", "Escape")
    expect(key_of(studio, "Undo")).to_have_text("Ctrl Z")
    expect(studio.page.locator("#shortcuts")).to_be_visible()
    studio.page.locator("#shortcut-reset").click()
    for name, key in [("Eraser", "E"), ("Fill", "G"), ("Brush", "B")]:
        expect(key_of(studio, name)).to_have_text(key)
    expect(studio.page.locator("#shortcut-reset")).to_be_hidden()


def test_keys_that_move_and_press_cannot_be_shortcuts(studio: Studio) -> None:
    studio.press("?")
    rebind(studio, "Eraser", "Space", "Enter", "ArrowUp", "Shift+ArrowUp")
    expect(key_of(studio, "Eraser")).to_have_text("…")
    studio.press("Tab")
    expect(key_of(studio, "Eraser")).to_have_text("E")
    expect(key_of(studio, "Eraser")).not_to_be_focused()
    expect(studio.page.locator("#shortcut-note")).to_be_hidden()


def test_the_page_works_with_storage_blocked(new_studio) -> None:
    studio = new_studio()
    denied = "get() { throw new DOMException('Access is denied.', 'SecurityError'); }"
    for kind in ("localStorage", "sessionStorage", "indexedDB"):
        studio.page.add_init_script(f"Object.defineProperty(window, '{kind}', {{ {denied} }})")
    studio.open()
    studio.press("?")
    rebind(studio, "Eraser", "Shift+Q")
    studio.press("Escape")
    studio.press("Shift+Q")
    expect(studio.action("eraser")).to_have_attribute("aria-pressed", "true")
    studio.page.evaluate("document.querySelector('[data-action=theme]').click()")
    expect(studio.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_shortcuts_dialog_is_searched(studio: Studio) -> None:
    studio.press("?")
    studio.page.get_by_label("Find a shortcut").fill("undo")
    expect(studio.page.locator("#shortcuts dt:visible")).to_have_text(["Undo"])
    studio.page.get_by_label("Find a shortcut").fill("hold space")
    expect(studio.page.locator("#shortcuts dt:visible")).to_have_text(["Pan"])


KEYS: list[tuple[dict[str, Any], str]] = [
    ({"key": "b"}, "B"),
    ({"key": "B", "shiftKey": True}, "Shift+B"),
    ({"key": "Z", "shiftKey": True, "metaKey": True}, "Ctrl+Shift+Z"),
    ({"key": "?", "shiftKey": True}, "?"),
    ({"key": "ArrowUp", "shiftKey": True}, "Shift+ArrowUp"),
    ({"key": "и", "code": "KeyB"}, "B"),
    ({"key": "ö", "code": "Semicolon"}, "Ö"),
    ({"key": "∫", "code": "KeyB", "altKey": True}, "Alt+B"),
    ({"key": "[", "code": "Digit8", "ctrlKey": True, "altKey": True, "modifierAltGraph": True}, "["),
    ({"key": "Shift", "shiftKey": True}, ""),
]


def test_keys_of_other_keyboard_layouts(studio: Studio) -> None:
    found = studio.run(
        """const { combination } = await load('page/shortcuts');
        return argument.map(pressed => combination(new KeyboardEvent('keydown', pressed)));""",
        [pressed for pressed, _ in KEYS],
    )
    assert found == [expected for _, expected in KEYS]


def test_option_types_signs_on_a_mac(studio: Studio) -> None:
    pressed = [
        {"key": "]", "code": "Digit6", "altKey": True},  # German, French, Nordic
        {"key": "∫", "code": "KeyB", "altKey": True},
        {"key": "“", "code": "BracketLeft", "altKey": True},
    ]
    found = studio.run(
        """const { combination } = await load('page/shortcuts');
        return argument.map(pressed => combination(new KeyboardEvent('keydown', pressed), true));""",
        pressed,
    )
    assert found == ["]", "Alt+B", "Alt+“"]


SIGNS: list[tuple[dict[str, Any], str]] = [
    ({"key": '"', "code": "Digit3"}, "water"),  # French
    ({"key": "ě", "code": "Digit2"}, "tree"),  # Czech
    ({"key": "٤", "code": "Digit4"}, "earth"),  # Arabic
    ({"key": "#", "code": "Digit3", "shiftKey": True}, "earth"),  # American: no digit was meant
]


def test_signs_that_a_keyboard_does_not_have_go_by_place(studio: Studio) -> None:
    def press(pressed: dict[str, Any]) -> None:
        studio.page.evaluate(
            "pressed => document.body.dispatchEvent(new KeyboardEvent('keydown', { ...pressed, bubbles: true }))",
            pressed,
        )

    for pressed, name in SIGNS:
        press(pressed)
        expect(studio.page.locator(".class[aria-pressed=true]")).to_contain_text(name)
    before = studio.page.locator("#size").input_value()
    press({"key": "ъ", "code": "BracketRight"})  # Russian
    larger = studio.page.locator("#size").input_value()
    press({"key": "х", "code": "BracketLeft"})
    assert float(larger) > float(before) >= float(studio.page.locator("#size").input_value())


def test_tools_are_one_tab_stop(studio: Studio) -> None:
    studio.page.locator("#classes .class").first.focus()
    studio.action("brush").focus()
    studio.press("ArrowDown")
    expect(studio.action("eraser")).to_be_focused()
    studio.press("Home")
    studio.press("ArrowUp")
    studio.press("ArrowDown")
    expect(studio.action("brush")).to_be_focused()
    studio.press("Tab")
    inside = studio.page.evaluate("() => !!document.activeElement.closest('[role=toolbar]')")
    assert not inside
