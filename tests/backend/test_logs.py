"""What is logged too often is left out, and counted."""

import logging

import pytest

from backend import limits, logs


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(logs, "monotonic", lambda: now[0])
    return now


def record(line, text="%s failed"):
    return logging.LogRecord("backend", logging.ERROR, "live.py", line, text, ("it",), None)


def test_a_line_of_code_may_log_so_often_a_second(clock):
    throttle = logs.Throttle()
    first = [throttle.filter(record(1)) for _ in range(limits.LOG_LINES_PER_S + 7)]
    assert first == [True] * limits.LOG_LINES_PER_S + [False] * 7
    assert throttle.filter(record(2)), "another line of code"
    clock[0] += 1
    later = record(1)
    assert throttle.filter(later) and later.getMessage() == "it failed (7 more like it before)"
    clock[0] += 1
    last = record(1)
    assert throttle.filter(last) and last.getMessage() == "it failed"
