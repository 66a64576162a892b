"""Memory: resident megabytes (10^6 bytes) of a process that paints. Linux only.

    python -m benchmarks.memory              # the worst maps that the server takes, with the shipped models
    python -m benchmarks.memory --clients 4  # the same of a server whose live clients send them
    python -m benchmarks.memory DATA         # a thousand ordinary edits, of the engine of the published shape

The first two print a line a case, each in a process of its own: idle, with its models loaded; the peak; and what is
left after it. The last prints JSON: after the imports, with the weights, after one picture, after the edits, and the
peak of the last two; `python -m benchmarks.inference --memory` puts them into the report.
"""

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from websockets.sync.client import ClientConnection, connect

from backend.limits import LABEL_SIDE
from backend.live import build
from benchmarks.networks import read_maps
from benchmarks.scenes import Scene, Task, edits
from models.engine.generator import Canvas, GeneratorEngine
from models.networks.oasis import Generator
from models.networks.variants import VARIANTS
from models.noise import NoiseRegion, NoiseSpec
from models.predictor import Model, load_model

ZOO = Path(__file__).resolve().parent.parent / "models" / "zoo"
COUNT = 1000
CONFIG = VARIANTS["ade20k"][0]
REGIONS = tuple(NoiseRegion(i, seed=i) for i in range(1, 256))


def resident(field: str = "VmRSS", process: int | str = "self") -> float:
    """Megabytes of a process; VmHWM is the peak since the last reset."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(field))
    return int(kilobytes) * 1024 / 1e6


def forget_peak(process: int | str = "self") -> None:
    """The next peak counts from now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def noisy(random: np.random.Generator, values: int) -> np.ndarray:
    """One of some values at every pixel of the largest map: uint8 [H, W]."""
    return random.integers(0, values, (LABEL_SIDE, LABEL_SIDE), dtype=np.uint8)


def random_classes(models: list[Model]) -> None:
    random, model = np.random.default_rng(0), models[0]
    for _ in range(3):
        model.synthesize(noisy(random, len(model.card.classes)), NoiseSpec())


def random_regions(models: list[Model]) -> None:
    random, model = np.random.default_rng(0), models[0]
    for seed in range(3):
        labels = noisy(random, len(model.card.classes))
        model.synthesize(labels, NoiseSpec(seed, REGIONS), noisy(random, 256))


def blended(models: list[Model]) -> None:
    """A region a step, as the page makes soft edges, over patches of the classes."""
    model = models[0]
    y, x = np.indices((LABEL_SIDE, LABEL_SIDE))
    labels = ((x // 64 + y // 64) % len(model.card.classes)).astype(np.uint8)
    regions = (np.hypot(y - 500, x - 500) / 4 % 256).astype(np.uint8)
    for seed in range(3):
        model.synthesize(labels, NoiseSpec(seed, REGIONS), regions)


def models_in_turn(models: list[Model]) -> None:
    random = np.random.default_rng(0)
    for seed in range(2):
        for model in models:
            labels = noisy(random, len(model.card.classes))
            model.synthesize(labels, NoiseSpec())
            model.synthesize(labels, NoiseSpec(seed, REGIONS), noisy(random, 256))


CASES: dict[str, Callable[[list[Model]], None]] = {
    "a random class at every pixel": random_classes,
    "255 noise regions at random": random_regions,
    "a soft blend of 255 steps": blended,
    "all of these maps, models in turn": models_in_turn,
}


def measure(name: str) -> tuple[float, float, float]:
    """Idle, peak and after, of a case alone in this process."""
    torch.set_num_threads(2)
    models = [load_model(path) for path in sorted(ZOO.iterdir()) if path.is_dir()]
    for model in models:
        model.synthesize(np.zeros(model.card.native_size, np.uint8), NoiseSpec())
    gc.collect()
    idle = resident()
    forget_peak()
    CASES[name](models)
    return idle, resident("VmHWM"), resident()


def worst() -> None:
    """A line for every case."""
    for name in CASES:
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            show(name, *alone.submit(measure, name).result())


def show(name: str, idle: float, peak: float, after: float) -> None:
    print(f"{name:36} idle {idle:5.0f}  peak {peak:5.0f} (+{peak - idle:.0f})  after {after:5.0f}", flush=True)


@contextmanager
def server() -> Iterator[tuple[int, str]]:
    """The process of a server with the shipped models, and its address."""
    command = [sys.executable, "-m", "backend.serve", "--port", "0", "--deadline-s", "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.pid, process.stdout.readline().split("://")[1].split()[0]
        finally:
            process.terminate()


def frame(revision: int, model: str, labels: np.ndarray, regions: np.ndarray) -> bytes:
    """A live edit that brings all of its maps."""
    height, width = labels.shape
    all_of_it = {"left": 0, "top": 0, "width": width, "height": height}
    noise = {"seed": revision, "regions": [{"id": region.id, "seed": region.seed} for region in REGIONS]}
    header = {"revision": revision, "model": model, "noise": noise, "format": "raw"}
    header |= {"size": {"width": width, "height": height}, "labels": all_of_it, "regions": all_of_it}
    return build(header, labels.tobytes() + regions.tobytes())


def live(clients: int) -> None:
    """Clients of one server in turn, with drawn maps, whose canvases are cached, and the worst."""
    random, ids = np.random.default_rng(0), [path.name for path in sorted(ZOO.iterdir()) if path.is_dir()]
    drawn = np.kron(random.integers(0, 8, (16, 16), dtype=np.uint8), np.ones((64, 64), np.uint8))
    one = np.zeros_like(drawn)
    with server() as (process, address), ExitStack() as open_:
        sockets = [open_.enter_context(connect(f"ws://{address}/api/live", max_size=None)) for _ in range(clients)]
        while b"not_ready" in ask(sockets[0], frame(0, ids[0], one[:256, :256], one[:256, :256])):
            time.sleep(1)
        idle = resident(process=process)
        forget_peak(process)
        for revision in range(2):
            for maps in ((drawn, one), (noisy(random, 8), one), (noisy(random, 8), noisy(random, 256)), (drawn, one)):
                for number, socket in enumerate(sockets):
                    answer = ask(socket, frame(revision, ids[(revision + number) % len(ids)], *maps))
                    assert b'"error"' not in answer[:1000], answer[:1000]
        show(f"{clients} live clients", idle, resident("VmHWM", process), resident(process=process))
        open_.close()
        time.sleep(1)
        print(f"without them: {resident(process=process):.0f}")


def ask(socket: ClientConnection, data: bytes) -> bytes:
    socket.send(data)
    answer = socket.recv()
    return answer.encode() if isinstance(answer, str) else answer


def paint(canvas: Canvas, scene: Task) -> None:
    assert isinstance(scene, Scene)
    canvas.paint(scene.regions(CONFIG.classes))


def thousand_edits(data: Path) -> None:
    """Of one canvas, ordinary ones."""
    torch.set_num_threads(2)
    maps = read_maps(data)
    found: dict[str, float] = {"imports": resident()}
    engine = GeneratorEngine(Generator(CONFIG))  # the plain network goes as soon as the engine has its weights
    gc.collect()
    found["weights"] = resident()
    forget_peak()  # of loading
    canvas = engine.canvas()
    sequence = ((asked.base, task) for asked in edits(maps, CONFIG.classes) for task in asked.tasks.values())
    first, _ = next(sequence)
    paint(canvas, first)
    found["after_painting"] = resident()
    for _, task in islice(sequence, COUNT):
        paint(canvas, task)
    found |= {"edits": COUNT, "after_edits": resident(), "peak": resident("VmHWM")}
    print(json.dumps(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="folder with images/*.jpg and labels/*.png, 256x256")
    parser.add_argument("--clients", type=int, default=0, help="live clients of a server")
    options = parser.parse_args()
    if options.data:
        thousand_edits(options.data)
    elif options.clients:
        live(options.clients)
    else:
        worst()


if __name__ == "__main__":
    main()
