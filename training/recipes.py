"""Named configurations: `oasis-studio train --recipe NAME`.

The settings of the papers (OASIS sec. 4 and app. C.3, thesis sec. 4.3.1) and of the authors' published checkpoints;
an epoch is written as the photos of the data set. A paper's ablation is a recipe and an option: docs/papers.md.
"""

from dataclasses import replace
from pathlib import Path

from models.networks.variants import VARIANTS
from training.config import TrainConfig
from training.run.schedule import Stage

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

# On pretrained features, for hours instead of weeks (docs/zoo.md).
LANDSCAPES = TrainConfig(
    data=Path("../shared/data/landscapes256"),
    out=Path("runs/landscapes"),
    sampling="rare",
    resize_ratio=1.0,  # photos of 256 pixels, which the papers' 286/256 blurs
    stages=(
        Stage((128, 128), 16_000, 8),
        Stage((256, 256), 20_000, 4),
        Stage((256, 256), 10_000, 4, falls=True),
        Stage((256, 256), 10_000, 8, 0.75, falls=True, trained="segmenter", augmentation="color"),
    ),
    generator_channels=VARIANTS["width-16"][0].channels,
    noise="brushed",
    noise_planes=True,
    generator_padding="replicate",
    generator_upsampling="bilinear",
    discriminator="conditioned",
    discriminator_widths=(64,),
    consistency_weight=5.0,
    class_weight_clamp=20.0,
    generator_class_weights="root",
    diversity_weight=0.5,
    diversity_bound=0.6,
    lazy_interval=2,
    reuse_fakes=True,
    generator_rate=4e-4,
    discriminator_rate=4e-4,
    encoder_rate=0.15,
    betas=(0.0, 0.99),
    ema_decay=0.998,
)

# 400 photos are too few to begin with: textures and edges come from landscapes, of which sky and trees are known by
# name. The data set is what 'oasis-studio refine-labels' makes of facades256 (docs/zoo.md).
FACADES = replace(
    LANDSCAPES,
    data=Path("data/facades256-refined"),
    out=Path("runs/facades"),
    start=Path("models/zoo/landscapes"),
    sampling="uniform",
    stages=(
        Stage((256, 256), 2_400, 8, trained="discriminator"),  # it has not seen these classes yet
        Stage((256, 256), 9_000, 4),
        Stage((256, 256), 3_500, 4, falls=True),
        Stage((256, 256), 2_400, 8, 0.75, falls=True, trained="segmenter", augmentation="color"),
    ),
    diversity_weight=0.4,
    diversity_balanced=True,
)

# What segments photos: no generator learns from it, so it may look through a larger encoder and learn that as well.
LANDSCAPES_SEGMENTER = replace(
    LANDSCAPES,
    out=Path("runs/landscapes-segmenter"),
    start=Path("models/zoo/landscapes"),
    stages=(Stage((256, 256), 12_000, 8, 0.75, falls=True, trained="segmenter", augmentation="color"),),
    encoder_name="lite2",
)

# Ten minutes of one large GPU, whatever its speed: see docs/training.md.
LANDSCAPES_GPU = replace(
    LANDSCAPES,
    out=Path("runs/landscapes-gpu"),
    stages=(
        Stage((128, 128), 60_000, 64),
        Stage((256, 256), 90_000, 32),
        Stage((256, 256), 20_000, 32, falls=True),
        Stage((256, 256), 25_000, 32, falls=True, trained="segmenter", augmentation="color"),
    ),
    stage_shares=(0.15, 0.6, 0.15, 0.1),
    time_budget=9.0,
    generator_channels=VARIANTS["width-24"][0].channels,
    narrower=VARIANTS["width-16"][0].channels,
    narrower_below=480.0,
    conditioning="dense",
    resident=True,
    checkpoint_minutes=2.0,
    log_every=100,
)
FACADES_GPU = replace(
    LANDSCAPES_GPU,
    data=FACADES.data,
    out=Path("runs/facades-gpu"),
    start=FACADES.start,
    sampling="uniform",
    stages=(
        Stage((256, 256), 4_000, 32, trained="discriminator"),
        Stage((256, 256), 30_000, 32),
        Stage((256, 256), 10_000, 32, falls=True),
        Stage((256, 256), 4_000, 32, falls=True, trained="segmenter", augmentation="color"),
    ),
    stage_shares=(0.08, 0.57, 0.25, 0.1),
    time_budget=2.5,
    narrower=(),
    narrower_below=0.0,
    checkpoint_minutes=1.0,
    diversity_weight=FACADES.diversity_weight,
    diversity_balanced=FACADES.diversity_balanced,
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
    "facades": FACADES,
    "landscapes-segmenter": LANDSCAPES_SEGMENTER,
    "landscapes-gpu": LANDSCAPES_GPU,
    "facades-gpu": FACADES_GPU,
}
