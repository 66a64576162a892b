"""Differentiable augmentation by color: real and fake pictures change alike before the discriminator sees them, so
that few photos last longer and gradients still reach the generator (Zhao et al. 2020)."""

from dataclasses import dataclass

import torch
from torch import Tensor

from training.run.distributed import World
from training.run.schedule import Augmentation

BRIGHTNESS = 0.5  # pictures have values in [-1, 1]
CONTRAST = 0.5


@dataclass(frozen=True)
class ColorJitter:
    """random: the stream all processes share, see NoiseSampler."""

    kind: Augmentation
    world: World
    random: torch.Generator

    def draw(self, batch: int) -> "ColorChange":
        """A change for this process's share of the pictures."""
        if self.kind == "none":
            return ColorChange(None)
        values = torch.rand(batch * self.world.size, 3, generator=self.random)
        return ColorChange(self.world.share(values).to(self.world.device))


@dataclass(frozen=True)
class ColorChange:
    """amounts: [B, 3] in 0..1 of brightness, saturation and contrast; None changes nothing."""

    amounts: Tensor | None

    def __call__(self, images: Tensor) -> Tensor:
        """images: [B, 3, H, W] in [-1, 1]; returns the same shape, values a little beyond that."""
        if self.amounts is None:
            return images
        brightness, saturation, contrast = self.amounts.to(images)[:, :, None, None, None].unbind(1)  # [B, 1, 1, 1]
        images = images + BRIGHTNESS * (2 * brightness - 1)
        gray = images.mean(1, keepdim=True)
        images = gray + (images - gray) * 2 * saturation
        mean = images.mean((1, 2, 3), keepdim=True)
        return mean + (images - mean) * (1 + CONTRAST * (2 * contrast - 1))

    def for_twins(self, twins: int) -> "ColorChange":
        """The same, and after it once more for the first pictures: [B + twins, 3]."""
        if self.amounts is None:
            return self
        return ColorChange(torch.cat([self.amounts, self.amounts[:twins]]))
