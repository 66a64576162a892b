"""Whether the machine was ours while we measured."""

import os
import time
from pathlib import Path

STAT = Path("/proc/stat")


class Watch:
    """How much of the processors others used since it was made: programs, interrupts, other guests of the host.

    Where the system does not tell (anywhere but on Linux) it names none.
    """

    def __init__(self) -> None:
        self._start = _busy(), _own(), time.perf_counter()

    def others(self) -> float:
        """A share of all processors, 0..1."""
        busy, own, start = self._start
        elapsed = (time.perf_counter() - start) * (os.cpu_count() or 1)
        return max(0.0, (_busy() - busy) - (_own() - own)) / elapsed


def _busy() -> float:
    """Seconds that the processors have worked, all together."""
    if not STAT.exists():
        return 0.0
    user, nice, system, _idle, _wait, interrupts, soft, stolen = map(int, STAT.read_text().split()[1:9])
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Seconds of it that were this process."""
    spent = os.times()
    return spent.user + spent.system
