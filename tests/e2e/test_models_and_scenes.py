"""Choosing models and scenes: what was painted is kept, carried over or found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from models.testing import tiny_model, tiny_scenes, two_sizes
from tests.e2e.studio import BlockedRequests, Studio


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


def test_another_model_takes_over_the_map_by_class_names(own_studio, tmp_path: Path) -> None:
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
    opening = BlockedRequests(studio, "**/landscapes/scenes/*")
    pending = BlockedRequests(studio, "**/other/scenes/*")
    studio.page.goto(server.url)
    opening.wait()
    first = studio.press_model(0)
    expect(first).to_have_attribute("aria-pressed", "true")
    opening.release()
    expect(first).to_have_attribute("aria-pressed", "true")
    studio.press_model(2)
    pending.wait()
    studio.press_model(0)
    pending.release()
    expect(first).to_have_attribute("aria-pressed", "true")
    studio.choose_model(1)


def test_the_menu_shows_scenes_of_its_model_as_they_load(new_studio, start_server, tmp_path: Path) -> None:
    two_sizes(tmp_path)
    server = start_server(tmp_path)
    studio = new_studio(server.url)
    studio.open()
    shore, grove = (BlockedRequests(studio, f"**/second/scenes/{name}.png") for name in ("shore", "grove"))
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    studio.choose_model(1)
    scenes = studio.page.locator("#scene-list button")
    expect(scenes).to_have_text(["Empty canvas"])
    grove.wait()
    grove.release()
    expect(scenes).to_have_text(["Grove", "Empty canvas"])
    studio.page.get_by_role("button", name="Scenes").click()
    scenes.first.click()
    studio.settle()
    assert np.array_equal(studio.labels(), scene(tmp_path, "second", "grove"))
    assert len(shore.waiting) == 1
    studio.toast("The server is not responding")
    studio.errors.clear()


def test_scenes_replace_the_labels_and_undo_restores_them(studio: Studio, live_server) -> None:
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
    expect(studio.page.get_by_role("textbox", name="Global seed")).to_have_value("14")
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
def test_the_page_opens_with_the_scenes_that_load(new_studio, live_server, missing: str, left: list[str]) -> None:
    studio = new_studio()
    studio.page.route(f"**/scenes/{missing}", lambda route: route.abort())
    studio.open()
    studio.toast("The server is not responding")
    expected = scene(live_server.zoo, "tiny", "grove") if left else np.zeros((64, 64))
    assert np.array_equal(studio.labels(), expected) and studio.photo()[..., :3].std() > 0
    expect(studio.page.locator("#scene-list button")).to_have_text([*left, "Empty canvas"])
    studio.errors.clear()
