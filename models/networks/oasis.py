"""The generator of OASIS (Schönfeld et al., ICLR 2021), with 3D noise (sec. 3.3)."""

from dataclasses import replace
from functools import partial
from itertools import count, pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.maps import check_size, one_hot
from models.networks.blocks import ConditionalNorm, GeneratorBlock, GeneratorConfig, Spade, check_channels
from models.networks.conditioning import Condition, DenseCondition, RegionCondition, SplitCondition
from models.networks.layers import conv, leaky
from models.networks.protocols import PainterNetwork
from models.planes import Planes
from models.regions import LocalNoise, Noise, Regions, find_class_regions, find_noise_regions

NO_SEEDS = "This generator has noise planes: give their seeds as well."


class Generator(PainterNetwork):
    """Labels and noise to a picture in [-1, 1] (OASIS sec. 3.3)."""

    config: GeneratorConfig
    fc: nn.Conv2d
    norm: type[ConditionalNorm] = Spade
    """How its blocks normalize."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.channels
        self.add_module("fc", self.first_layer())
        # Numbered in the order of blocks, and in each of norm_0, norm_1, norm_s.
        norms = (partial(self.norm, config=config, layer=layer) for layer in count())
        self.body = nn.ModuleList(GeneratorBlock(before, after, config, norms) for before, after in pairwise(widths))
        self.conv_img = conv(widths[-1], 3, 3, spectral=False, padding=config.padding)

    def first_layer(self) -> nn.Module:
        """What makes the first feature map."""
        config = self.config
        return conv(config.condition_channels, config.channels[0], 3, spectral=False, padding=config.padding)

    def forward(self, labels: Tensor, z: Tensor, seeds: Tensor | None = None) -> Tensor:
        """See Painter."""
        planes = None if seeds is None or not self.config.noise_planes else Planes.of_seeds(seeds)
        return self.paint(self.condition(labels, z, planes), (labels.shape[-2], labels.shape[-1]))

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
        (first,) = condition.at(size).convolve(self.fc).spread()
        return first

    def condition(
        self, labels: Tensor, noise: Noise, planes: Planes | None = None, *, dense: bool = False
    ) -> Condition:
        """See Painter. Regions are the pairs of class and noise vector, without noise the classes."""
        classes, padding = self.config.classes, self.config.padding
        vectors = noise.vectors if isinstance(noise, LocalNoise) else noise
        check_channels("z", vectors.shape[1 if vectors.dim() in (2, 4) else 2], self.config.noise_dim)
        if vectors.dim() == 4:
            return DenseCondition(torch.cat([vectors, one_hot(labels, classes).to(vectors)], dim=1), planes=planes)
        if dense and not by_class(noise):
            few = noise if isinstance(noise, LocalNoise) else LocalNoise(noise[:, None], torch.zeros_like(labels))
            hot = one_hot(labels, classes).contiguous(memory_format=torch.channels_last)
            return SplitCondition(hot, few.vectors, few.masks().to(hot), planes=planes, padding=padding)
        if not self.config.noise_dim:
            return self.condition_regions(replace(find_class_regions(labels, classes), planes=planes))
        return self.condition_regions(replace(find_noise_regions(labels, noise, classes), planes=planes))

    def condition_regions(self, regions: Regions) -> RegionCondition:
        """See Painter. Regions of a batch, their map [B, H, W]."""
        check_channels("noise", regions.vectors.shape[1], self.config.noise_dim)
        features = regions.features(self.config.classes)
        return RegionCondition(regions.map, features, planes=regions.planes, padding=self.config.padding)


def by_class(noise: Noise) -> bool:
    """Whether every class of every picture has a vector: as masks they would be larger than the map."""
    return isinstance(noise, Tensor) and noise.dim() == 3
