"""A model of 300 classes: its ids need 16 bits, from the list of classes to the picture, undo and files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from models.testing import tiny_model
from tests.conftest import LiveServer, run_server
from tests.e2e.given import a_photo, choose_file, encoded
from tests.e2e.studio import Studio

LAST = 299
SIZE = 64


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("many")
    tiny_model(folder / "zoo" / "many", classes=300, seed=1)  # its segmenter finds classes above 255
    with run_server(folder / "zoo", folder / "server.log") as server:
        yield server


@pytest.fixture
def studio(new_studio, server: LiveServer) -> Studio:
    studio = new_studio(server.url)
    studio.open()
    return studio


def choose_class(studio: Studio, class_id: int) -> None:
    search = studio.page.locator("#class-search")
    search.fill(f"class {class_id}")
    search.press("Enter")


def picture_over_http(studio: Studio, labels: np.ndarray, seed: int) -> np.ndarray:
    """[H, W, 3] what the server paints from the whole map."""
    buffer = io.BytesIO()
    Image.fromarray(labels).save(buffer, "PNG")
    files = {"labels": ("labels.png", buffer.getvalue(), "image/png")}
    url = f"{studio.url.rstrip('/')}/api/models/many/synthesize"
    answer = httpx.post(url, files=files, data={"noise": f'{{"seed": {seed}, "regions": []}}'}, timeout=60)
    answer.raise_for_status()
    return np.array(Image.open(io.BytesIO(answer.content)).convert("RGB"))


def seed_of(studio: Studio) -> int:
    return int(studio.page.locator("#global-seed input").input_value())


def test_the_last_class_is_painted_as_itself(studio: Studio) -> None:
    choose_class(studio, LAST)
    studio.stroke((10, 10), (50, 40))
    studio.settle()
    labels = studio.labels()
    assert labels.dtype == np.uint16 or labels.dtype == np.int32
    painted = labels.astype(np.uint16)
    assert set(np.unique(painted)) == {0, LAST}
    np.testing.assert_array_equal(studio.photo()[..., :3], picture_over_http(studio, painted, seed_of(studio)))


def test_undo_and_redo_restore_wide_ids(studio: Studio) -> None:
    choose_class(studio, LAST)
    studio.stroke((10, 10), (50, 40))
    first = studio.labels()
    choose_class(studio, 256)
    studio.stroke((10, 40), (50, 10))
    second = studio.labels()
    assert set(np.unique(second)) == {0, 256, LAST}
    studio.press("Control+z")
    np.testing.assert_array_equal(studio.labels(), first)
    studio.press("Control+Shift+z")
    np.testing.assert_array_equal(studio.labels(), second)


def test_fill_select_and_replace_handle_wide_ids(studio: Studio) -> None:
    choose_class(studio, LAST)
    studio.press("g")
    studio.page.mouse.click(*studio.at((32, 32)))
    assert (studio.labels() == LAST).all()
    choose_class(studio, LAST - 256)
    studio.press("b")
    studio.stroke((5, 5), (60, 5))
    assert set(np.unique(studio.labels())) == {LAST - 256, LAST}
    choose_class(studio, LAST)
    studio.press("Shift+a")  # all of the class
    choose_class(studio, 280)
    studio.press("Shift+f")
    assert set(np.unique(studio.labels())) == {LAST - 256, 280}


def test_a_label_map_of_16_bits_is_opened(studio: Studio) -> None:
    rows = np.repeat(np.arange(SIZE, dtype=np.uint16)[:, None] * 4, SIZE, axis=1)
    choose_file(studio, "open-labels", ("deep.png", "image/png", encoded(Image.fromarray(rows), "PNG")))
    studio.settle()
    np.testing.assert_array_equal(studio.labels(), rows)
    unknown = np.full((SIZE, SIZE), 300, np.uint16)
    choose_file(studio, "open-labels", ("unknown.png", "image/png", encoded(Image.fromarray(unknown), "PNG")))
    studio.toast("uses id 300")
    np.testing.assert_array_equal(studio.labels(), rows)


def test_a_photo_is_segmented_into_wide_ids(studio: Studio) -> None:
    choose_file(studio, "recreate", ("photo.png", "image/png", encoded(a_photo(), "PNG")))
    expect(studio.page.locator(".recreation:enabled")).to_have_count(3)
    assert studio.labels().max() > 255


def test_a_project_keeps_wide_ids_and_its_steps(studio: Studio, tmp_path: Path) -> None:
    choose_class(studio, LAST)
    studio.stroke((10, 10), (50, 40))
    first = studio.labels()
    choose_class(studio, 256)
    studio.stroke((10, 40), (50, 10))
    studio.settle()
    second = studio.labels()
    project = studio.save("Control+p").read_bytes()
    studio.press("Control+z")
    studio.press("Control+z")
    choose_file(studio, "open-project", ("many.oasis", "application/zip", project))
    studio.toast("Opened")
    studio.settle()
    np.testing.assert_array_equal(studio.labels(), second)
    studio.press("Control+z")
    np.testing.assert_array_equal(studio.labels(), first)


def test_work_with_wide_ids_survives_a_reload(studio: Studio) -> None:
    choose_class(studio, LAST)
    studio.stroke((10, 10), (50, 40))
    studio.settle()
    painted = studio.labels()
    studio.page.wait_for_timeout(1500)  # until it is stored
    studio.open()
    studio.settle()
    np.testing.assert_array_equal(studio.labels(), painted)
