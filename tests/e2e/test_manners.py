"""Shortcuts of one's own, the palette of commands, pausing, palettes of colors, names under the mouse."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, expect

from tests.e2e.studio import Studio


def key_of(studio: Studio, name: str) -> Locator:
    """The button of an action's key on the open sheet."""
    return studio.page.locator(f"#sheet .key[aria-label^='{name}: ']")


def rebind(studio: Studio, name: str, *keys: str) -> None:
    key_of(studio, name).click()
    for key in keys:
        studio.press(key)


# Shortcuts


def test_no_two_actions_share_a_key_or_a_name(studio: Studio) -> None:
    studio.press("?")
    keys = studio.page.locator("#sheet .key").evaluate_all("all => all.map(each => each.textContent)")
    keys = [key for key in keys if key != "–"]
    assert len(keys) > 30 and len(set(keys)) == len(keys)
    names = studio.page.locator("#sheet .key").evaluate_all("all => all.map(each => each.ariaLabel.split(': ')[0])")
    assert len(set(names)) == len(names)


def test_a_new_key_works_everywhere_and_outlives_a_reload(studio: Studio) -> None:
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


def test_a_taken_key_is_named_and_can_be_taken_over(studio: Studio) -> None:
    studio.press("?")
    rebind(studio, "Eraser", "g")
    note = studio.page.locator("#sheet-note")
    expect(note).to_contain_text("G belongs to “Fill”.")
    studio.page.locator("#sheet-keep").click()
    expect(note).to_be_hidden()
    expect(key_of(studio, "Eraser")).to_have_text("E")
    rebind(studio, "Eraser", "g", "Enter")
    expect(key_of(studio, "Eraser")).to_have_text("G")
    expect(key_of(studio, "Fill")).to_have_text("–")
    rebind(studio, "Brush", "Backspace")
    expect(key_of(studio, "Brush")).to_have_text("–")
    rebind(studio, "Undo", "Escape")
    expect(key_of(studio, "Undo")).to_have_text("Ctrl Z")
    expect(studio.page.locator("#sheet")).to_be_visible()
    studio.page.locator("#sheet-reset").click()
    for name, key in [("Eraser", "E"), ("Fill", "G"), ("Brush", "B")]:
        expect(key_of(studio, name)).to_have_text(key)
    expect(studio.page.locator("#sheet-reset")).to_be_hidden()


def test_keys_that_move_and_press_stay_free(studio: Studio) -> None:
    studio.press("?")
    rebind(studio, "Eraser", "Space", "Enter", "ArrowUp", "Shift+ArrowUp")
    expect(key_of(studio, "Eraser")).to_have_text("…")
    studio.press("Tab")
    expect(key_of(studio, "Eraser")).to_have_text("E")
    expect(key_of(studio, "Eraser")).not_to_be_focused()
    expect(studio.page.locator("#sheet-note")).to_be_hidden()


def test_dialogs_close_by_a_click_beside_them_in_older_browsers(new_studio) -> None:
    studio = new_studio()
    studio.page.add_init_script("delete HTMLDialogElement.prototype.closedBy")
    studio.open()
    studio.page.evaluate("document.querySelector('#commands').setAttribute('closedby', 'none')")
    studio.press("Control+k")
    studio.page.locator("#commands input").click()
    expect(studio.page.locator("#commands")).to_be_visible()
    studio.page.mouse.click(5, 5)
    expect(studio.page.locator("#commands")).to_be_hidden()


def test_messages_wait_for_who_reads_them(new_studio) -> None:
    studio = new_studio()
    studio.page.clock.install()
    studio.open()
    studio.run("const { toast } = await load('base/toast'); toast('Read me'); toast('Pass by');")
    studio.page.locator(".toast", has_text="Read me").get_by_role("button").focus()
    studio.page.clock.run_for(8000)
    expect(studio.page.locator(".toast p")).to_have_text(["Read me"])
    studio.page.locator("#label-pane").focus()
    studio.page.clock.run_for(8000)
    expect(studio.page.locator(".toast")).to_have_count(0)


def test_the_page_works_where_nothing_may_be_kept(new_studio) -> None:
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


def test_the_sheet_is_searched(studio: Studio) -> None:
    studio.press("?")
    studio.page.get_by_label("Find a shortcut").fill("undo")
    expect(studio.page.locator("#sheet dt:visible")).to_have_text(["Undo"])
    studio.page.get_by_label("Find a shortcut").fill("hold space")
    expect(studio.page.locator("#sheet dt:visible")).to_have_text(["Pan"])


KEYS = [
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


def test_keys_of_all_keyboards(studio: Studio) -> None:
    """Cyrillic letters stand for the Latin ones of their place, AltGr types, Cmd is Ctrl."""
    found = studio.run(
        """const { combination } = await load('page/shortcuts');
        return argument.map(pressed => combination(new KeyboardEvent('keydown', pressed)));""",
        [pressed for pressed, _ in KEYS],
    )
    assert found == [expected for _, expected in KEYS]


# Commands


def options(studio: Studio) -> Locator:
    return studio.page.locator("#commands [role=option]")


def test_commands_find_actions_classes_scenes_and_models(studio: Studio) -> None:
    typed = studio.page.get_by_role("combobox", name="Find a command")
    studio.press("Control+k")
    typed.fill("paint water")
    expect(options(studio).first).to_contain_text("Paint water")
    expect(typed).to_have_attribute("aria-activedescendant", "command-0")
    studio.press("Enter")
    expect(studio.page.locator("#commands")).to_be_hidden()
    expect(studio.page.locator(".class[aria-pressed=true]")).to_contain_text("water")

    before = studio.labels()
    studio.press("Control+k")
    typed.fill("grove")
    studio.press("Enter")
    studio.settle()
    assert not np.array_equal(studio.labels(), before)

    studio.press("Control+k")
    expect(options(studio).first).to_contain_text("Grove")  # the last one comes first
    typed.fill("ersr")
    expect(options(studio).first).to_contain_text("Eraser")
    options(studio).first.click()
    expect(studio.action("eraser")).to_have_attribute("aria-pressed", "true")

    studio.press("Control+k")
    typed.fill("tiny")
    expect(options(studio).first).to_contain_text("Models")
    typed.fill("qqqq")
    expect(studio.page.get_by_text("No command of that name.")).to_be_visible()
    studio.press("Escape")
    expect(studio.page.locator("#commands")).to_be_hidden()


def test_commands_that_cannot_run_say_so_and_do_nothing(studio: Studio) -> None:
    studio.press("Control+k")
    studio.page.keyboard.type("redo")
    expect(options(studio).first).to_have_attribute("aria-disabled", "true")
    studio.press("Enter")
    expect(studio.page.locator("#commands")).to_be_visible()
    studio.press("ArrowUp")
    expect(options(studio).last).to_have_attribute("aria-selected", "true")


# States


def test_a_pause_sends_nothing_and_the_end_of_it_the_newest(studio: Studio) -> None:
    sent: list[object] = []
    studio.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    studio.open()
    sent.clear()
    photo = studio.photo()
    studio.status.click()
    expect(studio.status).to_have_attribute("data-state", "paused")
    expect(studio.status).to_have_attribute("aria-pressed", "true")
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.stroke((10, 40), (40, 50))
    studio.page.wait_for_timeout(300)
    assert sent == [] and np.array_equal(studio.photo(), photo)
    edited = studio.labels()
    studio.press("p")
    studio.settle()
    assert len(sent) == 1 and not np.array_equal(studio.photo(), photo)
    assert np.array_equal(studio.labels(), edited)


def test_a_lost_server_is_said_once_and_until_it_is_back(new_studio, start_server, tiny_zoo) -> None:
    server = start_server(tiny_zoo)
    studio = new_studio(server.url)
    studio.open()
    banner = studio.page.locator("#offline")
    expect(banner).to_be_hidden()
    server.stop()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("The server does not answer. Paint on")
    studio.stroke((10, 12), (40, 30))
    expect(studio.page.locator(".toast")).to_have_count(0)
    studio.page.close()  # it goes on looking for the server, and the browser logs that
    studio.errors.clear()


def test_commands_are_heard(studio: Studio) -> None:
    said = studio.page.locator("#said")
    studio.stroke((10, 12), (40, 30))
    studio.press("Control+z")
    expect(said).to_have_text("Undone: Paint sky")
    studio.press("Control+Shift+z")
    expect(said).to_have_text("Redone: Paint sky")
    studio.press("k")
    expect(said).to_have_text("Keep the rest of the picture: off")


# Colors and names


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


def test_tools_are_one_stop_of_the_tab_key(studio: Studio) -> None:
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
