"""Drives the page: what tests do and see, in the terms of the editor."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

READ_PIXELS = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return { width, height, hex: Array.from(data, byte => byte.toString(16).padStart(2, '0')).join('') };
}"""
# Chromium asks after ten downloads of a page, and without a window nobody answers.
CATCH_DOWNLOAD = """() => {
  const { click } = HTMLAnchorElement.prototype;
  const { createObjectURL } = URL;
  window.caught = new Promise(resolve => {
    let file;
    URL.createObjectURL = blob => createObjectURL.call(URL, (file = blob));
    HTMLAnchorElement.prototype.click = () => {
      HTMLAnchorElement.prototype.click = click;
      URL.createObjectURL = createObjectURL;
      resolve(file.arrayBuffer().then(bytes => new Uint8Array(bytes).toHex()));
    };
  });
}"""
PATIENCE_MS = 120_000  # a machine may be busy; nothing is asserted about how long anything takes
SETTLED = """patience => new Promise((done, failed) => {
  const end = performance.now() + patience;
  const check = () => {
    const { state } = document.querySelector('#status').dataset;
    const painted = document.querySelectorAll('#results img').length > 0;
    const rested = () => requestIdleCallback(done);
    if (state === 'ready' && painted) requestAnimationFrame(() => requestAnimationFrame(rested));
    else if (performance.now() > end) failed(new Error(`The page is still ${state}.`));
    else requestAnimationFrame(check);
  };
  check();
})"""

Point = tuple[float, float]


class Studio:
    """`foreign` and `errors` collect what must never happen; a test that provokes errors clears them."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._saw(request.url))
        page.on("websocket", lambda socket: self._saw(socket.url))

    def _saw(self, url: str) -> None:
        if urlsplit(url).netloc not in (urlsplit(self.url).netloc, "") and not url.startswith("blob:"):
            self.foreign.append(url)

    def open(self) -> None:
        self.page.goto(self.url)
        self.settle()

    def settle(self) -> None:
        """Waits until the picture on screen answers the last edit."""
        self.page.evaluate(SETTLED, PATIENCE_MS)

    def next_frame(self) -> None:
        self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def resize(self, width: int, height: int) -> None:
        """Gives the window another size, in CSS pixels."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.next_frame()
        self.settle()

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    def action(self, action: str) -> Locator:
        """The button of an action, the first where the page has several."""
        return self.page.locator(f"button[data-action='{action}']").first

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    # Pixels

    def pixels(self, canvas: str) -> np.ndarray:
        """[H, W, 4] uint8, exactly as the page holds them."""
        read = self.page.locator(canvas).evaluate(READ_PIXELS)
        flat = np.frombuffer(bytes.fromhex(read["hex"]), np.uint8)
        return flat.reshape(read["height"], read["width"], 4)

    def photo(self) -> np.ndarray:
        return self.pixels("#photo")

    def painted(self) -> np.ndarray:
        return self.pixels("#labels")

    def labels(self) -> np.ndarray:
        """[H, W] uint8 class ids, from the PNG that the page saves."""
        self.page.evaluate(CATCH_DOWNLOAD)
        self.press("Control+Shift+S")
        return np.array(Image.open(io.BytesIO(bytes.fromhex(self.page.evaluate("() => window.caught")))))

    def save(self, key: str) -> Path:
        with self.page.expect_download() as download:
            self.press(key)
        return Path(download.value.path())

    # Pointers

    def at(self, point: Point, canvas: str = "#labels") -> Point:
        """Where a point of the map, in its pixels, is on screen."""
        box = self.page.locator(canvas).bounding_box()
        width = self.page.locator(canvas).evaluate("canvas => canvas.width")
        assert box
        scale = box["width"] / width
        return box["x"] + point[0] * scale, box["y"] + point[1] * scale

    def stroke(self, *points: Point, canvas: str = "#labels") -> None:
        """Presses at the first point, moves through the others, releases at the last."""
        mouse = self.page.mouse
        mouse.move(*self.at(points[0], canvas))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self.at(point, canvas), steps=4)
        mouse.up()

    def touch(self, *frames: Sequence[Point]) -> None:
        """Fingers on the screen, frame by frame, in pixels of the page; then all lift."""
        session = self.page.context.new_cdp_session(self.page)
        for i, fingers in enumerate(frames):
            points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(fingers)]
            kind = "touchStart" if i == 0 or len(fingers) > len(frames[i - 1]) else "touchMove"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    # Parts of the page

    def choose_class(self, name: str) -> None:
        self.page.locator(".class", has_text=re.compile(f"^{name}")).click()

    def press_model(self, number: int) -> Locator:
        """Asks for the model at this place of the menu; gives its button."""
        self.page.get_by_role("button", name="Model:").click()
        button = self.page.locator("#model-list button").nth(number)
        button.click()
        return button

    def choose_model(self, number: int) -> None:
        """Asks for a model and waits until it has painted."""
        expect(self.press_model(number)).to_have_attribute("aria-pressed", "true")
        self.settle()

    def set_size(self, size: int) -> None:
        self.page.locator("#size").evaluate(
            "(input, size) => { input.value = size; input.dispatchEvent(new Event('input')); }", str(size)
        )

    def toast(self, text: str) -> None:
        expect(self.page.locator(".toast").filter(has_text=text)).to_be_visible()

    def run(self, script: str, argument: object = None) -> Any:
        """Evaluates a function body's worth of script in the page; modules come by `await load('formats/png')`."""
        return self.page.evaluate(
            "async ([script, argument]) => {"
            "  const main = document.querySelector('script[type=module]').src;"
            "  const load = name => import(new URL(`${name}.js`, main));"
            "  const body = new (async () => {}).constructor('load', 'argument', script);"
            "  return body(load, argument);"
            "}",
            [script, argument],
        )


class BlockedRequests:
    """Requests that are blocked until they are released."""

    def __init__(self, studio: Studio, pattern: str) -> None:
        self.studio = studio
        self.waiting: list[Route] = []
        self.open = False
        studio.page.route(pattern, self._receive)

    def _receive(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.waiting.append(route)

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE_MS / 1000
        while not self.waiting:
            assert time.monotonic() < end, "The page did not ask in time."
            self.studio.page.wait_for_timeout(20)

    def release(self) -> None:
        """Returns when the page has had time to take the answers in."""
        self.open = True
        for route in self.waiting:
            with self.studio.page.expect_event("requestfinished"):
                route.continue_()
        self.studio.page.wait_for_timeout(200)
        self.studio.settle()
