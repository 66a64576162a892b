"""The networks of a configuration."""

from torch import nn

from models.networks.conditional import ConcatDiscriminator, MultiScale, ProjectionDiscriminator
from models.networks.families import STYLE_DIM, GeneratorOptions, find_family
from models.networks.patchgan import PatchConfig, PatchDiscriminator, ResNetPatchDiscriminator
from models.networks.projected import (
    ConditionedDiscriminator,
    ProjectedDiscriminator,
    ProjectedDiscriminatorConfig,
)
from models.networks.protocols import PainterNetwork, SegmenterNetwork
from models.networks.spade import StyleEncoder, StyleEncoderConfig
from models.networks.unet import Discriminator, DiscriminatorConfig
from training.config import TrainConfig
from training.weights.pretrained import efficientnet


def generator_options(config: TrainConfig, classes: int) -> GeneratorOptions:
    """What a run asks of its generator."""
    return GeneratorOptions(
        classes,
        config.generator_channels,
        noise=config.noise != "none",
        noise_planes=config.noise_planes,
        padding=config.generator_padding,
        upsampling=config.generator_upsampling,
        style=config.style_encoder,
        native_size=config.stages[-1].size,
    )


def build_generator(config: TrainConfig, classes: int) -> PainterNetwork:
    """A generator of the family that --generator names. Raises FamilyError."""
    return find_family(config.generator).build(generator_options(config, classes))


def build_style_encoder(config: TrainConfig) -> StyleEncoder | None:
    """SPADE's image encoder, in the widths of a generator that ends in `generator_channels[-1]` (64 in SPADE)."""
    if not config.style_encoder:
        return None
    widths = tuple(config.generator_channels[-1] * factor for factor in (1, 2, 4, 8, 8, 8))
    return StyleEncoder(StyleEncoderConfig(STYLE_DIM, widths))


def build_discriminator(config: TrainConfig, classes: int) -> nn.Module:
    """A network with `examine`, told the labels or, if it segments, not."""
    networks = [_one_discriminator(config, classes) for _ in range(config.discriminator_scales)]
    return MultiScale(networks) if len(networks) > 1 else networks[0]


def _one_discriminator(config: TrainConfig, classes: int) -> nn.Module:
    widths = config.discriminator_widths
    match config.discriminator, config.label_encoding:
        case "patchgan", _:
            return PatchDiscriminator(PatchConfig(classes, widths[0]))
        case "resnet-patchgan", _:
            return ResNetPatchDiscriminator(DiscriminatorConfig(classes, widths))
        case "projected" | "conditioned", _:
            kind = ProjectedDiscriminator if config.discriminator == "projected" else ConditionedDiscriminator
            network = kind(ProjectedDiscriminatorConfig(classes, widths[0], encoder=config.encoder_name))
            network.encoder = efficientnet(config.encoder_name, config.encoder)
            return network
        case _, "concat":
            return ConcatDiscriminator(DiscriminatorConfig(classes, widths))
        case _, "projection":
            return ProjectionDiscriminator(DiscriminatorConfig(classes, widths))
    return Discriminator(DiscriminatorConfig(classes, widths))


def segmenter_of(discriminator: nn.Module) -> SegmenterNetwork | None:
    """What a trained discriminator leaves behind to segment photos: itself, the one at full scale, or nothing."""
    full_scale = discriminator.networks[0] if isinstance(discriminator, MultiScale) else discriminator
    return full_scale if isinstance(full_scale, SegmenterNetwork) else None
