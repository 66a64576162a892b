"""The status of the page: paused, offline, messages, announcements."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.e2e.studio import Studio


def test_nothing_is_sent_while_paused_and_then_only_the_newest(studio: Studio) -> None:
    sent: list[object] = []
    studio.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    studio.open()
    sent.clear()
    photo = studio.photo()
    studio.status.click()
    expect(studio.status).to_have_attribute("data-state", "paused")
    expect(studio.status).to_have_attribute("aria-pressed", "true")
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.stroke((10, 40), (40, 50))
    studio.page.wait_for_timeout(300)
    assert sent == [] and np.array_equal(studio.photo(), photo)
    edited = studio.labels()
    studio.press("p")
    studio.settle()
    assert len(sent) == 1 and not np.array_equal(studio.photo(), photo)
    assert np.array_equal(studio.labels(), edited)


def test_a_lost_server_is_announced_once_and_shown_until_it_is_back(new_studio, start_server, tiny_zoo) -> None:
    server = start_server(tiny_zoo)
    studio = new_studio(server.url)
    studio.open()
    banner = studio.page.locator("#offline")
    expect(banner).to_be_hidden()
    server.stop()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("The server is not responding. Keep painting")
    studio.stroke((10, 12), (40, 30))
    expect(studio.page.locator(".toast")).to_have_count(0)
    studio.page.close()  # it goes on looking for the server, and the browser logs that
    studio.errors.clear()


def test_actions_are_announced(studio: Studio) -> None:
    said = studio.page.locator("#announcement")
    studio.stroke((10, 12), (40, 30))
    studio.press("Control+z")
    expect(said).to_have_text("Undone: Paint sky")
    studio.press("Control+Shift+z")
    expect(said).to_have_text("Redone: Paint sky")
    studio.press("k")
    expect(said).to_have_text("Keep the rest of the picture: off")


def test_messages_stay_while_hovered_or_focused(new_studio) -> None:
    studio = new_studio(isolated=True)
    studio.page.clock.install()
    studio.open()
    studio.run("const { toast } = await load('base/toast'); toast('Read me'); toast('Pass by');")
    studio.page.locator(".toast", has_text="Read me").get_by_role("button").focus()
    studio.page.clock.run_for(8000)
    expect(studio.page.locator(".toast p")).to_have_text(["Read me"])
    studio.page.locator("#label-pane").focus()
    studio.page.clock.run_for(8000)
    expect(studio.page.locator(".toast")).to_have_count(0)
