"""Middleware for every request: the limit of bodies, metrics and headers."""

from http import HTTPMethod, HTTPStatus
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import limits
from backend.errors import TooLarge
from backend.metrics import Metrics

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS_POLICY = POLICY.replace("'self';", "'self' 'unsafe-inline';", 1)
"""Swagger starts from a script in its page and sets styles in its elements."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Browsers ask each time whether a response has changed, so an updated page shows at once.
    "Cache-Control": "no-cache",
}
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


class BodyLimit:
    """Refuses bodies above the limit; counts the bytes received, as Content-Length may be missing or false."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a body that cannot exceed the limit."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limits.BODY_BYTES:
                # A browser that is cut off while sending shows a network error instead of the response.
                while message.get("more_body") and received < limits.DISCARD_BYTES:
                    message = await receive()
                    received += len(message.get("body", b""))
                raise TooLarge(f"The request has more than {limits.BODY_BYTES // limits.MB} MB: send less.")
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)


class Observer:
    """Counts and times requests, and adds the headers that a response has not set itself."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and observe its response."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR
        begun = perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = DOCS_POLICY if scope["path"] == "/docs" else POLICY
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            # Known methods, and the pattern instead of the path, so that the number of metrics stays bounded.
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.request(method, route, status, perf_counter() - begun)
