"""A training run from its configuration: batches in, checkpoints, samples and logs out."""

import json
import signal
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor

from models.noise import NOISE_DIM
from training.checkpoint import load_checkpoint, save_checkpoint
from training.config import TrainConfig
from training.data.batches import Batch, batches
from training.data.pairs import PairFolder
from training.ema import estimate_batch_norm
from training.samples import sample_pairs, sample_rows, save_grid
from training.trainer import Trainer

SAMPLE_PAIRS = 8
SAMPLE_DRAWS = 2


class StopRequest:
    """Turns the first Ctrl+C or SIGTERM into a wish to end cleanly; a second one interrupts at once."""

    def __init__(self) -> None:
        self.wanted = False

    def __enter__(self) -> Self:
        self.previous = {number: signal.signal(number, self.request) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self.previous.items():
            signal.signal(number, handler)

    def request(self, number: int, frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True


class Log:
    """Losses as JSON lines and, if it is installed, to TensorBoard."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.file = (out / "losses.jsonl").open("a", buffering=1)
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            self.board: Any = None
        else:
            self.board = SummaryWriter(str(out / "tensorboard"))

    def write(self, trainer: Trainer, losses: dict[str, float], rate: float) -> None:
        record = {"step": trainer.steps, "images": trainer.images, "images_per_second": round(rate, 3), **losses}
        self.file.write(json.dumps(record) + "\n")
        if self.board is not None:
            for name, value in losses.items():
                self.board.add_scalar(name, value, trainer.images)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()
        if self.board is not None:
            self.board.close()


def train(config: TrainConfig, *, resume: bool = False, console: Console | None = None) -> Trainer:
    """Train until all stages are done, the time budget is spent or a stop is asked for; ends with a checkpoint.

    With `resume` the run goes on from the checkpoint in config.out; on one CPU machine bit-identically.
    Raises DataError, ConfigError, CheckpointError, PretrainedError or NonFiniteLoss.
    """
    started = time.monotonic()
    console = console or Console()
    folder = PairFolder(config.data, config.split)
    trainer = Trainer(config, folder.info)
    if resume:
        trainer.load_state_dict(load_checkpoint(config.out)["trainer"])
    next_checkpoint = (trainer.images // config.checkpoint_every + 1) * config.checkpoint_every
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.2f} images/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Log(config.out) as log, StopRequest() as stop, Progress(*columns, console=console) as progress:
        task = progress.add_task("training", total=config.total_images, completed=trainer.images, rate=0.0)
        while trainer.images < config.total_images and not stop.wanted:
            stage = config.stage_at(trainer.images)
            trainer.scale_rates(stage.rate)
            stream = stream_batches(config, folder, trainer, config.seed, trainer.images)
            progress.update(task, description=f"{stage.size[1]}x{stage.size[0]}")
            while trainer.images < config.total_images and config.stage_at(trainer.images) == stage:
                step_started = time.monotonic()
                losses = trainer.step(list(islice(stream, config.accumulate)))
                rate = stage.batch / (time.monotonic() - step_started)
                log.write(trainer, losses, rate)
                progress.update(task, completed=trainer.images, rate=rate)
                minutes = (time.monotonic() - started) / 60
                if stop.wanted or (config.time_budget is not None and minutes >= config.time_budget):
                    stop.wanted = True
                    break
                if trainer.images >= next_checkpoint:
                    next_checkpoint += config.checkpoint_every
                    conclude(config, folder, trainer, console)
    conclude(config, folder, trainer, console)
    return trainer


def stream_batches(config: TrainConfig, folder: PairFolder, trainer: Trainer, seed: int, start: int) -> Iterator[Batch]:
    """Micro-batches of the stage the run is in."""
    stage = config.stage_at(trainer.images)
    micro_batch = stage.batch // config.accumulate
    return batches(folder, stage.size, micro_batch, seed, start, config.workers, trainer.device)


def conclude(config: TrainConfig, folder: PairFolder, trainer: Trainer, console: Console) -> None:
    """Save what the run has reached: the averaged generator's statistics, a checkpoint and a sample grid.

    Draws from streams of its own: whether and when this happens does not change the run.
    """
    refresh_average(config, folder, trainer)
    save_checkpoint(config.out, trainer.state_dict(), config, folder.info)
    size = config.stage_at(trainer.images - 1).size
    pairs = sample_pairs(config.data, config.split, size, SAMPLE_PAIRS)
    rows = sample_rows(trainer.average, pairs, folder.info.palette, SAMPLE_DRAWS, photos=True)
    path = config.out / "samples" / f"{trainer.images:09d}.png"
    save_grid(rows, path)
    console.print(f"{trainer.images} images: checkpoint and {path}")


def refresh_average(config: TrainConfig, folder: PairFolder, trainer: Trainer) -> None:
    """Batch-norm statistics of the averaged generator, from the same batches and noise every time."""
    noise = torch.Generator().manual_seed(config.seed)

    def with_noise(stream: Iterator[Batch]) -> Iterator[tuple[Batch, Tensor]]:
        for batch in islice(stream, config.ema_batches):
            yield batch, torch.randn(len(batch.labels), NOISE_DIM, generator=noise).to(trainer.device)

    with trainer.autocast:
        estimate_batch_norm(trainer.average, with_noise(stream_batches(config, folder, trainer, config.seed + 1, 0)))
