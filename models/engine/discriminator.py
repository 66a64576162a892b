"""The U-Net discriminator as a segmenter (native, CPU): pooling and upsampling folded into its convolutions."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.engine.arena import SHARED
from models.engine.operations import Convolution, Product, pad_inputs, padded, pool
from models.kernels.library import kernel_threads
from models.maps import check_size
from models.memory import trim
from models.networks.layers import LEAK
from models.networks.unet import Discriminator, DownBlock, UpBlock


@dataclass(frozen=True)
class FoldedBlock:
    """Two convolutions; the shortcut is None where the block keeps its input as it is."""

    conv1: Convolution
    conv2: Convolution
    conv_s: Product | None

    @classmethod
    def of(cls, block: DownBlock | UpBlock, parts: tuple[int, ...]) -> "FoldedBlock":
        """parts: the channels of the inputs that arrive side by side."""
        shortcut = None
        if isinstance(block.conv_s, nn.Conv2d):
            shortcut = Product.of(pad_inputs(block.conv_s.weight, parts).flatten(1), _bias(block.conv_s))
        elif len(parts) > 1:  # the same channels, but without the padding in between
            shortcut = Product.of(pad_inputs(torch.eye(sum(parts)), parts))
        return cls(
            Convolution.of(pad_inputs(block.conv1.weight, parts), _bias(block.conv1)),
            Convolution.of(block.conv2.weight, _bias(block.conv2)),
            shortcut,
        )


class DiscriminatorEngine:
    """Folded weights of a discriminator, and memory to work in."""

    @torch.no_grad()
    def __init__(self, discriminator: Discriminator) -> None:
        config = discriminator.config
        self._classes, self._stride = config.classes, config.stride
        self._down = [
            FoldedBlock.of(block, (inputs,))  # type: ignore[arg-type]
            for block, inputs in zip(discriminator.body_down, (3, *config.down[:-1]), strict=True)
        ]
        joined = [(skip, own) for skip, own in zip(reversed(config.down[:-1]), config.up[:-1], strict=True)]
        self._up = [
            FoldedBlock.of(block, parts)  # type: ignore[arg-type]
            for block, parts in zip(discriminator.body_up, [(config.down[-1],), *joined], strict=True)
        ]
        last = discriminator.layer_up_last
        self._last = Product.of(last.weight.flatten(1), _bias(last))
        self._arena = SHARED

    @torch.inference_mode()
    def __call__(self, image: Tensor) -> list[Tensor]:
        """As the discriminator: image [B, 3, H, W] in [-1, 1] to a list of logits [B, N + 1, H, W]. Every picture of
        a batch gets the same, byte for byte, as alone. Raises ValueError for sizes that do not fit."""
        batch, _, height, width = image.shape
        check_size("picture", height, width, self._stride)
        with kernel_threads():
            pixels = self._arena.pixels("image", batch * height * width, padded(3)).zero_()
            pixels[:, :3] = image.permute(0, 2, 3, 1).flatten(0, 2)
            x = self._decode(self._encode(pixels, (batch, height, width)), (batch, height, width))
            logits = self._last(x, torch.empty(len(x), self._last.outputs))
            trim(self._arena.release())
        return [logits[:, : self._classes + 1].view(batch, height, width, -1).permute(0, 3, 1, 2)]

    def _encode(self, x: Tensor, shape: tuple[int, int, int]) -> list[Tensor]:
        """Features after each block; each but the last is the left part of the rows in which the decoder's join it."""
        arena, encoded = self._arena, []
        batch, height, width = shape
        joining = [block.conv2.outputs for block in reversed(self._up[:-1])] + [0]
        for i, (block, other) in enumerate(zip(self._down, joining, strict=True)):
            full, half = batch * height * width, batch * (height // 2) * (width // 2)
            small = pool(x, arena.pixels("pooled", half, x.shape[1]), width // 2)
            shortcut = (
                block.conv_s(small, arena.pixels("shortcut", half, block.conv_s.outputs)) if block.conv_s else small
            )
            middle = arena.pixels("middle", full, block.conv1.outputs)
            block.conv1(x, middle, (batch, height, width), arena, slope=LEAK if i else 1.0)
            x = arena.pixels(f"joined {i}", half, block.conv2.outputs + other)[:, : block.conv2.outputs]
            block.conv2(middle, x, (batch, height, width), arena, slope=LEAK, pool=True, residual=shortcut)
            encoded.append(x)
            height, width = height // 2, width // 2
        return encoded

    def _decode(self, encoded: list[Tensor], shape: tuple[int, int, int]) -> Tensor:
        arena, (batch, height, width) = self._arena, shape
        x = encoded[-1]
        for i, block in reversed(list(enumerate(reversed(self._up)))):
            size = (batch, height >> i, width >> i)
            pixels = size[0] * size[1] * size[2]
            small = (
                x if block.conv_s is None else block.conv_s(x, arena.pixels("shortcut", len(x), block.conv_s.outputs))
            )
            middle = block.conv1(
                x, arena.pixels("middle", pixels, block.conv1.outputs), size, arena, slope=LEAK, upsample=True
            )
            outputs = block.conv2.outputs
            if i > 0:
                skip = encoded[i - 1].shape[1]
                x = arena.pixels(f"joined {i - 1}", pixels, skip + outputs)
                target = x[:, skip:]
            else:
                x = target = arena.pixels("decoded", pixels, outputs)
            block.conv2(middle, target, size, arena, slope=LEAK, residual=small, residual_upsample=True)
        return x


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias
