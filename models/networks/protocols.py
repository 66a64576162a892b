"""What networks of a kind offer, whatever their family: all that trainer, export and predictor ask of them."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from models.networks.conditioning import Condition, RegionCondition, Size
from models.planes import Planes
from models.regions import Noise, Regions


class NetworkConfig(Protocol):
    """What every configuration knows."""

    @property
    def stride(self) -> int:
        """Sides of what the network works on are multiples of this."""
        ...


class PainterConfig(NetworkConfig, Protocol):
    """What the configuration of every generator knows."""

    @property
    def classes(self) -> int:
        """Label classes N."""
        ...

    @property
    def z_dim(self) -> int:
        """Numbers D drawn for a picture; 0 without noise and style."""
        ...

    @property
    def local_noise(self) -> bool:
        """Whether regions of a picture can have noise of their own; not where a picture has one style."""
        ...

    @property
    def noise_planes(self) -> bool:
        """Whether it takes noise planes (`models.planes`)."""
        ...


class Painter(Protocol):
    """A generator: labels and noise to a picture. It alone decides how the two become what its layers see."""

    config: PainterConfig

    def forward(self, labels: Tensor, z: Tensor, seeds: Tensor | None = None) -> Tensor:
        """Pictures of labels.

        Args:
            labels: int64 [B, H, W], sides multiples of the stride.
            z: [B, D], or [B, D, H, W] for noise of its own at every pixel.
            seeds: int64 [B] or [B, H, W] in 0 .. 2^32 - 1, of the noise planes where the generator has them.

        Returns:
            [B, 3, H, W] in [-1, 1].

        Raises:
            ValueError: for sizes that do not fit, or if noise planes lack a seed.
        """
        ...

    def condition(
        self, labels: Tensor, noise: Noise, planes: Planes | None = None, *, dense: bool = False
    ) -> Condition:
        """What `paint` takes.

        Args:
            labels: int64 [B, H, W].
            noise: see `models.regions.Noise`.
            planes: the noise planes, where the generator has them.
            dense: convolve maps instead of looking patterns up in tables, which on a GPU would wait for it time and
                again; the same function. Noise by class has tables in either case.

        Raises:
            ValueError: for noise of another number of channels.
            NoiseError: for noise that differs within a picture where a picture has one style.
        """
        ...

    def condition_regions(self, regions: Regions) -> RegionCondition:
        """The same from regions that were found already; raises the same."""
        ...

    def paint(self, condition: Condition, size: Size) -> Tensor:
        """The pictures [B, 3, H, W] in [-1, 1] of a condition. Raises ValueError if `size` does not fit the stride, or
        if noise planes are missing."""
        ...


class PainterNetwork(nn.Module, Painter):
    """A painter as a module: the base class of every family's generator."""


@dataclass(frozen=True)
class DiscriminatorOutput:
    """What a discriminator says of pictures. logits: one tensor for each resolution it judges at, finest first.
    features: the outputs of all its blocks, for feature matching."""

    logits: list[Tensor]
    features: list[Tensor]


class Segmenter(Protocol):
    """A discriminator that finds the label map in a picture; it segments photos as well."""

    def examine(self, image: Tensor) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1], sides multiples of the stride. Logits [B, N + 1, h, w], finest first: channel
        0 is "fake", class c is channel c + 1. Raises ValueError for sizes that do not fit."""
        ...

    def forward(self, image: Tensor) -> list[Tensor]:
        """The logits alone."""
        ...


class SegmenterNetwork(nn.Module, Segmenter):
    """A segmenter as a module: the base class of discriminators that segment."""

    def forward(self, image: Tensor) -> list[Tensor]:
        return self.examine(image).logits
