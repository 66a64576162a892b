"""Reads the frames that a page sends over its live connection."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.studio import Studio


class Sent:
    """The noise of the frames that a page sent; made before the page is opened."""

    def __init__(self, studio: Studio) -> None:
        self.noises: list[dict[str, Any]] = []
        studio.page.on("websocket", lambda socket: socket.on("framesent", self._take))

    def _take(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            end = 4 + int.from_bytes(frame[:4], "big")
            self.noises.append(json.loads(frame[4:end])["noise"])

    @property
    def last(self) -> dict[str, Any]:
        return self.noises[-1]
