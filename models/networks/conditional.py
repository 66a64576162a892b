"""Discriminators that are told the label map instead of finding it, and several discriminators at several scales.

The first two are the U-Net of OASIS with one real/fake logit per pixel: what the ablation on label encodings compares
the (N + 1)-class segmenter with (OASIS table 5; thesis table 4.10).
"""

from collections.abc import Iterable

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from models.maps import subsample
from models.networks.layers import conv, with_labels
from models.networks.protocols import DiscriminatorOutput
from models.networks.unet import DiscriminatorConfig, UNet


class ConcatDiscriminator(UNet):
    """Real or fake per pixel, the labels concatenated to the picture as in SPADE."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__(config.classes + 3, config)
        self.layer_up_last = conv(config.up[-1], 1, 1, spectral=False)

    def examine(self, image: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1], labels: int64 [B, H, W], sides multiples of the stride.
        Logits [B, 1, H, W]."""
        features = self.features(with_labels(image, labels, self.config.classes))
        return DiscriminatorOutput([self.layer_up_last(features[-1])], features)


class ProjectionDiscriminator(UNet):
    """Real or fake per pixel: psi(phi) + <embedding of the label, phi>, phi the last features of the pixel (Miyato &
    Koyama 2018, eq. 3, with a label for each pixel instead of one for the picture)."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__(3, config)
        self.psi = conv(config.up[-1], 1, 1)
        self.embedding = nn.Embedding(config.classes, config.up[-1])
        nn.init.xavier_normal_(self.embedding.weight, gain=0.02)
        spectral_norm(self.embedding)

    def examine(self, image: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1], labels: int64 [B, H, W], sides multiples of the stride.
        Logits [B, 1, H, W]."""
        features = self.features(image)
        phi = features[-1]  # [B, C, H, W]
        embedded = self.embedding(labels).permute(0, 3, 1, 2)  # [B, C, H, W]
        return DiscriminatorOutput([self.psi(phi) + (embedded * phi).sum(dim=1, keepdim=True)], features)


class MultiScale(nn.Module):
    """Discriminators of one kind, each for a picture of half the size of the one before (pix2pixHD and SPADE; OASIS
    table H)."""

    def __init__(self, networks: Iterable[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def examine(self, image: Tensor, labels: Tensor | None = None) -> DiscriminatorOutput:
        """image: [B, 3, H, W] in [-1, 1]; labels: int64 [B, H, W] where the networks take them. Logits and features of
        all networks, that of the full size first; sides must fit each network's stride at its scale."""
        logits, features = [], []
        for i, network in enumerate(self.networks):
            if i > 0:
                # The padding does not count, or borders would be darker than the rest.
                image = F.avg_pool2d(image, 3, stride=2, padding=1, count_include_pad=False)
            told = () if labels is None else (subsample(labels, (image.shape[-2], image.shape[-1])),)
            output: DiscriminatorOutput = network.examine(image, *told)  # type: ignore[operator]
            logits += output.logits
            features += output.features
        return DiscriminatorOutput(logits, features)

    def forward(self, image: Tensor) -> list[Tensor]:
        """The logits alone, of networks that segment."""
        return self.examine(image).logits
