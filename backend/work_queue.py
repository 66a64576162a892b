"""A bounded queue of jobs with a deadline and one worker thread, for inference and for the project store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import perf_counter
from typing import NamedTuple, ParamSpec, TypeVar

from backend.errors import Busy, DeadlineExceeded

P = ParamSpec("P")
T = TypeVar("T")


class Timing(NamedTuple):
    """Seconds a job waited for the worker and ran on it."""

    queue: float
    model: float


class WorkQueue:
    """One job running and `waiting` behind it; further requests are refused at once.

    Requests are admitted before anything is decoded, so the queue bounds memory as well as time. All methods belong to
    the event loop; only the jobs run on the worker thread.

    Args:
        waiting: Requests that may wait.
        deadline_s: Seconds from admission to the end of a request.
        initializer: Called once on the worker thread.
    """

    def __init__(self, waiting: int, deadline_s: float, initializer: Callable[[], None]) -> None:
        self._places = 1 + waiting
        self._deadline_s = deadline_s
        self._worker = ThreadPoolExecutor(1, "worker", initializer=initializer)
        self.admitted = 0

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[None]:
        """Hold a place for one request, within its deadline. Raises Busy, DeadlineExceeded."""
        if self.admitted >= self._places:
            raise Busy
        self.admitted += 1
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except TimeoutError:
            raise DeadlineExceeded(self._deadline_s) from None
        finally:
            self.admitted -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, Timing]:
        """Run `work` on the worker thread. Canceling this call removes work that has not begun from the queue."""
        asked = perf_counter()

        def timed() -> tuple[T, Timing]:
            begun = perf_counter()
            result = work(*args, **kwargs)
            return result, Timing(begun - asked, perf_counter() - begun)

        return await asyncio.wrap_future(self._worker.submit(timed))

    async def close(self) -> None:
        """Wait for the running job and drop those that have not begun."""
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
