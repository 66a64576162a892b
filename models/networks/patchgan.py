"""Discriminators that judge patches as real or fake, told the labels: SPADE's, and the one OASIS compares it with."""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from models.maps import check_size
from models.networks.layers import conv, instance_normed, leaky, with_labels
from models.networks.protocols import DiscriminatorOutput
from models.networks.unet import DiscriminatorConfig, down_blocks

MAX_WIDTH = 512
MAX_LAYERS = 16


@dataclass(frozen=True)
class PatchConfig:
    """classes: label classes N. width: of the first of `layers` convolutions; it doubles with each, up to 512."""

    classes: int
    width: int = 64
    layers: int = 4

    def __post_init__(self) -> None:
        if self.classes < 2 or self.width < 1 or not 2 <= self.layers <= MAX_LAYERS:
            raise ValueError(
                f"A patch discriminator needs two classes, a positive width and 2 to {MAX_LAYERS} layers: {self}"
            )

    @property
    def stride(self) -> int:
        """Pictures may have any size: the convolutions pad."""
        return 1

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(min(self.width << i, MAX_WIDTH) for i in range(self.layers))


class PatchDiscriminator(nn.Module):
    """PatchGAN as SPADE has it (Park et al. 2019, app. A): 4x4 convolutions with spectral and instance norm, all but
    the last two of stride 2."""

    def __init__(self, config: PatchConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.widths
        first = conv(config.classes + 3, widths[0], 4, stride=2, spectral=False)
        self.body = nn.ModuleList([first])
        for i, (before, after) in enumerate(pairwise(widths), start=2):
            self.body.append(instance_normed(before, after, 4, stride=1 if i == config.layers else 2))
        self.logits = conv(widths[-1], 1, 4, spectral=False)

    def examine(self, image: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1], labels: int64 [B, H, W]. Logits [B, 1, h, w], about 1/8 of the size."""
        x = with_labels(image, labels, self.config.classes)
        features = []
        for layer in self.body:
            x = leaky(layer(x))
            features.append(x)
        return DiscriminatorOutput([self.logits(x)], features)


class ResNetPatchDiscriminator(nn.Module):
    """The encoder of the OASIS U-Net, told the labels, with one logit at each place of its coarsest features (OASIS
    table 4)."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        self.body_down = down_blocks(config.classes + 3, config.down)
        self.logits = conv(config.down[-1], 1, 1, spectral=False)

    def examine(self, image: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1], labels: int64 [B, H, W], sides multiples of the stride.
        Logits [B, 1, H / stride, W / stride]."""
        check_size("picture", image.shape[-2], image.shape[-1], self.config.stride)
        x = with_labels(image, labels, self.config.classes)
        features = []
        for block in self.body_down:
            x = block(x)
            features.append(x)
        return DiscriminatorOutput([self.logits(leaky(x))], features)
