"""The connections of the server: how many there may be, and how long each may keep it waiting.

uvicorn bounds neither: a client that opens connections, sends half a request or never reads an answer would hold them
for ever, until the process has no file left for anyone else.
"""

import asyncio
import resource

import h11
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend import limits
from backend.addresses import connects_for_others
from backend.errors import ApiError, Busy, MalformedRequest, TooSlow, body
from backend.headers import add_headers


def raise_file_limit() -> None:
    """Let the process open as many files as the system allows it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def most_connections() -> int:
    """How many connections may be open: fewer than limits.CONNECTIONS if the process may open few files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return limits.CONNECTIONS
    return max(1, min(files - limits.RESERVED_FILES, limits.CONNECTIONS))


class WriteDeadline(asyncio.Protocol):
    """Ends a connection whose client reads nothing for limits.PATIENCE_S, or more slowly than limits.SLOWEST_BYTES."""

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Watch from the first byte that the system does not take: closing waits for the last one, too."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)

    def pause_writing(self) -> None:
        """The client has not read everything."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has read everything."""
        self._unwatch()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self, size: int) -> None:
        def check() -> None:
            left = self.transport.get_write_buffer_size()
            if left > size - limits.PATIENCE_S * limits.SLOWEST_BYTES:
                self.transport.abort()
            else:
                self._watch(left)

        self._unwatch()
        self._unread = self.loop.call_later(limits.PATIENCE_S, check)

    def _unwatch(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None


class HttpConnection(WriteDeadline, H11Protocol):
    """HTTP/1.1 with a bounded number of connections and a deadline for heads; bodies have theirs in the middleware."""

    _head: asyncio.TimerHandle | None = None
    _opened = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a new connection, in place of an idle one if there are too many, or refuse it."""
        super().connection_made(transport)
        self._opened = self.loop.time()
        own = self._of_same_address()
        if len(own) > limits.CONNECTIONS_PER_ADDRESS:
            others = own
        elif len(self.connections) > most_connections():
            others = list(self.connections)
        else:
            return self._expect_head()
        idle = [each for each in others if isinstance(each, HttpConnection) and each.is_idle and each is not self]
        if not idle:
            return self._refuse(Busy())
        min(idle, key=HttpConnection.worth).transport.close()
        return self._expect_head()

    @property
    def is_idle(self) -> bool:
        """Whether it is open, and no request is being received or answered."""
        states = self.conn.their_state, self.conn.our_state
        return states == (h11.IDLE, h11.IDLE) and not self.transport.is_closing()

    def worth(self) -> tuple[bool, float]:
        """By which idle connections are ordered: those that have never asked for anything go first, then the oldest."""
        return self.cycle is not None, self._opened

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        super().data_received(data)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._stop_expecting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to a WebSocket."""
        self._stop_expecting()
        self._unwatch()
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(MalformedRequest())

    def _of_same_address(self) -> list[object]:
        """The connections of this one's address; none for those that connect for others."""
        address = self.client and self.client[0]
        if address is None or connects_for_others(address, str(self.config.forwarded_allow_ips or "")):
            return []
        clients = [(each, getattr(each, "client", None)) for each in self.connections]  # WebSockets are among these
        return [each for each, client in clients if client and client[0] == address]

    def _expect_head(self) -> None:
        """Set the deadline while the head of a request is incomplete."""
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop_expecting()
        elif self._head is None:
            self._head = self.loop.call_later(limits.HEAD_S, self._refuse, TooSlow())

    def _stop_expecting(self) -> None:
        if self._head:
            self._head.cancel()
            self._head = None

    def _refuse(self, error: ApiError) -> None:
        """Answer with an error without asking the application, and close."""
        self._stop_expecting()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self.transport.is_closing():
            response = JSONResponse(body(error.code, error.detail), error.status, error.headers)
            headers = MutableHeaders(raw=response.raw_headers)
            headers["Connection"] = "close"
            add_headers(headers, "", trustworthy=False)
            for part in (
                h11.Response(status_code=error.status, headers=headers.raw),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(part) or b"")
        self.transport.close()


class LiveConnection(WriteDeadline, WebSocketsSansIOProtocol):
    """A WebSocket; a client that does not answer a ping is gone."""

    def keepalive_timeout(self) -> None:
        """Close without waiting for the client to read the rest."""
        super().keepalive_timeout()
        self.transport.abort()
