"""Live painting over a WebSocket: the newest edit wins, and only what changed is sent.

A client has at most one edit being painted and one waiting. A newer edit replaces the waiting one, which is then
never answered; its changes of the maps stay, as they are applied when the frame arrives.
Frames are `[uint32 big-endian: header length][header JSON][attachments]`.
"""

import asyncio
import json
import logging
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend import limits
from backend.canvas_cache import CachedCanvas
from backend.edits import Edit, read_noise
from backend.errors import ApiError, BadFrame, body, describe
from backend.maps import Maps
from backend.schemas import LiveHeader
from backend.service import Service
from backend.work_queue import Client
from models.errors import SHOWN, printable

A = TypeVar("A")
T = TypeVar("T")

log = logging.getLogger(__name__)

LENGTH = struct.Struct(">I")

Answer = bytes | dict[str, Any]
"""The picture as a binary frame, or an error as JSON: a bad edit does not close the socket."""


def parse(data: bytes) -> tuple[LiveHeader, bytes]:
    """The header of a client's frame, and the bytes of ids after it. Raises BadFrame."""
    if len(data) < LENGTH.size:
        raise BadFrame(f"The frame has {len(data)} bytes: it starts with the header's length in {LENGTH.size}.")
    length = LENGTH.unpack_from(data)[0]
    if length > limits.LIVE_HEADER_BYTES:
        raise BadFrame(
            f"The frame's header has {length} bytes, more than {limits.LIVE_HEADER_BYTES}: list every region and "
            "channel of the noise once."
        )
    end = LENGTH.size + length
    try:
        return LiveHeader.model_validate_json(data[LENGTH.size : end]), data[end:]
    except ValidationError as error:
        problem = error.errors()[0]
        where = printable(".".join(map(str, problem["loc"])), SHOWN) or "JSON"
        raise BadFrame(f"The frame's header is not as the protocol says: {where}: {problem['msg']}.") from error


def build(header: dict[str, Any], attachment: bytes) -> bytes:
    """A frame with this header and attachment."""
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text + attachment


@dataclass(frozen=True)
class Job:
    """An edit to be painted, and the seconds it took to read."""

    header: LiveHeader
    maps: Maps
    read: float


class LiveSession:
    """One live connection, with the maps of its client as of the last frame."""

    def __init__(self, socket: WebSocket, service: Service) -> None:
        self._socket = socket
        self._service = service
        self._client = Client("live", self)
        self._maps: Maps | None = None
        self._newest: asyncio.Queue[Job | Answer] = asyncio.Queue(maxsize=1)

    async def run(self) -> None:
        """Serve the client until it disconnects."""
        await self._socket.accept()
        painter = asyncio.create_task(self._answer_all())
        try:
            with self._service.metrics.live_clients.track_inprogress():
                while (message := await self._socket.receive())["type"] == "websocket.receive":
                    job = await self._aside(self._read, message)
                    if self._newest.full():
                        self._newest.get_nowait()
                    self._newest.put_nowait(job)
        finally:
            painter.cancel()
            with suppress(asyncio.CancelledError):
                await painter
            self._service.canvases.drop(self)

    def _read(self, message: Message) -> Job | Answer:
        """Apply the changes of a frame to the maps.

        A frame that cannot be read discards the maps: later frames assume that its changes were applied.
        """
        begun, revision, before = perf_counter(), None, self._maps
        self._maps = None
        try:
            if message.get("bytes") is None:
                raise BadFrame("The frame is text: send edits as binary frames.")
            header, ids = parse(message["bytes"])
            revision = header.revision
            model = self._service.models.model(header.model)
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
        with suppress(WebSocketDisconnect):  # the reader of the socket is told, too, and ends the session
            while True:
                job = await self._newest.get()
                answer = await self._paint(job) if isinstance(job, Job) else job
                await (self._socket.send_bytes(answer) if isinstance(answer, bytes) else self._socket.send_json(answer))

    async def _paint(self, job: Job) -> Answer:
        header, maps = job.header, job.maps
        try:
            canvas = self._service.canvases.take(self, maps.model)
            edit = Edit(maps.labels, await self._aside(read_noise, header.noise), maps.regions)
            picture = await self._service.paint(self._client, maps.model, canvas, edit, header.format)
        except Exception as error:
            return _refusal(header.revision, error)  # the canvas is not returned to the cache: it may be half painted
        self._service.canvases.put(self, CachedCanvas(maps.model, canvas))
        height, width = maps.labels.shape
        about = {"revision": header.revision, "format": header.format, "size": {"width": width, "height": height}}
        milliseconds = {"read": round(job.read * 1000, 1), **picture.milliseconds}
        return build(about | {"ms": milliseconds}, picture.data)

    async def _aside(self, work: Callable[[A], T], argument: A) -> T:
        """Run on the thread that reads frames: a large one would hold up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._service.readers, work, argument)


def _refusal(revision: int | None, error: Exception) -> Answer:
    if not isinstance(error, ApiError):
        log.error("A live edit failed.", exc_info=error)
    return {"revision": revision, **body(*describe(error))}
