"""The projected discriminator: an (N + 1)-class segmenter on the features of a frozen ImageNet encoder.

Not part of the OASIS papers, which train their discriminator from nothing; a named variant beside `models.oasis`
for training on little compute. It keeps OASIS's task (segment, with "fake" as one more class) and takes fixed random
feature mixing from Projected GANs (Sauer et al., NeurIPS 2021).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.efficientnet import FEATURE_CHANNELS, EfficientNetLite0
from models.layers import Verdict, check_size, conv, leaky

HEADS = 4  # heads stand at strides 2, 4, 8, 16; stride 32 is heard through the top-down mixing
ENCODER_STRIDE = 32


@dataclass(frozen=True)
class ProjectedDiscriminatorConfig:
    """classes: label classes N. width: channels of mixed features and heads. mixing_seed: of the random mixing."""

    classes: int
    width: int = 64
    mixing_seed: int = 0

    def __post_init__(self) -> None:
        if self.classes < 2 or self.width < 2:
            raise ValueError(f"A projected discriminator needs two classes and a width of two at least: {self}")

    @property
    def stride(self) -> int:
        return ENCODER_STRIDE


class FeatureMixing(nn.Module):
    """Fixed random mixing across channels (1x1) and scales (top-down, 3x3); nothing here is trained."""

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.mixing_seed)
        width = config.width
        for i, channels in enumerate(FEATURE_CHANNELS):
            across = torch.randn(width, channels, 1, 1, generator=generator) * (2 / channels) ** 0.5
            along = torch.randn(width, width, 3, 3, generator=generator) * (1 / (9 * width)) ** 0.5
            self.register_buffer(f"channels_{i}", across)
            self.register_buffer(f"scales_{i}", along)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """Mixed features [B, width, h, w], finest first."""
        mixed = [F.conv2d(x, self.get_buffer(f"channels_{i}")) for i, x in enumerate(features)]
        for i in reversed(range(len(mixed) - 1)):
            coarser = F.interpolate(mixed[i + 1], scale_factor=2, mode="bilinear", align_corners=False)
            mixed[i] = F.conv2d((mixed[i] + coarser) / 1.4, self.get_buffer(f"scales_{i}"), padding=1)
        return mixed


class Head(nn.Module):
    """Two 3x3 convolutions and a 1x1 to N + 1 logits."""

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__()
        self.conv1 = conv(config.width, config.width, 3)
        self.conv2 = conv(config.width, config.width, 3)
        self.logits = conv(config.width, config.classes + 1, 1, spectral=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, and the features they come from."""
        x = leaky(self.conv2(leaky(self.conv1(x))))
        return self.logits(x), x


class ProjectedDiscriminator(nn.Module):
    """Channel 0 = fake, class c = channel c + 1, at strides 2, 4, 8 and 16."""

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = EfficientNetLite0()
        self.mixing = FeatureMixing(config)
        # The encoder was trained to overlook pixel noise; this shallow branch keeps pixels visible.
        # It keeps torch's own initialisation: with the published gain of 0.02 the features would drown it.
        self.pixels = nn.Conv2d(3, config.width // 2, 3, padding=1)
        self.pixels_down = nn.Conv2d(config.width // 2, config.width, 3, stride=2, padding=1)
        self.heads = nn.ModuleList(Head(config) for _ in range(HEADS))

    def examine(self, image: Tensor) -> Verdict:
        """image: [B, 3, H, W] in [-1, 1], sides multiples of 32. Logits [B, N + 1, h, w] of each head."""
        check_size("picture", image.shape[-2], image.shape[-1], ENCODER_STRIDE)
        mixed = self.mixing(self.encoder(image))
        mixed[0] = mixed[0] + self.pixels_down(leaky(self.pixels(image)))
        logits, features = zip(*(head(x) for head, x in zip(self.heads, mixed[:HEADS], strict=True)), strict=True)
        return Verdict(list(logits), list(features))

    def forward(self, image: Tensor) -> list[Tensor]:
        """The logits alone."""
        return self.examine(image).logits
