"""LPIPS v0.1 (Zhang et al. 2018, eq. 1): how different two pictures look to people, by weighted features."""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from training.weights.pretrained import LPIPS_ALEX, LPIPS_VGG, fetch
from training.weights.trunks import VGG16_BLOCKS, Trunk, alexnet, vgg

ALEX_TAPS = (1, 4, 7, 9, 11)  # each rectified convolution
VGG_TAPS = (3, 8, 15, 22, 29)  # relu1_2, relu2_2, relu3_3, relu4_3, relu5_3
SMALLEST = 1e-10  # added to norms, as the published implementation does


class Lpips(nn.Module):
    """Images [B, 3, H, W] in [-1, 1]; those compared are of one size. Frozen; gradients flow to the images."""

    def __init__(self, trunk: Trunk, heads: list[Tensor]) -> None:
        """`heads`: a weight >= 0 for each channel of each tap, [C]."""
        super().__init__()
        self.trunk = trunk
        self.roots = nn.ParameterList([nn.Parameter(head.sqrt(), requires_grad=False) for head in heads])

    def embed(self, images: Tensor) -> Tensor:
        """[B, D]: points whose squared Euclidean distances are LPIPS."""
        parts = []
        for features, root in zip(self.trunk(images), self.roots, strict=True):  # [B, C, h, w], [C]
            unit = features / (torch.linalg.vector_norm(features, dim=1, keepdim=True) + SMALLEST)
            area = features.shape[2] * features.shape[3]
            parts.append((unit * root.view(-1, 1, 1) / area**0.5).flatten(1))  # [B, C * h * w]
        return torch.cat(parts, 1)

    def distance(self, a: Tensor, b: Tensor) -> Tensor:
        """[B]: LPIPS of a[i] and b[i]; 0 for equal pictures."""
        return (self.embed(a) - self.embed(b)).square().sum(1)


def load_lpips(name: Literal["alex", "vgg"], source: Path | None = None) -> Lpips:
    """The published network. `source`: a published file; without it the cache, then where it is published.

    Raises PretrainedError.
    """
    weights = {"alex": LPIPS_ALEX, "vgg": LPIPS_VGG}[name]
    trunk = alexnet(ALEX_TAPS) if name == "alex" else vgg(VGG16_BLOCKS, VGG_TAPS)
    state = fetch(weights, source)
    trunk.load_convolutions(state)
    return Lpips(trunk, [state[f"heads.{i}"] for i in range(len(trunk.taps))])
