"""Middleware for every request: headers, faults and metrics of its answer, and the limits of its body."""

import asyncio
import logging
from http import HTTPMethod, HTTPStatus
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import limits
from backend.errors import CLOSE, Busy, TooLarge, TooSlow, error_response
from backend.headers import add_headers, is_trustworthy
from backend.metrics import Metrics

log = logging.getLogger(__name__)

METHODS = frozenset(HTTPMethod)


class Head:
    """Answers HEAD as GET; the server leaves the body out (RFC 9110, sec. 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, a HEAD request as GET."""
        if scope["type"] == "http" and scope["method"] == HTTPMethod.HEAD:
            scope = {**scope, "method": str(HTTPMethod.GET)}
        await self._app(scope, receive, send)


class Observer:
    """Counts and times requests, adds the headers that an answer has not set itself, and answers faults."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and observe its response."""
        status: int | None = None
        begun = perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                add_headers(MutableHeaders(scope=message), scope["path"], trustworthy=is_trustworthy(scope))
            await send(message)

        if scope["type"] != "http":
            return await self._app(scope, receive, observed)
        try:
            await self._app(scope, receive, observed)
        except Exception as error:
            if status is not None:  # half of an answer is sent: only the end of the connection can tell
                raise
            log.exception("A request failed.")
            await (await error_response(HTTPConnection(scope), error))(scope, receive, observed)
        finally:
            # Known methods, and the pattern instead of the path, so that the number of metrics stays bounded.
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "other")
            answered = status or HTTPStatus.INTERNAL_SERVER_ERROR
            self._metrics.request(method, route, answered, perf_counter() - begun)


class BodyLimit:
    """Refuses bodies that are too large or too slow, and those for which there is no room beside the others.

    Counts the bytes received, as Content-Length may be missing or false.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a body within the limits."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        body = _Body(receive, Headers(scope=scope))
        held = 0

        async def counted() -> Message:
            nonlocal held
            message = await body.receive()
            held += len(message.get("body", b""))
            self._held += len(message.get("body", b""))
            if self._held > limits.RECEIVED_BYTES:
                raise Busy
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._held -= held


class _Body:
    """The body of one request."""

    def __init__(self, receive: Receive, headers: Headers) -> None:
        self._receive = receive
        self._announced = int(length) if (length := headers.get("Content-Length", "")).isdecimal() else 0
        self._received = 0
        self._begun: float | None = None
        self._complete = False

    async def receive(self) -> Message:
        """The next part. Raises TooLarge, TooSlow."""
        if self._announced > limits.DISCARD_BYTES:
            raise self._too_large(CLOSE)
        message = await self._next()
        if self._received > limits.BODY_BYTES:
            # A browser that is cut off while sending shows a network error instead of the response.
            while not self._complete and self._received < limits.DISCARD_BYTES:
                await self._next()
            raise self._too_large(None if self._complete else CLOSE)
        return message

    async def _next(self) -> Message:
        if self._complete:  # what follows is that the client leaves
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._begun = self._begun or loop.time()
        deadline = self._begun + limits.PATIENCE_S + self._received / limits.SLOWEST_BYTES
        try:
            async with asyncio.timeout_at(deadline):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        self._received += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        return message

    def _too_large(self, headers: dict[str, str] | None) -> TooLarge:
        return TooLarge(f"The request has more than {limits.BODY_BYTES // limits.MB} MB: send less.", headers)
