"""Attacks on a server: every door with damaged input, drawn from a seed."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

import httpx
import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from backend.live import build
from tests.backend.pictures import encode, photo, stripes
from tests.backend.projects import members, pack
from tests.campaign.mutation import as_json, changed, damaged
from tests.conftest import PATIENCE_S

NOISE = {
    "seed": 3,
    "blend": {"seed": 4, "t": 0.5},
    "regions": [{"id": 1, "seed": 5, "blend": [{"t": 0.2}, {"seed": 9, "t": 1}], "channels": [0, 1, 3]}],
}
HEAD = (
    b"POST /api/models/tiny/synthesize?format=webp HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
    b"Content-Type: application/json\r\nContent-Length: 2\r\nOrigin: http://localhost\r\n\r\n{}"
)
CLOSED = 0
"""In place of a status: the server closed the connection without a word."""


@dataclass(frozen=True)
class Outcome:
    """What became of one attack: an HTTP status, or that of the error of a live frame, and the seconds it took."""

    kind: str
    status: int
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether the server is to blame; one that is too busy says so."""
        return self.status not in (503, 504) and (self.status >= 500 or (self.status == CLOSED and self.kind != "raw"))


class Attacker:
    """Draws attacks from a seed and sends them to a server with the model "tiny", one at a time.

    Args:
        url: Of the server.
        model: The model's directory.
        seed: Of the attacks.
    """

    def __init__(self, url: str, model: Path, seed: int) -> None:
        self._url = url
        self._random = Random(seed)
        self._client = httpx.Client(base_url=url, timeout=PATIENCE_S)
        self._files = {
            "labels": [encode(stripes()), encode(stripes().astype(np.uint16))],
            "photo": [encode(photo(), form) for form in ("png", "jpeg", "webp")]
            + [encode(photo(), "jpeg", progressive=True)],
            "picture": [encode(photo(64, 64), form) for form in ("png", "webp")],
            "regions": [encode((stripes() == 1).astype(np.uint8))],
        }
        self._members = members(model)
        self._kinds: list[Callable[[], Outcome]] = [
            partial(self._form, "synthesize", "labels", "regions"),
            partial(self._form, "segment", "photo"),
            partial(self._form, "inspect", "labels", "picture"),
            self._noise,
            self._project,
            self._live,
            self._raw,
            self._address,
        ]

    def attack(self) -> Outcome:
        """Send the next one."""
        return self._random.choice(self._kinds)()

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def _ask(self, kind: str, ask: Callable[[], httpx.Response]) -> Outcome:
        begun = perf_counter()
        try:
            status = ask().status_code
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            status = CLOSED
        return Outcome(kind, status, perf_counter() - begun)

    def _form(self, task: str, *names: str) -> Outcome:
        """Files of which one is damaged."""
        files = {name: self._random.choice(self._files[name]) for name in names}
        victim = self._random.choice(names)
        files[victim] = damaged(files[victim], self._random)
        data = {"noise": json.dumps({"seed": 1, "regions": [{"id": 1, "seed": 2}]})}
        return self._ask(task, lambda: self._client.post(f"/api/models/tiny/{task}", files=files, data=data))

    def _noise(self) -> Outcome:
        text = as_json(changed(NOISE, self._random))
        if self._random.random() < 0.2:
            text = damaged(text, self._random)
        files = {name: (None if name == "noise" else name, value) for name, value in self._with_noise(text).items()}
        return self._ask("noise", lambda: self._client.post("/api/models/tiny/synthesize", files=files))

    def _with_noise(self, text: bytes) -> dict[str, bytes]:
        return {"labels": self._files["labels"][0], "regions": self._files["regions"][0], "noise": text}

    def _project(self) -> Outcome:
        parts = dict(self._members)
        name = self._random.choice(list(parts))
        if name.endswith(".json") and self._random.random() < 0.7:
            parts[name] = as_json(changed(json.loads(parts[name]), self._random))
        elif parts[name]:
            parts[name] = damaged(parts[name], self._random)
        data = pack(parts)
        if self._random.random() < 0.5:
            data = damaged(data, self._random)
        headers = {"Content-Type": "application/zip"}
        return self._ask("project", lambda: self._client.post("/api/projects", content=data, headers=headers))

    def _live(self) -> Outcome:
        ids = stripes().tobytes() + (stripes() == 1).astype(np.uint8).tobytes()  # of classes, of regions
        area = {"left": 0, "top": 0, "width": 64, "height": 64}
        header = {"revision": 1, "model": "tiny", "noise": NOISE, "format": "raw", "labels": area, "regions": area}
        size = {"size": {"width": 64, "height": 64}}
        if self._random.random() < 0.6:
            text = as_json(changed(header | size, self._random))
            frame = len(text).to_bytes(4, "big") + text + ids
        else:
            frame = damaged(build(header | size, ids), self._random)
        begun, status = perf_counter(), CLOSED
        try:
            with connect(self._url.replace("http", "ws") + "/api/live", max_size=None, compression=None) as opened:
                opened.send(frame)
                answer = opened.recv(PATIENCE_S)
            if isinstance(answer, bytes):
                status = 200
            else:
                status = 500 if json.loads(answer)["error"]["code"] == "internal" else 400
        except ConnectionClosed as closed:
            if closed.rcvd and closed.rcvd.code in (1009, 1002, 1007):  # too large, or no frame at all
                status = 400
        return Outcome("live", status, perf_counter() - begun)

    def _raw(self) -> Outcome:
        """A damaged head, or bytes that are none."""
        data = damaged(HEAD, self._random) if self._random.random() < 0.8 else self._random.randbytes(200)
        address = httpx.URL(self._url)
        begun, status = perf_counter(), CLOSED
        with socket.create_connection((address.host, address.port), PATIENCE_S) as opened:
            opened.sendall(data)
            opened.shutdown(socket.SHUT_WR)
            try:
                answer = opened.recv(65536)
            except ConnectionResetError:
                answer = b""
        if answer.startswith(b"HTTP/1.1 "):
            status = int(answer[9:12])
        return Outcome("raw", status, perf_counter() - begun)

    def _address(self) -> Outcome:
        """An address, method or header that nobody serves."""
        real = ("/", "/docs", "/static/js/main.js", "/api/models/tiny/scenes/shore.png", "/api/projects/x", "/token")
        path = damaged(self._random.choice(real).encode(), self._random).decode("latin-1")
        path = "/" + path.lstrip("/").replace("\r", "").replace("\n", "").replace("?", "%3f").replace("#", "%23")
        method = self._random.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "X" * 20))
        headers = {"If-None-Match": self._random.choice(("*", '"x"', "x" * 5000)), "Range": "bytes=5-1"}
        try:
            request = self._client.build_request(method, path, headers=headers)
        except httpx.InvalidURL:  # nothing that could be sent
            return Outcome("address", 400, 0.0)
        return self._ask("address", lambda: self._client.send(request))
