"""Headers and faults of every answer, and the limits of bodies."""

import asyncio
import json
import socket
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from backend import limits
from backend.app import create_app
from backend.errors import Busy
from backend.headers import HEADERS
from backend.middleware import BodyLimit
from backend.settings import Settings
from tests.backend.conftest import SYNTHESIZE
from tests.conftest import ELSEWHERE, PATIENCE_S


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """An application without models, with a route that fails."""
    app = create_app(Settings(zoo=tmp_path))

    @app.get("/fault")
    async def fault() -> None:
        raise ZeroDivisionError("of the test")

    return app


def test_every_answer_has_the_headers(client):
    answers = [client.get(path) for path in ("/", "/api/models", "/none", "/static/none", "/docs", "/openapi.json")]
    answers += [client.post(SYNTHESIZE), client.get("/", headers={"Host": "evil.test"}), client.delete("/api/models")]
    for answer in answers:
        for name in (*HEADERS, "Content-Security-Policy"):
            assert name in answer.headers, (answer.url, name)
    # Browsers complain of it where anybody on the way could have changed it.
    policies = [client.get("/", headers={"Host": host}).headers for host in ("localhost", ELSEWHERE)]
    assert ["Cross-Origin-Opener-Policy" in headers for headers in policies] == [True, False]


def test_a_fault_is_answered_like_everything_else_and_logged(app, caplog):
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)  # which raises what the application lets through
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/fault")

    answer = asyncio.run(ask())
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "internal"
    assert "of the test" not in answer.text and answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "ZeroDivisionError: of the test" in caplog.text


def test_memory_is_given_back_again_and_again(app, monkeypatch):
    given: list[int] = []
    monkeypatch.setattr(limits, "TRIM_S", 0.001)
    monkeypatch.setattr("backend.app.trim", lambda: given.append(1))

    async def live() -> None:
        async with app.router.lifespan_context(app):
            while len(given) < 3:
                await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(live(), PATIENCE_S))


def send(url: str, head: str, body: bytes = b"") -> tuple[bytes, bytes]:
    """Send bytes as they are; the head and the body of all that is answered until the connection ends."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port), PATIENCE_S) as opened:
        opened.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        received = b"".join(iter(lambda: opened.recv(65536), b""))
    head_, _, rest = received.partition(b"\r\n\r\n")
    return head_, rest


def test_a_body_announced_as_enormous_is_refused_before_it_comes(live_server):
    about = f"Content-Type: multipart/form-data; boundary=x\nContent-Length: {100 * 2**30}"
    head, body = send(live_server.url, f"POST {SYNTHESIZE} HTTP/1.1\nHost: localhost\n{about}")
    assert head.startswith(b"HTTP/1.1 413") and json.loads(body)["error"]["code"] == "too_large"


def test_two_lengths_are_refused_and_what_follows_is_no_request(live_server):
    lengths = "Content-Length: 4\nTransfer-Encoding: chunked"
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head, body = send(live_server.url, f"POST {SYNTHESIZE} HTTP/1.1\nHost: localhost\n{lengths}", smuggled)
    assert head.startswith(b"HTTP/1.1 400") and b"HTTP/1.1" not in body
    assert json.loads(body)["error"]["code"] == "bad_request"


def test_bodies_have_a_bound_together(monkeypatch):
    monkeypatch.setattr(limits, "RECEIVED_BYTES", 250)
    results: list[str] = []

    async def scene() -> None:
        """Three requests of 100 bytes, of which none is finished."""
        finish = asyncio.Event()

        async def app(scope: Scope, receive: Receive, _: Send) -> None:
            try:
                await Request(scope, receive).body()
                await finish.wait()
                results.append("done")
            except Busy:
                results.append("busy")

        async def receive() -> Message:
            return {"type": "http.request", "body": bytes(100), "more_body": False}

        async def send(_: Message) -> None: ...

        async def ask() -> None:
            await limit({"type": "http", "headers": []}, receive, send)

        limit = BodyLimit(app)
        jobs = [asyncio.create_task(ask()) for _ in range(3)]
        await jobs[2]
        assert results == ["busy"]
        finish.set()
        await asyncio.gather(*jobs)
        await ask()

    asyncio.run(scene())
    assert results == ["busy", "done", "done", "done"]
