"""Projects: one file holds all of the work and restores it byte for byte."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.given import DROP, PASTE, choose_file, give
from tests.e2e.projects import ProjectFile, open_project, saved_project
from tests.e2e.studio import Studio
from tests.e2e.test_wire import by_http

OPENED = "Opened"


def work(studio: Studio, chance: random.Random, steps: int) -> None:
    """Random edits of all kinds."""
    for _ in range(steps):
        kind = chance.choice(["brush", "brush", "fill", "region", "cut", "all", "class", "undo", "keep", "size"])
        points = [(chance.uniform(0, 64), chance.uniform(0, 64)) for _ in range(chance.randint(1, 3))]
        if kind in ("brush", "fill"):
            studio.press(chance.choice("1234"))
            studio.press("b" if kind == "brush" else "g")
            studio.stroke(*points[: 1 if kind == "fill" else 3])
        elif kind in ("region", "cut"):
            studio.press("n")
            if kind == "cut" and studio.action("region-cut").is_enabled():
                studio.action("region-cut").click()
            studio.stroke(*points)
        elif kind == "size" and chance.random() < 0.3:
            studio.page.get_by_role("button", name="File").click()
            studio.page.locator(f"[data-action='size-{chance.choice([1, 2])}']").click()
        else:
            studio.press({"all": "r", "class": "c", "undo": "Control+z", "keep": "k"}.get(kind, "r"))
        if chance.random() < 0.3:
            studio.settle()  # only then pixels are kept


@pytest.mark.parametrize("seed", range(2))
def test_a_project_restores_all_of_the_work(new_studio: Callable[..., Studio], tmp_path: Path, seed: int) -> None:
    studio, chance = new_studio(), random.Random(seed)
    studio.open()
    work(studio, chance, 60)
    studio.press("F2")
    studio.page.keyboard.type("A day at the lake")
    studio.page.keyboard.press("Enter")
    for _ in range(chance.randint(3, 9)):
        studio.press("Control+z")
    studio.settle()
    labels, photo = studio.painted(), studio.photo()
    path = studio.save("Control+p")
    before = ProjectFile(path.read_bytes())
    assert len(before.states("done")) > 15 and len(before.states("undone")) >= 3
    assert any(state["kept"] for state in before.states("done")), "else nothing of that is tested"
    (tmp_path / "day.oasis").write_bytes(path.read_bytes())

    again = new_studio()
    again.open()
    open_project(again, tmp_path / "day.oasis")
    again.toast("Opened 'A day at the lake'.")
    again.settle()
    assert again.page.title() == "A day at the lake \N{EN DASH} Oasis Studio"
    assert np.array_equal(again.painted(), labels) and np.array_equal(again.photo(), photo)
    assert saved_project(again).content() == before.content()

    # The page's own undo and redo lead where the file says, and so through it all and back.
    for stack, key, back in (("undone", "Control+Shift+Z", "Control+z"), ("done", "Control+z", "Control+Shift+Z")):
        states = before.states(stack)
        for _ in states:
            again.press(key)
        expect(again.action("redo" if stack == "undone" else "undo")).to_be_disabled()
        again.settle()
        assert np.array_equal(again.labels(), states[-1]["labels"])
        there = saved_project(again)
        assert there.manifest["noise"] == states[-1]["noise"]
        assert np.array_equal(there.map("regions.png"), states[-1]["regions"])
        for _ in states:
            again.press(back)
        again.settle()
        assert np.array_equal(again.photo(), photo), "the picture comes back with the pixels that were kept"
    assert saved_project(again).content() == before.content()


def test_the_file_records_what_was_sent_to_the_server(studio: Studio, live_server: LiveServer) -> None:
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.settle()
    file = saved_project(studio)
    sent = file.manifest["sent"]["noise"]
    rendered = by_http(live_server.url, file.map("labels.png"), sent, file.map("sent-regions.png"))
    assert np.array_equal(file.pixels("rendered.png")[..., :3], rendered)
    assert np.array_equal(file.pixels("picture.png"), studio.photo()[..., : file.pixels("picture.png").shape[2]])
    assert not np.array_equal(file.pixels("picture.png")[..., :3], rendered), "its pixels are kept"
    assert file.manifest["model"]["hash"], "a model's networks have a hash"

    undone = json.loads(file.members["history.json"])["done"][-1]
    assert undone["noise"]["regions"] == [] and undone["labels"] is None


def test_a_project_opens_by_drop_and_paste(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.open()
    studio.stroke((10, 10), (50, 50))
    studio.settle()
    data = studio.save("Control+p").read_bytes()
    labels = studio.labels()
    for how in (DROP, PASTE):
        studio.press("e")
        studio.stroke((0, 0), (60, 60))
        assert not np.array_equal(studio.labels(), labels)
        give(studio, how, "work.oasis", "", data)
        studio.toast(OPENED)
        studio.settle()
        assert np.array_equal(studio.labels(), labels)


def test_opening_and_starting_a_project_lose_nothing(studio: Studio) -> None:
    first = studio.labels()
    studio.stroke((10, 10), (50, 50))
    studio.settle()
    saved = studio.save("Control+p").read_bytes()
    assert studio.page.title() == "Oasis Studio"
    studio.press("e")
    studio.stroke((0, 60), (64, 60))
    studio.settle()
    assert studio.page.title() == "• Oasis Studio", "not saved"
    mine, photo = studio.labels(), studio.photo()

    choose_file(studio, "open-project", ("a.oasis", "", saved))
    studio.toast(OPENED)
    assert not np.array_equal(studio.labels(), mine)
    studio.page.get_by_role("button", name="Back to previous work").click()
    studio.settle()
    assert np.array_equal(studio.labels(), mine) and np.array_equal(studio.photo(), photo)

    studio.page.get_by_role("button", name="File").click()
    studio.action("new-project").click()
    studio.toast("New project started.")
    studio.settle()
    assert np.array_equal(studio.labels(), first) and studio.action("undo").is_disabled()
    studio.page.get_by_role("button", name="Back to previous work").last.click()
    studio.settle()
    assert np.array_equal(studio.labels(), mine)
    studio.press("Control+z")
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.labels(), first), "with all its steps"
