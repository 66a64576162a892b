"""How long a recipe would take here, from steps of the real trainer."""

import resource
import sys
import time
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

import torch
from rich.console import Console

from training.config import TrainConfig
from training.run.distributed import join_world
from training.run.loop import Run

STEPS = 2  # the first one warms caches and allocators; the last one is measured


@dataclass(frozen=True)
class Estimate:
    recipe: str
    device: str
    batch: int
    images: int
    """What the recipe trains on in all."""
    seconds_per_step: float
    images_per_second: float
    days: float
    peak_memory_gib: float
    """Of the whole process on a CPU, of what is allocated on a GPU."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def estimate_training(recipe: str, config: TrainConfig, size: tuple[int, int]) -> Estimate:
    """Two steps of `config` at `size` (height, width) with its own batch. Raises what training raises."""
    stage = replace(config.stages[0], size=size)
    images = config.schedule.total_images
    with join_world(config.device) as world:
        run = Run(replace(config, stages=(stage,)), world, Console(quiet=True))
        stream = run.batches(stage, config.seed, 0)
        for _ in range(STEPS):
            started = time.monotonic()
            run.trainer.step(list(islice(stream, config.accumulate)))
            seconds = time.monotonic() - started
        rate = stage.batch / seconds
        device = world.device
    return Estimate(
        recipe, str(device), stage.batch, images, seconds, rate, images / rate / 86400, peak_memory(device) / 2**30
    )


def peak_memory(device: torch.device) -> int:
    """Bytes."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # KiB on Linux
