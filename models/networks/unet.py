"""The discriminator of OASIS (Schönfeld et al., ICLR 2021, sec. 3.1), a U-Net that segments, and its parts."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import check_size
from models.networks.layers import conv, leaky
from models.networks.protocols import DiscriminatorOutput, SegmenterNetwork


@dataclass(frozen=True)
class DiscriminatorConfig:
    """classes: label classes N. down: widths of the encoder, fine to coarse."""

    classes: int
    down: tuple[int, ...] = (128, 128, 256, 256, 512, 512)

    def __post_init__(self) -> None:
        if self.classes < 2 or not self.down or min(self.down) < 2:
            raise ValueError(f"A discriminator needs two classes and widths of two at least: {self}")

    @property
    def stride(self) -> int:
        return 1 << len(self.down)

    @property
    def up(self) -> tuple[int, ...]:
        """Widths of the decoder: each step arrives at the width of the encoder features it joins."""
        return (*reversed(self.down[:-1]), self.down[0] // 2)


class DownBlock(nn.Module):
    """Two 3x3 convolutions, then 2x2 average pooling. The first block starts from pixels: no activation before it,
    and its shortcut pools before the 1x1 convolution."""

    def __init__(self, in_channels: int, out_channels: int, first: bool) -> None:
        super().__init__()
        self.first = first
        self.conv1 = conv(in_channels, out_channels, 3)
        self.conv2 = conv(out_channels, out_channels, 3)
        self.conv_s = conv(in_channels, out_channels, 1) if in_channels != out_channels else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.conv_s(F.avg_pool2d(x, 2)) if self.first else F.avg_pool2d(self.conv_s(x), 2)
        x = self.conv1(x if self.first else leaky(x))
        x = self.conv2(leaky(x))
        return shortcut + F.avg_pool2d(x, 2)


class UpBlock(nn.Module):
    """Nearest x2 upsampling and two 3x3 convolutions."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1 = conv(in_channels, out_channels, 3)
        self.conv2 = conv(out_channels, out_channels, 3)
        self.conv_s = conv(in_channels, out_channels, 1) if in_channels != out_channels else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        # A 1x1 convolution commutes with nearest upsampling; on the small side it costs a quarter.
        shortcut = F.interpolate(self.conv_s(x), scale_factor=2, mode="nearest")
        x = self.conv1(F.interpolate(leaky(x), scale_factor=2, mode="nearest"))
        x = self.conv2(leaky(x))
        return shortcut + x


def down_blocks(in_channels: int, widths: tuple[int, ...]) -> nn.ModuleList:
    """The encoder of the U-Net."""
    return nn.ModuleList(
        DownBlock(before, after, first=i == 0)
        for i, (before, after) in enumerate(zip((in_channels, *widths[:-1]), widths, strict=True))
    )


class UNet(nn.Module):
    """The trunk of the discriminators that judge every pixel (OASIS app. C.1, table L without its last line)."""

    def __init__(self, in_channels: int, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        down, up = config.down, config.up
        self.body_down = down_blocks(in_channels, down)
        # Every up block but the first also takes the encoder features of its resolution.
        joined = (down[-1], *(skip + own for skip, own in zip(reversed(down[:-1]), up[:-1], strict=True)))
        self.body_up = nn.ModuleList(UpBlock(before, after) for before, after in zip(joined, up, strict=True))

    def features(self, x: Tensor) -> list[Tensor]:
        """Outputs of all blocks on [B, C, H, W], H and W multiples of the stride; the last is [B, up[-1], H, W]."""
        check_size("picture", x.shape[-2], x.shape[-1], self.config.stride)
        encoded = []
        for block in self.body_down:
            x = block(x)
            encoded.append(x)
        decoded = [self.body_up[0](x)]
        for block, skip in zip(self.body_up[1:], encoded[-2::-1], strict=True):
            decoded.append(block(torch.cat([skip, decoded[-1]], dim=1)))
        return encoded + decoded


class Discriminator(UNet, SegmenterNetwork):
    """Segments a picture into N + 1 classes: channel 0 = fake, class c = channel c + 1 (OASIS sec. 3.1)."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__(3, config)
        self.layer_up_last = conv(config.up[-1], config.classes + 1, 1, spectral=False)

    def examine(self, image: Tensor) -> DiscriminatorOutput:
        """See Segmenter. One logit map, of the picture's size."""
        features = self.features(image)
        return DiscriminatorOutput([self.layer_up_last(features[-1])], features)
