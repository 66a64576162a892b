"""Endless batches of augmented pairs, a pure function of (seed, position): what makes a resumed run identical."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from training.data.pairs import DataError, PairFolder

Size = tuple[int, int]
RESIZE_RATIO = 286 / 256  # the published augmentation: resize to 286, then crop 256


@dataclass(frozen=True)
class Batch:
    """images: float [B, 3, H, W] in [-1, 1]; labels: int64 [B, H, W]."""

    images: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        images = self.images.to(device, non_blocking=True, memory_format=torch.channels_last)
        return Batch(images, self.labels.to(device, non_blocking=True))


def augment(photo: Image.Image, label: Image.Image, size: Size, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Resize, random crop to `size` (height, width), random horizontal flip; photo and labels alike."""
    height, width = size
    scale = max(height / photo.height, width / photo.width) * RESIZE_RATIO
    resized = max(width, round(photo.width * scale)), max(height, round(photo.height * scale))
    left, top = int(rng.integers(resized[0] - width + 1)), int(rng.integers(resized[1] - height + 1))
    box = (left, top, left + width, top + height)
    photo = photo.resize(resized, Image.Resampling.BICUBIC).crop(box)
    label = label.resize(resized, Image.Resampling.NEAREST).crop(box)
    return to_tensors(photo, label, flip=bool(rng.integers(2)))


def whole(photo: Image.Image, label: Image.Image, size: Size) -> tuple[Tensor, Tensor]:
    """The pair as it is, resized to `size`: for sample grids and evaluation."""
    resized = size[1], size[0]
    return to_tensors(
        photo.resize(resized, Image.Resampling.BICUBIC), label.resize(resized, Image.Resampling.NEAREST), flip=False
    )


def to_tensors(photo: Image.Image, label: Image.Image, flip: bool) -> tuple[Tensor, Tensor]:
    """float [3, H, W] in [-1, 1] and int64 [H, W]."""
    image = torch.from_numpy(np.array(photo)).permute(2, 0, 1).float() / 127.5 - 1
    ids = torch.from_numpy(np.array(label)).long()
    return (image.flip(2), ids.flip(1)) if flip else (image, ids)


class AugmentedPairs(Dataset[tuple[Tensor, Tensor]]):
    """Item p is the pair at position p of the endless run of epochs, each a permutation of the folder."""

    def __init__(self, folder: PairFolder, size: Size, seed: int) -> None:
        self.folder, self.size, self.seed = folder, size, seed

    def __getitem__(self, position: int) -> tuple[Tensor, Tensor]:
        epoch, offset = divmod(position, len(self.folder))
        order = np.random.default_rng((self.seed, 0, epoch)).permutation(len(self.folder))
        photo, label = self.folder.load(int(order[offset]))
        return augment(photo, label, self.size, np.random.default_rng((self.seed, 1, position)))


class Positions(Sampler[int]):
    def __init__(self, start: int) -> None:
        self.start = start

    def __iter__(self) -> Iterator[int]:
        position = self.start
        while True:
            yield position
            position += 1


def batches(
    folder: PairFolder, size: Size, batch: int, seed: int, start: int, workers: int, device: torch.device
) -> Iterator[Batch]:
    """Batches from position `start` on, for ever. Raises DataError for a pair that cannot be read."""
    if len(folder) < 1:
        raise DataError("There is no pair to train on.")
    loader = DataLoader(
        AugmentedPairs(folder, size, seed),
        batch_size=batch,
        sampler=Positions(start),
        num_workers=workers,
        pin_memory=device.type == "cuda",
        # The loader draws its workers' seeds from here, so that the run's own random stream is not touched.
        generator=torch.Generator(),
    )
    for images, labels in loader:
        yield Batch(images, labels).to(device)
