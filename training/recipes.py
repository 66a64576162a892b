"""Named configurations: `oasis-studio train --recipe NAME`."""

from pathlib import Path

from models.oasis import VARIANTS
from training.config import Stage, TrainConfig

LANDSCAPES = TrainConfig(
    data=Path("../shared/data/landscapes256"),
    out=Path("runs/landscapes"),
    # What the shipped weights saw. More of the last stage is the first thing to add.
    stages=(Stage((128, 128), 7_104, 8), Stage((128, 128), 1_328, 8, rate=0.4), Stage((256, 256), 1_596, 4, rate=0.4)),
    generator_channels=VARIANTS["width-16"][0].channels,
    discriminator="projected",
    discriminator_widths=(64,),
    labelmix_weight=5.0,
    class_weight_clamp=20.0,
    generator_rate=4e-4,
    discriminator_rate=4e-4,
    betas=(0.0, 0.99),
    ema_decay=0.999,
)

RECIPES: dict[str, TrainConfig] = {"landscapes": LANDSCAPES, "oasis": TrainConfig()}
