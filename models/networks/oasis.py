"""The generator of OASIS (Schönfeld et al., ICLR 2021), with 3D noise (sec. 3.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import PADDINGS, Padding, check_size, one_hot, pad
from models.networks.conditioning import Condition, DenseCondition, RegionCondition, RegionLevel, SplitCondition
from models.networks.fused_spade import Modulation, fused_spade, serves
from models.networks.layers import LEAK, UPSAMPLINGS, Upsampling, conv, leaky
from models.noise import NOISE_DIM
from models.planes import Planes
from models.regions import Regions, find_class_regions, find_regions


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


NO_SEEDS = "This generator has noise planes: give their seeds as well."
STRENGTH = 0.1  # of the noise planes at first, of one sign or the other


class Spade(nn.Module):
    """Spatially adaptive normalization: batch norm without affine, scaled and shifted by the noise-label map. With
    noise planes, that of this layer is added before, in a strength learned for each channel."""

    plane_strength: nn.Parameter | None

    def __init__(self, channels: int, config: GeneratorConfig, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.batch_norm = nn.BatchNorm2d(channels, affine=False)
        self.mlp_shared = conv(config.condition_channels, config.hidden, 3, spectral=False, padding=config.padding)
        self.mlp_gamma = conv(config.hidden, channels, 3, spectral=False, padding=config.padding)
        self.mlp_beta = conv(config.hidden, channels, 3, spectral=False, padding=config.padding)
        strength = None
        if config.noise_planes:
            strength = nn.Parameter(STRENGTH * (2.0 * torch.randint(0, 2, (channels,)) - 1))
        self.register_parameter("plane_strength", strength)

    def forward(self, x: Tensor, condition: Condition, slope: float = 1.0, border: bool = False) -> Tensor:
        """slope: of the leaky ReLU after it; 1 for none. border: one pixel more on every side, equal to the nearest."""
        size = (x.shape[-2], x.shape[-1])
        level, layers, plane = condition.at(size), (self.mlp_shared, self.mlp_gamma, self.mlp_beta), None
        if self.plane_strength is not None:
            assert condition.planes is not None  # Generator.paint sees to it
            plane = condition.planes.at(self.layer, size)  # [B, 1, h, w]
        if isinstance(level, RegionLevel) and serves(x, self.batch_norm):
            table, index = level.table(*layers)
            modulation = Modulation(table, index, plane, self.plane_strength)
            return fused_spade(x, self.batch_norm, modulation, slope, border)
        gamma, beta = level.modulation(*layers)
        normalized: Tensor = self.batch_norm(x)
        if self.plane_strength is not None and plane is not None:
            strength = self.plane_strength[:, None, None].to(normalized)  # [C, 1, 1]
            normalized = torch.addcmul(normalized, strength, plane.to(normalized))
        modulated = torch.addcmul(normalized + beta, normalized, gamma)
        modulated = modulated if slope == 1.0 else F.leaky_relu(modulated, slope)
        return pad(modulated, "replicate") if border else modulated


class GeneratorBlock(nn.Module):
    """SPADE residual block: two normalized 3x3 convolutions and, where the width changes, a learned shortcut."""

    def __init__(self, in_channels: int, out_channels: int, config: GeneratorConfig, layers: Iterator[int]) -> None:
        """layers: numbers for its normalizations."""
        super().__init__()
        middle = min(in_channels, out_channels)
        self.border = config.padding == "replicate"  # comes with what is normalized, in the same walk through memory
        padding = None if self.border else config.padding
        self.norm_0 = Spade(in_channels, config, next(layers))
        self.conv_0 = conv(in_channels, middle, 3, padding=padding)
        self.norm_1 = Spade(middle, config, next(layers))
        self.conv_1 = conv(middle, out_channels, 3, padding=padding)
        self.learned_shortcut = in_channels != out_channels
        if self.learned_shortcut:
            self.norm_s = Spade(in_channels, config, next(layers))
            self.conv_s = conv(in_channels, out_channels, 1, bias=False)

    def forward(self, x: Tensor, condition: Condition) -> Tensor:
        shortcut = self.conv_s(self.norm_s(x, condition)) if self.learned_shortcut else x
        x = self.conv_0(self.norm_0(x, condition, LEAK, self.border))
        x = self.conv_1(self.norm_1(x, condition, LEAK, self.border))
        return shortcut + x


class Generator(nn.Module):
    """Labels and noise to a picture in [-1, 1] (OASIS sec. 3.3)."""

    fc: nn.Conv2d

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.channels
        self.add_module("fc", self.first_layer())
        layers = count()  # in the order of blocks, and in each of norm_0, norm_1, norm_s
        self.body = nn.ModuleList(GeneratorBlock(before, after, config, layers) for before, after in pairwise(widths))
        self.conv_img = conv(widths[-1], 3, 3, spectral=False, padding=config.padding)

    def first_layer(self) -> nn.Module:
        """What makes the first feature map."""
        config = self.config
        return conv(config.condition_channels, config.channels[0], 3, spectral=False, padding=config.padding)

    def forward(self, labels: Tensor, z: Tensor, seeds: Tensor | None = None) -> Tensor:
        """labels: int64 [B, H, W], H and W multiples of the stride; z: [B, 64] or, for local noise, [B, 64, H, W];
        [B, 0] without noise; seeds: int64 [B] or [B, H, W] in 0 .. 2^32 - 1, whose noise planes are added where the
        generator has them. Returns [B, 3, H, W] in [-1, 1]. Raises ValueError for sizes that do not fit, or if planes
        lack a seed."""
        condition = self.condition(labels, z) if z.dim() == 2 else self.dense_condition(labels, z)
        if seeds is not None and self.config.noise_planes:
            condition = replace(condition, planes=Planes.of_seeds(seeds))
        return self.paint(condition, (labels.shape[-2], labels.shape[-1]))

    def paint(self, condition: Condition, size: tuple[int, int]) -> Tensor:
        """The picture [B, 3, H, W] of a prepared condition; ValueError if `size` does not fit the stride."""
        stride = self.config.stride
        check_size("label map", *size, stride)
        if self.config.noise_planes and condition.planes is None:
            raise ValueError(NO_SEEDS)
        x = self.entrance(condition, (size[0] // stride, size[1] // stride))
        for i, block in enumerate(self.body):
            if self.config.upsamples(i):
                x = F.interpolate(x, scale_factor=2, mode=self.config.upsampling)
            x = block(x, condition)
        return torch.tanh(self.conv_img(leaky(x)))  # [B, 3, H, W]

    def entrance(self, condition: Condition, size: tuple[int, int]) -> Tensor:
        """The first feature map, [B, C, *size]."""
        return condition.at(size).convolve(self.fc)

    def condition(self, labels: Tensor, z: Tensor) -> RegionCondition:
        """One vector per image: labels int64 [B, H, W], z [B, z_dim]. Regions are the pairs (image, class), without
        noise the classes."""
        check_channels("z", z, self.config.z_dim)
        if not self.config.noise_dim:
            return self.painted_condition(find_class_regions(labels, self.config.classes))
        batch = torch.arange(len(labels), device=labels.device)[:, None, None]
        return self.region_condition(labels, z, batch.expand_as(labels))

    def region_condition(self, labels: Tensor, vectors: Tensor, rows: Tensor) -> RegionCondition:
        """Piecewise constant noise: vectors [V, 64] and rows int64 [B, H, W], the vector that holds at each pixel."""
        return self.painted_condition(find_regions(labels, vectors, rows, self.config.classes))

    def painted_condition(self, regions: Regions) -> RegionCondition:
        """Regions of a batch, their map [B, H, W]."""
        check_channels("noise", regions.vectors, self.config.noise_dim)
        features = regions.features(self.config.classes)
        return RegionCondition(regions.map, features, planes=regions.planes, padding=self.config.padding)

    def split_condition(self, labels: Tensor, vectors: Tensor, masks: Tensor) -> SplitCondition:
        """A few noise vectors a picture, as dense maps: vectors [B, K, 64] and masks [B, K, H, W], where each holds."""
        check_channels("noise", vectors.flatten(0, 1), self.config.noise_dim)
        labels = one_hot(labels, self.config.classes).contiguous(memory_format=torch.channels_last)
        return SplitCondition(labels, vectors, masks.to(labels), padding=self.config.padding)

    def dense_condition(self, labels: Tensor, z: Tensor) -> DenseCondition:
        """Any noise z [B, 64, H, W]; the map the papers show, noise first."""
        check_channels("z", z, self.config.noise_dim)
        return DenseCondition(torch.cat([z, one_hot(labels, self.config.classes).to(z)], dim=1))


def check_channels(what: str, z: Tensor, expected: int) -> None:
    """Raises ValueError unless the second dimension is the generator's."""
    if z.shape[1] != expected:
        raise ValueError(f"{what} has {z.shape[1]} channels, but this generator takes {expected}.")
