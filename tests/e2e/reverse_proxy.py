"""A reverse proxy that serves the server below a path, as nginx does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer

import httpx

PREFIX = b"/studio"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def pipe(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until either side ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    end(source)
    end(target)


def end(connection: socket.socket) -> None:
    """Let both sides of a connection see its end."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def reverse_proxy(url: str, *, websockets: bool = True) -> Iterator[str]:
    """The address of the page behind a proxy. Without `websockets` it answers upgrades with 404."""
    target = httpx.URL(url)
    opened: list[socket.socket] = []

    class Handler(StreamRequestHandler):
        rbufsize = 0  # what follows the head stays in the socket

        def finish(self) -> None:
            with suppress(OSError):  # the browser has left
                super().finish()

        def _line(self) -> bytes:
            """A line of the head, or nothing at its end and at that of the connection."""
            line = self.rfile.readline()
            return b"" if line == b"\r\n" else line

        def handle(self) -> None:
            opened.append(self.connection)
            head = b"".join(iter(self._line, b""))
            upgrades = b"upgrade: websocket" in head.lower()
            method, path, rest = head.split(b" ", 2) if head.count(b" ") > 1 else (b"", b"", b"")
            if not path.startswith(PREFIX + b"/") or (upgrades and not websockets):
                self.wfile.write(NOT_FOUND)
                return
            if not upgrades:  # one request a connection
                rest = rest.replace(b"Connection: keep-alive", b"Connection: close")
            with socket.create_connection((target.host, target.port)) as upstream:
                upstream.sendall(b" ".join([method, path.removeprefix(PREFIX), rest]) + b"\r\n")
                back = threading.Thread(target=pipe, args=(upstream, self.connection))
                back.start()
                pipe(self.connection, upstream)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX.decode()}/"
        finally:
            server.shutdown()
            thread.join()
            for connection in opened:
                end(connection)
