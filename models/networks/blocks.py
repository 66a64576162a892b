"""What the generators of several families are built from: configuration, normalization and residual block."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import PADDINGS, Padding, pad
from models.networks.conditioning import Condition, Level, RegionLevel
from models.networks.fused_spade import Modulation, fused_spade, serves
from models.networks.layers import LEAK, UPSAMPLINGS, Upsampling, conv
from models.noise import NOISE_DIM

STRENGTH = 0.1  # of the noise planes at first, of one sign or the other


@dataclass(frozen=True)
class GeneratorConfig:
    """classes: label classes N. channels: width at the input and after each block, coarse to fine. noise_dim: channels
    of the 3D noise, 0 to go without it. noise_planes: whether every SPADE layer has a noise plane beside it
    (`models.planes`), which no published generator has. padding: what convolutions see beyond the borders, "zeros" as
    published or, to "replicate", the pixel at the border: no feature then tells where in the picture it stands.
    upsampling: before each block but the first, "nearest" as published or "bilinear", which leaves no edges between
    the pixels of the smaller map."""

    classes: int
    channels: tuple[int, ...] = (1024, 1024, 1024, 512, 256, 128, 64)
    hidden: int = 128
    noise_dim: int = NOISE_DIM
    noise_planes: bool = False
    padding: Padding = "zeros"
    upsampling: Upsampling = "nearest"

    def __post_init__(self) -> None:
        if self.classes < 2 or len(self.channels) < 2 or min(*self.channels, self.hidden) < 1 or self.noise_dim < 0:
            raise ValueError(f"A generator needs two classes and positive widths for one block at least: {self}")
        if self.noise_planes and not self.noise_dim:
            raise ValueError(f"Noise planes stand beside 3D noise, but noise_dim is 0: {self}")
        if self.padding not in PADDINGS:
            raise ValueError(f"padding must be one of {', '.join(PADDINGS)}: {self}")
        if self.upsampling not in UPSAMPLINGS:
            raise ValueError(f"upsampling must be one of {', '.join(UPSAMPLINGS)}: {self}")

    def upsamples(self, block: int) -> bool:
        """Whether the picture doubles before this block."""
        return block > 0

    @property
    def stride(self) -> int:
        """Label maps must be multiples of this: the first block works at 1 / stride."""
        return 1 << sum(self.upsamples(block) for block in range(len(self.channels) - 1))

    @property
    def condition_channels(self) -> int:
        """Of the noise-label map."""
        return self.noise_dim + self.classes

    @property
    def z_dim(self) -> int:
        """Numbers drawn for a picture."""
        return self.noise_dim

    @property
    def local_noise(self) -> bool:
        """Whether regions can have noise of their own."""
        return self.noise_dim > 0


class ConditionalNorm(nn.Module, ABC):
    """Batch norm without affine, scaled and shifted by what a family makes of the noise-label map. With noise planes,
    that of this layer is added before, in a strength learned for each channel."""

    plane_strength: nn.Parameter | None

    def __init__(self, channels: int, config: GeneratorConfig, layer: int) -> None:
        """layer: its number in the generator, which names its noise plane."""
        super().__init__()
        self.layer = layer
        self.batch_norm = nn.BatchNorm2d(channels, affine=False)
        self.build(channels, config)
        strength = None
        if config.noise_planes:
            strength = nn.Parameter(STRENGTH * (2.0 * torch.randint(0, 2, (channels,)) - 1))
        self.register_parameter("plane_strength", strength)

    @abstractmethod
    def build(self, channels: int, config: GeneratorConfig) -> None:
        """Add the layers that `modulation` uses."""

    @abstractmethod
    def modulation(self, level: Level) -> Level:
        """Two maps, gamma and beta, [B, channels, h, w] each: x is normalized to x (1 + gamma) + beta."""

    def forward(self, x: Tensor, condition: Condition, slope: float = 1.0, border: bool = False) -> Tensor:
        """slope: of the leaky ReLU after it; 1 for none. border: one pixel more on every side, equal to the nearest."""
        size = (x.shape[-2], x.shape[-1])
        modulation, plane = self.modulation(condition.at(size)), None
        if self.plane_strength is not None:
            assert condition.planes is not None  # Generator.paint sees to it
            plane = condition.planes.at(self.layer, size)  # [B, 1, h, w]
        if isinstance(modulation, RegionLevel) and serves(x, self.batch_norm):
            tables = Modulation(modulation.table, modulation.index, plane, self.plane_strength)
            return fused_spade(x, self.batch_norm, tables, slope, border)
        gamma, beta = modulation.spread()
        normalized: Tensor = self.batch_norm(x)
        if self.plane_strength is not None and plane is not None:
            strength = self.plane_strength[:, None, None].to(normalized)  # [C, 1, 1]
            normalized = torch.addcmul(normalized, strength, plane.to(normalized))
        modulated = torch.addcmul(normalized + beta, normalized, gamma)
        modulated = modulated if slope == 1.0 else F.leaky_relu(modulated, slope)
        return pad(modulated, "replicate") if border else modulated


class Spade(ConditionalNorm):
    """Spatially adaptive normalization: gamma and beta by two convolutions (Park et al. 2019, sec. 3.1)."""

    def build(self, channels: int, config: GeneratorConfig) -> None:
        self.mlp_shared = conv(config.condition_channels, config.hidden, 3, spectral=False, padding=config.padding)
        self.mlp_gamma = conv(config.hidden, channels, 3, spectral=False, padding=config.padding)
        self.mlp_beta = conv(config.hidden, channels, 3, spectral=False, padding=config.padding)

    def modulation(self, level: Level) -> Level:
        return level.convolve(self.mlp_shared).pointwise(F.relu).convolve(self.mlp_gamma, self.mlp_beta)


MakeNorm = Callable[[int], ConditionalNorm]  # of so many channels


class GeneratorBlock(nn.Module):
    """SPADE residual block: two normalized 3x3 convolutions and, where the width changes, a learned shortcut."""

    def __init__(self, in_channels: int, out_channels: int, config: GeneratorConfig, norms: Iterator[MakeNorm]) -> None:
        """norms: what makes its normalizations, one after the other."""
        super().__init__()
        middle = min(in_channels, out_channels)
        self.border = config.padding == "replicate"  # comes with what is normalized, in the same walk through memory
        padding = None if self.border else config.padding
        self.norm_0 = next(norms)(in_channels)
        self.conv_0 = conv(in_channels, middle, 3, padding=padding)
        self.norm_1 = next(norms)(middle)
        self.conv_1 = conv(middle, out_channels, 3, padding=padding)
        self.learned_shortcut = in_channels != out_channels
        if self.learned_shortcut:
            self.norm_s = next(norms)(in_channels)
            self.conv_s = conv(in_channels, out_channels, 1, bias=False)

    def forward(self, x: Tensor, condition: Condition) -> Tensor:
        shortcut = self.conv_s(self.norm_s(x, condition)) if self.learned_shortcut else x
        x = self.conv_0(self.norm_0(x, condition, LEAK, self.border))
        x = self.conv_1(self.norm_1(x, condition, LEAK, self.border))
        return shortcut + x


def check_channels(what: str, found: int, expected: int) -> None:
    """Raises ValueError unless noise or style has as many channels as the generator takes."""
    if found != expected:
        raise ValueError(f"{what} has {found} channels, but this generator takes {expected}.")
