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
from backend.app import create_app
from backend.settings import ROOT, Settings, read_settings
from models.errors import UserError

UVICORN_LEVELS = {"debug": "debug", "info": "warning", "warning": "warning", "error": "error"}
"""At its level "info" uvicorn logs every request."""
SOURCES = [str(ROOT / room) for room in ("backend", "models")]


def serve(settings: Settings) -> None:
    """Listen, print the address, and serve; at a stop, running requests are still answered. Raises SystemExit."""
    listener = _listen(settings.host, settings.port)
    if settings.reload:
        settings.export()
    config = uvicorn.Config(
        "backend.serve:application" if settings.reload else _application(settings),
        factory=settings.reload,
        reload=settings.reload,
        reload_dirs=SOURCES if settings.reload else None,
        http="h11",
        ws="websockets-sansio",
        ws_max_size=limits.BODY_BYTES,
        ws_per_message_deflate=False,  # pictures do not get smaller
        timeout_graceful_shutdown=math.ceil(settings.deadline_s),
        log_level=UVICORN_LEVELS[settings.log_level],
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Oasis Studio is at http://{host}:{listener.getsockname()[1]} (stop with Ctrl+C)", flush=True)
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        if settings.reload:
            ChangeReload(config, target=server.run, sockets=[listener]).run()
        else:
            server.run(sockets=[listener])


def application() -> FastAPI:
    """The application with the settings in the environment, for the process that --reload restarts.

    Raises:
        SystemExit: The device or the file of projects cannot be used.
    """
    return _application(Settings())


def _application(settings: Settings) -> FastAPI:
    logging.basicConfig(format="%(levelname)s: %(message)s", level=settings.log_level.upper())
    try:
        return create_app(settings)
    except UserError as error:
        raise SystemExit(f"error: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SystemExit(
            f"error: cannot listen on {host}, port {port}: {error.strerror}. Choose others with HOST= and PORT=."
        ) from error


if __name__ == "__main__":
    serve(read_settings(sys.argv[1:]))
