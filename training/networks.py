"""The networks of a configuration."""

from torch import nn

from models.oasis import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig
from models.projected import ProjectedDiscriminator, ProjectedDiscriminatorConfig
from training.config import TrainConfig
from training.pretrained import efficientnet_lite0


def build_generator(config: TrainConfig, classes: int) -> Generator:
    return Generator(GeneratorConfig(classes, config.generator_channels))


def build_discriminator(config: TrainConfig, classes: int) -> nn.Module:
    """Maps [B, 3, H, W] to a list of logits [B, N + 1, h, w], finest first."""
    if config.discriminator == "oasis":
        return Discriminator(DiscriminatorConfig(classes, config.discriminator_widths))
    network = ProjectedDiscriminator(ProjectedDiscriminatorConfig(classes, config.discriminator_widths[0]))
    network.encoder = efficientnet_lite0(config.encoder)
    return network
