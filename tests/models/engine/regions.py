"""Networks and painted pictures for the tests of the engines, and what the plain network makes of them."""

import copy
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from models.networks.blocks import GeneratorConfig
from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.noise import vector
from models.planes import Planes
from models.regions import Regions, find_regions
from models.testing import enliven
from tests.models.samples import CLASSES, random_labels

# Every kind of block: shortcuts at widths that fill no register, none at all, growing widths, one block alone.
GENERATORS = {
    "odd widths": GeneratorConfig(CLASSES, (12, 10, 8, 6), hidden=7),
    "one width": GeneratorConfig(CLASSES, (16, 16, 16, 16), hidden=16),
    "growing": GeneratorConfig(CLASSES, (8, 8, 20, 3), hidden=19),
    "shallow": GeneratorConfig(CLASSES, (9, 4), hidden=3),
    "noise planes": GeneratorConfig(CLASSES, (12, 12, 10, 6), hidden=7, noise_planes=True),
    "borders replicated": GeneratorConfig(CLASSES, (12, 10, 8, 6), hidden=7, padding="replicate"),
    # The last block keeps its width, so that its residual is what was upsampled.
    "bilinear": GeneratorConfig(CLASSES, (12, 10, 8, 8), hidden=7, upsampling="bilinear"),
}

Network = TypeVar("Network", Generator, Discriminator)


def alive(network: Network) -> Network:
    """Random weights and statistics under which every part of the network counts."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        enliven(network)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                assert module.running_mean is not None and module.running_var is not None
                module.running_mean.normal_(std=0.3)
                module.running_var.uniform_(0.5, 1.5)
            if isinstance(module, nn.Conv2d) and module.bias is not None:
                nn.init.normal_(module.bias, std=0.3)
    return network.eval()


@torch.inference_mode()
def plain(generator: Generator, regions: Regions) -> Tensor:
    """The picture [3, H, W] of the network as the paper writes it, in double precision."""
    exact = copy.deepcopy(generator).double()
    labels = regions.classes[regions.map][None]
    z = regions.vectors[regions.vector_of][regions.map].permute(2, 0, 1)[None].double()  # [1, 64, H, W]
    condition = exact.condition(labels, z, regions.batched().planes)
    picture: Tensor = exact.paint(condition, (labels.shape[1], labels.shape[2]))[0]
    return picture


def regions_of(labels: Tensor, rows: Tensor, seeds: Sequence[int]) -> Regions:
    """labels, rows: int64 [H, W]; the noise at a pixel is that of seeds[row]."""
    found = find_regions(labels, torch.from_numpy(np.stack([vector(seed) for seed in seeds])), rows, CLASSES)
    return replace(found, planes=Planes(rows, torch.tensor(seeds)[:, None], torch.ones(len(seeds), 1)))


def painted(
    seed: int, height: int, width: int, grain: int, vectors: int, noise_grain: int, blended: bool = False
) -> Regions:
    """Random labels in blocks of `grain` with one-pixel specks, random noise in blocks of `noise_grain`.

    blended: every column of pixels has a vector of its own, on the way from one to another.
    """
    labels = random_labels(seed, 1, height, width, grain)[0]
    random = torch.Generator().manual_seed(seed)
    drawn = torch.randn(vectors, 64, generator=random)
    if blended:
        t = torch.linspace(0, 1, width)[:, None]
        drawn = (1 - t) * drawn[0] + t * drawn[-1]
        rows = torch.arange(width).expand(height, -1)
        angle = t * math.pi / 2
        planes = Planes(
            rows, torch.tensor([[seed, 2**32 - 1]]).expand(width, -1), torch.cat([angle.cos(), angle.sin()], 1)
        )
        return replace(find_regions(labels, drawn, rows, CLASSES), planes=planes)
    rows = torch.randint(vectors, (-(-height // noise_grain), -(-width // noise_grain)), generator=random)
    rows = rows.repeat_interleave(noise_grain, 0).repeat_interleave(noise_grain, 1)[:height, :width]
    planes = Planes(rows, seed + torch.arange(vectors)[:, None], torch.ones(vectors, 1))
    return replace(find_regions(labels, drawn, rows, CLASSES), planes=planes)


def pictures(stride: int = 4) -> st.SearchStrategy[Regions]:
    """From one region to two hundred, dithered to uniform, square or not."""
    side = st.integers(1, 32 // stride).map(lambda n: n * stride)
    return st.builds(
        painted,
        st.integers(0, 2**31),
        height=side,
        width=side,
        grain=st.sampled_from([1, 2, 5, 12, 40]),
        vectors=st.sampled_from([1, 1, 2, 7, 60]),
        noise_grain=st.sampled_from([1, 3, 8]),
        blended=st.booleans(),
    )
