"""What the trainer adds to the pure forward and backward passes, and how many pictures it trains a second.

    python -m benchmarks.training ../shared/data/landscapes256 [--rounds 7] [--shapes landscapes-128 ...]

A trainer's iteration (a batch loaded and augmented, both updates, averaging) and the bare passes over the same batch,
which is then already there, run in turn in one process: how long a pass takes depends on the label maps. Prints
medians and the median of their ratios, round by round.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from training.config import Stage, TrainConfig
from training.data.batches import Batch, batches
from training.data.pairs import open_pairs
from training.distributed import World, join_world
from training.recipes import RECIPES
from training.trainer import Trainer, gradients

SHAPES: dict[str, TrainConfig] = {
    "landscapes-128": replace(RECIPES["landscapes"], stages=(Stage((128, 128), 1, 8),)),
    "landscapes-256": replace(RECIPES["landscapes"], stages=(Stage((256, 256), 1, 4),)),
    "oasis-width-16-256": replace(
        RECIPES["oasis"],
        stages=(Stage((256, 256), 1, 2),),
        generator_channels=RECIPES["landscapes"].generator_channels,
        discriminator_widths=(32, 32, 64, 64, 128, 128),
    ),
    "oasis-published-256": replace(RECIPES["oasis"], stages=(Stage((256, 256), 1, 32),)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of pairs")
    parser.add_argument("--shapes", choices=SHAPES, nargs="+", default=list(SHAPES)[:3])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, help="instead of the shape's own")
    parser.add_argument("--workers", type=int, default=0, help="processes that load data")
    options = parser.parse_args()

    table = Table("shape", "batch", "passes", "trainer", "trainer / passes", "images/s")
    with join_world() as world:
        for name in options.shapes:
            config = replace(SHAPES[name], data=options.data, workers=options.workers)
            if options.batch:
                config = replace(config, stages=(replace(config.stages[0], batch=options.batch),))
            passes, trained, ratio = measure(config, world, options.rounds)
            batch = config.stages[0].batch
            times = f"{passes * 1000:.0f} ms", f"{trained * 1000:.0f} ms", f"{ratio:.3f}", f"{batch / trained:.2f}"
            table.add_row(name, str(batch), *times)
    Console().print(table, f"{world.device}, {torch.get_num_threads()} threads, torch {torch.__version__}")


def measure(config: TrainConfig, world: World, rounds: int) -> tuple[float, float, float]:
    """Median seconds of the passes and of a trainer's iteration, and the median of the rounds' ratios."""
    pairs = open_pairs(config.data, config.split, config.layout)
    trainer = Trainer(config, pairs.info, world)
    stage = config.stages[0]
    stream = batches(pairs, stage.size, stage.batch, 0, 0, config.workers, world.device)
    batch: list[Batch] = []

    def iterate() -> None:
        batch[:] = islice(stream, 1)
        trainer.step(batch)

    def run_passes() -> None:
        with gradients(trainer.judge, wanted=False):
            backward(trainer.generator_losses, batch[0])
        backward(trainer.discriminator_losses, batch[0])

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


def backward(losses_of: Callable[[Batch], dict[str, torch.Tensor]], batch: Batch) -> None:
    torch.stack(list(losses_of(batch).values())).sum().backward()


def seconds(run: Callable[[], None], world: World) -> float:
    start = time.perf_counter()
    run()
    if world.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
