"""InceptionV3 as TensorFlow published it on 2015-12-05: the network whose features FID and KID compare.

It differs from the later torchvision InceptionV3 in what happens at the border of average pools (the padding does not
count) and in the last block's pool (a maximum). Batch norm is folded into the convolutions; the classifier is left out.
"""

from pathlib import Path
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.networks.layers import place
from training.weights.pretrained import INCEPTION, fetch

SIDE = 299  # px; the network was trained at this size

Width = Literal[64, 192, 768, 2048]


class RectifiedConv(nn.Conv2d):
    """A convolution and a ReLU. Padded to keep the size, unless `valid`."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: tuple[int, int], stride: int = 1, valid: bool = False
    ) -> None:
        padding = (0, 0) if valid else (kernel[0] // 2, kernel[1] // 2)
        super().__init__(in_channels, out_channels, kernel, stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu_(super().forward(x))


def average_pool(x: Tensor) -> Tensor:
    """3x3 at stride 1; what lies outside does not count."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


class InceptionA(nn.Module):
    """Towers with fields of 1, 5 and 5 (as two of 3)."""

    def __init__(self, channels: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = RectifiedConv(channels, 64, (1, 1))
        self.branch5x5_1 = RectifiedConv(channels, 48, (1, 1))
        self.branch5x5_2 = RectifiedConv(48, 64, (5, 5))
        self.branch3x3dbl_1 = RectifiedConv(channels, 64, (1, 1))
        self.branch3x3dbl_2 = RectifiedConv(64, 96, (3, 3))
        self.branch3x3dbl_3 = RectifiedConv(96, 96, (3, 3))
        self.branch_pool = RectifiedConv(channels, pooled, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        five = self.branch5x5_2(self.branch5x5_1(x))
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat([self.branch1x1(x), five, double, self.branch_pool(average_pool(x))], 1)


class InceptionB(nn.Module):
    """To half the size, 288 to 768 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.branch3x3 = RectifiedConv(288, 384, (3, 3), 2, valid=True)
        self.branch3x3dbl_1 = RectifiedConv(288, 64, (1, 1))
        self.branch3x3dbl_2 = RectifiedConv(64, 96, (3, 3))
        self.branch3x3dbl_3 = RectifiedConv(96, 96, (3, 3), 2, valid=True)

    def forward(self, x: Tensor) -> Tensor:
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat([self.branch3x3(x), double, F.max_pool2d(x, 3, 2)], 1)


class InceptionC(nn.Module):
    """Towers with fields of 1, 7 and 13, of convolutions along one axis each; 768 channels."""

    def __init__(self, middle: int) -> None:
        super().__init__()
        self.branch1x1 = RectifiedConv(768, 192, (1, 1))
        self.branch7x7_1 = RectifiedConv(768, middle, (1, 1))
        self.branch7x7_2 = RectifiedConv(middle, middle, (1, 7))
        self.branch7x7_3 = RectifiedConv(middle, 192, (7, 1))
        self.branch7x7dbl_1 = RectifiedConv(768, middle, (1, 1))
        self.branch7x7dbl_2 = RectifiedConv(middle, middle, (7, 1))
        self.branch7x7dbl_3 = RectifiedConv(middle, middle, (1, 7))
        self.branch7x7dbl_4 = RectifiedConv(middle, middle, (7, 1))
        self.branch7x7dbl_5 = RectifiedConv(middle, 192, (1, 7))
        self.branch_pool = RectifiedConv(768, 192, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        seven = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        double = self.branch7x7dbl_5(self.branch7x7dbl_4(double))
        return torch.cat([self.branch1x1(x), seven, double, self.branch_pool(average_pool(x))], 1)


class InceptionD(nn.Module):
    """To half the size, 768 to 1280 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.branch3x3_1 = RectifiedConv(768, 192, (1, 1))
        self.branch3x3_2 = RectifiedConv(192, 320, (3, 3), 2, valid=True)
        self.branch7x7x3_1 = RectifiedConv(768, 192, (1, 1))
        self.branch7x7x3_2 = RectifiedConv(192, 192, (1, 7))
        self.branch7x7x3_3 = RectifiedConv(192, 192, (7, 1))
        self.branch7x7x3_4 = RectifiedConv(192, 192, (3, 3), 2, valid=True)

    def forward(self, x: Tensor) -> Tensor:
        three = self.branch3x3_2(self.branch3x3_1(x))
        seven = self.branch7x7x3_4(self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x))))
        return torch.cat([three, seven, F.max_pool2d(x, 3, 2)], 1)


class InceptionE(nn.Module):
    """Towers that end in two convolutions along one axis each, side by side; to 2048 channels."""

    def __init__(self, channels: int, pool: Literal["average", "maximum"]) -> None:
        super().__init__()
        self.pool = pool
        self.branch1x1 = RectifiedConv(channels, 320, (1, 1))
        self.branch3x3_1 = RectifiedConv(channels, 384, (1, 1))
        self.branch3x3_2a = RectifiedConv(384, 384, (1, 3))
        self.branch3x3_2b = RectifiedConv(384, 384, (3, 1))
        self.branch3x3dbl_1 = RectifiedConv(channels, 448, (1, 1))
        self.branch3x3dbl_2 = RectifiedConv(448, 384, (3, 3))
        self.branch3x3dbl_3a = RectifiedConv(384, 384, (1, 3))
        self.branch3x3dbl_3b = RectifiedConv(384, 384, (3, 1))
        self.branch_pool = RectifiedConv(channels, 192, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        three = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pooled = average_pool(x) if self.pool == "average" else F.max_pool2d(x, 3, 1, 1)
        towers = [self.branch1x1(x), self.branch3x3_2a(three), self.branch3x3_2b(three)]
        towers += [self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double), self.branch_pool(pooled)]
        return torch.cat(towers, 1)


class InceptionV3(nn.Module):
    """Pictures -> features. Pictures are uint8 [B, 3, H, W], or float in [-1, 1], which are rounded to 8 bits first, as
    a file would. Of any size: they are resized to 299x299 as TensorFlow 1 did it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1a_3x3 = RectifiedConv(3, 32, (3, 3), 2, valid=True)
        self.conv2d_2a_3x3 = RectifiedConv(32, 32, (3, 3), valid=True)
        self.conv2d_2b_3x3 = RectifiedConv(32, 64, (3, 3))
        self.conv2d_3b_1x1 = RectifiedConv(64, 80, (1, 1))
        self.conv2d_4a_3x3 = RectifiedConv(80, 192, (3, 3), valid=True)
        self.mixed_5b = InceptionA(192, 32)
        self.mixed_5c = InceptionA(256, 64)
        self.mixed_5d = InceptionA(288, 64)
        self.mixed_6a = InceptionB()
        self.mixed_6b = InceptionC(128)
        self.mixed_6c = InceptionC(160)
        self.mixed_6d = InceptionC(160)
        self.mixed_6e = InceptionC(192)
        self.mixed_7a = InceptionD()
        self.mixed_7b = InceptionE(1280, "average")
        self.mixed_7c = InceptionE(2048, "maximum")
        self.requires_grad_(False).eval()

    def forward(self, images: Tensor, width: Width = 2048) -> Tensor:
        """[B, width]: the spatial mean of maps()."""
        return self.maps(images, width).mean((2, 3))

    def maps(self, images: Tensor, width: Width = 2048) -> Tensor:
        """Activations [B, width, h, w] after the first pool (73x73), the second (35x35), the last block at 17x17, or
        the last of all (8x8)."""
        x = (resize_like_tensorflow(quantize(images), SIDE) - 128) / 128
        x = x.contiguous(memory_format=torch.channels_last)
        x = F.max_pool2d(self.conv2d_2b_3x3(self.conv2d_2a_3x3(self.conv2d_1a_3x3(x))), 3, 2)  # [B, 64, 73, 73]
        if width == 64:
            return x
        x = F.max_pool2d(self.conv2d_4a_3x3(self.conv2d_3b_1x1(x)), 3, 2)  # [B, 192, 35, 35]
        if width == 192:
            return x
        x = self.mixed_5d(self.mixed_5c(self.mixed_5b(x)))  # [B, 288, 35, 35]
        middle: Tensor = self.mixed_6e(
            self.mixed_6d(self.mixed_6c(self.mixed_6b(self.mixed_6a(x))))
        )  # [B, 768, 17, 17]
        if width == 768:
            return middle
        last: Tensor = self.mixed_7c(self.mixed_7b(self.mixed_7a(middle)))  # [B, 2048, 8, 8]
        return last


def quantize(images: Tensor) -> Tensor:
    """uint8 pictures, or float ones in [-1, 1] rounded to 8 bits, as float 0 .. 255."""
    return images.float() if images.dtype == torch.uint8 else images.float().add(1).mul(127.5).round().clamp(0, 255)


def resize_like_tensorflow(x: Tensor, side: int) -> Tensor:
    """[B, C, H, W] -> [B, C, side, side], bilinear as TensorFlow 1 did it: row i is row i * H / side of the input, not
    that of pixel centers, and there is no smoothing before shrinking.
    """
    for axis in (2, 3):
        length = x.shape[axis]
        if length == side:
            continue
        position = torch.arange(side, device=x.device, dtype=torch.float32) * (length / side)
        low = position.long()
        high = (low + 1).clamp(max=length - 1)
        share = (position - low).to(x.dtype).view(-1, 1) if axis == 2 else (position - low).to(x.dtype)
        x = torch.lerp(x.index_select(axis, low), x.index_select(axis, high), share)
    return x


def load_inception(source: Path | None = None) -> InceptionV3:
    """The network with its weights of 2015-12-05. `source`: a published file; without it the cache, then where it is
    published. Raises PretrainedError.
    """
    network = InceptionV3()
    network.load_state_dict(fetch(INCEPTION, source))
    return place(network, "cpu")
