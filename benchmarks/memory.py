"""Memory of the engine of the published shape, alone in its process: `python -m benchmarks.memory DATA`.

Prints JSON, resident megabytes: after the imports, with the weights, after one picture, after a thousand edits of one
canvas, and the peak of the last two; `python -m benchmarks.inference --memory` puts them into the report. Linux only.
"""

import gc
import json
import sys
from itertools import islice
from pathlib import Path

import torch

from benchmarks.networks import read_maps
from benchmarks.scenes import Scene, Task, edits
from models.engine.generator import Canvas, GeneratorEngine
from models.networks.oasis import Generator
from models.networks.variants import VARIANTS

COUNT = 1000
CONFIG = VARIANTS["ade20k"][0]


def resident(field: str = "VmRSS") -> float:
    """Megabytes (10^6 bytes) of this process; VmHWM is the peak since the last reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(field))
    return int(kilobytes) * 1024 / 1e6


def paint(canvas: Canvas, scene: Task) -> None:
    assert isinstance(scene, Scene)
    canvas.paint(scene.regions(CONFIG.classes))


def main() -> None:
    torch.set_num_threads(2)
    maps = read_maps(Path(sys.argv[1]))
    found: dict[str, float] = {"imports": resident()}
    engine = GeneratorEngine(Generator(CONFIG))  # the plain network goes as soon as the engine has its weights
    gc.collect()
    found["weights"] = resident()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of loading
    canvas = engine.canvas()
    sequence = ((asked.base, task) for asked in edits(maps, CONFIG.classes) for task in asked.tasks.values())
    first, _ = next(sequence)
    paint(canvas, first)
    found["after_painting"] = resident()
    for _, task in islice(sequence, COUNT):
        paint(canvas, task)
    found |= {"edits": COUNT, "after_edits": resident(), "peak": resident("VmHWM")}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
