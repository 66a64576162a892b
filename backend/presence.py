"""Work is only worth doing while a client waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from backend.errors import ClientLeft

T = TypeVar("T")


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, canceled if the client leaves before. Raises ClientLeft."""
    job = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_leave(request))
    try:
        await asyncio.wait({job, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        finished = job.done()
        job.cancel()
    if not finished:
        await asyncio.wait({job})  # until it has left the queue
        raise ClientLeft
    return job.result()


async def _leave(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
