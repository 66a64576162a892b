"""Opening and saving label maps, saving pictures."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.given import a_photo, encoded
from tests.e2e.studio import Studio


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def open_labels(studio: Studio, file: Path) -> None:
    studio.page.get_by_role("button", name="File").click()
    with studio.page.expect_file_chooser() as chooser:
        studio.action("open-labels").click()
    chooser.value.set_files(file)


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


def test_label_map_in_the_classes_colors_opens_too(studio: Studio, tmp_path: Path) -> None:
    labels = studio.labels()
    saved = Image.open(studio.save("Control+Shift+S"))
    file = tmp_path / "colors.png"
    saved.convert("RGB").save(file)
    studio.press("e")
    studio.stroke((0, 0), (64, 64))
    open_labels(studio, file)
    studio.settle()
    assert np.array_equal(studio.labels(), labels)


@pytest.mark.parametrize("size", [(32, 128), (64, 160), (64, 64)])
def test_the_canvas_takes_the_size_of_a_label_map(studio: Studio, tmp_path: Path, size: tuple[int, int]) -> None:
    before = studio.labels()
    labels = np.random.default_rng(1).integers(1, 5, size, dtype=np.uint8)
    Image.fromarray(labels).save(tmp_path / "map.png")
    open_labels(studio, tmp_path / "map.png")
    expect(studio.action("undo")).to_be_enabled()
    studio.settle()
    assert np.array_equal(studio.labels(), labels) and studio.photo().shape[:2] == size
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), before)


def test_a_label_map_of_a_size_that_no_model_paints_is_resized_by_nearest(studio: Studio, tmp_path: Path) -> None:
    labels = np.random.default_rng(1).integers(1, 5, (32, 30), dtype=np.uint8)
    Image.fromarray(labels).save(tmp_path / "small.png")
    open_labels(studio, tmp_path / "small.png")
    expect(studio.action("undo")).to_be_enabled()
    studio.settle()
    columns = (np.arange(64) * 30 + 15) // 64
    assert np.array_equal(studio.labels(), labels.repeat(2, 0)[:, columns])


def test_an_outdated_picture_is_saved_without_a_recipe_and_a_message_says_so(studio: Studio) -> None:
    saved = Image.open(io.BytesIO(studio.save("Control+s").read_bytes()))
    assert "Recipe" in saved.info
    studio.press("p")
    studio.stroke((20, 20), (40, 40))
    saved = Image.open(io.BytesIO(studio.save("Control+s").read_bytes()))
    assert "Recipe" not in saved.info and np.array_equal(np.array(saved.convert("RGBA")), studio.photo())
    studio.toast("without the latest edits")


def test_invalid_label_maps_are_refused_with_a_reason(studio: Studio, tmp_path: Path) -> None:
    plain = Image.fromarray(np.full((64, 64), 1, np.uint8))
    good = encoded(plain, "PNG")
    files = {
        "id.png": (encoded(Image.fromarray(np.full((64, 64), 77, np.uint8)), "PNG"), "uses id 77"),
        "color.png": (encoded(Image.new("RGB", (64, 64), (1, 2, 3)), "PNG"), "rgb(1,2,3)"),
        "photo.jpg": (encoded(a_photo(), "JPEG"), "must be a PNG"),
        "deep.png": (encoded(Image.fromarray(np.full((64, 64), 300, np.uint16)), "PNG"), "uses id 300"),
        "short.png": (good[:-20], "truncated"),
        "broken.png": (good[:45] + bytes([good[45] ^ 255]) + good[46:], "checksum"),
        "bomb.png": (
            good[:33] + chunk(b"IDAT", zlib.compress(bytes(10**8))) + good[-12:],
            "cannot be decompressed",
        ),
    }
    before = studio.labels()
    for name, (content, message) in files.items():
        (tmp_path / name).write_bytes(content)
        open_labels(studio, tmp_path / name)
        studio.toast(message)
        assert np.array_equal(studio.labels(), before), name


def test_saved_picture_is_the_picture_on_screen(studio: Studio) -> None:
    saved = Image.open(studio.save("Control+s"))
    assert saved.format == "PNG"
    assert np.array_equal(np.array(saved.convert("RGB")), studio.photo()[..., :3])


DROP_OTHERS = """([names, address]) => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(['x'], name, { type: 'text/plain' }));
  if (address) transfer.setData('text/uri-list', address);
  const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector('#photo-pane').dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_what_cannot_be_dropped_is_answered(studio: Studio) -> None:
    assert studio.page.evaluate(DROP_OTHERS, [["one.txt", "two.txt"], None])
    studio.toast("Only one.txt is opened: drop one file at a time.")
    assert studio.page.evaluate(DROP_OTHERS, [[], "https://example.com/lake.jpg"])
    studio.toast("Save the picture first and drop the file, or copy and paste it.")
    assert not studio.page.evaluate(DROP_OTHERS, [[], None])
