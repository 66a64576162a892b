"""A training run from its configuration: batches in, checkpoints, samples and logs out."""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice

import torch
from rich.console import Console
from torch import Tensor

from training.config import ConfigError, TrainConfig
from training.data.batches import AugmentedPairs, Batch, Size, batches
from training.data.info import check_same_classes
from training.data.pairs import open_pairs, rare_class_shares
from training.data.resident import ResidentPairs
from training.output.files import sweep
from training.output.progress import progress_bar
from training.output.sample_grids import sample_pairs, sample_rows, save_grid, validation_pairs
from training.run.checkpoint import FILE, CheckpointError, dataset_from_dict, load_checkpoint, save_checkpoint
from training.run.distributed import World
from training.run.ema import estimate_batch_norm
from training.run.log import Log, StopRequest
from training.run.noise_sampling import NoiseSampler
from training.run.pace import Pace, paced
from training.run.publish import publish
from training.run.schedule import Stage
from training.run.trainer import Trainer
from training.run.warm_start import begin_with

SAMPLES = "samples"
STANDARD_PHOTOS = 64
WIDTH_STEPS = 20
SAMPLE_PAIRS = 8
SAMPLE_DRAWS = 2


class Run:
    """A training run in one of its processes."""

    def __init__(self, config: TrainConfig, world: World, console: Console) -> None:
        check_shares(config, world)
        self.config, self.world, self.console = config, world, console
        self.pairs = open_pairs(config.data, config.split, config.layout)
        self.shares = rare_class_shares(self.pairs) if config.sampling == "rare" else None
        if world.main:
            self.samples = validation_pairs(config.data, config.split, config.layout)
        self.resident: dict[Size, ResidentPairs] = {}
        self.trainer = self.build_trainer()

    def build_trainer(self) -> Trainer:
        trainer = Trainer(self.config, self.pairs.info, self.world)
        if self.config.discriminator == "conditioned":
            trainer.standardize(self.photos(STANDARD_PHOTOS))
        return trainer

    def train(self, resume: bool) -> Trainer:
        pace = Pace(0)
        if self.world.main:
            self.sweep()
        if self.config.narrower and not resume:
            self.choose_width()
        config, trainer = self.config, self.trainer
        if resume:
            self.resume()
        elif (config.out / FILE).exists():
            raise CheckpointError(
                f"{config.out / FILE} is the checkpoint of another run, which a new one would replace: go on with it "
                f"by --resume {config.out}, or choose another --out."
            )
        elif config.start is not None:
            self.console.print(f"Begins with {config.start}: {begin_with(trainer, config.start)}")
        pace.saved_at = (trainer.images, pace.minutes)
        log = Log(config.out) if self.world.main else nullcontext()
        with log, StopRequest() as stop, progress_bar("images", self.console) as progress:
            task = progress.add_task("training", total=config.schedule.total_images, completed=trainer.images)
            stopped = False
            while trainer.images < self.config.schedule.total_images and not stopped:
                index, _ = self.config.schedule.locate(trainer.images)
                stage = self.config.stages[index]
                stream = self.batches(stage, config.seed, trainer.images)
                progress.update(task, description=f"{stage.size[1]}x{stage.size[0]}")
                pace.begin_lap(trainer.images)
                while self.config.schedule.locate(trainer.images)[0] == index:
                    trainer.scale_rates(self.config.schedule.rate_at(trainer.images))
                    losses = trainer.step(list(islice(stream, config.accumulate)))
                    if not losses:
                        continue  # this step is not logged
                    speed = pace.lap(trainer.images)
                    if isinstance(log, Log):
                        log.write(trainer, losses, speed)
                    self.set_config(paced(self.config, trainer.images, pace.minutes, speed))
                    progress.update(task, completed=trainer.images, total=self.config.schedule.total_images)
                    if stopped := self.agree(stop.wanted or pace.out_of_time(config)):
                        break
                    if pace.should_save(config, trainer.images):
                        self.conclude()
                        pace.begin_lap(trainer.images)
        self.conclude()
        return trainer

    def sweep(self) -> None:
        """Remove what a kill left half written of this run."""
        for folder in (self.config.out, self.config.out / SAMPLES, self.config.publish):
            if folder is not None:
                sweep(folder)

    def set_config(self, config: TrainConfig) -> None:
        """From now on; it may differ in the lengths of stages."""
        self.config = self.trainer.config = config

    def choose_width(self) -> None:
        """Twenty steps to see how fast they go, and then a new trainer: the narrower one if they were too slow."""
        trainer, config = self.trainer, self.config
        stream = self.batches(config.stages[0], config.seed, 0)
        times = []
        for _ in range(2):  # the first ten are to warm up
            begun = time.monotonic()
            for _ in range(WIDTH_STEPS // 2):
                trainer.step(list(islice(stream, config.accumulate)))
            torch.stack([p.sum() for p in trainer.generator.parameters()]).sum().item()  # waits for the device
            times.append(time.monotonic() - begun)
        speed = config.stages[0].batch * (WIDTH_STEPS // 2) / times[1]
        slow = speed < config.narrower_below
        self.console.print(f"{speed:.1f} images/s at first{': goes on with a narrower generator' if slow else ''}")
        widths = config.narrower if slow else config.generator_channels
        self.config = replace(config, generator_channels=widths, narrower=())
        self.trainer = self.build_trainer()

    def resume(self) -> None:
        """Take up the state of the checkpoint in config.out. Raises CheckpointError or DataError if it belongs to
        another run."""
        checkpoint = load_checkpoint(self.config.out)
        known = dataset_from_dict(checkpoint["dataset"])
        check_same_classes(self.pairs.info, known.classes, f"the run in {self.config.out}")
        try:
            self.trainer.load_state_dict(checkpoint["trainer"])
        except (RuntimeError, KeyError, ValueError) as error:
            raise CheckpointError(
                f"{self.config.out / FILE} is of networks of another shape ({' '.join(str(error).split())[:200]}): "
                "resume with the widths and kinds it was trained with, or start over in another --out."
            ) from error

    def agree(self, stop: bool) -> bool:
        """Whether any process wants to stop."""
        return bool(self.world.sum(torch.tensor(float(stop))) > 0)

    def batches(self, stage: Stage, seed: int, start: int) -> Iterator[Batch]:
        """Micro-batches of this process: positions of the set are dealt out to the processes without overlap."""
        share = stage.batch // self.config.accumulate // self.world.size
        first, stride = start + self.world.rank * share, share * self.world.size
        return self.stream(stage.size, share, seed, first, stride)

    def stream(self, size: Size, batch: int, seed: int, first: int, stride: int) -> Iterator[Batch]:
        """Batches of the positions first .. first + batch - 1, then `stride` further on, and so on."""
        config, device = self.config, self.world.device
        if not config.resident:
            return batches(
                self.pairs,
                size,
                batch,
                seed,
                first,
                config.workers,
                device,
                upscale=config.upscale,
                stride=stride,
                shares=self.shares,
                resize_ratio=config.resize_ratio,
            )
        if size not in self.resident:  # of other sizes nothing is needed any more
            whole = AugmentedPairs(self.pairs, size, config.seed, config.upscale, self.shares, config.resize_ratio)
            self.resident = {size: ResidentPairs(whole, device)}
        return self.resident[size].batches(batch, seed, first, stride)

    def photos(self, count: int) -> Tensor:
        """The first photos of the run, [count, 3, H, W] in the first stage's size: the same in every process."""
        count = min(count, len(self.pairs))
        return next(self.stream(self.config.stages[0].size, count, self.config.seed, 0, count)).images

    def conclude(self) -> None:
        """Save what the run has reached: the averaged generator's statistics, a checkpoint and a sample grid.

        The first process does it for all. Draws from streams of its own: whether and when this happens does not
        change the run.
        """
        if self.world.main:
            self.refresh_average()
            config, trainer = self.config, self.trainer
            save_checkpoint(config.out, trainer.state_dict(), config, self.pairs.info)
            size = config.schedule.stage_at(trainer.images - 1).size
            pairs = sample_pairs(self.samples, size, SAMPLE_PAIRS)
            rows = sample_rows(trainer.average, pairs, self.pairs.info.palette, SAMPLE_DRAWS, photos=True)
            path = config.out / SAMPLES / f"{trainer.images:09d}.png"
            save_grid(rows, path)
            self.console.print(f"{trainer.images} images: checkpoint and {path}")
            if config.publish is not None:
                publish(config.out, config.publish, self.world.device)
        self.world.barrier()

    def refresh_average(self) -> None:
        """Batch-norm statistics of the averaged generator, from the same batches and noise every time: of the stage it
        was last trained in."""
        config, alone = self.config, World(self.world.device)
        random = torch.Generator().manual_seed(config.seed)
        sampler = NoiseSampler(config.noise, alone, random, self.trainer.noise.dense)
        stage = config.schedule.generator_stage_at(self.trainer.images - 1)
        batch = stage.batch // config.accumulate
        stream = self.stream(stage.size, batch, config.seed + 1, 0, batch)
        with self.trainer.autocast:
            estimate_batch_norm(self.trainer.average, islice(stream, config.ema_batches), sampler)


def check_shares(config: TrainConfig, world: World) -> None:
    """Raises ConfigError unless every process gets an equal share of every micro-batch, and goes by one clock."""
    if world.size > 1 and (config.stage_shares or config.narrower):
        raise ConfigError("stage_shares and narrower go by the clock of one process: train in one, or without them.")
    for stage in config.stages:
        if stage.batch % (config.accumulate * world.size):
            raise ConfigError(
                f"{stage}: a batch of {stage.batch} cannot be shared by {world.size} processes with --accumulate "
                f"{config.accumulate}: make it a multiple of {config.accumulate * world.size}."
            )
