"""A bounded queue of jobs with a deadline and one worker thread, for inference and for the project store."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar

from backend.errors import Busy, DeadlineExceeded

P = ParamSpec("P")
T = TypeVar("T")


class Timing(NamedTuple):
    """Seconds a job waited for the worker and ran on it."""

    queue: float
    model: float


class Client(NamedTuple):
    """Whose job it is: a live client, by its session, or that of an HTTP request, by its address."""

    kind: Literal["live", "http"]
    name: Hashable


@dataclass(eq=False)
class Job:
    """Work that waits for the worker, and where its result goes."""

    client: Client
    work: Callable[[], tuple[Any, Timing]]
    result: "asyncio.Future[tuple[Any, Timing]]"


class Turns:
    """Waiting jobs. The two kinds of clients take turns, and so do the clients of a kind."""

    def __init__(self) -> None:
        self._kinds: OrderedDict[str, OrderedDict[Client, deque[Job]]] = OrderedDict(
            live=OrderedDict(), http=OrderedDict()
        )

    def add(self, job: Job) -> None:
        """Put a job behind the others of its client."""
        self._kinds[job.client.kind].setdefault(job.client, deque()).append(job)

    def next(self) -> Job | None:
        """Take the job whose turn it is."""
        for kind, clients in self._kinds.items():
            if clients:
                self._kinds.move_to_end(kind)
                client, jobs = next(iter(clients.items()))
                job = jobs.popleft()
                clients.move_to_end(client)
                if not jobs:
                    del clients[client]
                return job
        return None

    def remove(self, job: Job) -> None:
        """Take out a job, if it still waits."""
        clients = self._kinds[job.client.kind]
        jobs = clients.get(job.client, deque())
        if job in jobs:
            jobs.remove(job)
            if not jobs:
                del clients[job.client]

    def newest(self, client: Client) -> Job | None:
        """The job of a client that has its turn last."""
        jobs = self._kinds[client.kind].get(client)
        return jobs[-1] if jobs else None


class WorkQueue:
    """One job running and `waiting` of each kind of clients behind it; further requests are refused at once.

    A client that has fewer places than others takes the place of one of theirs when the queue is full, so that nobody
    can keep others out. Requests are admitted before anything is decoded, so the queue bounds memory as well as time.
    All methods belong to the event loop; only the jobs run on the worker thread.

    Args:
        waiting: Requests of a kind that may wait.
        deadline_s: Seconds from admission to the end of a request.
        initializer: Called once on the worker thread.
    """

    def __init__(self, waiting: int, deadline_s: float, initializer: Callable[[], None]) -> None:
        self._places = 1 + waiting
        self._deadline_s = deadline_s
        self._worker = ThreadPoolExecutor(1, "worker", initializer=initializer)
        self._turns = Turns()
        self._working = False
        self._held: Counter[Client] = Counter()

    @property
    def admitted(self) -> int:
        """Requests that are at work or wait."""
        return self._held.total()

    @asynccontextmanager
    async def admit(self, client: Client) -> AsyncIterator[None]:
        """Hold a place for one request, within its deadline. Raises Busy, DeadlineExceeded."""
        if sum(count for each, count in self._held.items() if each.kind == client.kind) >= self._places:
            self._make_room(client)
        self._held[client] += 1
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except TimeoutError:
            raise DeadlineExceeded(self._deadline_s) from None
        finally:
            self._held[client] -= 1
            self._held += Counter()  # without those that hold none

    async def run(self, client: Client, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, Timing]:
        """Run `work` on the worker thread. Canceling this call removes work that has not begun from the queue.

        Raises:
            Busy: Its place was given to another client.
        """
        asked = perf_counter()

        def timed() -> tuple[T, Timing]:
            begun = perf_counter()
            result = work(*args, **kwargs)
            return result, Timing(begun - asked, perf_counter() - begun)

        job = Job(client, timed, asyncio.get_running_loop().create_future())
        self._turns.add(job)
        self._work_on()
        try:
            return await job.result
        finally:
            self._turns.remove(job)

    async def close(self) -> None:
        """Wait for the running job and drop those that have not begun."""
        while job := self._turns.next():
            job.result.cancel()
        await asyncio.to_thread(self._worker.shutdown)

    def _work_on(self) -> None:
        """Give the worker its next job, unless it has one."""
        if self._working:
            return
        job = self._turns.next()
        while job and job.result.done():  # it was canceled, and is about to be removed
            job = self._turns.next()
        if job is None:
            return
        result = job.result

        def finish(done: "asyncio.Future[tuple[Any, Timing]]") -> None:
            self._working = False
            error = done.exception()
            if result.done():  # its client has left
                pass
            elif error is None:
                result.set_result(done.result())
            else:
                result.set_exception(error)
            self._work_on()

        self._working = True
        asyncio.get_running_loop().run_in_executor(self._worker, job.work).add_done_callback(finish)

    def _make_room(self, client: Client) -> None:
        """Refuse the newest waiting job of the client that has the most places, if it has more than this one would.

        Raises:
            Busy: There is none.
        """
        for other, count in self._held.most_common():
            job = self._turns.newest(other)
            if other.kind == client.kind and count > self._held[client] + 1 and job and not job.result.done():
                self._turns.remove(job)
                job.result.set_exception(Busy())
                return
        raise Busy
