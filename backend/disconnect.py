"""Requests whose client disconnects are canceled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from backend.errors import ClientDisconnected

T = TypeVar("T")


async def cancel_on_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is canceled if the client disconnects first. Raises ClientDisconnected."""
    job = asyncio.ensure_future(work)
    disconnecting = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({job, disconnecting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        disconnecting.cancel()
        finished = job.done()
        job.cancel()
    if not finished:
        await asyncio.wait({job})  # until it has left the queue
        raise ClientDisconnected
    return job.result()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
