"""EfficientNet-Lite (Tan & Le 2019, the "lite" variants without squeeze-and-excitation) as a frozen feature encoder.

Batch norm is folded into the convolutions when weights are converted; the classifier is left out.
"""

import math
from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn

EncoderName = Literal["lite0", "lite2"]
Stages = tuple[tuple[int, int, int, int, int], ...]

# kernel, stride, expansion, output channels, repeats
LITE0: Stages = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def scaled(stages: Stages, width: float, depth: float) -> Stages:
    """So many times as wide, in multiples of eight channels, and as deep but for the first and the last stage."""
    found = []
    for i, (kernel, stride, expansion, channels, repeats) in enumerate(stages):
        outer = i in (0, len(stages) - 1)
        wider = int(channels * width + 4) // 8 * 8
        found.append((kernel, stride, expansion, wider, repeats if outer else math.ceil(repeats * depth)))
    return tuple(found)


STAGES: dict[EncoderName, Stages] = {"lite0": LITE0, "lite2": scaled(LITE0, 1.1, 1.2)}
STEM_CHANNELS = 32
# The last stage at each of the strides 2, 4, 8, 16, 32.
FEATURE_STAGES = (0, 1, 2, 4, 6)
BATCH_NORM_EPS = 1e-3


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow's "same": at stride 2 and even sizes one pixel more at right and bottom."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(in_channels, out_channels, kernel, stride, 0 if stride == 2 else kernel // 2, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == (2, 2):
            total = self.kernel_size[0] - 2
            before, after = total // 2, total - total // 2
            x = F.pad(x, (before, after, before, after))
        return super().forward(x)


class InvertedResidual(nn.Module):
    """1x1 expansion, depthwise convolution, 1x1 projection; a residual sum where the shape stays."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        middle = in_channels * expansion
        self.expand = SameConv(in_channels, middle, 1) if expansion > 1 else None
        self.depthwise = SameConv(middle, middle, kernel, stride, groups=middle)
        self.project = SameConv(middle, out_channels, 1)
        self.residual = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.residual else y


def feature_channels(name: EncoderName) -> tuple[int, ...]:
    """Of the features at each stride, finest first."""
    return tuple(STAGES[name][stage][3] for stage in FEATURE_STAGES)


class EfficientNetLite(nn.Module):
    """image [B, 3, H, W] in [-1, 1], sides multiples of 32 -> features at strides 2, 4, 8, 16, 32."""

    def __init__(self, name: EncoderName) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM_CHANNELS, 3, stride=2)
        self.stages = nn.ModuleList()
        channels = STEM_CHANNELS
        for kernel, stride, expansion, out_channels, repeats in STAGES[name]:
            blocks = []
            for i in range(repeats):
                blocks.append(InvertedResidual(channels, out_channels, kernel, stride if i == 0 else 1, expansion))
                channels = out_channels
            self.stages.append(nn.Sequential(*blocks))
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(image))
        features = []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in FEATURE_STAGES:
                features.append(x)
        return features
