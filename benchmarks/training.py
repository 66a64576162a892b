"""What the trainer adds to the pure forward and backward passes, and how many pictures it trains a second.

    python -m benchmarks.training ../shared/data/landscapes256 [--rounds 7] [--shapes landscapes-128 ...]
    python -m benchmarks.training ../shared/data/landscapes256 --against landscapes-256-before --shapes landscapes-256
    python -m benchmarks.training ../shared/data/landscapes256 --against landscapes-256 --shapes landscapes-256 --plain

A trainer's iteration (a batch loaded and augmented, both updates, averaging) and the bare passes over the same batch,
which is then already there, run in turn in one process: how long a pass takes depends on the label maps. Prints
medians and the median of their ratios, round by round. A round is as many steps as the lazy interval has. With
--against, trainers of two shapes take their rounds in turn: how many times the images an hour. With --plain, the other
one trains without native kernels, as every recipe did for versions 1 and 2 of the landscapes model.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from rich.console import Console
from rich.table import Table

from training.config import TrainConfig
from training.data.batches import RESIZE_RATIO, Batch, batches
from training.data.pairs import open_pairs
from training.recipes import RECIPES
from training.run.distributed import World, join_world
from training.run.optimization import gradients
from training.run.schedule import Stage
from training.run.trainer import Trainer

# The recipe 'landscapes' as it made versions 1 and 2 of the shipped model.
BEFORE: dict[str, Any] = {
    "noise_planes": False,
    "generator_padding": "zeros",
    "generator_upsampling": "nearest",
    "discriminator": "projected",
    "lazy_interval": 1,
    "generator_class_weights": "full",
    "sampling": "uniform",
    "resize_ratio": RESIZE_RATIO,
}

SHAPES: dict[str, TrainConfig] = {
    "landscapes-128": replace(RECIPES["landscapes"], stages=(Stage((128, 128), 1, 8),)),
    "landscapes-256": replace(RECIPES["landscapes"], stages=(Stage((256, 256), 1, 4),)),
    "landscapes-128-before": replace(RECIPES["landscapes"], stages=(Stage((128, 128), 1, 8),), **BEFORE),
    "landscapes-256-before": replace(RECIPES["landscapes"], stages=(Stage((256, 256), 1, 4),), **BEFORE),
    "oasis-width-16-256": replace(
        RECIPES["oasis"],
        stages=(Stage((256, 256), 1, 2),),
        generator_channels=RECIPES["landscapes"].generator_channels,
        discriminator_widths=(32, 32, 64, 64, 128, 128),
    ),
    "oasis-published-256": replace(RECIPES["oasis"], stages=(Stage((256, 256), 1, 32),)),
}
USUAL = ["landscapes-128", "landscapes-256", "oasis-width-16-256"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of pairs")
    parser.add_argument("--shapes", choices=SHAPES, nargs="+", default=USUAL)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, help="instead of the shape's own")
    parser.add_argument("--workers", type=int, default=0, help="processes that load data")
    parser.add_argument("--against", choices=SHAPES, help="shape to compare the images an hour of the others with")
    parser.add_argument("--plain", action="store_true", help="compare with the other one without native kernels")
    options = parser.parse_args()

    if options.against:
        with join_world() as world:
            for name in options.shapes:
                both = [replace(SHAPES[shape], data=options.data) for shape in (name, options.against)]
                ratios = compare(both[0], both[1], world, options.rounds, options.plain)
                spread = f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds"
                other = options.against + (" without kernels" if options.plain else "")
                print(f"{name} against {other}: {statistics.median(ratios):.2f} times the images ({spread})")
        return
    table = Table("shape", "batch", "passes", "trainer", "trainer / passes", "images/s")
    with join_world() as world:
        for name in options.shapes:
            config = replace(SHAPES[name], data=options.data, workers=options.workers)
            if options.batch:
                config = replace(config, stages=(replace(config.stages[0], batch=options.batch),))
            passes, trained, ratio = measure(config, world, options.rounds)
            batch = config.stages[0].batch
            images = batch * config.lazy_interval
            times = f"{passes * 1000:.0f} ms", f"{trained * 1000:.0f} ms", f"{ratio:.3f}", f"{images / trained:.2f}"
            table.add_row(name, str(batch), *times)
    Console().print(table, f"{world.device}, {torch.get_num_threads()} threads, torch {torch.__version__}")


def measure(config: TrainConfig, world: World, rounds: int) -> tuple[float, float, float]:
    """Median seconds of the passes and of a trainer's iterations, and the median of the rounds' ratios."""
    trainer, stream = begin(config, world)
    seen: list[Batch] = []

    def iterate() -> None:
        seen[:] = take_round(trainer, stream)

    def run_passes() -> None:
        after = trainer.steps
        for trainer.steps, batch in enumerate(seen, after - len(seen)):  # with the lazy terms of those steps
            with gradients(trainer.judge, wanted=False):
                backward(trainer.generator_losses, batch)
            backward(trainer.discriminator_losses, batch)
        trainer.steps = after

    # Batches that were loaded ahead, or while the passes ran, would hide that a step waits for data.
    for _ in range(2 * config.workers + 1):
        iterate()
    run_passes()
    if config.workers:
        steps = [seconds(iterate, world) for _ in range(rounds)]
        times = [(step, seconds(run_passes, world)) for step in steps]
    else:
        times = [(seconds(iterate, world), seconds(run_passes, world)) for _ in range(rounds)]
    trained, passes = (statistics.median(column) for column in zip(*times, strict=True))
    return passes, trained, statistics.median(a / b for a, b in times)


def compare(config: TrainConfig, other: TrainConfig, world: World, rounds: int, plain: bool) -> list[float]:
    """How many times the images a second of the other, round by round, after one to warm up. plain: the other goes
    without kernels."""
    both = [(*begin(config, world), nullcontext), (*begin(other, world), without_kernels if plain else nullcontext)]
    ratios = []
    for _ in range(rounds + 1):
        rates = []
        for trainer, stream, surroundings in both:
            start, before = time.perf_counter(), trainer.images
            with surroundings():
                # As many steps of either: a lazy interval of the one is some rounds of the other.
                for _ in range(max(config.lazy_interval, other.lazy_interval) // trainer.config.lazy_interval):
                    take_round(trainer, stream)
            if world.device.type == "cuda":
                torch.cuda.synchronize()
            rates.append((trainer.images - before) / (time.perf_counter() - start))
        ratios.append(rates[0] / rates[1])
    return ratios[1:]


@contextmanager
def without_kernels() -> Iterator[None]:
    """Training as on a machine that cannot build them."""
    with (
        patch("models.kernels.training.available", return_value=False),
        patch("models.planes.available", return_value=False),
    ):
        yield


def begin(config: TrainConfig, world: World) -> tuple[Trainer, Iterator[Batch]]:
    """A new trainer, and its batches."""
    pairs = open_pairs(config.data, config.split, config.layout)
    stage = config.stages[0]
    stream = batches(pairs, stage.size, stage.batch, 0, 0, config.workers, world.device)
    return Trainer(config, pairs.info, world), stream


def take_round(trainer: Trainer, stream: Iterator[Batch]) -> list[Batch]:
    """As many steps as the lazy interval has; returns their batches."""
    seen = list(islice(stream, trainer.config.lazy_interval))
    for batch in seen:
        trainer.step([batch])
    return seen


def backward(losses_of: Callable[[Batch], dict[str, torch.Tensor]], batch: Batch) -> None:
    torch.autograd.backward(torch.stack(list(losses_of(batch).values())).sum())


def seconds(run: Callable[[], None], world: World) -> float:
    start = time.perf_counter()
    run()
    if world.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
