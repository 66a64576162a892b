"""The page itself: shortcuts, menus, theme, names, and its modules on data of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from models.testing import tiny_model, tiny_scenes, two_sizes
from tests.e2e.studio import Held, Studio

ISSUE_KEYS = ["B", "E", "G", "I", "R", "Shift R", "N", "Ctrl Z", "Ctrl Shift Z", "[", "]", "1", "9", "Hold Space", "?"]


def test_sheet_lists_every_shortcut(studio: Studio) -> None:
    studio.press("?")
    sheet = studio.page.locator("#sheet")
    expect(sheet).to_be_visible()
    keys = [" ".join(row.split()) for row in sheet.locator("dd").all_inner_texts()]
    assert set(ISSUE_KEYS) <= set(keys)
    studio.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize(
    ("key", "action"), [("e", "eraser"), ("g", "fill"), ("i", "pick"), ("n", "region"), ("h", "hand"), ("b", "brush")]
)
def test_keys_choose_tools(studio: Studio, key: str, action: str) -> None:
    studio.press(key)
    expect(studio.action(action)).to_have_attribute("aria-pressed", "true")


def test_every_control_has_a_name(studio: Studio) -> None:
    nameless = studio.page.evaluate(
        """() => [...document.querySelectorAll('button, input, canvas[role]')]
          .filter(each => !each.closest('[hidden]'))
          .filter(each => !(each.getAttribute('aria-label') || each.textContent.trim() || each.labels?.length))
          .map(each => each.outerHTML)"""
    )
    assert nameless == []


def test_text_has_contrast_in_both_themes(studio: Studio) -> None:
    """Text tokens on the surfaces they stand on, by the formula of WCAG: at least 4.5."""
    ratio = """(pairs) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const luminance = token => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(${token})`;
        context.fillStyle = getComputedStyle(probe).color;
        probe.remove();
        context.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(byte => {
          const c = byte / 255;
          return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return pairs.map(([text, ground]) => {
        const [low, high] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      });
    }"""
    pairs = [
        [text, ground]
        for text in ["--text", "--muted"]
        for ground in ["--panel", "--raised", "--hover", "--accent-soft"]
    ] + [["--on-accent", "--accent"], ["--accent-strong", "--accent-soft"], ["--danger", "--panel"]]
    for _ in range(2):
        values = studio.page.evaluate(ratio, pairs)
        assert min(values) >= 4.5, dict(zip(map(str, pairs), values, strict=True))
        studio.action("theme").click()


def test_theme_follows_the_system_until_chosen(new_studio) -> None:
    studio = new_studio(color_scheme="dark")
    studio.open()
    ground = "() => getComputedStyle(document.querySelector('.topbar')).backgroundColor"
    dark = studio.page.evaluate(ground)
    studio.action("theme").click()
    light = studio.page.evaluate(ground)
    assert light != dark
    studio.open()
    assert studio.page.evaluate(ground) == light, "the choice outlives a reload"


def test_models_that_cannot_run_are_shown_with_the_reason(new_studio) -> None:
    studio = new_studio()

    def with_a_broken_one(route) -> None:
        listed = route.fetch().json()
        broken = {"id": "broken", "name": "Broken", "available": False, "reason": "Its weights do not match."}
        listed["models"].append({**listed["models"][0], **broken})
        route.fulfill(json=listed)

    studio.page.route("**/api/models", with_a_broken_one)
    studio.open()
    studio.page.get_by_role("button", name="Model:").click()
    entry = studio.page.locator("#model-list button", has_text="Broken")
    expect(entry).to_be_disabled()
    expect(entry).to_contain_text("Its weights do not match.")


def scene(zoo: Path, model: str, name: str) -> np.ndarray:
    return np.array(Image.open(zoo / model / "scenes" / f"{name}.png"))


def test_another_model_takes_the_map_over_by_class_names(own_studio, tmp_path: Path) -> None:
    tiny_model(tmp_path / "first")
    tiny_scenes(tmp_path / "first")
    tiny_model(tmp_path / "second", classes=3, size=128)
    studio = own_studio(tmp_path)
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    edited = studio.labels()
    studio.choose_model(1)
    assert studio.photo().shape == (128, 128, 4)
    carried = edited.repeat(2, axis=0).repeat(2, axis=1)
    carried[carried == 3] = 1  # the sky stands in for water
    carried[carried == 4] = 0  # nothing for earth
    assert np.array_equal(studio.labels(), carried)
    expect(studio.page.locator("#results button")).to_have_count(1)


def test_another_model_opens_its_own_scene_and_keeps_what_was_painted(own_studio, tmp_path: Path) -> None:
    """A map that the other model has no classes for waits with its undo steps until its model is chosen again."""
    for name in ("alike", "landscapes", "other"):
        tiny_model(tmp_path / name)
        tiny_scenes(tmp_path / name)
    card = tmp_path / "other" / "model.json"
    card.write_text(
        card.read_text().replace('"sky"', '"wall"').replace('"tree"', '"door"').replace('"water"', '"window"')
    )
    studio = own_studio(tmp_path)
    expect(studio.page.locator("#model-list button").nth(1)).to_have_attribute("aria-pressed", "true")
    studio.choose_model(0)
    assert np.array_equal(studio.labels(), scene(tmp_path, "alike", "shore"))
    assert not studio.action("undo").is_enabled()
    studio.choose_model(1)
    assert np.array_equal(studio.labels(), scene(tmp_path, "landscapes", "shore"))
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    edited, photo = studio.labels(), studio.photo()
    studio.choose_model(2)
    assert np.array_equal(studio.labels(), scene(tmp_path, "other", "shore"))
    studio.choose_model(1)
    assert np.array_equal(studio.labels(), edited) and np.array_equal(studio.photo(), photo)
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), scene(tmp_path, "landscapes", "shore"))


def test_nothing_painted_is_lost_between_models(own_studio, tmp_path: Path) -> None:
    """Work that was carried over is still whole where it began, and nothing carried over takes the place of work."""
    tiny_model(tmp_path / "first")
    tiny_scenes(tmp_path / "first")
    tiny_model(tmp_path / "second", classes=3)
    studio = own_studio(tmp_path)
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    edited, photo = studio.labels(), studio.photo()
    studio.choose_model(1)
    carried = studio.labels()
    assert carried.max() < 3
    studio.choose_model(0)
    assert np.array_equal(studio.labels(), edited) and np.array_equal(studio.photo(), photo)
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), scene(tmp_path, "first", "shore"))
    studio.choose_model(1)
    studio.choose_class("tree")
    studio.stroke((10, 50), (40, 60))
    studio.settle()
    second = studio.labels()
    studio.choose_model(0)
    studio.press("Control+Shift+z")
    studio.settle()
    assert np.array_equal(studio.labels(), edited), "what was undone can be done again"
    studio.choose_model(1)
    assert np.array_equal(studio.labels(), second)
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), carried)


def test_the_last_choice_of_a_model_counts(new_studio, start_server, tmp_path: Path) -> None:
    for name in ("first", "landscapes", "other"):
        tiny_model(tmp_path / name)
        tiny_scenes(tmp_path / name)
    server = start_server(tmp_path)
    studio = new_studio(server.url)
    opening = Held(studio, "**/landscapes/scenes/*")
    pending = Held(studio, "**/other/scenes/*")
    studio.page.goto(server.url)
    opening.wait()
    first = studio.press_model(0)
    expect(first).to_have_attribute("aria-pressed", "true")
    opening.let_go()
    expect(first).to_have_attribute("aria-pressed", "true")
    studio.press_model(2)
    pending.wait()
    studio.press_model(0)
    pending.let_go()
    expect(first).to_have_attribute("aria-pressed", "true")
    studio.choose_model(1)


def test_the_menu_shows_scenes_of_its_model_as_they_come(new_studio, start_server, tmp_path: Path) -> None:
    two_sizes(tmp_path)
    server = start_server(tmp_path)
    studio = new_studio(server.url)
    studio.open()
    shore, grove = (Held(studio, f"**/second/scenes/{name}.png") for name in ("shore", "grove"))
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    studio.choose_model(1)
    scenes = studio.page.locator("#scene-list button")
    expect(scenes).to_have_text(["Empty canvas"])
    grove.wait()
    grove.let_go()
    expect(scenes).to_have_text(["Grove", "Empty canvas"])
    studio.page.get_by_role("button", name="Scenes").click()
    scenes.first.click()
    studio.settle()
    assert np.array_equal(studio.labels(), scene(tmp_path, "second", "grove"))
    assert len(shore.waiting) == 1
    studio.toast("The server does not answer")
    studio.errors.clear()


def test_scenes_replace_the_labels_and_undo_brings_them_back(studio: Studio, live_server) -> None:
    before, photo = studio.labels(), studio.photo()
    assert np.array_equal(before, scene(live_server.zoo, "tiny", "shore"))
    scenes = studio.page.locator("#scene-list button")
    expect(scenes).to_have_text(["Shore", "Grove", "Empty canvas"])
    for i, expected in [(1, scene(live_server.zoo, "tiny", "grove")), (2, np.zeros((64, 64)))]:
        studio.page.get_by_role("button", name="Scenes").click()
        scenes.nth(i).click()
        studio.settle()
        assert np.array_equal(studio.labels(), expected)
    studio.press("Control+z")
    studio.settle()
    expect(studio.page.get_by_role("textbox", name="Seed of everything")).to_have_value("14")
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), before) and np.array_equal(studio.photo(), photo)
    assert not studio.action("undo").is_enabled()


def test_a_model_without_scenes_borrows_what_it_can_paint(own_studio, tmp_path: Path) -> None:
    tiny_model(tmp_path / "a-few", classes=3, size=128)
    tiny_model(tmp_path / "b-other")
    card = tmp_path / "b-other" / "model.json"
    card.write_text(card.read_text().replace('"sky"', '"wall"').replace('"water"', '"window"'))
    tiny_model(tmp_path / "with")
    tiny_scenes(tmp_path / "with")
    studio = own_studio(tmp_path)
    borrowed = scene(tmp_path, "with", "shore").repeat(2, axis=0).repeat(2, axis=1)
    borrowed[borrowed == 3] = 1
    assert np.array_equal(studio.labels(), borrowed)
    studio.choose_model(1)
    expect(studio.page.locator("#scene-list button")).to_have_text(["Grove", "Empty canvas"])
    borrowed = scene(tmp_path, "with", "grove")
    borrowed[borrowed == 1] = 0
    assert np.array_equal(studio.labels(), borrowed)


@pytest.mark.parametrize(("missing", "left"), [("shore.png", ["Grove"]), ("*", [])])
def test_the_page_opens_with_what_scenes_there_are(new_studio, live_server, missing: str, left: list[str]) -> None:
    studio = new_studio()
    studio.page.route(f"**/scenes/{missing}", lambda route: route.abort())
    studio.open()
    studio.toast("The server does not answer")
    expected = scene(live_server.zoo, "tiny", "grove") if left else np.zeros((64, 64))
    assert np.array_equal(studio.labels(), expected) and studio.photo()[..., :3].std() > 0
    expect(studio.page.locator("#scene-list button")).to_have_text([*left, "Empty canvas"])
    studio.errors.clear()


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (820, 1180), (1920, 1080), (3440, 1440)])
def test_everything_fits_the_screen(new_studio, size: tuple[int, int]) -> None:
    studio = new_studio(viewport={"width": size[0], "height": size[1]})
    studio.open()
    overflow = studio.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    for canvas in ["#labels", "#photo"]:
        box = studio.page.locator(canvas).bounding_box()
        assert box and box["width"] > 100 and box["x"] >= 0 and box["x"] + box["width"] <= size[0]
