"""Run the server until it is told to stop."""

import logging
import math
import socket
import sys
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import ChangeReload

from backend import limits
from backend.addresses import is_loopback
from backend.app import create_app
from backend.connections import HttpConnection, LiveConnection, raise_file_limit
from backend.logs import set_up_logging
from backend.metrics import Metrics
from backend.settings import ROOT, Settings, read_settings
from models.errors import UserError

log = logging.getLogger(__name__)

UVICORN_LEVELS = {"debug": "debug", "info": "warning", "warning": "warning", "error": "error"}
"""At its level "info" uvicorn logs every request."""
SOURCES = [str(ROOT / room) for room in ("backend", "models")]


def serve(settings: Settings) -> None:
    """Listen, print the address, and serve; at a stop, running requests are still answered. Raises SystemExit."""
    listener = listen(settings.host, settings.port)
    if settings.reload:
        settings.export()
    raise_file_limit()
    config = uvicorn.Config(
        "backend.serve:application" if settings.reload else _application(settings),
        factory=settings.reload,
        reload=settings.reload,
        reload_dirs=SOURCES if settings.reload else None,
        http=HttpConnection,
        ws=LiveConnection,
        ws_max_size=limits.LIVE_BYTES,
        ws_per_message_deflate=False,  # pictures do not get smaller
        forwarded_allow_ips=settings.proxies,
        server_header=False,
        backlog=limits.ACCEPTED_AT_ONCE,
        timeout_graceful_shutdown=math.ceil(settings.deadline_s),
        log_config=None,  # it logs as everything else
        log_level=UVICORN_LEVELS[settings.log_level],
    )
    print(f"Oasis Studio is at {address(settings.host, listener.getsockname()[1])} (stop with Ctrl+C)", flush=True)
    server = Server(config)
    with suppress(KeyboardInterrupt):
        if settings.reload:
            ChangeReload(config, target=server.run, sockets=[listener]).run()
        else:
            server.run(sockets=[listener])


class Server(uvicorn.Server):
    """A server that takes few connections at a time, so that it never has more than it counts, while others wait."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving; `backlog` is also how many asyncio accepts before it looks at any."""
        await super().startup(sockets)
        for each in sockets or []:
            each.listen(limits.CONNECTIONS)


def address(host: str, port: int) -> str:
    """The URL of a server."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def application() -> FastAPI:
    """The application with the settings in the environment, for the process that --reload restarts.

    Raises:
        SystemExit: The device or the file of projects cannot be used.
    """
    return _application(Settings())


def _application(settings: Settings) -> FastAPI:
    set_up_logging(settings.log_level)
    try:
        app = create_app(settings)
    except UserError as error:
        raise SystemExit(f"error: {error}") from error
    if settings.metrics_port is not None:
        _serve_metrics(app.state.service.metrics, settings.host, settings.metrics_port)
    if settings.secret is None and not is_loopback(settings.host):
        log.warning("Anyone who can reach this machine can use the server: set an access token with --token.")
    return app


def _serve_metrics(metrics: Metrics, host: str, port: int) -> None:
    try:
        port = metrics.serve(host, port)
    except OSError as error:
        raise SystemExit(
            f"error: cannot listen on {host}, port {port}: {error.strerror}. Choose another with --metrics-port."
        ) from error
    print(f"Its metrics are at {address(host, port)}/metrics", flush=True)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises SystemExit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SystemExit(
            f"error: cannot listen on {host}, port {port}: {error.strerror}. Choose others with HOST= and PORT=."
        ) from error
    # Connections inherit it. asyncio sets it only on those of listeners that name their protocol, and without it the
    # body of an answer waits until the client has acknowledged its head, for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


if __name__ == "__main__":
    serve(read_settings(sys.argv[1:]))
