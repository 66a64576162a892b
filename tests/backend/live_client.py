"""A live client, as another program would write one."""

import json
from typing import Any

import numpy as np
from websockets.sync.client import ClientConnection

from backend.live import LENGTH, build
from tests.backend.pictures import decode
from tests.conftest import PATIENCE_S


def part(ids: np.ndarray, left: int = 0, top: int = 0) -> tuple[dict[str, int], bytes]:
    """A rectangle of ids and where it lies, as a frame carries it."""
    height, width = ids.shape
    little_endian = ids.astype(ids.dtype.newbyteorder("<"))
    return {"left": left, "top": top, "width": width, "height": height}, little_endian.tobytes()


def frame(
    revision: int,
    *,
    size: tuple[int, int] | None = None,
    labels: tuple[dict[str, int], bytes] | None = None,
    regions: tuple[dict[str, int], bytes] | None = None,
    **header: Any,
) -> bytes:
    """An edit of the model "tiny"; `size` is height and width of new maps."""
    header = {"revision": revision, "model": "tiny", "format": "raw"} | header
    if size:
        header["size"] = {"height": size[0], "width": size[1]}
    ids = b""
    for name, change in (("labels", labels), ("regions", regions)):
        if change:
            header[name] = change[0]
            ids += change[1]
    return build(header, ids)


def whole(revision: int, labels: np.ndarray, regions: np.ndarray | None = None, **header: Any) -> bytes:
    """A frame that brings all of the maps."""
    return frame(
        revision, size=labels.shape, labels=part(labels), regions=None if regions is None else part(regions), **header
    )


class Live:
    """Sends frames, receives pictures and errors."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, data: bytes | str) -> None:
        self.socket.send(data)

    def receive(self) -> tuple[dict[str, Any], np.ndarray | None]:
        """The header and the picture [H, W, 3], or the error and None."""
        answer = self.socket.recv(PATIENCE_S)
        if isinstance(answer, str):
            return json.loads(answer), None
        start = LENGTH.size + LENGTH.unpack_from(answer)[0]
        header = json.loads(answer[LENGTH.size : start])
        size = (header["size"]["height"], header["size"]["width"])
        if header["format"] == "raw":
            return header, np.frombuffer(answer[start:], np.uint8).reshape(*size, 3)
        picture = decode(answer[start:])
        assert picture.shape == (*size, 3)
        return header, picture

    def ask(self, data: bytes | str) -> tuple[dict[str, Any], np.ndarray | None]:
        self.send(data)
        return self.receive()
