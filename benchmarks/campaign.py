"""A long attack on the real server: damaged inputs, mixed load and kills, each with a table.

    .venv/bin/python -m benchmarks.campaign --inputs 100000 --load-s 3600 --kills 100

Prints for the inputs how they ended, for the load what each client got, for the kills what became of saves that the
server had confirmed, and the memory of the server throughout; and for a crowd of silent connections, how long they keep
others out. The exit status is 1 if anything failed.
"""

import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import tyro
from websockets.sync.client import connect

from backend import limits
from models.testing import tiny_model, tiny_scenes
from tests.backend.live_client import Live, whole
from tests.backend.pictures import encode, stripes
from tests.backend.projects import members, pack
from tests.campaign.attacks import Attacker, Outcome
from tests.campaign.table import table
from tests.conftest import PATIENCE_S, ROOT, LiveServer, run_server, wait_until


@dataclass(frozen=True)
class Options:
    """What to do.

    Args:
        inputs: Damaged inputs.
        load_s: Seconds of mixed load.
        model: Of the zoo, for the mixed load.
        kills: Times that the server is killed while projects are saved.
        clients: HTTP clients of the mixed load, each from an address of its own.
        painters: Live clients beside them.
        seed: Of the inputs.
    """

    inputs: int = 100_000
    load_s: float = 3600
    model: str = "landscapes"
    kills: int = 100
    clients: int = 32
    painters: int = 4
    seed: int = 0


def main(options: Options) -> int:
    """Run all parts; returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        zoo = root / "zoo"
        tiny_model(zoo / "tiny")
        tiny_scenes(zoo / "tiny")
        with run_server(zoo, root / "attack.log", projects=root / "projects.db") as server:
            sound = [attack(server, options)]
        with run_server(ROOT / "models" / "zoo", root / "load.log") as server:
            sound += [load(server, options)]
        tracebacks = sum((root / name).read_text().count("Traceback") for name in ("attack.log", "load.log"))
        print(f"\n{tracebacks} tracebacks in the log")
        sound += [tracebacks == 0, crowd(zoo, root / "crowd.log"), kill(zoo, root, options)]
    return 0 if all(sound) else 1


def attack(server: LiveServer, options: Options) -> bool:
    """Damaged inputs from four attackers; whether none failed."""
    some_attacks(server, options.seed - 1, options.inputs // 20)  # what a server takes for its first requests
    before = memory(server)
    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(lambda i: some_attacks(server, options.seed + i, options.inputs // 4), range(4))
        outcomes = [each for part in parts for each in part]
    print(table(outcomes))
    time.sleep(limits.TRIM_S + 5)  # until what was freed is given back
    after = memory(server)
    print(f"memory: {before['VmRSS']} MB before, {after['VmHWM']} MB at most, {after['VmRSS']} MB after")
    return not any(each.failed for each in outcomes)


def some_attacks(server: LiveServer, seed: int, count: int) -> list[Outcome]:
    """The outcomes of so many attacks."""
    attacker = Attacker(server.url, server.zoo / "tiny", seed)
    outcomes = [attacker.attack() for _ in range(count)]
    attacker.close()
    return outcomes


def load(server: LiveServer, options: Options) -> bool:
    """Mixed load on a shipped model; whether every client got a share, and none twice that of another of its kind."""
    about = httpx.get(f"{server.url}/api/models/{options.model}").json()
    height, width = about["native_size"]
    ids = stripes(height, width, min(5, len(about["classes"])))
    labels, paint = encode(ids), f"/api/models/{options.model}/synthesize"
    end = time.monotonic() + options.load_s
    painted: Counter[str] = Counter()
    seconds: dict[str, list[float]] = {}
    refusals: list[float] = []

    def repeat(name: str, paint: Callable[[], bool]) -> None:
        own = seconds.setdefault(name, [])
        while time.monotonic() < end:
            begun = time.perf_counter()
            if paint():
                painted[name] += 1
                own.append(time.perf_counter() - begun)
            else:
                refusals.append(time.perf_counter() - begun)

    def request(i: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{i + 2}")
        with httpx.Client(base_url=server.url, transport=transport, timeout=PATIENCE_S) as client:
            repeat(f"http {i}", lambda: client.post(paint, files={"labels": labels}).is_success)

    def live(i: int) -> None:
        with connect(f"{server.url.replace('http', 'ws')}/api/live", max_size=None, compression=None) as opened:
            painter = Live(opened)
            frame = whole(1, ids, model=options.model, noise={"seed": i})
            repeat(f"live {i}", lambda: painter.ask(frame)[1] is not None)

    clients = [threading.Thread(target=request, args=(i,)) for i in range(options.clients)]
    clients += [threading.Thread(target=live, args=(i,)) for i in range(options.painters)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    fair = True
    print(f"\n{'client':12}{'pictures each':>18}{'median':>10}{'slowest':>10}")
    for kind in ("http", "live"):
        counts = [painted[name] for name in seconds if name.startswith(kind)]
        times = [each for name, own in seconds.items() if name.startswith(kind) for each in own]
        if not counts or not times:
            fair = fair and not counts
            continue
        fair = fair and 2 * min(counts) >= max(counts)
        middle, slowest = 1000 * statistics.median(times), 1000 * max(times)
        print(f"{len(counts):3} {kind:8}{min(counts):8} to {max(counts):6}{middle:7.0f} ms{slowest:7.0f} ms")
    if refusals:
        late = 1000 * np.quantile(refusals, 0.99)
        print(f"{len(refusals)} refused as busy, 99 of 100 within {late:.0f} ms")
    print(f"memory: {memory(server)['VmHWM']} MB at most, {memory(server)['VmRSS']} MB after")
    return fair


def crowd(zoo: Path, log: Path) -> bool:
    """More silent connections than a process may open files; whether the server answers again, and logs little."""
    with run_server(zoo, log) as server, ExitStack() as opened:
        resource.prlimit(server.process.pid or 0, resource.RLIMIT_NOFILE, (256, 256))
        address = httpx.URL(server.url)
        before = log.stat().st_size
        for _ in range(400):
            opened.enter_context(socket.create_connection((address.host, address.port)))
        begun = time.perf_counter()
        wait_until(lambda: answers(server.url))
        logged = log.stat().st_size - before
        print(
            f"\n400 silent connections: answers again after {time.perf_counter() - begun:.0f} s, logged {logged} bytes"
        )
    return logged < 100_000


def answers(url: str) -> bool:
    """Whether a server answers just now."""
    try:
        return httpx.get(f"{url}/healthz", timeout=1).is_success
    except httpx.TransportError:
        return False


def kill(zoo: Path, root: Path, options: Options) -> bool:
    """Kill the server in the middle of saves, again and again; whether all that it confirmed is there."""
    data = pack(members(zoo / "tiny"))
    stored: list[str] = []
    slowest = 0.0
    headers = {"Content-Type": "application/zip"}
    for i in range(options.kills):
        begun = time.perf_counter()
        with run_server(zoo, root / f"killed-{i}.log", projects=root / "killed.db") as server:
            slowest = max(slowest, time.perf_counter() - begun)
            timer = threading.Timer(0.2 + 0.013 * (i % 50), server.process.kill)
            timer.start()
            with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
                try:
                    while True:
                        stored.append(client.post("/api/projects", content=data, headers=headers).json()["id"])
                except httpx.TransportError:
                    timer.join()
    with run_server(zoo, root / "last.log", projects=root / "killed.db") as server:
        lost = [each for each in stored if httpx.get(f"{server.url}/api/projects/{each}").content != data]
    print(f"\n{options.kills} kills: {len(stored)} saves confirmed, {len(lost)} lost; ready again in {slowest:.1f} s")
    return not lost


def memory(server: LiveServer) -> dict[str, int]:
    """Megabytes that the server holds (VmRSS) and has held at most (VmHWM)."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {name: int(values[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")}


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Options, description=__doc__)))
