"""Opening picture files, and recreating photos."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from models.testing import tiny_model, tiny_scenes, two_sizes
from tests.e2e.given import DROP, PASTE, a_photo, choose_file, encoded, give
from tests.e2e.studio import PATIENCE_MS, BlockedRequests, Studio

PHOTO = ("photo.jpg", "image/jpeg", encoded(a_photo(), "JPEG"))


def dialog(studio: Studio) -> Locator:
    return studio.page.get_by_role("dialog", name="Open this picture as")


def kind(studio: Studio, name: str) -> Locator:
    return dialog(studio).get_by_role("button", name=name)


def take(studio: Studio, name: str) -> None:
    """Accepts the suggestion of the page, by keyboard."""
    expect(kind(studio, name)).to_be_focused()
    studio.press("Enter")
    expect(dialog(studio)).to_be_hidden()


def expect_labels(studio: Studio, labels: np.ndarray) -> None:
    """A file is read in its own time."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not np.array_equal(studio.labels(), labels):
        assert time.monotonic() < end, "The page shows other labels."


def a_label_map() -> np.ndarray:
    labels = np.full((64, 64), 2, np.uint8)
    labels[:20] = 1
    return labels


def png(pixels: np.ndarray) -> tuple[str, str, bytes]:
    return ("map.png", "image/png", encoded(Image.fromarray(pixels), "PNG"))


@pytest.mark.parametrize("how", ["drop", "paste", "choose"])
def test_photo_becomes_labels_and_three_recreations(studio: Studio, how: str) -> None:
    before, labels = studio.photo(), studio.labels()
    if how == "choose":
        choose_file(studio, "recreate", PHOTO)
    else:
        give(studio, DROP if how == "drop" else PASTE, *PHOTO)
        take(studio, "A photo")

    tray = studio.page.locator("#recreations")
    expect(tray.locator("button.recreation canvas")).to_have_count(3)
    studio.settle()
    assert not np.array_equal(studio.labels(), labels)
    assert 0 not in studio.labels(), "a segmented photo has no unlabeled pixel"
    assert not np.array_equal(studio.photo(), before)
    expect(tray.locator("#recreation-source canvas")).to_be_visible()

    first = studio.photo()
    tray.locator("button.recreation").nth(2).click()
    studio.settle()
    third = studio.photo()
    assert not np.array_equal(third, first)
    tray.locator("button.recreation").nth(0).click()
    studio.settle()
    assert np.array_equal(studio.photo(), first), "the first recreation is the picture shown first"

    tray.get_by_role("button", name="Three others").click()
    expect(tray.locator("button.recreation canvas")).to_have_count(3)
    tray.get_by_role("button", name="Done").click()
    expect(tray).to_be_hidden()
    for _ in range(3):
        studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), labels) and np.array_equal(studio.photo(), before)


def test_the_user_chooses_how_a_file_is_used(studio: Studio) -> None:
    before = studio.labels()
    give(studio, DROP, *PHOTO)
    expect(kind(studio, "A label map")).to_be_disabled()
    expect(kind(studio, "A label map")).to_have_attribute("title", re.compile("must be a PNG"))
    expect(kind(studio, "A photo")).to_be_focused()
    studio.press("Escape")
    expect(dialog(studio)).to_be_hidden()
    assert np.array_equal(studio.labels(), before)

    give(studio, PASTE, *PHOTO)
    expect(kind(studio, "A photo")).to_be_focused()
    studio.press("Tab")
    take(studio, "A reference photo")
    expect(studio.page.locator("#underlay")).to_be_visible()
    assert np.array_equal(studio.labels(), before)

    give(studio, DROP, *png(a_label_map()))
    expect(kind(studio, "A label map")).to_be_focused()
    kind(studio, "A photo").click()
    expect(studio.page.locator("button.recreation canvas")).to_have_count(3)
    assert not np.array_equal(studio.labels(), a_label_map())

    give(studio, DROP, *png(a_label_map()))
    take(studio, "A label map")
    expect_labels(studio, a_label_map())
    expect(studio.page.locator("#recreations")).to_be_hidden()
    studio.press("Control+z")
    studio.press("Control+z")
    assert np.array_equal(studio.labels(), before)


def test_a_newer_file_replaces_the_dialog(studio: Studio) -> None:
    give(studio, DROP, *PHOTO)
    expect(kind(studio, "A photo")).to_be_focused()
    give(studio, DROP, *png(a_label_map()))
    take(studio, "A label map")
    expect_labels(studio, a_label_map())


def test_the_map_takes_the_shape_of_the_photo(studio: Studio) -> None:
    wide = a_photo().resize((500, 200))
    before = studio.labels()
    choose_file(studio, "recreate", ("wide.jpg", "image/jpeg", encoded(wide, "JPEG")))
    expect(studio.page.locator("button.recreation canvas")).to_have_count(3)
    studio.settle()
    assert studio.labels().shape == (32, 96), (
        "as many pixels as before, nearly the photo's shape, sides the model can paint"
    )
    assert studio.photo().shape[:2] == (32, 96)
    studio.press("Control+z")
    assert np.array_equal(studio.labels(), before)


def test_large_photos_are_sent_smaller_and_upright(studio: Studio) -> None:
    halves = Image.new("RGB", (6000, 4000), "blue")
    halves.paste("red", (0, 0, 3000, 4000))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned: what is left in the file is up in the photo
    file = ("phone.jpg", "image/jpeg", encoded(halves, "JPEG", exif=exif))
    bodies: list[bytes] = []

    def note(route: Route) -> None:
        bodies.append(route.request.post_data_buffer or b"")
        route.continue_()

    studio.page.route("**/segment?*", note)
    choose_file(studio, "recreate", file)
    expect(studio.page.locator("button.recreation canvas")).to_have_count(3)
    body = bodies[0]
    sent = Image.open(io.BytesIO(body[body.index(b"\xff\xd8\xff") :]))
    assert max(sent.size) <= 2048 and sent.size[1] >= sent.size[0]
    upper, lower = (np.array(sent)[row, sent.size[0] // 2] for row in (50, -50))
    assert upper[0] > 200 > 50 > upper[2] and lower[2] > 200 > 50 > lower[0]


def test_recreations_close_when_the_model_changes(own_studio: Callable[..., Studio], tmp_path: Path) -> None:
    two_sizes(tmp_path)
    studio = own_studio(tmp_path)
    tray, busy = studio.page.locator("#recreations"), studio.page.locator("#busy")
    choose_file(studio, "recreate", PHOTO)
    expect(tray.locator("button.recreation canvas")).to_have_count(3)
    studio.choose_model(1)
    expect(tray).to_be_hidden()

    segmenting = BlockedRequests(studio, "**/second/segment?*")
    choose_file(studio, "recreate", PHOTO)
    segmenting.wait()
    expect(busy).to_be_visible()
    studio.choose_model(0)
    expect(busy).to_be_hidden()
    labels = studio.labels()
    segmenting.release()
    assert np.array_equal(studio.labels(), labels) and tray.is_hidden()


def test_a_model_that_cannot_segment_takes_label_maps_but_no_photos(
    own_studio: Callable[..., Studio], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "painter", segments=False)
    tiny_scenes(tmp_path / "painter")
    studio = own_studio(tmp_path)
    for action in ("recreate", "realism", "fidelity", "keep-photo"):
        expect(studio.action(action)).to_be_disabled()
    expect(studio.action("recreate")).to_have_attribute("title", re.compile("cannot label photos"))
    expect(studio.action("realism")).to_have_attribute("title", re.compile("no discriminator"))
    before = studio.labels()
    give(studio, DROP, *PHOTO)
    expect(kind(studio, "A photo")).to_be_disabled()
    expect(kind(studio, "A photo")).to_have_attribute("title", re.compile("cannot label photos"))
    expect(kind(studio, "A reference photo")).to_be_focused()
    studio.press("Escape")
    give(studio, DROP, *png(before[::-1].copy()))
    take(studio, "A label map")
    expect_labels(studio, before[::-1])
    assert studio.errors == []


@pytest.mark.parametrize(
    "file", [("notes.txt", "text/plain", b"no picture at all"), ("cut.jpg", "image/jpeg", PHOTO[2][:90])]
)
def test_files_that_are_not_pictures_are_refused(studio: Studio, file: tuple[str, str, bytes]) -> None:
    before = studio.labels()
    give(studio, DROP, *file)
    studio.toast(f"“{file[0]}” is not a readable picture.")
    expect(dialog(studio)).to_be_hidden()
    assert np.array_equal(studio.labels(), before)


def test_a_reference_photo_lies_under_the_labels(studio: Studio) -> None:
    studio.page.locator("#layers summary").click()
    slider = studio.page.get_by_label("Labels: opacity")
    expect(slider).to_be_disabled()
    halves = Image.new("RGB", (300, 200), "blue")
    halves.paste("red", (0, 0, 150, 200))
    choose_file(studio, "open-underlay", ("halves.png", "image/png", encoded(halves, "PNG")))
    underlay = studio.page.locator("#underlay")
    expect(underlay).to_be_visible()
    pixels = studio.pixels("#underlay")
    height, width = pixels.shape[:2]
    assert height == width, "cut to the shape of the map"
    assert pixels[height // 2, 5, :3].tolist() == [255, 0, 0] and pixels[height // 2, -5, :3].tolist() == [0, 0, 255]
    labels = studio.page.locator("#labels")
    expect(labels).to_have_css("opacity", "0.5")
    slider.fill("20")
    expect(labels).to_have_css("opacity", "0.2")
    studio.page.get_by_label("Reference: opacity").fill("70")
    expect(underlay).to_have_css("opacity", "0.7")
    studio.page.get_by_role("button", name="Show the reference photo").click()
    expect(underlay).to_be_hidden()
    studio.page.get_by_role("button", name="Show the labels").click()
    expect(labels).to_be_hidden()
    studio.page.get_by_role("button", name="Show the labels").click()
    studio.page.get_by_role("button", name="Remove the reference photo").click()
    expect(underlay).to_be_hidden()
    expect(labels).not_to_have_css("opacity", "0.2")
