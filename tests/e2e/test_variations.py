"""Nine variations to choose from, and the heat map of what a step changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import expect

from tests.e2e.studio import READ_PIXELS, BlockedRequests, Studio
from tests.e2e.test_noise import WATER, brush_region, changed, seed_of


def open_variations(studio: Studio) -> None:
    studio.press("w")
    expect(studio.page.locator("#variation-grid canvas")).to_have_count(9)


def pixels(studio: Studio, number: int) -> np.ndarray:
    """[H, W, 4] of a variation that is shown."""
    read = studio.page.locator("#variation-grid canvas").nth(number).evaluate(READ_PIXELS)
    return np.frombuffer(bytes.fromhex(read["hex"]), np.uint8).reshape(read["height"], read["width"], 4)


def cells(studio: Studio) -> list[str]:
    return studio.page.locator("#variation-grid button").evaluate_all("all => all.map(each => each.ariaLabel)")


def test_a_variation_is_taken_as_it_is_shown_in_one_step(studio: Studio) -> None:
    before = studio.photo()
    open_variations(studio)
    assert len({pixels(studio, i).tobytes() for i in range(9)}) == 9
    wanted, label = pixels(studio, 4), cells(studio)[4]
    studio.page.locator("#variation-grid button").nth(4).click()
    expect(studio.page.locator("#variations")).to_be_hidden()
    studio.settle()
    assert np.array_equal(studio.photo(), wanted)
    assert label == f"Variation 5: {seed_of(studio, 'Global seed')}"
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), before)
    expect(studio.action("undo")).to_be_disabled()
    studio.press("Control+Shift+z")
    studio.settle()
    assert np.array_equal(studio.photo(), wanted)


def test_variations_by_keyboard(studio: Studio) -> None:
    studio.action("variations").focus()
    open_variations(studio)
    expect(studio.page.locator("#variation-grid button").first).to_be_focused()
    for key in ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowDown"]:
        studio.press(key)
    expect(studio.page.locator("#variation-grid button").nth(4)).to_be_focused()
    wanted = pixels(studio, 4)
    first = cells(studio)
    studio.press("Enter")
    studio.settle()
    assert np.array_equal(studio.photo(), wanted)

    open_variations(studio)
    assert not set(cells(studio)) & set(first)
    studio.press("Escape")
    expect(studio.page.locator("#variations")).to_be_hidden()
    assert np.array_equal(studio.photo(), wanted)


def test_variations_of_a_region_and_of_a_class_keep_the_rest(studio: Studio) -> None:
    studio.choose_class("water")
    region = brush_region(studio)
    before, water = studio.photo(), studio.labels() == WATER
    studio.page.get_by_label("Strength").fill("40")
    open_variations(studio)
    of = studio.page.get_by_label("Variations of")
    expect(of).to_have_value("region")
    assert all(cell.endswith(" + 40 %") for cell in cells(studio))
    for area in (region, water):
        for i in range(9):
            assert not changed(before, pixels(studio, i))[~area].any()
            assert changed(before, pixels(studio, i))[area].any()
        if area is region:
            of.select_option("class")  # empties the grid at once
            expect(studio.page.locator("#variation-grid canvas")).to_have_count(9)
    wanted = pixels(studio, 8)
    studio.page.locator("#variation-grid button").nth(8).click()
    studio.settle()
    assert np.array_equal(studio.photo(), wanted)
    expect(studio.page.locator("#regions li.active")).to_contain_text("water")


def test_variations_are_sorted_by_hints_and_back(studio: Studio) -> None:
    open_variations(studio)
    drawn = cells(studio)
    for order, name in (("realism", "Realism (hint)"), ("fidelity", "Label fidelity (hint)")):
        studio.page.get_by_label("Order").select_option(order)
        scores = studio.page.locator("#variation-grid button[data-scored=true] small")
        expect(scores.first).to_contain_text(name)
        values = [int(text.removeprefix(f"{name}: ").removesuffix(" %")) for text in scores.all_inner_texts()]
        assert len(values) == 9 and values == sorted(values, reverse=True)
    studio.page.get_by_label("Order").select_option("drawn")
    assert cells(studio) == drawn


def test_variations_close_when_the_document_changes(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.open()
    held = BlockedRequests(studio, "**/synthesize?*")
    studio.press("w")
    held.wait()
    studio.stroke((20, 20), (30, 20))
    expect(studio.page.locator("#variations")).to_be_hidden()
    studio.settle()
    photo = studio.photo()
    held.open = True
    open_variations(studio)
    studio.press("w")
    expect(studio.page.locator("#variation-grid canvas")).to_have_count(9)
    studio.page.get_by_label("Close the variations").click()
    assert np.array_equal(studio.photo(), photo)
    expect(studio.page.locator(".toast.error")).to_have_count(0)
    studio.errors.clear()  # of the request that was given up


def test_a_failing_server_is_reported_once_and_changes_nothing(studio: Studio) -> None:
    photo = studio.photo()
    studio.page.route("**/synthesize?*", lambda route: route.abort())
    studio.press("w")
    studio.toast("The server is not responding.")
    expect(studio.page.locator(".toast.error")).to_have_count(1)
    studio.page.locator("#variation-grid button").first.click()
    studio.press("Escape")
    assert np.array_equal(studio.photo(), photo)
    studio.errors.clear()


def test_the_change_map_shows_every_pixel_that_changed(studio: Studio) -> None:
    before = studio.photo()
    brush_region(studio)
    after = studio.photo()
    studio.press("d")
    expect(studio.action("show-change")).to_have_attribute("aria-checked", "true")
    differs = changed(before, after)
    expect(studio.page.locator("#change-text")).to_contain_text("% of the pixels changed")
    share = float(studio.page.locator("#change-text").inner_text().split(" %")[0])
    assert abs(share - 100 * differs.mean()) <= 0.5
    assert np.array_equal(studio.pixels("#overlay")[..., 3] > 0, differs)

    studio.press("r")
    studio.settle()
    studio.next_frame()
    assert np.array_equal(studio.pixels("#overlay")[..., 3] > 0, changed(after, studio.photo()))
    studio.press("d")
    expect(studio.page.locator("#overlay")).to_be_hidden()


def test_pictures_of_unfinished_strokes_are_not_cached(studio: Studio) -> None:
    studio.run(
        """const { Pictures } = await load('document/picture-cache');
        const { put } = Pictures.prototype;
        const seen = (globalThis.seen = new Set());
        Pictures.prototype.put = function (version, picture) {
          globalThis.pictures = this;
          seen.add(version);
          put.call(this, version, picture);
        };"""
    )
    mouse = studio.page.mouse
    mouse.move(*studio.at((4, 4)))
    mouse.down()
    for i in range(3):
        mouse.move(*studio.at((10 + 10 * i, 20)), steps=4)
        studio.page.wait_for_function("count => seen.size > count", arg=i)
    mouse.up()
    studio.settle()
    assert studio.page.evaluate("[...seen].filter(version => pictures.get(version)).length") == 1
    before = studio.photo()
    studio.press("d")
    expect(studio.page.locator("#change-text")).to_contain_text("% of the pixels changed")
    studio.press("Control+z")
    studio.settle()
    assert changed(before, studio.photo()).any()


def test_escape_closes_only_the_variations(studio: Studio) -> None:
    studio.press("Control+a")
    open_variations(studio)
    studio.press("Escape")
    expect(studio.page.locator("#variations")).to_be_hidden()
    expect(studio.action("deselect")).to_be_enabled()
    studio.press("Escape")
    expect(studio.action("deselect")).to_be_disabled()
