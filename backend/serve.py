"""Run the server until it is told to stop."""

import logging
import math
import socket
from contextlib import suppress

import uvicorn

from backend import limits
from backend.app import create_app
from backend.projects.database import DatabaseUnusable
from backend.settings import Settings
from models.device import DeviceError


def serve(settings: Settings) -> None:
    """Listen, say where, and serve; a stop lets the requests at work be answered. Raises SystemExit."""
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.INFO)
    listener = _listen(settings.host, settings.port)
    try:
        app = create_app(settings)
    except (DeviceError, DatabaseUnusable) as error:
        raise SystemExit(f"error: {error}") from error
    config = uvicorn.Config(
        app,
        http="h11",
        ws="websockets-sansio",
        ws_max_size=limits.BODY_BYTES,
        ws_per_message_deflate=False,  # pictures do not get smaller
        timeout_graceful_shutdown=math.ceil(settings.deadline_s),
        log_level="warning",
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Oasis Studio is at http://{host}:{listener.getsockname()[1]} (stop with Ctrl+C)", flush=True)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SystemExit(
            f"error: cannot listen on {host}, port {port}: {error.strerror}. Choose others with HOST= and PORT=."
        ) from error


if __name__ == "__main__":
    serve(Settings())
