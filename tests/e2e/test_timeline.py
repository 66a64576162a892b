"""The timeline in the page: key frames, and playing the film between them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from models.testing import two_sizes
from tests.conftest import LiveServer
from tests.e2e.projects import open_project, saved_project
from tests.e2e.saved_works import kept
from tests.e2e.studio import BlockedRequests, Studio

WATCH_FRAMES = """() => {
  const film = document.querySelector('#film');
  window.seen = [];
  new MutationObserver(() => seen.push(Number(film.dataset.frame))).observe(film, { attributeFilter: ['data-frame'] });
}"""


def keys(studio: Studio) -> Locator:
    return studio.page.locator("#key-frames li > button:first-child")


def add_key(studio: Studio) -> np.ndarray:
    """Adds what is on screen as a key frame; returns its picture."""
    studio.settle()
    count = keys(studio).count()
    studio.press("Shift+T")
    expect(keys(studio)).to_have_count(count + 1)
    return studio.photo()


def three_keys(studio: Studio) -> list[np.ndarray]:
    pictures = [add_key(studio)]
    for _ in range(2):
        studio.press("r")
        pictures.append(add_key(studio))
    return pictures


def seeds(studio: Studio) -> list[int]:
    """Of the key frames, in their order."""
    return [int(name.split()[-1]) for name in keys(studio).evaluate_all("all => all.map(one => one.ariaLabel)")]


def slide(studio: Studio, name: str, value: float) -> None:
    studio.page.locator(f"#{name}").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", str(value)
    )


def frame(studio: Studio, number: int) -> np.ndarray:
    slide(studio, "scrub", number)
    film = studio.page.locator(f"#film[data-frame='{number}']")
    expect(film).to_be_visible()
    return studio.pixels("#film")


def painted(server: LiveServer, labels: np.ndarray, noise: dict[str, Any]) -> np.ndarray:
    """[H, W, 3]: what the server makes of this."""
    png = io.BytesIO()
    Image.fromarray(labels).save(png, "PNG")
    url, files = f"{server.url}/api/models/tiny/synthesize", {"labels": png.getvalue()}
    answer = httpx.post(url, files=files, data={"noise": json.dumps(noise)}, timeout=60).raise_for_status()
    return np.array(Image.open(io.BytesIO(answer.content)).convert("RGB"))


def test_every_frame_is_what_the_server_paints_between_the_key_frames(studio: Studio, live_server: LiveServer) -> None:
    labels = studio.labels()
    first, second, third = three_keys(studio)
    a, b, _ = seeds(studio)
    expect(studio.page.locator("#frame-text")).to_have_text("1 / 90")
    assert np.array_equal(frame(studio, 0), first)
    assert np.array_equal(frame(studio, 30), second) and np.array_equal(frame(studio, 60), third)
    for number in (7, 15):
        t = number / 30
        noise = {"seed": a, "blend": [{"seed": b, "t": t * t * (3 - 2 * t)}]}
        assert np.array_equal(frame(studio, number)[..., :3], painted(live_server, labels, noise))
    studio.action("timeline-smooth").click()
    noise = {"seed": a, "blend": [{"seed": b, "t": 0.5 / 30 * 14}]}
    assert np.array_equal(frame(studio, 7)[..., :3], painted(live_server, labels, noise))

    assert np.array_equal(studio.photo(), third) and np.array_equal(studio.labels(), labels), "the work is untouched"
    studio.page.locator("#timeline").press("Escape")
    expect(studio.page.locator("#film")).to_be_hidden()


def test_length_follows_the_pace(studio: Studio) -> None:
    three_keys(studio)
    text = studio.page.locator("#frame-text")
    slide(studio, "film-seconds", 0.5)
    slide(studio, "film-fps", 8)
    expect(text).to_have_text("1 / 12")
    studio.action("timeline-loop").click()
    expect(text).to_have_text("1 / 9")
    assert np.array_equal(frame(studio, 8), studio.photo()), "without a loop the last frame is the last key frame"


def test_key_frames_are_restored_moved_copied_changed_and_removed(studio: Studio) -> None:
    pictures = three_keys(studio)
    a, b, c = seeds(studio)
    frame(studio, 5)
    keys(studio).nth(0).click()
    studio.settle()
    assert np.array_equal(studio.photo(), pictures[0])
    expect(studio.page.locator("#film")).to_be_hidden()
    expect(keys(studio).nth(0)).to_have_attribute("aria-current", "true")
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), pictures[2])

    keys(studio).nth(2).drag_to(keys(studio).nth(0))
    assert seeds(studio) == [c, a, b]
    keys(studio).nth(0).focus()
    studio.press("ArrowRight")
    assert seeds(studio) == [a, c, b]
    expect(keys(studio).nth(1)).to_be_focused()
    studio.press("ArrowRight")
    studio.press("ArrowRight")
    assert seeds(studio) == [a, b, c]
    studio.press("Delete")
    assert seeds(studio) == [a, b]
    expect(keys(studio).nth(1)).to_be_focused()

    studio.page.get_by_role("button", name="Copy key frame 1").click()
    assert seeds(studio) == [a, a, b]
    studio.page.get_by_role("button", name="New seed for key frame 2").click()
    expect(keys(studio).nth(1)).not_to_have_attribute("aria-label", f"Key frame 2, seed {a}")
    new = seeds(studio)[1]
    assert seeds(studio) == [a, new, b] and new not in (a, b)
    between = frame(studio, 30)
    keys(studio).nth(1).click()
    studio.settle()
    assert np.array_equal(studio.photo(), between)
    for _ in range(3):
        studio.page.get_by_role("button", name="Remove key frame 1").click()
    expect(keys(studio)).to_have_count(0)
    expect(studio.action("timeline-gif")).to_be_disabled()
    expect(studio.action("timeline-gif")).to_have_attribute("title", "Add two key frames first.")


def test_label_maps_are_key_frames_too(studio: Studio) -> None:
    first = add_key(studio)
    studio.choose_class("earth")
    studio.stroke((8, 50), (56, 50))
    second = add_key(studio)
    middle = frame(studio, 15)
    assert not np.array_equal(middle, first) and not np.array_equal(middle, second)
    assert np.array_equal(frame(studio, 30), second)


def test_only_the_active_region_moves(studio: Studio) -> None:
    studio.press("n")
    studio.set_size(18)
    studio.stroke((24, 30), (40, 30))
    first = add_key(studio)
    studio.press("Shift+R")
    studio.settle()
    second = add_key(studio)
    studio.press("r")
    add_key(studio)
    studio.action("timeline-regiononly").click()
    inside = saved_project(studio).map("regions.png") > 0
    middle = frame(studio, 15)
    assert (middle != first).any(-1)[inside].mean() > 0.5
    assert not (middle != first).any(-1)[~inside].any(), "the rest of the picture is kept"
    other = frame(studio, 60)
    assert not (other != first).any(-1)[~inside].any() and not np.array_equal(other, second)

    studio.press("Control+z")  # the third key frame's noise, then the second's, then the region
    for _ in range(2):
        studio.press("Control+z")
    expect(studio.action("timeline-play")).to_be_disabled()
    expect(studio.action("timeline-play")).to_have_attribute("title", "Choose a noise region of the first key frame.")


def test_playing_continues_until_it_is_paused(studio: Studio) -> None:
    three_keys(studio)
    slide(studio, "film-seconds", 0.5)
    slide(studio, "film-fps", 8)
    tray, film = studio.page.locator("#timeline"), studio.page.locator("#film")
    play = studio.action("timeline-play")
    studio.page.evaluate(WATCH_FRAMES)
    tray.focus()
    studio.press("Space")
    expect(play).to_have_attribute("aria-pressed", "true")
    studio.page.wait_for_function("() => seen.length > 14")
    studio.press("Space")
    expect(play).to_have_attribute("aria-pressed", "false")
    seen = studio.page.evaluate("() => seen")
    assert seen == [i % 12 for i in range(len(seen))]
    expect(film).to_be_visible()

    studio.action("timeline-loop").click()
    frame(studio, 7)
    play.click()
    expect(film).to_have_attribute("data-frame", "8")
    expect(play).to_have_attribute("aria-pressed", "false")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    studio.stroke((5, 5), (20, 5))
    expect(film).to_be_hidden()
    expect(play).to_have_attribute("aria-pressed", "false")


def test_the_last_requested_frame_is_shown(studio: Studio) -> None:
    three_keys(studio)
    held = BlockedRequests(studio, "**/synthesize*")
    slide(studio, "scrub", 3)
    held.wait()
    for number in (4, 5, 6):
        slide(studio, "scrub", number)
    expect(studio.page.locator("#film")).to_be_hidden()
    studio.page.unroute_all()  # from here on the sixth may be answered
    found = frame(studio, 20)
    assert np.array_equal(found, studio.pixels("#film"))


def test_a_lost_server_is_reported_and_the_key_frames_stay(studio: Studio) -> None:
    three_keys(studio)
    studio.page.route("**/synthesize*", lambda route: route.abort())
    slide(studio, "scrub", 11)
    studio.toast("The server is not responding.")
    expect(studio.page.locator("#film")).to_be_hidden()
    expect(keys(studio)).to_have_count(3)
    studio.page.unroute_all()
    frame(studio, 11)
    studio.errors.clear()


def test_each_model_has_its_own_key_frames(own_studio: Callable[..., Studio], tmp_path: Path) -> None:
    two_sizes(tmp_path)
    studio = own_studio(tmp_path)
    add_key(studio)
    studio.press("r")
    add_key(studio)
    before = seeds(studio)
    frame(studio, 9)
    studio.choose_model(1)
    expect(keys(studio)).to_have_count(0)
    expect(studio.page.locator("#film")).to_be_hidden()
    studio.choose_model(0)
    assert seeds(studio) == before


def test_key_frames_belong_to_the_project_and_so_do_results(studio: Studio, tmp_path: Path) -> None:
    add_key(studio)
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.press("r")
    add_key(studio)
    before, middle = seeds(studio), frame(studio, 15)
    file = studio.save("Control+p").rename(tmp_path / "work.oasis")
    studio.page.get_by_role("button", name="File").click()
    studio.action("new-project").click()
    expect(keys(studio)).to_have_count(0)
    expect(studio.page.locator("#film")).to_be_hidden()
    studio.settle()
    expect(studio.page.locator("#results img")).to_have_count(1)

    open_project(studio, file)
    expect(keys(studio)).to_have_count(2)
    assert seeds(studio) == before and np.array_equal(frame(studio, 15), middle)
    studio.page.get_by_role("button", name="Remove key frame 1").click()
    studio.press("r")
    studio.settle()
    kept(studio)
    studio.page.reload()
    studio.settle()
    assert seeds(studio) == before[1:]
    studio.press("t")
    keys(studio).first.click()
    studio.settle()
    expect(keys(studio).first).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_the_timeline_fits_the_page(new_studio: Callable[..., Studio], size: tuple[int, int]) -> None:
    studio = new_studio(viewport={"width": size[0], "height": size[1]})
    studio.open()
    three_keys(studio)
    box = studio.page.locator("#timeline").bounding_box()
    assert box and box["width"] <= size[0] and box["height"] < 180
    studio.press("t")
    expect(studio.page.locator("#timeline")).to_be_hidden()
