"""Who may use the server: by which host names, from which web pages, and with which access token (docs/security.md).

Browsers send requests to this server for any page that a person visits. What keeps other sites out is checked here:
the name by which the server was addressed (an attacker's name can be made to resolve to 127.0.0.1), and the page that
sends a request which changes or costs something.
"""

import secrets
from collections.abc import Collection
from http import HTTPMethod, HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from backend.addresses import host_name, is_local_name
from backend.errors import (
    AccessDenied,
    AmbiguousLength,
    ApiError,
    ForeignPage,
    TooMany,
    UnknownHost,
    error_response,
)
from backend.rates import Rates

ANY = "*"
COOKIE = "oasis_access_token"
HEADER = "X-Access-Token"
SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/token"})
"""Answered without the access token: for monitoring, and the form that asks for it."""
STATIC = "/static/"
"""Scripts and styles of the page, which are no secret and which the form of the access token needs."""


def check_host(headers: Headers, hosts: Collection[str]) -> None:
    """Check the name by which the server was addressed. Raises UnknownHost.

    hosts: Names besides the local ones, ANY for all.
    """
    name = host_name(headers.get("Host", ""))
    if not (ANY in hosts or is_local_name(name) or name in hosts):
        raise UnknownHost(name)


def check_page(headers: Headers, origins: Collection[str]) -> None:
    """Check the page that sends a request. Raises ForeignPage.

    Programs send neither header. Sec-Fetch-Site is what the browser itself says of the page, whatever a proxy made of
    the Host header; browsers leave it out on plain HTTP from another machine.

    Args:
        headers: Of the request.
        origins: Whose pages may use the API besides the server's own.
    """
    origin = headers.get("Origin")
    site = headers.get("Sec-Fetch-Site")
    if origin in origins or site in ("same-origin", "none"):
        return
    if site is not None or (origin is not None and urlsplit(origin).netloc != headers.get("Host")):
        raise ForeignPage(origin or "another site")


def check_framing(headers: Headers) -> None:
    """Refuse a request whose end a proxy may see elsewhere (RFC 9112, sec. 6.1). Raises AmbiguousLength."""
    if "Content-Length" in headers and "Transfer-Encoding" in headers:
        raise AmbiguousLength


def is_token(sent: str, token: str) -> bool:
    """Whether this is the access token; takes the same time for any other of that length."""
    return secrets.compare_digest(sent.encode(), token.encode())


def has_token(connection: HTTPConnection, token: str) -> bool:
    """Whether a request has the access token, in its header or cookie."""
    return is_token(connection.headers.get(HEADER) or connection.cookies.get(COOKIE, ""), token)


class Access:
    """Refuses requests by unknown names, from other sites' pages and without the access token.

    Args:
        app: The application.
        hosts: Names of the server besides local ones; ANY for all.
        origins: Whose pages may use the API besides the server's own.
        token: That requests need, if any.
        rates: Of the requests that change or cost something, if they are limited.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        origins: Collection[str],
        token: str | None,
        rates: Rates | None,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._token = token
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the reason why not."""
        try:
            if scope["type"] != "lifespan":
                self._check(scope)
        except ApiError as error:
            await _refuse(error, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        connection = HTTPConnection(scope)
        headers, path = connection.headers, scope["path"]
        check_framing(headers)
        check_host(headers, self._hosts)
        if scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS:
            check_page(headers, self._origins)
            if self._rates and connection.client and (wait := self._rates.take(connection.client.host)):
                raise TooMany(wait)
        open_path = path in OPEN_PATHS or path.startswith(STATIC)
        if self._token is not None and not open_path and not has_token(connection, self._token):
            raise AccessDenied


async def _refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    connection = HTTPConnection(scope)
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.receive()  # the handshake, which the answer ends
        await socket.send_denial_response(await error_response(socket, error))
    elif isinstance(error, AccessDenied) and "text/html" in connection.headers.get("Accept", ""):
        await RedirectResponse("token", HTTPStatus.SEE_OTHER)(scope, receive, send)
    else:
        await (await error_response(connection, error))(scope, receive, send)
