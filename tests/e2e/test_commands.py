"""The command palette."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, expect

from tests.e2e.studio import Studio


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
    expect(studio.page.get_by_text("No matching command.")).to_be_visible()
    studio.press("Escape")
    expect(studio.page.locator("#commands")).to_be_hidden()


def test_disabled_commands_say_why_and_do_nothing(studio: Studio) -> None:
    studio.press("Control+k")
    studio.page.keyboard.type("redo")
    expect(options(studio).first).to_have_attribute("aria-disabled", "true")
    studio.press("Enter")
    expect(studio.page.locator("#commands")).to_be_visible()
    studio.press("ArrowUp")
    expect(options(studio).last).to_have_attribute("aria-selected", "true")


def test_a_key_right_after_a_command_is_a_shortcut(studio: Studio) -> None:
    """Both keys come before the next frame, as on a slow machine: the closed field still has the focus."""
    studio.press("Control+k")
    studio.page.keyboard.type("paint water")
    focused = studio.page.evaluate("""() => {
      const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      press('Enter');
      press('e');
      return document.activeElement.tagName;
    }""")
    assert focused == "INPUT"
    expect(studio.action("eraser")).to_have_attribute("aria-pressed", "true")


def test_dialogs_close_on_an_outside_click_in_older_browsers(new_studio) -> None:
    studio = new_studio()
    studio.page.add_init_script("delete HTMLDialogElement.prototype.closedBy")
    studio.open()
    studio.page.evaluate("document.querySelector('#commands').setAttribute('closedby', 'none')")
    studio.press("Control+k")
    studio.page.locator("#commands input").click()
    expect(studio.page.locator("#commands")).to_be_visible()
    studio.page.mouse.click(5, 5)
    expect(studio.page.locator("#commands")).to_be_hidden()
