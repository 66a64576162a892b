"""Named shapes of OASIS networks: those of the authors' checkpoints, and narrower ones of the same layout."""

from models.networks.blocks import GeneratorConfig
from models.networks.unet import DiscriminatorConfig


def published(classes: int) -> tuple[GeneratorConfig, DiscriminatorConfig]:
    """The shapes of the authors' checkpoints."""
    return GeneratorConfig(classes), DiscriminatorConfig(classes)


def scaled(classes: int, width: int, discriminator_width: int) -> tuple[GeneratorConfig, DiscriminatorConfig]:
    """The published layout with `width` instead of 64 and `discriminator_width` instead of 128 base channels."""
    generator = tuple(width * factor for factor in (16, 16, 16, 8, 4, 2, 1))
    discriminator = tuple(discriminator_width * factor for factor in (1, 1, 2, 2, 4, 4))
    return GeneratorConfig(classes, generator), DiscriminatorConfig(classes, discriminator)


VARIANTS: dict[str, tuple[GeneratorConfig, DiscriminatorConfig]] = {
    "ade20k": published(151),
    "coco-stuff": published(183),
    "cityscapes": published(35),
    "width-32": scaled(16, 32, 64),
    "width-24": scaled(16, 24, 48),
    "width-16": scaled(16, 16, 32),
}
