"""Exports: pictures with recipes, label maps in colors, and augmentation sets."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.e2e.studio import BlockedRequests, Studio
from tests.e2e.test_timeline import painted


def saved(studio: Studio, action: str) -> tuple[str, bytes]:
    """The file that an action of the file menu saves: its name and its content."""
    studio.page.get_by_role("button", name="File").click()
    with studio.page.expect_download() as download:
        studio.action(action).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def brush_region(studio: Studio) -> None:
    studio.press("n")
    studio.set_size(18)
    studio.stroke((24, 30), (40, 30))
    studio.settle()


def ask_for_set(studio: Studio, count: int, first: int, kind: str = "image/png") -> None:
    studio.page.get_by_role("button", name="File").click()
    studio.action("save-set").click()
    dialog = studio.page.locator("#set")
    dialog.get_by_label("Pictures").fill(str(count))
    dialog.get_by_label("First seed").fill(str(first))
    dialog.get_by_label("Format").select_option(kind)


def made_set(studio: Studio, count: int, first: int, kind: str = "image/png") -> zipfile.ZipFile:
    ask_for_set(studio, count, first, kind)
    with studio.page.expect_download() as download:
        studio.page.get_by_role("button", name="Create the set").click()
    expect(studio.page.locator("#set")).to_be_hidden()
    return zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))


def picture(files: zipfile.ZipFile, name: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(files.read(name))).convert("RGB"))


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_saved_picture_contains_its_recipe(studio: Studio, live_server, kind: str) -> None:
    studio.press("k")  # all pixels new
    brush_region(studio)
    studio.press("Shift+R")
    studio.settle()
    labels = studio.labels()
    name, data = saved(studio, "save-picture" if kind == "png" else "save-webp")
    assert name.startswith("tiny-") and name.endswith(kind)
    image = Image.open(io.BytesIO(data))
    image.load()
    assert np.array_equal(np.array(image.convert("RGB")), studio.photo()[..., :3]), "WebP is lossless too"
    assert image.format == kind.upper() and image.size == (64, 64)
    if kind == "png":
        assert isinstance(image, PngImageFile)
        assert image.text["Software"] == "Oasis Studio"
        recipe = json.loads(image.text["Recipe"])
    else:
        xmp = ElementTree.fromstring(image.info["xmp"])
        recipe = json.loads("".join(xmp.itertext()))
    assert recipe["software"] == "Oasis Studio"
    assert recipe["model"]["id"] == "tiny" and recipe["model"]["version"] == "1" and len(recipe["model"]["hash"]) == 64
    assert recipe["size"] == {"width": 64, "height": 64} and not recipe["partly_kept"]
    assert recipe["labels"]["sha256"] == hashlib.sha256(labels.tobytes()).hexdigest()
    assert len(recipe["noise"]["regions"]) == 1


def test_a_label_map_in_colors_opens_as_the_same_map(studio: Studio, tmp_path: Path) -> None:
    labels = studio.labels()
    name, data = saved(studio, "save-colors")
    assert name == "tiny-colors.png"
    colors = np.array(Image.open(io.BytesIO(data)).convert("RGB"))
    assert tuple(colors[0, 0]) == (0x70, 0xB5, 0xF0)
    (tmp_path / "colors.png").write_bytes(data)
    studio.press("e")
    studio.stroke((0, 0), (64, 64))
    studio.page.get_by_role("button", name="File").click()
    with studio.page.expect_file_chooser() as chooser:
        studio.action("open-labels").click()
    chooser.value.set_files(tmp_path / "colors.png")
    studio.settle()
    assert np.array_equal(studio.labels(), labels)


def test_a_set_is_many_pictures_of_one_map_and_valid_for_training(studio: Studio, live_server, tmp_path: Path) -> None:
    labels = studio.labels()
    files = made_set(studio, 3, 4294967294)
    assert files.testzip() is None
    manifest = json.loads(files.read("manifest.json"))
    assert [one["noise"]["seed"] for one in manifest["images"]] == [4294967294, 4294967295, 0]
    pictures = [picture(files, one["image"]) for one in manifest["images"]]
    for one, found in zip(manifest["images"], pictures, strict=True):
        assert np.array_equal(np.array(Image.open(io.BytesIO(files.read(one["labels"])))), labels)
        assert np.array_equal(found, painted(live_server, labels, one["noise"]))
    assert not np.array_equal(pictures[0], pictures[1])

    files.extractall(tmp_path / "set")
    words = manifest["check"].split()
    assert words[:2] == ["oasis-studio", "check-data"]
    program = f"from training.check_data import main; main({[str(tmp_path / 'set'), *words[3:]]!r})"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is wrong" in done.stdout and "3 pairs" in done.stdout


def test_a_set_is_reproducible_and_keeps_locked_regions(studio: Studio) -> None:
    brush_region(studio)
    again = [made_set(studio, 2, 77, "image/webp") for _ in range(2)]
    names = again[0].namelist()
    assert names == again[1].namelist() and "images/002.webp" in names
    assert all(again[0].read(name) == again[1].read(name) for name in names)

    def regions(files: zipfile.ZipFile) -> list[int]:
        return [one["noise"]["regions"][0]["seed"] for one in json.loads(files.read("manifest.json"))["images"]]

    free = regions(again[0])
    assert len(set(free)) == 2
    studio.page.locator("#regions").get_by_role("button", name="Lock").click()
    locked = regions(made_set(studio, 2, 77))
    assert len(set(locked)) == 1 and locked[0] not in free


def test_a_set_can_be_canceled_and_a_failing_server_is_reported(studio: Studio) -> None:
    held = BlockedRequests(studio, "**/synthesize*")
    ask_for_set(studio, 200, 1)
    studio.page.get_by_role("button", name="Create the set").click()
    held.wait()
    expect(studio.page.get_by_role("progressbar", name="Set")).to_be_visible()
    studio.page.locator("#set").get_by_role("button", name="Cancel").click()
    expect(studio.page.locator("#set")).to_be_hidden()
    studio.page.unroute_all()
    assert studio.page.locator(".toast.error").count() == 0

    studio.page.route("**/synthesize*", lambda route: route.abort())
    ask_for_set(studio, 2, 1)
    studio.page.get_by_role("button", name="Create the set").click()
    studio.toast("The server is not responding.")
    expect(studio.page.get_by_role("button", name="Create the set")).to_be_enabled()
    studio.page.locator("#set").get_by_role("button", name="Dismiss").click()
    expect(studio.page.locator(".toast")).to_have_count(0)
    studio.page.get_by_role("button", name="Create the set").click()
    studio.toast("The server is not responding.")
    studio.press("Escape")
    studio.toast("The server is not responding.")
    studio.page.unroute_all()
    studio.errors.clear()


def test_enter_makes_the_set(studio: Studio) -> None:
    ask_for_set(studio, 2, 7)
    with studio.page.expect_download():
        studio.page.locator("#set [name=count]").press("Enter")
