"""Servers that vanish, hang or send garbage: editing continues, the page reports it and catches up."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.given import DROP, a_photo, choose_file, encoded, give
from tests.e2e.projects import ProjectFile, saved_project
from tests.e2e.saved_works import crash, kept
from tests.e2e.studio import Studio
from tests.e2e.test_live import Wire, until, wired


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def held_answer(studio: Studio, wire: Wire) -> bytes:
    """The answer to a re-roll, held back from the page as those after it."""
    wire.holding = True
    studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    good = wire.held.pop()
    assert isinstance(good, bytes)
    return good


def test_a_server_dies_in_the_middle_of_a_stroke_and_comes_back(
    new_studio: Callable[..., Studio], start_server: Callable[..., LiveServer], tiny_zoo: Path
) -> None:
    port = free_port()
    server = start_server(tiny_zoo, port=port)
    studio = new_studio(server.url)
    studio.open()
    photo = studio.photo()
    studio.press("4")
    mouse = studio.page.mouse
    mouse.move(*studio.at((5, 10)))
    mouse.down()
    mouse.move(*studio.at((30, 10)), steps=4)
    server.process.kill()
    server.process.join()
    expect(studio.page.locator("#offline")).to_be_visible()
    mouse.move(*studio.at((60, 10)), steps=4)
    mouse.up()
    assert (studio.labels()[10, 6:59] == 4).all(), "the stroke is whole"
    studio.stroke((5, 30), (60, 30))
    studio.press("Control+z")
    studio.press("Control+Shift+Z")
    labels = studio.labels()
    assert (labels[30, 6:59] == 4).all()

    # All of it can be saved, and is kept should the page crash; only the picture has to wait.
    offline = saved_project(studio)
    assert np.array_equal(offline.map("labels.png"), labels) and "rendered.png" not in offline.members
    studio.stroke((5, 50), (60, 50))
    kept(studio)
    labels = studio.labels()
    start_server(tiny_zoo, port=port)
    studio.settle()
    expect(studio.page.locator("#offline")).to_be_hidden()
    caught_up = studio.photo()
    assert not np.array_equal(caught_up, photo)
    studio.errors.clear()
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), labels) and np.array_equal(studio.photo(), caught_up)


def test_a_hanging_server_times_out_and_is_retried(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio(isolated=True)
    studio.page.clock.install()
    wire = wired(lambda: studio)[1]
    photo = studio.photo()
    wire.holding = True
    studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    studio.press("4")
    studio.stroke((5, 10), (60, 10))
    expect(studio.status).to_have_attribute("data-state", "painting")
    wire.holding = False
    wire.held.clear()  # it never answers
    studio.page.clock.fast_forward(50_000)
    studio.settle()
    assert not np.array_equal(studio.photo(), photo)
    assert np.array_equal(saved_project(studio).map("labels.png"), studio.labels())


NONSENSE: list[bytes | str] = [
    *[b"", b"\x00", b"\xff" * 40, b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x09[1, 2, 3]rest"],
    *["", "{", "null", "7", "<html>"],
]


def test_an_unreadable_answer_is_reported_and_ignored(new_studio: Callable[..., Studio]) -> None:
    studio, wire = wired(new_studio)
    for nonsense in NONSENSE:
        photo = studio.photo()
        wire.holding = True
        studio.press("r")
        until(studio, lambda: len(wire.held) == 1)
        wire.say(nonsense)
        box = studio.page.locator(".toast.error")
        expect(box).to_contain_text("The server sent an unreadable answer.")
        box.locator(".icon-button").click()
        expect(studio.status).to_have_attribute("data-state", "ready")
        assert np.array_equal(studio.photo(), photo), "the last picture stays"
        wire.held.clear()
        wire.holding = False
        studio.press("r")
        studio.settle()
        assert not np.array_equal(studio.photo(), photo)
        wire.say(nonsense)  # unasked for


def test_an_unreadable_picture_is_reported_and_ignored(new_studio: Callable[..., Studio]) -> None:
    studio, wire = wired(new_studio)
    photo = studio.photo()
    good = held_answer(studio, wire)
    wire.say(good[:-100])
    studio.toast("The server sent a picture that cannot be read.")
    assert np.array_equal(studio.photo(), photo)
    wire.holding = False
    studio.press("r")
    studio.settle()
    assert not np.array_equal(studio.photo(), photo)


@pytest.mark.parametrize("code", ["busy", "not_ready"])
def test_a_busy_server_is_retried(new_studio: Callable[..., Studio], code: str) -> None:
    studio, wire = wired(new_studio)
    photo = studio.photo()
    good = held_answer(studio, wire)
    revision = json.loads(good[4 : 4 + int.from_bytes(good[:4], "big")])["revision"]
    wire.say(json.dumps({"revision": revision, "error": {"code": code, "message": "Not now."}}))
    until(studio, lambda: len(wire.held) == 1)
    wire.release()
    studio.settle()
    assert not np.array_equal(studio.photo(), photo)
    expect(studio.page.locator(".toast")).to_have_count(0)


def test_a_connection_that_breaks_repeatedly(new_studio: Callable[..., Studio]) -> None:
    studio, wire = wired(new_studio)
    for i in range(3):
        photo, seen = studio.photo(), len(wire.passed)
        wire.holding = True
        studio.press("r")
        until(studio, lambda: len(wire.held) == 1)
        wire.held.clear()
        wire.holding = i == 1  # once the first answer of the new connection is lost, too
        wire.lose()
        wire.cut = False
        if i == 1:
            until(studio, lambda: len(wire.held) == 1)
            wire.held.clear()
            wire.holding = False
            wire.lose()
            wire.cut = False
        studio.settle()
        assert not np.array_equal(studio.photo(), photo) and len(wire.passed) > seen
    studio.errors.clear()


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, '{"error": {"code": "internal", "message": "Something broke; it is in the log."}}', "Something broke"),
        (500, "<html>Internal Server Error</html>", "The server failed with status 500."),
        (200, "no picture at all", ""),
        (None, "", "The server is not responding."),
    ],
)
def test_a_photo_on_a_failing_server_costs_no_work(studio: Studio, status: int | None, body: str, message: str) -> None:
    studio.press("4")
    studio.stroke((5, 10), (60, 10))
    studio.settle()
    before = saved_project(studio).content()
    studio.page.route(
        "**/segment**",
        lambda route: route.fulfill(status=status, body=body) if status else route.abort("connectionreset"),
    )
    choose_file(studio, "recreate", ("photo.jpg", "image/jpeg", encoded(a_photo(), "JPEG")))
    expect(studio.page.locator(".toast.error")).to_contain_text(message)
    expect(studio.page.locator("#busy")).to_be_hidden()
    assert saved_project(studio).content() == before
    studio.errors.clear()


def test_a_project_opens_and_saves_without_a_server(new_studio: Callable[..., Studio]) -> None:
    studio, wire = wired(new_studio)
    studio.press("4")
    studio.stroke((5, 10), (60, 10))
    studio.settle()
    data = studio.save("Control+p").read_bytes()
    photo = studio.photo()
    studio.press("Control+z")
    studio.settle()
    wire.lose()
    studio.page.route("**/api/**", lambda route: route.abort())
    give(studio, DROP, "work.oasis", "", data)
    studio.toast("Opened")
    assert saved_project(studio).content() == ProjectFile(data).content()
    assert np.array_equal(studio.photo(), photo), "with the picture that is in it"
    studio.page.get_by_role("button", name="File").click()
    studio.action("new-project").click()
    studio.toast("New project started.")
    studio.errors.clear()


def test_a_fault_of_the_page_is_shown_and_its_details_can_be_copied(studio: Studio) -> None:
    page = studio.page
    page.evaluate("setTimeout(() => { throw new TypeError('a fault in a test'); })")
    studio.toast("Something went wrong.")
    page.get_by_role("button", name="Copy the details").click()
    expect(page.locator(".toast")).to_have_count(0)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "TypeError: a fault in a test" in copied and page.url in copied
    page.evaluate("Promise.reject(new RangeError('a rejection in a test')) && 0")
    studio.toast("Something went wrong.")
    assert studio.errors == ["a fault in a test", "a rejection in a test"]
    studio.errors.clear()
