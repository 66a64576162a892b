"""Live painting over a WebSocket: the newest edit wins.

A client has at most one edit at work and one waiting; a newer one takes the place of the one that waits,
which is never answered. Frames are `[uint32 big-endian: header length][header JSON][attachments]`.
"""

import asyncio
import json
import logging
import struct
from contextlib import suppress
from typing import Any, NamedTuple

from pydantic import ValidationError
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend.errors import BadFrame, StudioError, body, describe
from backend.schemas import LiveHeader
from backend.studio import Studio

log = logging.getLogger(__name__)

LENGTH = struct.Struct(">I")


class Frame(NamedTuple):
    """One edit of a live client."""

    header: LiveHeader
    labels: bytes
    regions: bytes | None


def parse(data: bytes) -> Frame:
    """Take a client's frame apart. Raises BadFrame."""
    if len(data) < LENGTH.size:
        raise BadFrame(f"The frame has {len(data)} bytes: it starts with the header's length in {LENGTH.size}.")
    start = LENGTH.size + LENGTH.unpack_from(data)[0]
    try:
        header = LiveHeader.model_validate_json(data[LENGTH.size : start])
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "JSON"
        raise BadFrame(f"The frame's header is not as the protocol says: {where}: {problem['msg']}.") from error
    expected = start + header.labels + header.regions
    if len(data) != expected:
        raise BadFrame(f"The frame has {len(data)} bytes but its header announces {expected}.")
    end = start + header.labels
    return Frame(header, data[start:end], data[end:] or None)


def build(header: dict[str, Any], attachment: bytes) -> bytes:
    """A frame for the client."""
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text + attachment


async def converse(socket: WebSocket, studio: Studio) -> None:
    """Serve one live client until it leaves."""
    await socket.accept()
    newest: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)
    painter = asyncio.create_task(_answer_all(socket, studio, newest))
    try:
        with studio.metrics.live_clients.track_inprogress():
            while (message := await socket.receive())["type"] == "websocket.receive":
                if newest.full():
                    newest.get_nowait()
                newest.put_nowait(message)
    finally:
        painter.cancel()
        with suppress(asyncio.CancelledError):
            await painter


async def _answer_all(socket: WebSocket, studio: Studio, newest: asyncio.Queue[Message]) -> None:
    with suppress(WebSocketDisconnect):  # the reader of the socket sees it as well, and ends the conversation
        while True:
            answer = await _answer(studio, await newest.get())
            await (socket.send_bytes(answer) if isinstance(answer, bytes) else socket.send_json(answer))


async def _answer(studio: Studio, message: Message) -> bytes | dict[str, Any]:
    """The picture as a binary frame, or an error as JSON: a bad edit does not end the conversation."""
    revision = None
    try:
        if message.get("bytes") is None:
            raise BadFrame("The frame is text: send edits as binary frames.")
        frame = parse(message["bytes"])
        revision, header = frame.header.revision, frame.header
        picture = await studio.synthesize(header.model, frame.labels, header.noise, frame.regions, header.format)
        return build({"revision": revision, "format": header.format, "ms": picture.milliseconds}, picture.data)
    except Exception as error:
        if not isinstance(error, StudioError):
            log.exception("A live edit failed.")
        return {"revision": revision, **body(*describe(error))}
