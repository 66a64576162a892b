"""How long a picture takes: the plain networks, compilers for inference, and this project's engine.

    python -m benchmarks.inference --data landscapes256/val [--networks ade20k landscapes] [--seconds 120]
    python -m benchmarks.inference --data landscapes256/val --networks --memory   # only the memory
    python -m benchmarks.inference --data landscapes256/val --networks width-16-planes --only ours   # what planes cost

One process; in every round each contender paints once, in another order each time; medians. Every contender's pictures
are compared with the plain network's. What was measured goes into docs/performance.json, beside what is there of other
networks, and from there into the tables of docs/performance.md and the picture docs/performance.svg.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from benchmarks.contenders import Contender, Output, contenders
from benchmarks.networks import MAPS, SUBJECTS, Subject
from benchmarks.quiet import Watch
from benchmarks.report import text_table, write
from benchmarks.scenes import Batch, Round, Task

DISTURBED = 0.05  # a round does not count in which others used more than this share of the processors
DOCS = Path(__file__).resolve().parent.parent / "docs"
PAUSE = 0.05  # seconds between contenders, for the threads of one to fall asleep before the next is measured


@dataclass
class Row:
    """What was measured of one contender: seconds of each picture, differences to plain's pictures."""

    contender: Contender
    seconds: list[float] = field(default_factory=list)
    largest: list[float] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        found = {"name": self.contender.name, "milliseconds": round(statistics.median(self.seconds) * 1000, 2)}
        if not self.contender.compared:
            return found
        return found | {"largest_difference": max(self.largest), "mean_difference": statistics.fmean(self.mean)}


def play(subject: Subject, asked: Round, probe: str, rows: list[Row], first: int) -> None:
    """Every contender once, beginning with number `first`. Those without a task of their own get the probe; all
    pictures of the probe are compared with that of rows[0]."""
    painted: list[Output | None] = [None] * len(rows)
    for i in [*range(first, len(rows)), *range(first)]:
        contender = rows[i].contender
        name = contender.task or probe
        task = asked.tasks[name]
        contender.prepare(asked.base)
        time.sleep(PAUSE)
        start = time.perf_counter()
        output = contender.paint(task)
        rows[i].seconds.append((time.perf_counter() - start) / pictures(task))
        if name == probe and contender.compared:
            painted[i] = output
    reference = painted[0]
    assert reference is not None
    for row, output in zip(rows, painted, strict=True):
        if output is not None:
            pairs = zip(output, reference, strict=True)
            distances = [(subject.judged(one) - subject.judged(other)).abs().flatten() for one, other in pairs]
            row.largest.append(torch.cat(distances).max().item())
            row.mean.append(torch.cat(distances).mean().item())


def pictures(task: Task) -> int:
    return len(task.scenes) if isinstance(task, Batch) else 1


def undisturbed(subject: Subject, asked: Round, probe: str, rows: list[Row], first: int) -> bool:
    """Play a round, and forget its times if the machine was not ours; whether it was."""
    watch = Watch()
    play(subject, asked, probe, rows, first)
    if watch.others() <= DISTURBED:
        return True
    for row in rows:
        row.seconds.pop()
    return False


@torch.inference_mode()
def measure(subject: Subject, threads: int, seconds: float, only: str) -> dict[str, Any]:
    """Rounds until the time is over, after one to warm up, in which torch.compile compiles. only: what the names of
    contenders begin with; the plain network, with which all are compared, takes part in any case."""
    found, left = contenders(subject, threads)
    found = [found[0], *(contender for contender in found[1:] if contender.name.startswith(only))]
    rows = [Row(contender) for contender in found]
    tasks = next(subject.rounds).tasks
    play(subject, next(subject.rounds), next(iter(tasks)), rows, 0)
    for row in rows:
        row.seconds.clear()
    number, disturbed, end = 0, 0, time.perf_counter() + seconds
    while not number or number % MAPS or time.perf_counter() < end:  # every map as often as the others
        asked = next(subject.rounds)
        probe = list(tasks)[(number + number // MAPS) % len(tasks)]  # in time every edit of every map
        while not undisturbed(subject, asked, probe, rows, number % len(rows)):
            disturbed += 1
            if disturbed > 3 * (number + MAPS):
                raise SystemExit("Other programs use the processors: nothing can be measured. End them and try again.")
        number += 1
    if disturbed:
        print(f"{disturbed} rounds were played again: others used over {DISTURBED:.0%} of the processors meanwhile")
    return {"title": subject.title, "rounds": number, "left": left, "rows": [row.summary() for row in rows]}


def machine(threads: int) -> dict[str, Any]:
    """What figures depend on besides the code."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    flags = torch.cpu.get_capabilities()
    vectors = next((flag for flag in ("amx_bf16", "avx512_bf16", "avx512_f", "avx2") if flags.get(flag)), "no AVX2")
    return {"processor": f"{name} ({vectors})", "threads": threads, "versions": versions()}


def versions() -> dict[str, str]:
    found = {}
    for package in ("torch", "onnxruntime", "openvino"):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with images/*.jpg and labels/*.png, 256x256")
    parser.add_argument("--networks", nargs="*", choices=SUBJECTS, default=list(SUBJECTS))
    parser.add_argument("--seconds", type=float, default=90, help="for the rounds of each network")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="contenders whose names begin so, as 'ours'; docs/ stay as they are")
    parser.add_argument("--memory", action="store_true", help="measure the engine's memory as well, in a fresh process")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    file = DOCS / "performance.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    here = machine(options.threads)
    if results.get("machine") != here:  # figures of two machines do not belong into one table
        results = {"machine": here, "networks": {}}
    for name in options.networks:
        torch.manual_seed(0)
        print(f"{name}: {options.seconds:.0f} seconds and the warm-up", flush=True)
        results["networks"][name] = measure(
            SUBJECTS[name](options.data), options.threads, options.seconds, options.only
        )
        print(*results["networks"][name]["left"], text_table(results["networks"][name]), sep="\n")
    if options.memory:
        alone = [sys.executable, "-m", "benchmarks.memory", options.data]
        answer = subprocess.run(alone, check=True, capture_output=True, text=True)
        results["memory"] = json.loads(answer.stdout)
        print(answer.stdout)
    if options.only:
        return
    results["networks"] = {name: results["networks"][name] for name in SUBJECTS if name in results["networks"]}
    file.write_text(json.dumps(results, indent=1) + "\n")
    write(results, DOCS)


if __name__ == "__main__":
    main()
