"""Admission, deadline and cancellation, with work that ends when the test says so."""

import asyncio
import threading

import pytest
from starlette.requests import Request

from backend import limits
from backend.disconnect import cancel_on_disconnect
from backend.errors import Busy, ClientDisconnected, DeadlineExceeded
from backend.work_queue import Client, WorkQueue

OWN = Client("http", "192.0.2.1")


class Work:
    """A job that runs until it is let go, and remembers whether it began."""

    def __init__(self):
        self.begun = threading.Event()
        self.released = threading.Event()

    def __call__(self):
        self.begun.set()
        self.released.wait()
        return "done"


async def admitted(queue, work, client=OWN):
    async with queue.admit(client):
        return await queue.run(client, work)


def work_queue(waiting=limits.WAITING, deadline_s=limits.DEADLINE_S):
    return WorkQueue(waiting, deadline_s, lambda: None)


async def begun(work):
    await asyncio.to_thread(work.begun.wait)


def test_one_runs_others_wait_and_the_next_is_refused():
    async def scene():
        queue, work = work_queue(), Work()
        jobs = [asyncio.create_task(admitted(queue, work)) for _ in range(1 + limits.WAITING)]
        await begun(work)
        assert queue.admitted == 1 + limits.WAITING
        with pytest.raises(Busy):
            await admitted(queue, work)
        work.released.set()
        assert {(await job)[0] for job in jobs} == {"done"}
        assert queue.admitted == 0
        await queue.close()

    asyncio.run(scene())


def test_a_canceled_job_leaves_the_queue_and_never_runs():
    async def scene():
        queue, first, second = work_queue(waiting=1), Work(), Work()
        running = asyncio.create_task(admitted(queue, first))
        await begun(first)
        waiting = asyncio.create_task(admitted(queue, second))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert queue.admitted == 1
        first.released.set()
        await running
        await queue.close()
        assert not second.begun.is_set()

    asyncio.run(scene())


def test_the_deadline_frees_the_place():
    async def scene():
        queue, work = work_queue(deadline_s=0.01), Work()
        with pytest.raises(DeadlineExceeded, match=r"0\.01 seconds"):
            await admitted(queue, work)
        assert queue.admitted == 0
        work.released.set()
        await queue.close()

    asyncio.run(scene())


def test_an_error_of_the_work_reaches_its_caller_and_frees_the_place():
    async def scene():
        queue = work_queue()
        with pytest.raises(ZeroDivisionError):
            await admitted(queue, lambda: 1 / 0)
        assert queue.admitted == 0
        assert (await admitted(queue, lambda: 5))[0] == 5
        await queue.close()

    asyncio.run(scene())


def test_close_waits_for_the_running_job():
    async def scene():
        queue, work = work_queue(), Work()
        running = asyncio.create_task(admitted(queue, work))
        await begun(work)
        closing = asyncio.create_task(queue.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        work.released.set()
        await closing
        assert (await running)[0] == "done"

    asyncio.run(scene())


def test_work_stops_when_the_client_leaves():
    async def scene():
        async def leave():
            return {"type": "http.disconnect"}

        queue, first, second = work_queue(), Work(), Work()
        running = asyncio.create_task(admitted(queue, first))
        await begun(first)
        with pytest.raises(ClientDisconnected):
            await cancel_on_disconnect(Request({"type": "http"}, leave), admitted(queue, second))
        first.released.set()
        await running
        await queue.close()
        assert not second.begun.is_set()

    asyncio.run(scene())


async def order_of(queue, clients):
    """In which order the jobs of these clients are done, all sent while another is at work."""
    done, first = [], Work()
    running = asyncio.create_task(admitted(queue, first))
    await begun(first)
    jobs = [asyncio.create_task(admitted(queue, lambda name=name: done.append(name), name)) for name in clients]
    await asyncio.sleep(0)
    first.released.set()
    results = await asyncio.gather(running, *jobs, return_exceptions=True)
    await queue.close()
    return done, results[1:]


def http(name):
    return Client("http", name)


def live(name):
    return Client("live", name)


def test_clients_take_turns():
    sent = [http("a")] * 4 + [http("b")] * 2 + [http("c")]
    done, _ = asyncio.run(order_of(work_queue(), sent))
    assert [client.name for client in done] == ["a", "b", "c", "a", "b", "a", "a"]


def test_a_live_client_waits_for_one_job_of_others_however_many_there_are():
    sent = [http(i) for i in range(32)] + [live("painter")]
    done, _ = asyncio.run(order_of(work_queue(), sent))
    assert live("painter") in done[:2] and len(done) == 33


def test_a_crowd_of_live_clients_leaves_a_share_to_the_others():
    sent = [live(i) for i in range(8)] + [http("a")] * 3
    done, _ = asyncio.run(order_of(work_queue(), sent))
    assert [client.kind for client in done[:6]].count("http") == 3


def test_one_client_cannot_keep_another_out():
    sent = [http("greedy")] * 4 + [http("modest")]
    done, results = asyncio.run(order_of(work_queue(waiting=4), sent))
    assert done.count(http("modest")) == 1 and done.count(http("greedy")) == 3
    assert [isinstance(result, Busy) for result in results] == [False, False, False, True, False]


def test_where_all_have_the_same_the_next_is_refused():
    done, results = asyncio.run(order_of(work_queue(waiting=3), [http(i) for i in range(4)]))
    assert len(done) == 3 and isinstance(results[3], Busy)


def test_each_kind_has_places_of_its_own():
    done, _ = asyncio.run(order_of(work_queue(waiting=3), [http(i) for i in range(3)] + [live(i) for i in range(4)]))
    assert len(done) == 7
