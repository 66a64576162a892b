"""Photos in, label maps in and out, pictures out."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from models.testing import tiny_model, tiny_scenes, two_sizes
from tests.conftest import LiveServer
from tests.e2e.studio import Held, Studio

DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector('#photo-pane').dispatchEvent(event);
  }
}"""
PASTE = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
}"""


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def a_photo() -> Image.Image:
    """Sky over a dark wood over water, 300 x 200."""
    rows = np.linspace(0, 1, 200)[:, None, None]
    sky, wood, lake = np.array([120, 180, 240]), np.array([30, 100, 45]), np.array([60, 185, 190])
    plain = np.where(rows < 0.4, sky, np.where(rows < 0.6, wood, lake)) + np.zeros((200, 300, 3))
    grain = np.random.default_rng(0).normal(0, 12, plain.shape)
    return Image.fromarray(np.clip(plain + grain, 0, 255).astype(np.uint8))


def give(studio: Studio, how: str, name: str, kind: str, data: bytes) -> None:
    studio.page.evaluate(how, [name, kind, base64.b64encode(data).decode()])


def open_labels(studio: Studio, file: Path) -> None:
    studio.page.get_by_role("button", name="File").click()
    with studio.page.expect_file_chooser() as chooser:
        studio.action("open-labels").click()
    chooser.value.set_files(file)


@pytest.mark.parametrize("how", ["drop", "paste", "choose"])
def test_photo_becomes_labels_and_three_recreations(studio: Studio, tmp_path: Path, how: str) -> None:
    before, labels = studio.photo(), studio.labels()
    data = encoded(a_photo(), "JPEG")
    if how == "choose":
        (tmp_path / "photo.jpg").write_bytes(data)
        with studio.page.expect_file_chooser() as chooser:
            studio.press("Control+o")
        chooser.value.set_files(tmp_path / "photo.jpg")
    else:
        give(studio, DROP if how == "drop" else PASTE, "photo.jpg", "image/jpeg", data)

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


def test_recreations_end_with_the_model_that_made_them(
    new_studio: Callable[..., Studio], start_server: Callable[..., AbstractContextManager[LiveServer]], tmp_path: Path
) -> None:
    two_sizes(tmp_path)
    with start_server(tmp_path) as server:
        studio = new_studio(server.url)
        studio.open()
        tray, busy = studio.page.locator("#recreations"), studio.page.locator("#busy")
        give(studio, DROP, "photo.jpg", "image/jpeg", encoded(a_photo(), "JPEG"))
        expect(tray.locator("button.recreation canvas")).to_have_count(3)
        studio.choose_model(1)
        expect(tray).to_be_hidden()

        segmenting = Held(studio, "**/second/segment")
        give(studio, DROP, "photo.jpg", "image/jpeg", encoded(a_photo(), "JPEG"))
        segmenting.wait()
        expect(busy).to_be_visible()
        studio.choose_model(0)
        expect(busy).to_be_hidden()
        labels = studio.labels()
        segmenting.let_go()
        assert np.array_equal(studio.labels(), labels) and tray.is_hidden()


def test_a_model_that_cannot_segment_takes_label_maps_but_no_photos(
    new_studio: Callable[..., Studio], start_server: Callable[..., AbstractContextManager[LiveServer]], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "painter", segments=False)
    tiny_scenes(tmp_path / "painter")
    with start_server(tmp_path) as server:
        studio = new_studio(server.url)
        studio.open()
        expect(studio.action("recreate")).to_be_disabled()
        expect(studio.action("recreate")).to_have_attribute("title", re.compile("cannot label photos"))
        before = studio.labels()
        give(studio, DROP, "photo.jpg", "image/jpeg", encoded(a_photo(), "JPEG"))
        expect(studio.page.locator("#toasts")).to_contain_text("cannot label photos")
        assert np.array_equal(studio.labels(), before)
        give(studio, DROP, "labels.png", "image/png", encoded(Image.fromarray(before[::-1].copy()), "PNG"))
        expect(studio.page.locator("#toasts")).to_contain_text("Opened as a label map")
        studio.settle()
        assert np.array_equal(studio.labels(), before[::-1])
        assert studio.errors == []


def test_what_is_no_photo_is_refused_in_plain_words(studio: Studio) -> None:
    before = studio.labels()
    give(studio, DROP, "notes.txt", "text/plain", b"no picture at all")
    expect(studio.page.locator(".toast.error")).to_be_visible()
    assert np.array_equal(studio.labels(), before)
    studio.errors.clear()


def test_label_map_round_trip_is_exact(studio: Studio, tmp_path: Path) -> None:
    studio.choose_class("earth")
    studio.stroke((5, 5), (60, 40))
    saved = studio.save("Control+Shift+S")
    picture = Image.open(saved)
    assert picture.mode == "P" and picture.size == (64, 64)
    labels = np.array(picture)
    file = tmp_path / "labels.png"
    file.write_bytes(saved.read_bytes())

    studio.press("e")
    studio.stroke((0, 0), (64, 64))
    assert not np.array_equal(studio.labels(), labels)
    open_labels(studio, file)
    studio.settle()
    assert np.array_equal(studio.labels(), labels)


def test_label_map_in_the_classes_colours_opens_too(studio: Studio, tmp_path: Path) -> None:
    labels = studio.labels()
    saved = Image.open(studio.save("Control+Shift+S"))
    file = tmp_path / "colours.png"
    saved.convert("RGB").save(file)
    studio.press("e")
    studio.stroke((0, 0), (64, 64))
    open_labels(studio, file)
    studio.settle()
    assert np.array_equal(studio.labels(), labels)


def test_a_dropped_label_map_is_taken_as_one(studio: Studio) -> None:
    labels = np.full((64, 64), 2, np.uint8)
    labels[:20] = 1
    give(studio, DROP, "labels.png", "image/png", encoded(Image.fromarray(labels), "PNG"))
    studio.toast("Opened as a label map.")
    studio.settle()
    assert np.array_equal(studio.labels(), labels)


def test_label_maps_of_other_sizes_are_resized_by_nearest(studio: Studio, tmp_path: Path) -> None:
    labels = np.random.default_rng(1).integers(1, 5, (32, 128), dtype=np.uint8)
    Image.fromarray(labels).save(tmp_path / "wide.png")
    open_labels(studio, tmp_path / "wide.png")
    studio.settle()
    expected = labels[np.arange(64) // 2][:, np.arange(64) * 2 + 1]
    assert np.array_equal(studio.labels(), expected)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("id.png", "uses the id 77"),
        ("colour.png", "rgb(1,2,3)"),
        ("photo.jpg", "must be a PNG"),
        ("deep.png", "16 bits"),
        ("short.png", "cut off"),
        ("broken.png", "checksum"),
    ],
)
def test_wrong_label_maps_are_refused_by_name(studio: Studio, tmp_path: Path, name: str, message: str) -> None:
    plain = Image.fromarray(np.full((64, 64), 1, np.uint8))
    good = encoded(plain, "PNG")
    files = {
        "id.png": encoded(Image.fromarray(np.full((64, 64), 77, np.uint8)), "PNG"),
        "colour.png": encoded(Image.new("RGB", (64, 64), (1, 2, 3)), "PNG"),
        "photo.jpg": encoded(a_photo(), "JPEG"),
        "deep.png": encoded(Image.fromarray(np.full((64, 64), 1, np.uint16)), "PNG"),
        "short.png": good[:-20],
        "broken.png": good[:45] + bytes([good[45] ^ 255]) + good[46:],
    }
    before = studio.labels()
    (tmp_path / name).write_bytes(files[name])
    open_labels(studio, tmp_path / name)
    studio.toast(message)
    assert np.array_equal(studio.labels(), before)


def test_saved_picture_is_the_picture_on_screen(studio: Studio) -> None:
    saved = Image.open(studio.save("Control+s"))
    assert saved.format == "PNG"
    assert np.array_equal(np.array(saved.convert("RGB")), studio.photo()[..., :3])
