"""A run by the clock: how fast it goes, when it saves, and stages that last a share of the time."""

import time
from dataclasses import replace

from training.config import TrainConfig


class Pace:
    """Of a run that has seen `images` when it begins."""

    def __init__(self, images: int) -> None:
        self.started = time.monotonic()
        self.begin_lap(images)
        self.saved_at = (images, 0.0)  # and minutes

    def begin_lap(self, images: int) -> None:
        """What went before does not count for the speed."""
        self.lap_started, self.lap_images = time.monotonic(), images

    def lap(self, images: int) -> float:
        """Images a second since the last lap."""
        speed = (images - self.lap_images) / (time.monotonic() - self.lap_started)
        self.begin_lap(images)
        return speed

    @property
    def minutes(self) -> float:
        """Since the run began."""
        return (time.monotonic() - self.started) / 60

    def should_save(self, config: TrainConfig, images: int) -> bool:
        """Whether a checkpoint is due, which then counts as taken."""
        last_images, last_minutes = self.saved_at
        if config.checkpoint_minutes is None:
            due = images // config.checkpoint_every > last_images // config.checkpoint_every
        else:
            due = self.minutes >= last_minutes + config.checkpoint_minutes
        if due:
            self.saved_at = (images, self.minutes)
        return due

    def out_of_time(self, config: TrainConfig) -> bool:
        return config.time_budget is not None and self.minutes >= config.time_budget


def paced(config: TrainConfig, images: int, minutes: float, speed: float) -> TrainConfig:
    """The configuration in which the current stage is as long as its share of the time allows at this speed.

    images: seen so far, in a stage that was begun; minutes: since the run began; speed: images a second. Other stages
    keep their lengths. Without `stage_shares` nothing changes.
    """
    index, done = config.schedule.locate(images)
    if not config.stage_shares or config.time_budget is None or not done:
        return config
    stage = config.stages[index]
    left = 60 * (config.time_budget * sum(config.stage_shares[: index + 1]) - minutes)
    steps = int(max(left, 0.0) * speed / stage.batch)
    lengthened = replace(stage, images=done + steps * stage.batch)
    return replace(config, stages=(*config.stages[:index], lengthened, *config.stages[index + 1 :]))
