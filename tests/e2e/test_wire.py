"""Messages between page and server: only changes are sent, and the picture is right even after losses."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import WebSocket, WebSocketRoute, expect

from tests.conftest import ELSEWHERE, PATIENCE_S
from tests.e2e.studio import Studio


def png(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def by_http(server: str, labels: np.ndarray, noise: dict[str, Any], regions: np.ndarray | None = None) -> np.ndarray:
    """[H, W, 3] of whole maps."""
    files = {"labels": png(labels)} | ({} if regions is None else {"regions": png(regions)})
    url = f"{server}/api/models/tiny/synthesize"
    answer = httpx.post(url, files=files, data={"noise": json.dumps(noise)}, timeout=PATIENCE_S)
    answer.raise_for_status()
    return np.array(Image.open(io.BytesIO(answer.content)))


def seed_of(studio: Studio, label: str = "Global seed") -> int:
    return int(studio.page.get_by_label(label, exact=True).input_value())


def check(studio: Studio) -> None:
    """What is shown is what the server paints of the page's labels and seed when all is sent again."""
    studio.settle()
    expected = by_http(studio.url, studio.labels(), {"seed": seed_of(studio)})
    np.testing.assert_array_equal(studio.photo()[..., :3], expected)


def hasty(studio: Studio, rounds: int) -> None:
    """Strokes, fills, undos and new noise, none of which waits for a picture."""
    for i in range(rounds):
        studio.press(str(1 + i % 4))
        studio.set_size(3 + 5 * i % 17)
        studio.stroke((5 + 9 * i % 50, 8 + 13 * i % 50), (30, 30), (60 - 7 * i % 50, 3 + 11 * i % 50))
        if i % 3 == 0:
            studio.press("r")
        if i % 4 == 1:
            studio.press("Control+z")
        if i % 4 == 3:
            studio.press("g")
            studio.stroke((7 * i % 60 + 0.5, 33.5))
            studio.press("b")


def test_quick_strokes_end_in_the_picture_of_whole_maps(studio: Studio) -> None:
    for rounds in (1, 4, 9):
        hasty(studio, rounds)
        check(studio)
    studio.press("Control+z")
    studio.press("Control+z")
    studio.press("Control+Shift+Z")
    check(studio)


def test_region_strokes_too(studio: Studio) -> None:
    studio.press("k")  # the server's own pixels everywhere
    studio.press("n")
    studio.set_size(12)
    studio.stroke((20, 20), (40, 20))
    studio.stroke((44, 50))
    studio.press("Shift+R")
    studio.settle()
    rows, columns = np.mgrid[:64, :64] + 0.5
    line = (np.clip(columns, 20, 40) - columns) ** 2 + (rows - 20) ** 2 <= 36 + 1e-9
    dab = (columns - 44) ** 2 + (rows - 50) ** 2 <= 36 + 1e-9
    noise = {"seed": seed_of(studio), "regions": [{"id": 1, "seed": seed_of(studio, "Seed of Region 1")}]}
    expected = by_http(studio.url, studio.labels(), noise, (line | dab).astype(np.uint8))
    np.testing.assert_array_equal(studio.photo()[..., :3], expected)


def frames(studio: Studio) -> list[tuple[dict[str, Any], int]]:
    """Header and length of every frame that the page will send; filled as it does."""
    sent: list[tuple[dict[str, Any], int]] = []

    def saw(data: bytes | str) -> None:
        assert isinstance(data, bytes)
        end = 4 + int.from_bytes(data[:4], "big")
        sent.append((json.loads(data[4:end]), len(data)))

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", saw)

    studio.page.on("websocket", opened)
    return sent


def test_a_frame_contains_only_what_changed(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    sent = frames(studio)
    studio.open()
    assert sent[0][0]["size"] == {"width": 64, "height": 64}
    before = studio.labels()

    sent.clear()
    studio.press("e")
    studio.set_size(6)
    studio.stroke((20, 30))
    studio.settle()
    ((header, length),) = sent
    top, left = np.argwhere(studio.labels() != before).min(axis=0)
    bottom, right = np.argwhere(studio.labels() != before).max(axis=0) + 1
    assert header["labels"] == {"left": left, "top": top, "width": right - left, "height": bottom - top}
    assert "size" not in header and "regions" not in header and length < 300

    sent.clear()
    studio.press("r")
    studio.settle()
    ((header, _),) = sent
    assert header.keys() == {"revision", "model", "noise", "format"}


def test_after_a_refusal_all_maps_are_sent(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    spoil = False

    def connected(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(socket.send)
        # The server gets one frame that it cannot read: the page must not build on its change.
        socket.on_message(lambda data: server.send(b"" if spoil else data))

    studio.page.route_web_socket("**/api/live", connected)
    studio.open()
    studio.choose_class("earth")
    spoil = True
    studio.stroke((10, 10), (50, 10))
    studio.toast("The frame has 0 bytes")
    spoil = False
    studio.stroke((10, 40), (50, 40))
    check(studio)
    assert (studio.labels()[10, 12:48] == 4).all()


def test_after_a_lost_connection_all_maps_are_sent(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    routes: list[WebSocketRoute] = []

    def connected(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        routes.append(socket)

    studio.page.route_web_socket("**/api/live", connected)
    studio.open()
    hasty(studio, 2)
    routes[-1].close()
    expect(studio.page.locator("#status-text")).to_have_text("offline")
    hasty(studio, 2)
    check(studio)
    assert len(routes) > 1
    studio.errors.clear()


def test_over_a_network_pictures_are_webp_with_equal_pixels(new_studio: Callable[..., Studio], live_server) -> None:
    studio = new_studio(live_server.url.replace("127.0.0.1", ELSEWHERE))
    sent = frames(studio)
    studio.open()
    hasty(studio, 3)
    studio.settle()
    assert {header["format"] for header, _ in sent} == {"webp"}
    expected = by_http(live_server.url, studio.labels(), {"seed": seed_of(studio)})
    np.testing.assert_array_equal(studio.photo()[..., :3], expected)
