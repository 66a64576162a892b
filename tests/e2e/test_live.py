"""The live connection: late answers, lost servers, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.studio import PATIENCE_MS, Studio


class Wire:
    """Stands between page and server: lets answers through, holds them, or is cut."""

    def __init__(self, studio: Studio) -> None:
        self.holding = False
        self.cut = False
        self.held: list[bytes | str] = []
        self.passed: list[bytes | str] = []
        self.page_side: WebSocketRoute | None = None
        studio.page.route_web_socket("**/api/live", self._connected)

    def _connected(self, socket: WebSocketRoute) -> None:
        if self.cut:
            socket.close()
            return
        self.page_side = socket
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(self._answered)

    def _answered(self, message: bytes | str) -> None:
        if self.holding:
            self.held.append(message)
        else:
            self.passed.append(message)
            self.say(message)

    def say(self, message: bytes | str) -> None:
        assert self.page_side
        self.page_side.send(message)

    def release(self) -> None:
        self.holding = False
        held, self.held = self.held, []
        for message in held:
            self.say(message)

    def lose(self) -> None:
        assert self.page_side
        self.cut = True
        self.page_side.close()


def wired(new_studio: Callable[..., Studio]) -> tuple[Studio, Wire]:
    studio = new_studio()
    wire = Wire(studio)
    studio.open()
    return studio, wire


def until(studio: Studio, test: Callable[[], bool]) -> None:
    """Waits for what happens outside the page while its events go on."""
    for _ in range(PATIENCE_MS // 50):
        if test():
            return
        studio.page.wait_for_timeout(50)
    raise AssertionError("it never happened")


def test_an_answer_after_undo_is_dropped(new_studio) -> None:
    studio, wire = wired(new_studio)
    photo = studio.photo()
    wire.holding = True
    studio.choose_class("earth")
    studio.stroke((10, 10), (50, 10))
    expect(studio.status).to_have_attribute("data-state", "painting")
    until(studio, lambda: len(wire.held) == 1)
    studio.press("Control+z")
    wire.release()
    studio.page.wait_for_timeout(300)
    studio.settle()
    assert np.array_equal(studio.photo(), photo)

    studio.press("Control+Shift+Z")
    studio.settle()
    assert not np.array_equal(studio.photo(), photo), "the loop goes on after a dropped answer"


def test_an_older_answer_never_overwrites_a_newer_one(new_studio) -> None:
    studio, wire = wired(new_studio)
    studio.press("r")
    studio.settle()
    old = wire.passed[-1]
    studio.press("r")
    studio.settle()
    newest = studio.photo()
    wire.say(old)
    wire.say(wire.passed[0])
    studio.page.wait_for_timeout(300)
    assert np.array_equal(studio.photo(), newest)

    wire.holding = True
    studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    wire.say(old)
    studio.page.wait_for_timeout(200)
    assert np.array_equal(studio.photo(), newest), "an old answer is not taken for the one under way"
    wire.release()
    studio.settle()
    assert not np.array_equal(studio.photo(), newest)


def test_one_request_in_flight_and_the_newest_wins(new_studio) -> None:
    studio, wire = wired(new_studio)
    field = studio.page.get_by_label("Global seed", exact=True)
    count = len(wire.passed)
    wire.holding = True
    for _ in range(5):
        studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    studio.page.wait_for_timeout(300)
    assert len(wire.held) == 1, "the second request waits for the first answer"
    wire.release()
    studio.settle()
    assert len(wire.passed) == count + 1, "of five edits the first was asked for and the last"
    live, seed = studio.photo(), field.input_value()
    field.fill("1")
    field.press("Enter")
    studio.settle()
    field.fill(seed)
    field.press("Enter")
    studio.settle()
    assert np.array_equal(studio.photo(), live)


def test_a_region_painted_before_the_picture_arrives_keeps_the_outside(new_studio) -> None:
    studio, wire = wired(new_studio)
    wire.holding = True
    studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    studio.press("n")
    studio.set_size(12)
    mouse = studio.page.mouse
    mouse.move(*studio.at((20, 20)))
    mouse.down()
    mouse.move(*studio.at((26, 20)), steps=3)
    wire.release()
    until(studio, lambda: len(wire.passed) > 1)
    studio.next_frame()
    mouse.move(*studio.at((40, 20)), steps=3)
    mouse.up()
    studio.settle()
    with_region = studio.photo()
    studio.press("Control+z")
    studio.settle()
    outside = np.hypot(*(np.mgrid[:64, :64] + 0.5 - np.array([20, 30])[:, None, None])) > 17
    assert np.array_equal(with_region[outside], studio.photo()[outside])
    assert not np.array_equal(with_region, studio.photo())


def test_offline_is_shown_and_the_work_catches_up(new_studio) -> None:
    studio, wire = wired(new_studio)
    photo = studio.photo()
    wire.lose()
    expect(studio.page.locator("#status-text")).to_have_text("offline")
    studio.choose_class("earth")
    studio.stroke((10, 10), (50, 10))
    labels = studio.labels()
    assert (labels[10, 12:48] == 4).all(), "painting goes on"
    assert np.array_equal(studio.photo(), photo), "the last picture stays"
    wire.cut = False
    studio.settle()
    assert not np.array_equal(studio.photo(), photo)
    studio.errors.clear()


def test_a_refusal_shows_the_message_of_the_server(new_studio) -> None:
    studio, wire = wired(new_studio)
    photo = studio.photo()
    wire.holding = True
    studio.press("r")
    until(studio, lambda: len(wire.held) == 1)
    head = wire.held[0]
    assert isinstance(head, bytes)
    revision = json.loads(head[4 : 4 + int.from_bytes(head[:4], "big")])["revision"]
    error = {"code": "deadline", "message": "The picture took too long. Try again."}
    wire.held = [json.dumps({"revision": revision, "error": error})]
    wire.release()
    studio.toast("The picture took too long. Try again.")
    assert np.array_equal(studio.photo(), photo)
    studio.press("r")
    studio.settle()
    assert not np.array_equal(studio.photo(), photo)


def test_the_page_waits_for_a_server_that_is_not_there_yet(new_studio) -> None:
    studio = new_studio()
    studio.page.route("**/api/models", lambda route: route.abort())
    studio.page.goto(studio.url)
    expect(studio.page.locator("#empty")).to_contain_text("The server is not responding.")
    studio.page.unroute("**/api/models")
    expect(studio.page.locator("#results button")).to_have_count(1)
    expect(studio.page.locator("#empty")).to_be_hidden()
    studio.errors.clear()


def test_the_page_waits_for_a_model_that_is_still_loading(new_studio) -> None:
    studio = new_studio()

    def loading(route) -> None:
        models = [{**model, "available": False, "reason": "It is loading."} for model in route.fetch().json()["models"]]
        route.fulfill(json={"models": models})

    studio.page.route("**/api/models", loading)
    studio.page.goto(studio.url)
    expect(studio.page.locator("#empty")).to_contain_text("It is loading.")
    studio.page.unroute("**/api/models")
    studio.settle()
    expect(studio.page.locator("#empty")).to_be_hidden()
