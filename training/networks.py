"""The networks of a configuration."""

from typing import Any

from torch import nn

from models.networks.conditional import ConcatDiscriminator, MultiScale, ProjectionDiscriminator
from models.networks.oasis import Generator, GeneratorConfig
from models.networks.patchgan import PatchConfig, PatchDiscriminator, ResNetPatchDiscriminator
from models.networks.projected import (
    ConditionedDiscriminator,
    PretrainedDiscriminator,
    ProjectedDiscriminator,
    ProjectedDiscriminatorConfig,
)
from models.networks.spade import SpadeConfig, SpadeGenerator, StyleEncoder, StyleEncoderConfig
from models.networks.unet import Discriminator, DiscriminatorConfig
from models.noise import NOISE_DIM
from training.config import TrainConfig
from training.weights.pretrained import efficientnet

STYLE_DIM = 256  # of SPADE's image encoder


def build_generator(config: TrainConfig, classes: int) -> Generator:
    shared: dict[str, Any] = {
        "classes": classes,
        "channels": config.generator_channels,
        "noise_dim": 0 if config.noise == "none" else NOISE_DIM,
        "noise_planes": config.noise_planes,
        "padding": config.generator_padding,
        "upsampling": config.generator_upsampling,
    }
    if config.generator == "oasis":
        return Generator(GeneratorConfig(**shared))
    style_dim = STYLE_DIM if config.style_encoder else 0
    return SpadeGenerator(SpadeConfig(**shared, style_dim=style_dim, native_size=config.stages[-1].size))


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


def segmenter_of(discriminator: nn.Module) -> nn.Module | None:
    """What a trained discriminator leaves behind to segment photos: itself, the one at full scale, or nothing."""
    full_scale = discriminator.networks[0] if isinstance(discriminator, MultiScale) else discriminator
    segments = isinstance(full_scale, Discriminator | PretrainedDiscriminator)
    return full_scale if segments else None
