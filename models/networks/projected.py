"""Discriminators on pretrained features: (N + 1)-class segmenters on an ImageNet encoder that is frozen while a
generator learns from them.

Not part of the OASIS papers, which train their discriminator from nothing; named variants beside `models.networks.unet`
for training on little compute. They keep OASIS's task (segment, with "fake" as one more class) and take fixed random
feature mixing from Projected GANs (Sauer et al., NeurIPS 2021). The second one also brings what it sees to one scale,
as DP-SIMS does (Berrada et al., CVPR 2024).
"""

from abc import abstractmethod
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import check_size
from models.networks.efficientnet import FEATURE_STAGES, STAGES, EfficientNetLite, EncoderName, feature_channels
from models.networks.layers import conv, leaky
from models.networks.protocols import DiscriminatorOutput, SegmenterNetwork

HEADS = 4  # heads stand at strides 2, 4, 8, 16; stride 32 is heard through the top-down mixing
MAX_WIDTH = 1024
ENCODER_STRIDE = 32


@dataclass(frozen=True)
class ProjectedDiscriminatorConfig:
    """classes: label classes N. width: channels of mixed features and heads. mixing_seed: of the random mixing.
    encoder: which EfficientNet looks at the picture."""

    classes: int
    width: int = 64
    mixing_seed: int = 0
    encoder: EncoderName = "lite0"

    def __post_init__(self) -> None:
        if self.encoder not in STAGES:
            raise ValueError(f"Unknown encoder {self.encoder!r}: expected one of {', '.join(STAGES)}.")
        if self.classes < 2 or not 2 <= self.width <= MAX_WIDTH:
            raise ValueError(f"A projected discriminator needs two classes and a width of 2 to {MAX_WIDTH}: {self}")

    @property
    def stride(self) -> int:
        return ENCODER_STRIDE


class FeatureMixing(nn.Module):
    """Fixed random mixing across channels (1x1) and scales (top-down); nothing here is trained. kernels: sizes of the
    convolutions after each sum of two scales, finest first."""

    def __init__(self, config: ProjectedDiscriminatorConfig, kernels: tuple[int, ...]) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.mixing_seed)
        width = config.width
        for i, (channels, kernel) in enumerate(zip(feature_channels(config.encoder), kernels, strict=True)):
            across = torch.randn(width, channels, 1, 1, generator=generator) * (2 / channels) ** 0.5
            gain = (1 / (kernel * kernel * width)) ** 0.5
            along = torch.randn(width, width, kernel, kernel, generator=generator) * gain
            self.register_buffer(f"channels_{i}", across)
            self.register_buffer(f"scales_{i}", along)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """Mixed features [B, width, h, w], finest first."""
        mixed = [F.conv2d(x, self.get_buffer(f"channels_{i}")) for i, x in enumerate(features)]
        for i in reversed(range(len(mixed) - 1)):
            coarser = F.interpolate(mixed[i + 1], scale_factor=2, mode="bilinear", align_corners=False)
            weight = self.get_buffer(f"scales_{i}")
            mixed[i] = F.conv2d((mixed[i] + coarser) / 1.4, weight, padding=weight.shape[-1] // 2)
        return mixed


class Head(nn.Module):
    """Two 3x3 convolutions from `inputs` to `width` channels and a 1x1 to N + 1 logits."""

    def __init__(self, inputs: int, width: int, classes: int) -> None:
        super().__init__()
        self.conv1 = conv(inputs, width, 3)
        self.conv2 = conv(width, width, 3)
        self.logits = conv(width, classes + 1, 1, spectral=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, and the features they come from."""
        x = leaky(self.conv2(leaky(self.conv1(x))))
        return self.logits(x), x


class PretrainedDiscriminator(SegmenterNetwork):
    """What both variants have in common. Channel 0 = fake, class c = channel c + 1, at strides 2, 4, 8 and 16."""

    heads: nn.ModuleList

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = EfficientNetLite(config.encoder)

    @abstractmethod
    def features(self, image: Tensor) -> list[Tensor]:
        """What the heads see: [B, width, h, w] at the strides 2, 4, 8 and 16."""

    def examine(self, image: Tensor) -> DiscriminatorOutput:
        """See Segmenter. Logits of each head, at strides 2, 4, 8 and 16."""
        check_size("picture", image.shape[-2], image.shape[-1], ENCODER_STRIDE)
        seen = zip(self.heads, self.features(image), strict=True)
        logits, features = zip(*(head(x) for head, x in seen), strict=True)
        return DiscriminatorOutput(list(logits), list(features))


class ProjectedDiscriminator(PretrainedDiscriminator):
    """Heads on mixed features as they come, and a shallow branch for pixels."""

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__(config)
        self.mixing = FeatureMixing(config, (3,) * len(FEATURE_STAGES))
        # The encoder was trained to overlook pixel noise; this shallow branch keeps pixels visible.
        # It keeps torch's own initialization: with the published gain of 0.02 the features would drown it.
        self.pixels = nn.Conv2d(3, config.width // 2, 3, padding=1)
        self.pixels_down = nn.Conv2d(config.width // 2, config.width, 3, stride=2, padding=1)
        self.heads = nn.ModuleList(Head(config.width, config.width, config.classes) for _ in range(HEADS))

    def features(self, image: Tensor) -> list[Tensor]:
        mixed: list[Tensor] = self.mixing(self.encoder(image))
        mixed[0] = mixed[0] + self.pixels_down(leaky(self.pixels(image)))
        return mixed[:HEADS]


FEATURE_DEVIATION = 4.0
PIXEL_DEVIATION = 2.0


class ConditionedDiscriminator(PretrainedDiscriminator):
    """Every channel of the mixed features is brought to one mean and deviation, by photos and once for all, and pixels
    to half of that deviation at the start: else features of unequal scales drown each other, and the pixels most of
    all. At the finest scale, where all the work is, mixing is 1x1 and the head half as wide."""

    def __init__(self, config: ProjectedDiscriminatorConfig) -> None:
        super().__init__(config)
        width = config.width
        self.mixing = FeatureMixing(config, (1, *[3] * (len(FEATURE_STAGES) - 1)))
        for i in range(HEADS):
            self.register_buffer(f"mean_{i}", torch.zeros(width))
            self.register_buffer(f"factor_{i}", torch.ones(width))
        self.pixels = nn.Conv2d(3 * 2 * 2, width, 3, padding=1)  # of 2x2 pixels side by side
        widths = [width // 2, *[width] * (HEADS - 1)]
        self.heads = nn.ModuleList(Head(width, head, config.classes) for head in widths)

    def features(self, image: Tensor) -> list[Tensor]:
        mixed: list[Tensor] = self.mixing(self.encoder(image))[:HEADS]
        seen = []
        for i, x in enumerate(mixed):
            mean, factor = (self.get_buffer(f"{name}_{i}")[:, None, None].to(x) for name in ("mean", "factor"))
            seen.append((x - mean) * factor)
        seen[0] = seen[0] + self.pixels(F.pixel_unshuffle(image, 2))
        return seen

    @torch.no_grad()
    def standardize(self, photos: Tensor) -> None:
        """Set means and factors so that each channel of the features has mean 0 and deviation 4 on these photos, [B, 3,
        H, W] in [-1, 1], and the pixel branch so that it has deviation 2. For a network that is yet untrained."""
        for i, x in enumerate(self.mixing(self.encoder(photos))[:HEADS]):
            deviation, mean = torch.std_mean(x.float(), dim=(0, 2, 3))
            self.get_buffer(f"mean_{i}").copy_(mean)
            self.get_buffer(f"factor_{i}").copy_(FEATURE_DEVIATION / deviation.clamp(min=1e-6))
        answer = self.pixels(F.pixel_unshuffle(photos, 2))
        deviation, mean = torch.std_mean(answer.float())
        factor = PIXEL_DEVIATION / deviation
        self.pixels.weight.mul_(factor)
        assert self.pixels.bias is not None
        self.pixels.bias.sub_(mean).mul_(factor)
