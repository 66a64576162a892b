"""Noise vectors: copied, pasted and dropped; locks and names of regions; strength and channels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from models.noise import NOISE_DIM, NoiseSpec
from tests.e2e.studio import Studio
from tests.e2e.test_noise import WATER, brush_region, changed, seed_of
from tests.e2e.wire import Sent


@pytest.fixture
def sent(new_studio: Callable[..., Studio]) -> tuple[Studio, Sent]:
    """A page, and what it sends."""
    studio = new_studio()
    sent = Sent(studio)
    studio.open()
    return studio, sent


def row(studio: Studio, name: str) -> Locator:
    return studio.page.locator("#regions li", has=studio.page.get_by_role("button", name=name, exact=True))


def chip(studio: Studio, label: str) -> Locator:
    return studio.page.locator(f"button.vector[aria-label^='{label}:']")


def drag(studio: Studio, source: Locator, x: float, y: float) -> None:
    """The browser's own drag and drop, which only begins with the second move."""
    source.hover()
    studio.page.mouse.down()
    for step in (8, 4, 0):
        studio.page.mouse.move(x - step, y)
    studio.page.mouse.up()


def set_strength(studio: Studio, percent: int) -> None:
    slider = studio.page.get_by_label("Strength")
    slider.fill(str(percent))


def test_a_vector_is_copied_from_one_chip_and_pasted_on_another(studio: Studio) -> None:
    brush_region(studio)
    photo = studio.photo()
    seed = seed_of(studio, "Global seed")
    chip(studio, "Global noise").focus()
    studio.press("Control+c")
    studio.toast("Seed copied.")
    chip(studio, "Noise of Region 1").focus()
    studio.press("Control+v")
    expect(studio.page.get_by_label("Seed of Region 1", exact=True)).to_have_value(str(seed))
    studio.settle()
    assert changed(photo, studio.photo()).any()
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), photo)


def test_text_that_is_not_noise_is_not_pasted(studio: Studio) -> None:
    for text in [
        "tree",
        '{"seed": -1}',
        '{"seed": 1, "blend": [{"t": 2}]}',
        '{"seed": 1, "blend": [{"t": 1, "channels": [64]}]}',
    ]:
        studio.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        studio.page.get_by_label("Paste: Global seed").click()
        studio.toast("A seed is a whole number" if text == "tree" else "This is neither a seed nor copied noise")
    expect(studio.action("undo")).to_be_disabled()


def test_a_blended_vector_survives_copy_and_paste(sent: tuple[Studio, Sent]) -> None:
    studio, wire = sent
    brush_region(studio)
    set_strength(studio, 30)
    studio.press("Shift+R")
    studio.settle()
    region = wire.last["regions"][0]
    assert [blend["t"] for blend in region["blend"]] == [0.3]
    expect(row(studio, "Region 1")).to_contain_text(f"{region['seed']} + 30 %")
    studio.page.get_by_label("Copy: Seed of Region 1").click()
    studio.page.get_by_label("Paste: Global seed").click()
    expect(studio.page.locator("#global-seed")).to_contain_text("+ 30 %")  # pasting takes the browser a moment
    studio.settle()
    assert (wire.last["seed"], wire.last["blend"]) == (region["seed"], region["blend"])
    vectors = NoiseSpec.parse(wire.last).vectors()
    assert np.array_equal(vectors[0], vectors[1])


def test_a_chip_is_dropped_on_a_region_and_on_the_picture(studio: Studio) -> None:
    studio.page.set_viewport_size({"width": 1280, "height": 1000})  # for both rows to be seen at once
    brush_region(studio)
    studio.action("new-region").click()
    studio.stroke((10, 50), (14, 50))
    studio.settle()
    studio.page.get_by_role("button", name="Region 1", exact=True).click()
    first = seed_of(studio, "Seed of Region 1")
    chip(studio, "Noise of Region 2").evaluate("chip => chip.scrollIntoView()")
    box = chip(studio, "Noise of Region 2").bounding_box()
    assert box
    drag(studio, chip(studio, "Noise of Region 1"), box["x"] + 9, box["y"] + 9)
    expect(row(studio, "Region 2").locator("small")).to_have_text(str(first))
    drag(studio, chip(studio, "Global noise"), *studio.at((32, 30), "#photo"))
    expect(row(studio, "Region 1").locator("small").first).to_have_text(str(seed_of(studio, "Global seed")))


def test_a_locked_region_does_not_change_until_unlocked(studio: Studio) -> None:
    region = brush_region(studio)
    before, seed = studio.photo(), seed_of(studio, "Seed of Region 1")
    lock = studio.page.get_by_role("button", name="Lock Region 1")
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    studio.settle()
    assert np.array_equal(studio.photo(), before), "a lock changes no pixel"
    expect(row(studio, "Region 1").get_by_role("button", name="Re-roll Region 1")).to_be_disabled()
    studio.press("Shift+R")
    studio.toast("Region 1 is locked: unlock it first.")

    studio.press("r")
    studio.settle()
    after = studio.photo()
    assert seed_of(studio, "Seed of Region 1") == seed
    assert not changed(before, after)[region].any()
    assert changed(before, after)[~region].mean() > 0.5
    lock.click()
    studio.press("r")
    studio.settle()
    assert seed_of(studio, "Seed of Region 1") != seed
    assert changed(after, studio.photo())[region].any()


def test_the_noise_of_a_class_is_locked_by_a_key(studio: Studio) -> None:
    photo, water = studio.photo(), studio.labels() == WATER
    studio.choose_class("water")
    studio.press("Shift+J")
    expect(studio.action("keep-class-noise")).to_have_attribute("aria-pressed", "true")
    studio.settle()
    assert np.array_equal(studio.photo(), photo)
    studio.press("r")
    studio.settle()
    after = studio.photo()
    assert not changed(photo, after)[water].any()
    assert changed(photo, after)[~water].mean() > 0.5
    studio.press("Shift+J")
    expect(studio.action("keep-class-noise")).to_have_attribute("aria-pressed", "false")
    studio.press("r")
    studio.settle()
    assert changed(after, studio.photo())[water].any()


def test_a_region_is_renamed_and_gets_its_default_name_back(studio: Studio) -> None:
    brush_region(studio)
    photo = studio.photo()
    name = studio.page.get_by_label("Name of Region 1")
    name.fill("Old oak")
    name.press("Enter")
    expect(row(studio, "Old oak")).to_be_visible()
    studio.page.get_by_label("Name of Old oak").fill("")
    studio.page.get_by_label("Name of Old oak").press("Enter")
    expect(row(studio, "Region 1")).to_be_visible()
    studio.press("Control+z")
    expect(row(studio, "Old oak")).to_be_visible()
    studio.settle()
    assert np.array_equal(studio.photo(), photo)


def test_an_object_under_the_pointer_becomes_a_region(studio: Studio) -> None:
    before, labels = studio.photo(), studio.labels()
    y, x = np.argwhere(labels == WATER)[0] + 0.5
    studio.page.mouse.move(*studio.at((x, y)))
    studio.press("j")
    studio.settle()
    expect(row(studio, "water 1")).to_be_visible()
    after = studio.photo()
    assert changed(before, after).any()
    assert not changed(before, after)[labels != WATER].any()


def test_alt_click_of_the_noise_brush_takes_a_whole_object(studio: Studio) -> None:
    before, labels = studio.photo(), studio.labels()
    studio.press("n")
    y, x = np.argwhere(labels == WATER)[0] + 0.5
    studio.page.keyboard.down("Alt")
    studio.stroke((x, y))
    studio.page.keyboard.up("Alt")
    studio.settle()
    expect(row(studio, "water 1")).to_be_visible()
    assert not changed(before, studio.photo())[labels != WATER].any()
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), before)
    expect(studio.action("undo")).to_be_disabled()


def test_weak_rerolls_blend_and_full_ones_take_a_new_seed(sent: tuple[Studio, Sent]) -> None:
    studio, wire = sent
    seed = seed_of(studio, "Global seed")
    set_strength(studio, 10)
    for _ in range(2):
        studio.press("r")
        studio.settle()
    noise = wire.last
    assert noise["seed"] == seed and [blend["t"] for blend in noise["blend"]] == [0.1]
    expect(chip(studio, "Global noise")).to_have_attribute("aria-label", f"Global noise: {seed} + 10 %")
    set_strength(studio, 100)
    studio.press("r")
    studio.settle()
    assert wire.last["seed"] != seed and not wire.last.get("blend")


def test_channels_are_selected_by_dragging_and_only_they_change(sent: tuple[Studio, Sent]) -> None:
    studio, wire = sent
    page = studio.page
    page.locator(".channels summary").click()
    page.get_by_role("button", name="None", exact=True).click()
    expect(studio.action("reroll-all")).to_be_disabled()
    studio.press("n")
    studio.stroke((10, 10), (20, 10))
    studio.toast("No noise channels are selected.")
    expect(studio.action("undo")).to_be_disabled()
    first, last = (page.get_by_label(f"Channel {i}", exact=True).bounding_box() for i in (8, 12))
    assert first and last
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, last["y"] + 5, steps=12)
    page.mouse.up()
    expect(page.locator("#channels-text")).to_have_text("5 of 64")
    studio.press("r")
    studio.settle()
    chosen = [8, 9, 10, 11, 12]
    before, after = (NoiseSpec.parse(noise).vectors()[0] for noise in (wire.noises[0], wire.last))
    assert [i for i in range(NOISE_DIM) if before[i] != after[i]] == chosen
    for _ in range(2):
        studio.press("r")
        studio.settle()
        assert [blend["channels"] for blend in wire.last["blend"]] == [chosen]
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator("#channels-text")).to_have_text("all")


def test_channels_are_selected_by_keys(studio: Studio) -> None:
    page = studio.page
    page.locator(".channels summary").click()
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_label("Channel 0", exact=True).focus()
    for key in ["Space", "Shift+ArrowRight", "Shift+ArrowDown", "ArrowLeft", "Space"]:
        studio.press(key)
    pressed = page.locator("#channel-grid [aria-pressed=true]").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert pressed == ["Channel 0", "Channel 1", "Channel 8", "Channel 9"]


def test_a_focused_control_keeps_the_focus_when_rows_are_replaced(studio: Studio) -> None:
    brush_region(studio)
    studio.page.get_by_role("button", name="Re-roll Region 1").focus()
    studio.press("Enter")
    studio.settle()
    expect(studio.page.get_by_role("button", name="Re-roll Region 1")).to_be_focused()


def test_a_locked_class_is_locked_where_it_was_painted_later_and_in_other_regions(studio: Studio) -> None:
    brush_region(studio)
    studio.press("b")
    studio.choose_class("water")
    studio.stroke((8, 50), (30, 30))  # half of it in the region
    studio.press("Shift+J")
    studio.press("r")
    studio.stroke((8, 8), (30, 8))
    studio.settle()
    before, water = studio.photo(), studio.labels() == WATER
    studio.press("r")
    studio.settle()
    after = studio.photo()
    assert not changed(before, after)[water].any()
    assert changed(before, after)[~water].mean() > 0.5
    studio.press("Shift+J")
    expect(studio.action("keep-class-noise")).to_have_attribute("aria-pressed", "false")
    studio.press("r")
    studio.settle()
    assert changed(after, studio.photo())[water].mean() > 0.5


def test_nothing_else_takes_pixels_of_locked_noise(studio: Studio) -> None:
    region = brush_region(studio)
    studio.press("b")
    studio.choose_class("water")
    studio.set_size(40)
    studio.stroke((20, 30), (44, 30))
    studio.page.get_by_role("button", name="Lock Region 1").click()
    studio.settle()
    before, water = studio.photo(), studio.labels() == WATER
    assert water[region].all()
    studio.press("c")
    studio.settle()
    assert not changed(before, studio.photo())[region].any()
    assert changed(before, studio.photo())[water & ~region].any()

    studio.action("new-region").click()
    studio.set_size(6)
    studio.stroke((28, 30), (34, 30))
    studio.toast("The noise there is locked")
    expect(row(studio, "Region 3")).to_have_count(0)
    studio.press("Control+z")
    studio.press("Shift+J")
    studio.page.mouse.move(*studio.at((32, 12)))
    studio.press("j")
    studio.toast("The noise there is locked")
    expect(studio.page.locator("#regions li")).to_have_count(2)
