"""Named configurations: `oasis-studio train --recipe NAME`.

The settings of the papers (OASIS sec. 4 and app. C.3, thesis sec. 4.3.1) and of the authors' published checkpoints;
an epoch is written as the photos of the data set. A paper's ablation is a recipe and an option: docs/papers.md.
"""

from dataclasses import replace
from pathlib import Path

from models.oasis import VARIANTS
from training.config import Stage, TrainConfig

ADE20K = TrainConfig(
    data=Path("data/ade20k"),
    layout="ade20k",
    out=Path("runs/ade20k"),
    upscale=True,  # photos have any size; some are smaller than the crop
    stages=(Stage((256, 256), 200 * 20_210, 32),),
    workers=8,
    checkpoint_every=50_000,
    consistency_weight=10.0,  # of the published checkpoint; the papers say 5
)

ADE20K_OUTDOORS = replace(
    ADE20K,
    layout="ade20k-outdoors",
    out=Path("runs/ade20k-outdoors"),
    stages=(Stage((256, 256), 200 * 9_649, 32),),
)

COCO_STUFF = replace(
    ADE20K,
    data=Path("data/coco"),
    layout="coco-stuff",
    out=Path("runs/coco-stuff"),
    stages=(Stage((256, 256), 100 * 118_287, 32),),
)

CITYSCAPES = replace(
    ADE20K,
    data=Path("data/cityscapes"),
    layout="cityscapes",
    out=Path("runs/cityscapes"),
    upscale=False,
    stages=(Stage((256, 512), 200 * 2_975, 20),),
    consistency_weight=5.0,
    generator_rate=4e-4,  # rate and decay of the published checkpoint; the papers say 1e-4 and 0.9999
    ema_decay=0.999,
)

LVIS = replace(
    COCO_STUFF,
    layout="lvis",
    out=Path("runs/lvis"),
    stages=(Stage((128, 128), 100 * 100_170, 32),),
)

# SPADE+ is SPADE without feature matching and with an averaged generator (OASIS sec. 4.1).
SPADE_PLUS = replace(
    ADE20K,
    out=Path("runs/spade-plus"),
    generator="spade",
    generator_channels=(1024, *ADE20K.generator_channels),
    noise="none",
    discriminator="patchgan",
    discriminator_widths=(64,),
    discriminator_scales=2,
    label_encoding="concat",
    consistency="none",
    perceptual_weight=10.0,
)

SPADE = replace(SPADE_PLUS, out=Path("runs/spade"), feature_matching_weight=10.0, ema_decay=0.0)

LANDSCAPES = TrainConfig(
    data=Path("../shared/data/landscapes256"),
    out=Path("runs/landscapes"),
    # What the shipped weights saw. More of the last stage is the first thing to add.
    stages=(Stage((128, 128), 7_104, 8), Stage((128, 128), 1_328, 8, rate=0.4), Stage((256, 256), 1_596, 4, rate=0.4)),
    generator_channels=VARIANTS["width-16"][0].channels,
    discriminator="projected",
    discriminator_widths=(64,),
    consistency_weight=5.0,
    class_weight_clamp=20.0,
    generator_rate=4e-4,
    discriminator_rate=4e-4,
    betas=(0.0, 0.99),
    ema_decay=0.999,
)

RECIPES: dict[str, TrainConfig] = {
    "oasis": TrainConfig(),
    "ade20k": ADE20K,
    "ade20k-outdoors": ADE20K_OUTDOORS,
    "coco-stuff": COCO_STUFF,
    "cityscapes": CITYSCAPES,
    "lvis": LVIS,
    "spade": SPADE,
    "spade-plus": SPADE_PLUS,
    "landscapes": LANDSCAPES,
}
