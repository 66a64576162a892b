"""Live painting over a WebSocket: the newest edit wins, and only what changed is sent.

A client has at most one edit at work and one waiting; a newer one takes the place of the one that waits,
which is never answered. What any of them changed in the maps is kept: that is taken over as frames arrive.
Frames are `[uint32 big-endian: header length][header JSON][attachments]`.
"""

import asyncio
import json
import logging
import struct
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from pydantic import ValidationError
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend.canvases import Kept
from backend.edits import Edit, read_noise
from backend.errors import BadFrame, StudioError, body, describe
from backend.maps import Maps
from backend.schemas import LiveHeader
from backend.studio import Studio

log = logging.getLogger(__name__)

LENGTH = struct.Struct(">I")

Answer = bytes | dict[str, Any]
"""The picture as a binary frame, or an error as JSON: a bad edit does not end the conversation."""


def parse(data: bytes) -> tuple[LiveHeader, bytes]:
    """The header of a client's frame and what follows it. Raises BadFrame."""
    if len(data) < LENGTH.size:
        raise BadFrame(f"The frame has {len(data)} bytes: it starts with the header's length in {LENGTH.size}.")
    end = LENGTH.size + LENGTH.unpack_from(data)[0]
    try:
        return LiveHeader.model_validate_json(data[LENGTH.size : end]), data[end:]
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "JSON"
        raise BadFrame(f"The frame's header is not as the protocol says: {where}: {problem['msg']}.") from error


def build(header: dict[str, Any], attachment: bytes) -> bytes:
    """A frame for the client."""
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text + attachment


@dataclass(frozen=True)
class Job:
    """What shall be painted next, and the seconds it took to read."""

    header: LiveHeader
    maps: Maps
    read: float


class Client:
    """One live connection, and its maps as the last frame left them."""

    def __init__(self, socket: WebSocket, studio: Studio) -> None:
        self._socket = socket
        self._studio = studio
        self._maps: Maps | None = None
        self._newest: asyncio.Queue[Job | Answer] = asyncio.Queue(maxsize=1)

    async def converse(self) -> None:
        """Serve the client until it leaves."""
        await self._socket.accept()
        painter = asyncio.create_task(self._answer_all())
        try:
            with self._studio.metrics.live_clients.track_inprogress():
                while (message := await self._socket.receive())["type"] == "websocket.receive":
                    job = self._read(message)
                    if self._newest.full():
                        self._newest.get_nowait()
                    self._newest.put_nowait(job)
        finally:
            painter.cancel()
            with suppress(asyncio.CancelledError):
                await painter
            self._studio.canvases.drop(self)

    def _read(self, message: Message) -> Job | Answer:
        """Take over what changed in the maps.

        A frame that cannot be read leaves no maps: what comes after it builds on it, so a picture would be wrong.
        """
        begun, revision, before = perf_counter(), None, self._maps
        self._maps = None
        try:
            if message.get("bytes") is None:
                raise BadFrame("The frame is text: send edits as binary frames.")
            header, ids = parse(message["bytes"])
            revision = header.revision
            model = self._studio.registry.model(header.model)
            if header.size:
                before = Maps.blank(model, header.size)
            elif before is None or before.model is not model:
                raise BadFrame(
                    f"There are no maps of the model {header.model!r} to change: "
                    "send their size and all of them first, and again after an error."
                )
            self._maps = before.changed(header, ids)
            return Job(header, self._maps, perf_counter() - begun)
        except Exception as error:
            return _refusal(revision, error)

    async def _answer_all(self) -> None:
        with suppress(WebSocketDisconnect):  # the reader of the socket sees it as well, and ends the conversation
            while True:
                job = await self._newest.get()
                answer = await self._paint(job) if isinstance(job, Job) else job
                await (self._socket.send_bytes(answer) if isinstance(answer, bytes) else self._socket.send_json(answer))

    async def _paint(self, job: Job) -> Answer:
        header, maps = job.header, job.maps
        try:
            canvas = self._studio.canvases.take(self, maps.model)
            edit = Edit(maps.labels, read_noise(header.noise), maps.regions)
            picture = await self._studio.paint(maps.model, canvas, edit, header.format)
        except Exception as error:
            return _refusal(header.revision, error)  # without the canvas, which may be half painted
        self._studio.canvases.keep(self, Kept(maps.model, canvas, maps.labels.size))
        height, width = maps.labels.shape
        about = {"revision": header.revision, "format": header.format, "size": {"width": width, "height": height}}
        milliseconds = {"read": round(job.read * 1000, 1), **picture.milliseconds}
        return build(about | {"ms": milliseconds}, picture.data)


def _refusal(revision: int | None, error: Exception) -> Answer:
    if not isinstance(error, StudioError):
        log.error("A live edit failed.", exc_info=error)
    return {"revision": revision, **body(*describe(error))}
