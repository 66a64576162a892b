"""Admission, deadline and one worker thread for everything that touches the networks of a device."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import perf_counter
from typing import NamedTuple, ParamSpec, TypeVar

from backend.errors import Busy, Late

P = ParamSpec("P")
T = TypeVar("T")


class Timing(NamedTuple):
    """Seconds a job waited for the worker and ran on it."""

    queue: float
    model: float


class Engine:
    """One job running, `waiting` behind it; further requests are refused at once.

    Admission is taken before anything is decoded, so it bounds memory as well as time.
    All methods belong to the event loop; only the work itself runs on the worker thread.
    """

    def __init__(self, waiting: int, deadline_s: float, prepare: Callable[[], None]) -> None:
        self._places = 1 + waiting
        self._deadline_s = deadline_s
        self._worker = ThreadPoolExecutor(1, "inference", initializer=prepare)
        self.admitted = 0

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[None]:
        """Hold a place for one request, within its deadline. Raises Busy, Late."""
        if self.admitted >= self._places:
            raise Busy
        self.admitted += 1
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except TimeoutError:
            raise Late(self._deadline_s) from None
        finally:
            self.admitted -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, Timing]:
        """Run `work` on the worker thread; cancelling this call takes work that has not begun out of the queue."""
        asked = perf_counter()

        def timed() -> tuple[T, Timing]:
            begun = perf_counter()
            result = work(*args, **kwargs)
            return result, Timing(begun - asked, perf_counter() - begun)

        return await asyncio.wrap_future(self._worker.submit(timed))

    async def close(self) -> None:
        """Let the running job end, drop those that have not begun."""
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
