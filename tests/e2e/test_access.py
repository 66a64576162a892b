"""The page behind a reverse proxy, and behind an access token."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from tests.conftest import LiveServer, wait_for
from tests.e2e.reverse_proxy import reverse_proxy
from tests.e2e.studio import Studio

TOKEN = "a-token-of-many-letters"


def test_below_a_path_of_a_proxy(new_studio: Callable[..., Studio], live_server: LiveServer) -> None:
    with reverse_proxy(live_server.url) as url:
        studio = new_studio(url)
        studio.open()
        before = studio.photo()
        studio.press("r")
        studio.settle()
        assert not np.array_equal(studio.photo(), before)
        studio.page.goto(f"{url}docs")
        paint = studio.page.locator(".opblock-post").first
        expect(paint).to_contain_text("/api/models/{model_id}/synthesize")
        studio.page.close()


def test_a_proxy_that_bars_websockets_is_named(new_studio: Callable[..., Studio], live_server: LiveServer) -> None:
    with reverse_proxy(live_server.url, websockets=False) as url:
        studio = new_studio(url)
        studio.page.goto(url)
        banner = studio.page.locator("#offline")
        expect(banner).to_contain_text("no live connection (WebSocket) gets through")
        studio.page.close()  # it goes on trying, and the browser logs that
        studio.errors.clear()


ATTACK = """async url => {
  const socket = new WebSocket(url.replace('http', 'ws') + '/api/live');
  const connected = await new Promise(done => {
    socket.onopen = () => done(true);
    socket.onerror = () => done(false);
  });
  const labels = new FormData();
  labels.set('labels', new Blob(['x']));
  await fetch(url + '/api/models/tiny/synthesize', { method: 'POST', mode: 'no-cors', body: labels }).catch(() => null);
  const models = await fetch(url + '/api/models').catch(() => null);
  return { connected, models };
}"""


def test_a_page_of_another_site_gets_nothing(
    new_studio: Callable[..., Studio], live_server: LiveServer, tmp_path: Path
) -> None:
    """Its socket is refused, its request is answered 403, which it cannot see, and it cannot read what anyone may."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as elsewhere:
        serving = threading.Thread(target=elsewhere.serve_forever, args=(0.05,))
        serving.start()
        studio = new_studio(f"http://127.0.0.1:{elsewhere.server_address[1]}/")
        studio.page.goto(studio.url)
        assert studio.page.evaluate(ATTACK, live_server.url) == {"connected": False, "models": None}
        wait_for(live_server, 'method="POST",route="other",status="403"')
        studio.foreign.clear()
        studio.errors.clear()  # the browser logs each refusal
        studio.page.close()
        elsewhere.shutdown()
        serving.join()


def test_the_token_is_asked_for_once(
    new_studio: Callable[..., Studio], start_server: Callable[..., LiveServer], tiny_zoo: Path
) -> None:
    server = start_server(tiny_zoo, token=TOKEN)
    with reverse_proxy(server.url) as url:
        studio = new_studio(url, isolated=True)
        page = studio.page
        page.goto(url)
        expect(page).to_have_url(f"{url}token")
        page.get_by_label("Access token").fill("a guess")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("alert")).to_have_text("This is not the access token of this server.")
        studio.errors.clear()  # the browser logs the 401
        page.get_by_label("Access token").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/studio/$"))
        page.wait_for_load_state()
        studio.settle()
        page.reload()
        studio.settle()
        page.close()
