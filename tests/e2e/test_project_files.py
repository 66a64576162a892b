"""Project files that are damaged, or made with another model."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from models.testing import tiny_model, tiny_scenes, two_sizes
from tests.e2e.given import DROP, a_photo, encoded, give
from tests.e2e.projects import ProjectFile, saved_project
from tests.e2e.studio import Studio


def packed(members: Mapping[str, bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, member in members.items():
            if member is not None:
                file.writestr(name, member)
    return buffer.getvalue()


def test_damaged_files_are_refused_with_the_name_of_the_member(studio: Studio, tmp_path: Path) -> None:
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.settle()
    studio.press("c")
    studio.settle()
    data = studio.save("Control+p").read_bytes()
    whole = ProjectFile(data)
    assert {"regions.png", "picture.png", "rendered.png", "sent-regions.png"} <= whole.members.keys()
    labels, content = studio.labels(), whole.content()
    members: dict[str, bytes | None] = {**whole.members}

    def refused(change: dict[str, bytes | None], message: str) -> None:
        give(studio, DROP, "damaged.oasis", "", packed(members | change))
        box = studio.page.locator(".toast.error")
        expect(box).to_contain_text(message)
        box.locator(".icon-button").click()
        assert np.array_equal(studio.labels(), labels)

    named = [name for name in whole.members if name.startswith("parts/")]
    for name in ["manifest.json", "labels.png", "history.json", *named]:
        refused({name: None}, f"'{name}' is missing")
    for name, member in whole.members.items():
        if name not in ("rendered.png", "sent-regions.png"):  # what only others read
            refused({name: member[: len(member) // 2]}, f"'{name}' is missing or invalid")

    manifest = whole.manifest
    for wrong, message in [
        ({"version": 2}, "format version 2; this page reads version 1"),
        ({"format": "other"}, "not an Oasis Studio project"),
        ({"size": {"width": 32, "height": 128}}, "'labels.png' is missing or invalid"),
        ({"noise": {"seed": 1, "regions": []}}, "'regions.png' is missing or invalid"),
        ({"noise": {"seed": -1, "regions": []}}, "'manifest.json' is missing or invalid"),
        ({"noise": manifest["noise"] | {"blend": [None]}}, "'manifest.json' is missing or invalid"),
        ({"noise": manifest["noise"] | {"blend": [{"t": 1, "channels": [64]}]}}, "'manifest.json' is missing"),
        ({"model": {"id": "tiny"}}, "'manifest.json' is missing or invalid"),
    ]:
        refused({"manifest.json": json.dumps(manifest | wrong).encode()}, message)
    refused({"history.json": b'{"at": 1, "done": [null], "undone": []}'}, "'history.json' is missing or invalid")

    flipped = bytearray(data)
    flipped[data.index(b"labels.png") + 40] ^= 1
    give(studio, DROP, "flipped.oasis", "", bytes(flipped))
    expect(studio.page.locator(".toast.error")).to_contain_text("'labels.png'")
    assert saved_project(studio).content() == content


def test_files_of_other_programs_open(studio: Studio) -> None:
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.settle()
    whole = ProjectFile(studio.save("Control+p").read_bytes())

    # One picture for two purposes; a name of another case, or as browsers have it.
    shared = json.dumps(whole.manifest | {"underlay": whole.manifest["kept"]["picture"]}).encode()
    for name in ("WORK.OASIS", "work.oasis.zip"):
        give(studio, DROP, name, "", packed(whole.members | {"manifest.json": shared}))
        studio.toast("Opened")
        expect(studio.page.locator("#underlay")).to_be_visible()
        studio.settle()
        assert saved_project(studio).content().count("underlay': 'parts/") == 1

    # Unpacked and zipped again with its folder.
    inside = {f"my work/{name}": data for name, data in whole.members.items()}
    give(studio, DROP, "folder.oasis", "", packed({"my work/": b"", "__MACOSX/my work/._x": b"?"} | inside))
    studio.toast("Opened")
    studio.settle()
    assert saved_project(studio).content() == whole.content()

    # Ids of no class: blank, and a step that can be undone.
    labels = whole.map("labels.png").copy()
    labels[:9, :9] = 200
    buffer = io.BytesIO()
    Image.fromarray(labels).save(buffer, "PNG")
    give(studio, DROP, "strange.oasis", "", packed(whole.members | {"labels.png": buffer.getvalue()}))
    studio.toast("Pixels without a class are now blank.")
    studio.settle()
    assert np.array_equal(studio.labels(), np.where(labels == 200, 0, labels))
    studio.press("Control+z")
    assert np.array_equal(studio.labels(), labels), "where the steps before go on from"
    studio.press("Control+z")
    assert len(saved_project(studio).manifest["noise"]["regions"]) == 0

    # A size that no server paints.
    size = {"size": {"width": 2048, "height": 64}, "noise": {"seed": 1, "regions": []}, "kept": None}
    buffer = io.BytesIO()
    Image.fromarray(np.ones((64, 2048), np.uint8)).save(buffer, "PNG")
    large = {"manifest.json": json.dumps(whole.manifest | size).encode(), "labels.png": buffer.getvalue()}
    none = {"history.json": b'{"at": 1, "done": [], "undone": []}', "regions.png": None, "picture.png": None}
    give(studio, DROP, "large.oasis", "", packed({**whole.members, **large, **none}))
    studio.toast("cannot paint its size; it was resized to 64 \N{MULTIPLICATION SIGN} 64.")
    studio.settle()
    assert studio.labels().shape == (64, 64)


def test_files_dropped_before_the_models_load_get_a_message(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.open()
    project = studio.save("Control+p").read_bytes()
    studio.page.route("**/api/models", lambda route: None)
    studio.page.goto(studio.url)
    for name, data in (("work.oasis", project), ("photo.png", encoded(a_photo(), "PNG"))):
        give(studio, DROP, name, "", data)
        box = studio.page.locator(".toast.error")
        expect(box).to_contain_text("No model is ready to paint.")
        box.locator(".icon-button").click()


def test_a_listener_that_fails_does_not_stop_the_others(studio: Studio) -> None:
    ran = studio.run("""const { Store } = await load('base/store');
      const store = new Store({ a: 0 });
      const seen = [];
      store.watch(['a'], ({ a }) => { if (a) throw new Error('on purpose'); });
      store.watch(['a'], ({ a }) => seen.push(a));
      store.set({ a: 1 });
      await null;
      return seen;""")
    assert ran == [0, 1]
    assert any("on purpose" in error for error in studio.errors), "and it is reported"
    studio.errors.clear()


def test_a_project_opens_in_another_model_by_its_classes(own_studio: Callable[..., Studio], tmp_path: Path) -> None:
    two_sizes(tmp_path / "zoo")
    studio = own_studio(tmp_path / "zoo")
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.settle()
    whole = ProjectFile(studio.save("Control+p").read_bytes())

    def opened(model: dict[str, object]) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            for name, member in whole.members.items():
                changed = json.dumps(whole.manifest | {"model": whole.manifest["model"] | model}).encode()
                file.writestr(name, changed if name == "manifest.json" else member)
        give(studio, DROP, "other.oasis", "", buffer.getvalue())

    opened({"hash": "of another training", "version": "7"})
    studio.toast("7, which may paint differently")
    studio.settle()
    assert np.array_equal(studio.labels(), whole.map("labels.png")) and studio.action("undo").is_enabled()

    classes = [dict(each) for each in whole.manifest["model"]["classes"]]
    used = sorted(set(whole.map("labels.png").flatten()))
    lost = next(each for each in classes if each["id"] == used[-1])
    lost["name"] = "spaceship"
    opened({"id": "gone", "name": "Gone", "classes": classes})
    studio.toast("Gone is not available")
    studio.toast("No match for: spaceship.")
    studio.settle()
    same = whole.map("labels.png") != used[-1]
    assert np.array_equal(studio.labels()[same], whole.map("labels.png")[same])
    assert set(studio.labels()[~same]) == {0}
    share = int(100 * same[whole.map("labels.png") != 0].mean())
    expect(studio.page.locator("#toasts")).to_contain_text(re.compile(f"classes for {share} % of it"))
    assert studio.action("undo").is_disabled() and len(saved_project(studio).manifest["noise"]["regions"]) == 1


def test_what_no_model_can_paint_is_refused(own_studio: Callable[..., Studio], tmp_path: Path) -> None:
    tiny_model(tmp_path / "zoo" / "painter", segments=False)
    tiny_scenes(tmp_path / "zoo" / "painter")
    studio = own_studio(tmp_path / "zoo")
    labels = studio.labels()
    whole = ProjectFile(studio.save("Control+p").read_bytes())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, member in whole.members.items():
            text = json.dumps(whole.manifest | {"model": whole.manifest["model"] | {"id": "x", "name": "Space"}})
            for each in whole.manifest["model"]["classes"]:
                text = text.replace(f'"{each["name"]}"', '"robot"')
            file.writestr(name, text if name == "manifest.json" else member)
    give(studio, DROP, "space.oasis", "", buffer.getvalue())
    expect(studio.page.locator(".toast.error")).to_contain_text("made with Space, and no model here has such classes")
    assert np.array_equal(studio.labels(), labels)
