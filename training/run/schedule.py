"""The stages of a training run: how long each lasts, what is trained in it and at which rates."""

from dataclasses import dataclass
from typing import Literal

Augmentation = Literal["none", "color"]
Trained = Literal["both", "discriminator", "segmenter"]

START_RISE = 400  # images in which the rate of a run that begins with a model rises
RISE = 0.05  # share of a stage whose rate falls


@dataclass(frozen=True)
class Stage:
    """A part of a run: `images` seen in it, at `size` (height, width), `batch` images a step, and `rate`, a factor of
    both learning rates. With `falls` it rises in the first twentieth of the stage, because Adam's first steps are as
    long for a gradient of noise as for any, and falls linearly to zero in the course of it. augmentation: another one
    than the run's.

    trained: 'both' networks; the 'discriminator' alone, on photos and on fakes of the generator as it is, without the
    consistency term, which serves the generator; or, not in the papers, the discriminator as a 'segmenter', on photos
    alone, each enlarged at random (`training.run.zoom`), with the square roots of the class weights: it segments better
    then, and forgets what a fake is."""

    size: tuple[int, int]
    images: int
    batch: int
    rate: float = 1.0
    falls: bool = False
    trained: Trained = "both"
    augmentation: Augmentation | None = None


@dataclass(frozen=True)
class Schedule:
    """Stages one after the other. starts_from_model: whether the run begins with the networks of a model."""

    stages: tuple[Stage, ...]
    starts_from_model: bool = False

    @property
    def total_images(self) -> int:
        """Of all stages."""
        return sum(stage.images for stage in self.stages)

    def stage_at(self, images: int) -> Stage:
        """The stage a run is in after `images` images; the last one when all are done."""
        return self.stages[min(self.locate(images)[0], len(self.stages) - 1)]

    def generator_stage_at(self, images: int) -> Stage:
        """The last stage by then in which the generator was trained; the current one if there is none."""
        current = self.stage_at(images)
        earlier = self.stages[: self.stages.index(current) + 1]
        return next((stage for stage in reversed(earlier) if stage.trained == "both"), current)

    def rate_at(self, images: int) -> float:
        """The factor of both learning rates after `images` images. A run that begins with a model rises to it in its
        first 400 images: Adam does not know yet how large its gradients are, and there is something to lose."""
        index, done = self.locate(images)
        if index == len(self.stages):
            index, done = index - 1, self.stages[-1].images
        stage = self.stages[index]
        if not stage.falls:
            return stage.rate * (min((images + stage.batch) / START_RISE, 1) if self.starts_from_model else 1)
        return stage.rate * min((done + stage.batch) / (RISE * stage.images), 1) * (1 - done / stage.images)

    def generator_images(self, images: int) -> int:
        """How many of the first `images` images the generator was trained on."""
        seen = 0
        for stage in self.stages:
            done = min(images, stage.images)
            seen += done if stage.trained == "both" else 0
            images -= done
        return seen

    def locate(self, images: int) -> tuple[int, int]:
        """The number of the stage and how many of its images are done; a number too high when all are done."""
        for index, stage in enumerate(self.stages):
            if images < stage.images:
                return index, images
            images -= stage.images
        return len(self.stages), 0
