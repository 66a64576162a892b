"""SPADE (Park et al., CVPR 2019): the generator with its seventh block, and the image encoder that gives it style.

Blocks and normalization are those of `models.networks.blocks`: OASIS took them over from SPADE and dropped the first
block (app. C.2).
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import one_hot
from models.networks.blocks import GeneratorConfig, check_channels
from models.networks.conditioning import Condition, DenseCondition, RegionCondition
from models.networks.layers import instance_normed, leaky, linear
from models.networks.oasis import Generator
from models.noise import NoiseError
from models.planes import Planes
from models.regions import Noise, Regions, find_class_regions

UNSCALED_BLOCK = 2  # the third block works at the size of the second
ONE_STYLE = "This model has one style for the whole picture: give its noise a seed and no regions of their own."


@dataclass(frozen=True)
class SpadeConfig(GeneratorConfig):
    """style_dim: numbers of a style, which makes the first feature map in place of the label map; 0 to go without it.
    native_size: height and width at which that feature map is made; only style needs it."""

    channels: tuple[int, ...] = (1024, 1024, 1024, 1024, 512, 256, 128, 64)
    noise_dim: int = 0
    style_dim: int = 0
    native_size: tuple[int, int] = (256, 256)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.style_dim < 0 or (self.style_dim and self.noise_dim):
            raise ValueError(f"A SPADE generator takes a style or 3D noise, not both: {self}")
        if self.style_dim and any(side < 1 or side % self.stride for side in self.native_size):
            raise ValueError(f"native_size must be of positive multiples of the stride {self.stride}: {self}")

    def upsamples(self, block: int) -> bool:
        return block not in (0, UNSCALED_BLOCK)

    @property
    def z_dim(self) -> int:
        return self.style_dim or self.noise_dim

    @property
    def start_size(self) -> tuple[int, int]:
        """Height and width of the first feature map at the native size."""
        return self.native_size[0] // self.stride, self.native_size[1] // self.stride


class SpadeGenerator(Generator):
    """Labels to a picture in [-1, 1]; with 3D noise, z [B, noise_dim] (OASIS table 2), or with a style, z [B,
    style_dim], or with neither, z [B, 0]."""

    config: SpadeConfig

    def first_layer(self) -> nn.Module:
        if not self.config.style_dim:
            return super().first_layer()
        height, width = self.config.start_size
        return linear(self.config.style_dim, self.config.channels[0] * height * width)

    def entrance(self, condition: Condition, size: tuple[int, int]) -> Tensor:
        if condition.style is None:
            return super().entrance(condition, size)
        x = self.fc(condition.style).unflatten(1, (-1, *self.config.start_size))  # [B, C, h, w]
        # At the native size this changes nothing; at others it stretches what the style laid out.
        return F.interpolate(x, size, mode="bilinear", align_corners=False)

    def condition(
        self, labels: Tensor, noise: Noise, planes: Planes | None = None, *, dense: bool = False
    ) -> Condition:
        """See Painter. Where a picture has one style, `noise` is the style, [B, style_dim]."""
        classes = self.config.classes
        if not self.config.style_dim:
            return super().condition(labels, noise, planes, dense=dense)
        if not isinstance(noise, Tensor) or noise.dim() != 2:
            raise NoiseError(ONE_STYLE)
        check_channels("the style", noise.shape[1], self.config.style_dim)
        if dense:
            return DenseCondition(one_hot(labels, classes).to(noise), noise)
        return self._styled(find_class_regions(labels, classes), noise)

    def condition_regions(self, regions: Regions) -> RegionCondition:
        """See Painter."""
        if not self.config.style_dim:
            return super().condition_regions(regions)
        style = regions.vectors
        check_channels("the style", style.shape[1], self.config.style_dim)
        if len(style) > 1:
            raise NoiseError(ONE_STYLE)
        return self._styled(replace(regions, vectors=style[:, :0]), style)

    def _styled(self, regions: Regions, style: Tensor) -> RegionCondition:
        features = regions.features(self.config.classes)
        return RegionCondition(regions.map, features, style, regions.planes, self.config.padding)


@dataclass(frozen=True)
class StyleEncoderConfig:
    """style_dim: numbers of a style. widths: channels of the convolutions, each of stride 2. size: side of the square
    that pictures are resized to."""

    style_dim: int = 256
    widths: tuple[int, ...] = (64, 128, 256, 512, 512, 512)
    size: int = 256

    def __post_init__(self) -> None:
        if self.style_dim < 1 or not self.widths or min(self.widths) < 1:
            raise ValueError(f"A style encoder needs a positive style_dim and positive widths: {self}")
        # Instance norm needs more than one pixel.
        if self.size % self.stride or self.size < 2 * self.stride:
            raise ValueError(f"size must be a multiple of the stride {self.stride}, twice that at least: {self}")

    @property
    def stride(self) -> int:
        return 1 << len(self.widths)


class StyleEncoder(nn.Module):
    """A picture to the distribution of its style (Park et al. 2019, app. A): z = mu + exp(logvar / 2) * noise."""

    def __init__(self, config: StyleEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.body = nn.ModuleList(
            instance_normed(before, after, 3, stride=2) for before, after in pairwise((3, *config.widths))
        )
        features = config.widths[-1] * (config.size // config.stride) ** 2
        self.fc_mu = linear(features, config.style_dim)
        self.fc_logvar = linear(features, config.style_dim)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """image: [B, 3, H, W] in [-1, 1] of any size. Mean and logarithm of the variance, [B, style_dim] each."""
        side = self.config.size
        x = F.interpolate(image, (side, side), mode="bilinear", align_corners=False)
        for layer in self.body:
            x = leaky(layer(x))
        x = x.flatten(1)  # [B, C * 4 * 4]
        return self.fc_mu(x), self.fc_logvar(x)
