"""Logging of the server: one form, and no more lines than a disk can take."""

import logging
from time import monotonic

from backend import limits


class Throttle(logging.Filter):
    """Leaves out what one line of code logs more often than `limits.LOG_LINES_PER_S`; the next line says how many."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[str, int], tuple[float, int]] = {}  # since when, and how many since then

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the record."""
        place, now = (record.pathname, record.lineno), monotonic()
        since, count = self._counts.get(place, (now, 0))
        if now - since >= 1:
            if (left_out := count - limits.LOG_LINES_PER_S) > 0:
                record.msg, record.args = f"{record.getMessage()} ({left_out} more like it before)", None
            since, count = now, 0
        self._counts[place] = since, count + 1
        return count < limits.LOG_LINES_PER_S


def set_up_logging(level: str) -> None:
    """Log to standard error from this level on, as the setting names it."""
    logging.basicConfig(format="%(levelname)s: %(message)s", level=level.upper())
    for handler in logging.getLogger().handlers:
        handler.addFilter(Throttle())
