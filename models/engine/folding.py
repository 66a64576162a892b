"""A trained generator with everything folded that does not depend on the picture (fp64, then fp32).

With the statistics of batch norm fixed, normalized = (x - mu) r with r = 1 / sqrt(var + eps), and SPADE's
normalized (1 + gamma) + beta is x A + B with A = r (1 + gamma), B = beta - mu A: one convolution instead of two, and
no normalization at all. A noise plane e of strength s is added to what is normalized: (x + (s / r) e) A + B.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.engine.operations import Convolution, Product, pad_rows, padded
from models.networks.blocks import GeneratorBlock, Spade
from models.networks.oasis import Generator
from models.noise import NOISE_DIM


@dataclass(frozen=True)
class FoldedSpade:
    """hidden: where this layer's hidden channels begin in those of its level. convolution: [hidden] to (A, B), [2 C].
    products: one tap of it after another, [hidden] -> [9 * 2 C], with the same weights. shared: the convolution before
    it, from the noise-label map to [hidden], for maps. layer: its number in the generator, which names its noise plane;
    strength: [C] of that, in the units of x; None without."""

    hidden: int
    convolution: Convolution
    products: Product
    shared: Convolution
    layer: int
    strength: Tensor | None

    @classmethod
    def of(
        cls, hidden: int, convolution: Convolution, shared: Convolution, layer: int, strength: Tensor | None
    ) -> "FoldedSpade":
        """convolution: streamed, its C a multiple of `lanes()`, so that both forms have the same panels."""
        products = Product(convolution.weight, None, convolution.depth, 9 * convolution.outputs)
        return cls(hidden, convolution, products, shared, layer, strength)

    @property
    def bias(self) -> Tensor:
        return self.convolution.bias

    @property
    def channels(self) -> int:
        return self.convolution.outputs // 2


@dataclass(frozen=True)
class FoldedTables:
    """The convolutions over regions that a level begins with: what noise (a product) and class (a row of `labels`,
    [N, 9 * width]) add at each tap; the sum is a row per region, to be summed over patterns with `bias` [width]."""

    noise: Product
    labels: Tensor
    bias: Tensor

    @classmethod
    def of(cls, convolutions: list[nn.Conv2d]) -> "FoldedTables":
        """Of convolutions over the noise-label map, side by side, each padded."""
        weight = torch.cat([pad_rows(conv.weight, padded(conv.out_channels)) for conv in convolutions])
        taps = weight.permute(2, 3, 0, 1).flatten(0, 2)  # [9 * width, 64 + N]
        noise, labels = taps[:, :NOISE_DIM], taps[:, NOISE_DIM:]
        bias = torch.cat([_bias(conv) for conv in convolutions])
        return cls(Product.of(noise), labels.t().contiguous().float(), bias)


@dataclass(frozen=True)
class FoldedBlock:
    """A SPADE residual block; the shortcut is None where the block keeps its width."""

    norm_0: FoldedSpade
    conv_0: Convolution
    norm_1: FoldedSpade
    conv_1: Convolution
    norm_s: FoldedSpade | None
    conv_s: Product | None
    shared: FoldedTables

    @property
    def spades(self) -> list[FoldedSpade]:
        return [spade for spade in (self.norm_0, self.norm_1, self.norm_s) if spade is not None]


@dataclass(frozen=True)
class FoldedGenerator:
    """fc: the first layer over regions; fc_dense: over maps; replicate, bilinear: its padding and upsampling."""

    stride: int
    classes: int
    noise_planes: bool
    replicate: bool
    bilinear: bool
    fc: FoldedTables
    fc_dense: Convolution
    blocks: list[FoldedBlock]
    conv_img: Convolution


@torch.no_grad()
def fold(generator: Generator) -> FoldedGenerator:
    """The generator as it is now; training it further does not change what was folded."""
    replicate = generator.config.padding == "replicate"
    blocks = [_fold_block(block, replicate) for block in generator.body]  # type: ignore[arg-type]
    fc, image = generator.fc, generator.conv_img
    return FoldedGenerator(
        stride=generator.config.stride,
        classes=generator.config.classes,
        noise_planes=generator.config.noise_planes,
        replicate=replicate,
        bilinear=generator.config.upsampling == "bilinear",
        fc=FoldedTables.of([fc]),
        fc_dense=Convolution.streamed_of(fc.weight, _bias(fc), replicate=replicate),
        blocks=blocks,
        conv_img=Convolution.of(image.weight, _bias(image), replicate=replicate),
    )


def _fold_block(block: GeneratorBlock, replicate: bool) -> FoldedBlock:
    found = [block.norm_0, block.norm_1, *([block.norm_s] if block.learned_shortcut else [])]
    norms = [norm for norm in found if isinstance(norm, Spade)]  # of this generator all are
    shared = [norm.mlp_shared for norm in norms]
    width = padded(shared[0].out_channels)
    spades = [_fold_spade(norm, i * width, replicate) for i, norm in enumerate(norms)]
    return FoldedBlock(
        norm_0=spades[0],
        conv_0=Convolution.of(block.conv_0.weight, _bias(block.conv_0), replicate=replicate),
        norm_1=spades[1],
        conv_1=Convolution.of(block.conv_1.weight, _bias(block.conv_1), replicate=replicate),
        norm_s=spades[2] if block.learned_shortcut else None,
        conv_s=Product.of(block.conv_s.weight.flatten(1)) if block.learned_shortcut else None,
        shared=FoldedTables.of(shared),
    )


def _fold_spade(spade: Spade, hidden: int, replicate: bool) -> FoldedSpade:
    norm, gamma, beta = spade.batch_norm, spade.mlp_gamma, spade.mlp_beta
    assert norm.running_var is not None and norm.running_mean is not None
    scale = (norm.running_var.double() + norm.eps).rsqrt()  # r: [C]
    mean = norm.running_mean.double()
    a_weight = scale[:, None, None, None] * gamma.weight.double()  # [C, hidden, 3, 3]
    a_bias = scale * (1 + _double(gamma.bias))
    b_weight = beta.weight.double() - mean[:, None, None, None] * a_weight
    b_bias = _double(beta.bias) - mean * a_bias
    channels = padded(len(mean))
    weight = torch.cat([pad_rows(a_weight, channels), pad_rows(b_weight, channels)])  # [2 C, hidden, 3, 3]
    bias = torch.cat([pad_rows(a_bias, channels), pad_rows(b_bias, channels)])
    strength = None
    if spade.plane_strength is not None:
        strength = pad_rows(spade.plane_strength.double() / scale, channels).float()
    shared = spade.mlp_shared
    first = Convolution.streamed_of(shared.weight, _bias(shared), replicate=replicate)
    convolution = Convolution.streamed_of(weight, bias, replicate=replicate)
    return FoldedSpade.of(hidden, convolution, first, spade.layer, strength)


def _double(bias: Tensor | None) -> Tensor:
    assert bias is not None
    return bias.double()


def _bias(conv: nn.Conv2d) -> Tensor:
    return pad_rows(_double(conv.bias), padded(conv.out_channels)).float()
