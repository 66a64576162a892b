"""Connections that keep the server waiting, or come in crowds; with deadlines of moments instead of many seconds."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from backend import limits
from backend.addresses import connects_for_others
from backend.connections import HttpConnection, LiveConnection, most_connections
from backend.middleware import BodyLimit
from backend.serve import listen
from tests.conftest import PATIENCE_S, wait_until

MUCH = 32 * limits.MB


async def echo(request: Request) -> PlainTextResponse:
    """The number of bytes that came."""
    return PlainTextResponse(str(len(await request.body())))


async def much(request: Request) -> PlainTextResponse:
    """More than the system buffers."""
    return PlainTextResponse("x" * MUCH)


async def flood(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_bytes(bytes(MUCH))


@pytest.fixture
def server(monkeypatch) -> Iterator[uvicorn.Server]:
    """A server with our connections and body limits, in a thread."""
    monkeypatch.setattr(limits, "HEAD_S", 0.3)
    monkeypatch.setattr(limits, "PATIENCE_S", 0.3)
    monkeypatch.setattr(limits, "CONNECTIONS", 8)
    monkeypatch.setattr(limits, "CONNECTIONS_PER_ADDRESS", 4)
    routes = [Route("/", echo, methods=["GET", "POST"]), Route("/much", much), WebSocketRoute("/flood", flood)]
    app = Starlette(routes=routes)
    app.add_middleware(BodyLimit)
    config = uvicorn.Config(
        app,
        port=0,
        http=HttpConnection,
        ws=LiveConnection,
        ws_ping_interval=0.1,
        ws_ping_timeout=0.1,
        timeout_keep_alive=1,
        log_config=None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started)
    yield server
    server.should_exit = True
    thread.join(PATIENCE_S)


@contextmanager
def connection(server: uvicorn.Server, source: str = "127.0.0.1") -> Iterator[socket.socket]:
    address = server.servers[0].sockets[0].getsockname()
    with socket.create_connection(address, PATIENCE_S, (source, 0)) as opened:
        yield opened


def rest(opened: socket.socket) -> bytes:
    """All that the server sends until it closes."""
    received = bytearray()
    try:
        while data := opened.recv(65536):
            received += data
    except ConnectionResetError:
        pass
    return bytes(received)


def error(answer: bytes) -> tuple[int, str]:
    """Status and code of an answer in the one shape, with the headers that every answer has."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"x-content-type-options: nosniff" in head.lower() and b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)["error"]["code"]


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_head_that_does_not_end(server, sent):
    with connection(server) as opened:
        opened.sendall(sent)
        assert error(rest(opened)) == (408, "too_slow")


def test_a_second_head_that_does_not_end(server):
    with connection(server) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
        assert rest(opened).startswith(b"HTTP/1.1 200")  # and ends


def test_a_head_that_trickles(server):
    with connection(server) as opened:
        opened.settimeout(0.01)
        received = b""
        while not received:
            opened.sendall(b"G")
            try:
                received = opened.recv(65536)
            except TimeoutError:
                continue
        assert error(received + rest(opened)) == (408, "too_slow")


def test_a_body_that_does_not_come(server):
    with connection(server) as opened:
        opened.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123")
        assert b"HTTP/1.1 408" in rest(opened)


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTX\r\n\r\n", b"X" * 70_000])
def test_what_is_no_http(server, sent):
    with connection(server) as opened:
        opened.sendall(sent)
        assert error(rest(opened)) == (400, "bad_request")


@pytest.mark.parametrize("target", ["/much", "/flood"])
def test_a_client_that_never_reads(server, target):
    with connection(server) as opened:
        upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        request = b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n" % (
            target.encode(),
            upgrade + key if "flood" in target else b"",
        )
        opened.sendall(request)
        wait_until(lambda: server.server_state.connections)
        wait_until(lambda: not server.server_state.connections)
        assert len(rest(opened)) < MUCH


def test_a_client_that_reads_slowly_gets_everything(server, monkeypatch):
    monkeypatch.setattr(limits, "SLOWEST_BYTES", 1)
    with connection(server) as opened:
        opened.sendall(b"GET /much HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = 0
        while data := opened.recv(2**16):
            received += len(data)
        assert received > MUCH


GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
UNFINISHED = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"


@pytest.fixture
def patient(monkeypatch, server):
    """The server, with time for what is unfinished."""
    for deadline in ("HEAD_S", "PATIENCE_S"):
        monkeypatch.setattr(limits, deadline, PATIENCE_S)
    return server


def open_all(server, stack, count, sent=b"", source="127.0.0.1"):
    """Connections that the server has taken, on which so much is sent."""
    opened = [stack.enter_context(connection(server, source)) for _ in range(count)]
    for each in opened:
        each.sendall(sent)
    wait_until(lambda: len(server.server_state.connections) >= count)
    if sent:
        wait_until(lambda: not any(each.is_idle for each in server.server_state.connections))
    return opened


def test_more_connections_than_allowed(patient):
    with ExitStack() as stack:
        open_all(patient, stack, 8, UNFINISHED)
        assert error(rest(stack.enter_context(connection(patient)))) == (503, "busy")


def test_silent_connections_make_room(patient):
    with ExitStack() as stack:
        silent = open_all(patient, stack, 8)
        asking = stack.enter_context(connection(patient))
        asking.sendall(GET)
        assert b"HTTP/1.1 200" in rest(asking)
        assert rest(silent[0]) == b""


def test_one_address_cannot_take_all_connections(patient, monkeypatch):
    monkeypatch.setattr("backend.connections.connects_for_others", lambda *_: False)
    with ExitStack() as stack:
        open_all(patient, stack, 4, UNFINISHED, "127.0.0.2")
        assert error(rest(stack.enter_context(connection(patient, "127.0.0.2")))) == (503, "busy")
        other = stack.enter_context(connection(patient, "127.0.0.3"))
        other.sendall(GET)
        assert b"HTTP/1.1 200" in rest(other)


def test_the_body_of_an_answer_does_not_wait_for_the_client_to_acknowledge_its_head():
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("address", "proxies", "expected"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("10.1.2.3", "", False),
        ("10.1.2.3", "192.168.0.1, 10.0.0.0/8", True),
        ("10.1.2.3", "*", True),
        ("fe80::1%eth0", "10.0.0.0/8", False),
    ],
)
def test_who_connects_for_others(address, proxies, expected):
    assert connects_for_others(address, proxies) == expected


def test_fewer_connections_where_fewer_files_may_be_open(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda _: (100, 100))
    assert most_connections() == 100 - limits.RESERVED_FILES
    monkeypatch.setattr("resource.getrlimit", lambda _: (2**20, 2**20))
    assert most_connections() == limits.CONNECTIONS
