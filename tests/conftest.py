"""What tests of several rooms share: a zoo with a tiny model, and the real server on a real socket."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import hypothesis
import pytest

from models.testing import tiny_model, tiny_scenes

T = TypeVar("T")

hypothesis.settings.register_profile("studio", deadline=None)  # a machine may be busy
hypothesis.settings.load_profile("studio")

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = "studio.test"  # a name of the server that does not say that it runs on this machine
PARTNER = "https://partner.test"  # a site whose pages may use the server
PATIENCE_S = 120  # a machine may be busy; nothing is asserted about how long anything takes


@dataclass(frozen=True)
class LiveServer:
    """A running server: its address and that of its metrics, the folder its models come from, its log, its process."""

    url: str
    metrics_url: str
    zoo: Path
    log: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Lets it finish what it is doing; returns when it has ended."""
        self.process.terminate()
        self.process.wait(PATIENCE_S)


@contextmanager
def run_server(zoo: Path, log: Path, root: Path = ROOT, **settings: object) -> Iterator[LiveServer]:
    """The server as a process on a free port, ready to work.

    Args:
        root: The folder whose `backend` and `models` are run.
        settings: As in backend/settings.py.
    """
    chosen = {f"OASIS_STUDIO_{name.upper()}": str(value) for name, value in settings.items()}
    always = {"OMP_NUM_THREADS": "1", "OASIS_STUDIO_ZOO": str(zoo)}
    ports = {"OASIS_STUDIO_PORT": "0", "OASIS_STUDIO_METRICS_PORT": "0"}
    environment = os.environ | always | ports | chosen
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.serve"], cwd=root, env=environment, stdout=output, stderr=output
        )
    try:
        url = wait_until(lambda: _announced(process, log, "Oasis Studio is at"))
        metrics = wait_until(lambda: _announced(process, log, "Its metrics are at"))
        wait_until(lambda: httpx.get(f"{url}/readyz", timeout=PATIENCE_S).is_success)
        yield LiveServer(url, metrics, zoo, log, process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture(scope="session")
def tiny_zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo with the model "tiny": 64x64, five classes, random weights, two scenes."""
    zoo = tmp_path_factory.mktemp("zoo")
    tiny_model(zoo / "tiny")
    tiny_scenes(zoo / "tiny")
    return zoo


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Starts a server of the test's own, `start_server(zoo, waiting=1)`, which is there until the test has ended."""
    logs: list[Path] = []
    with ExitStack() as stack:

        def start(zoo: Path, **settings: Any) -> LiveServer:
            logs.append(tmp_path / f"server-{len(logs)}.log")
            return stack.enter_context(run_server(zoo, logs[-1], **settings))

        yield start
    for log in logs:
        assert "Traceback" not in log.read_text()


@pytest.fixture(scope="session")
def shared_server(tiny_zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The process behind `live_server`; started once, as importing torch takes seconds."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with run_server(tiny_zoo, log, hosts=ELSEWHERE, origins=PARTNER) as server:
        yield server


@pytest.fixture
def live_server(shared_server: LiveServer) -> Iterator[LiveServer]:
    """A running server with the model "tiny"; the test fails if the server logs a traceback meanwhile."""
    before = shared_server.log.stat().st_size
    yield shared_server
    written = shared_server.log.read_bytes()[before:].decode()
    assert "Traceback" not in written, written


def wait_for(server: LiveServer, pattern: str) -> None:
    """Until the server's metrics have a line like this."""
    wait_until(lambda: re.search(pattern, httpx.get(server.metrics_url).text))


def _announced(process: subprocess.Popen[bytes], log: Path, words: str) -> str | None:
    text = log.read_text()
    assert process.poll() is None, f"The server ended with {process.returncode}:\n{text}"
    found = re.search(rf"{words} (http://\S+)", text)
    return found and found[1]


def wait_until(condition: Callable[[], T | None]) -> T:
    """What `condition` gives once that is true. Raises AssertionError after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < end, "The server did not get there in time."
        time.sleep(0.05)
    return value
