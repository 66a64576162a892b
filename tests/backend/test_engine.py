"""Admission, deadline and cancellation, with work that ends when the test says so."""

import asyncio
import threading

import pytest
from starlette.requests import Request

from backend import limits
from backend.engine import Engine
from backend.errors import Busy, ClientLeft, Late
from backend.presence import while_connected


class Work:
    """A job that runs until it is let go, and remembers whether it began."""

    def __init__(self):
        self.begun = threading.Event()
        self.released = threading.Event()

    def __call__(self):
        self.begun.set()
        self.released.wait()
        return "done"


async def admitted(engine, work):
    async with engine.admit():
        return await engine.run(work)


def engine(waiting=limits.WAITING, deadline_s=limits.DEADLINE_S):
    return Engine(waiting, deadline_s, lambda: None)


async def begun(work):
    await asyncio.to_thread(work.begun.wait)


def test_one_runs_eight_wait_and_the_next_is_refused():
    async def scene():
        device, work = engine(), Work()
        jobs = [asyncio.create_task(admitted(device, work)) for _ in range(1 + limits.WAITING)]
        await begun(work)
        assert device.admitted == 9
        with pytest.raises(Busy):
            await admitted(device, work)
        work.released.set()
        assert {(await job)[0] for job in jobs} == {"done"}
        assert device.admitted == 0
        await device.close()

    asyncio.run(scene())


def test_a_canceled_job_leaves_the_queue_and_never_runs():
    async def scene():
        device, first, second = engine(waiting=1), Work(), Work()
        running = asyncio.create_task(admitted(device, first))
        await begun(first)
        waiting = asyncio.create_task(admitted(device, second))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert device.admitted == 1
        first.released.set()
        await running
        await device.close()
        assert not second.begun.is_set()

    asyncio.run(scene())


def test_the_deadline_frees_the_place():
    async def scene():
        device, work = engine(deadline_s=0.01), Work()
        with pytest.raises(Late, match=r"0\.01 seconds"):
            await admitted(device, work)
        assert device.admitted == 0
        work.released.set()
        await device.close()

    asyncio.run(scene())


def test_an_error_of_the_work_reaches_its_caller_and_frees_the_place():
    async def scene():
        device = engine()
        with pytest.raises(ZeroDivisionError):
            await admitted(device, lambda: 1 / 0)
        assert device.admitted == 0
        assert (await admitted(device, lambda: 5))[0] == 5
        await device.close()

    asyncio.run(scene())


def test_close_waits_for_the_running_job():
    async def scene():
        device, work = engine(), Work()
        running = asyncio.create_task(admitted(device, work))
        await begun(work)
        closing = asyncio.create_task(device.close())
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

        device, first, second = engine(), Work(), Work()
        running = asyncio.create_task(admitted(device, first))
        await begun(first)
        with pytest.raises(ClientLeft):
            await while_connected(Request({"type": "http"}, leave), admitted(device, second))
        first.released.set()
        await running
        await device.close()
        assert not second.begun.is_set()

    asyncio.run(scene())
