"""What is measured on pictures one batch at a time: features, segmentations, colors and textures, spectra."""

import torch
from torch import Tensor

from training.evaluation.image_sources import to_images
from training.metrics.color_texture import ColorTexture
from training.metrics.inception import InceptionV3
from training.metrics.segmentation import ConfusionMatrix, Grouping
from training.metrics.segmenters import NamedSegmenter
from training.metrics.spectrum import Spectrum
from training.run.distributed import World


class Features:
    """The features of every picture, in the order of their numbers: [pictures, 2048] after joining."""

    def __init__(self, network: InceptionV3, device: torch.device) -> None:
        self.network, self.device = network, device
        self.rows = torch.zeros(0, 2048)

    @torch.inference_mode()
    def see(self, pictures: Tensor, labels: Tensor) -> None:
        self.rows = torch.cat([self.rows, self.network(pictures.to(self.device)).cpu()])

    def join(self, world: World) -> None:
        self.rows = world.gather(self.rows)


class Segmentations:
    """How a segmenter's answer agrees with the label maps."""

    def __init__(self, segmenter: NamedSegmenter, grouping: Grouping, device: torch.device) -> None:
        self.segmenter, self.device = segmenter, device
        self.matrix = ConfusionMatrix(grouping)

    def see(self, pictures: Tensor, labels: Tensor) -> None:
        self.matrix.update(self.segmenter(to_images(pictures, self.device)).cpu(), labels)

    def join(self, world: World) -> None:
        self.matrix.counts = world.sum(self.matrix.counts)


class Appearance:
    """Colors and textures by class."""

    def __init__(self, grouping: Grouping) -> None:
        self.histograms = ColorTexture(grouping)

    def see(self, pictures: Tensor, labels: Tensor) -> None:
        for picture, ids in zip(pictures, labels, strict=True):
            self.histograms.update(picture.permute(1, 2, 0).numpy(), ids)

    def join(self, world: World) -> None:
        self.histograms.color = world.sum(self.histograms.color)
        self.histograms.texture = world.sum(self.histograms.texture)


class Spectra:
    """Power by frequency."""

    def __init__(self, height: int, width: int) -> None:
        self.spectrum = Spectrum(height, width)

    def see(self, pictures: Tensor, labels: Tensor) -> None:
        self.spectrum.update(pictures)

    def join(self, world: World) -> None:
        self.spectrum.power = world.sum(self.spectrum.power)
        self.spectrum.pictures = world.sum(self.spectrum.pictures)
