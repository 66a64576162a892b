"""Endless batches of augmented pairs, a pure function of (seed, position): what makes a resumed run identical."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from training.data.info import DataError
from training.data.pairs import Pairs

Size = tuple[int, int]
RESIZE_RATIO = 286 / 256  # as published: pairs are resized to 286, then cropped to 256


@dataclass(frozen=True)
class Batch:
    """images: float [B, 3, H, W] in [-1, 1]; labels: int64 [B, H, W]."""

    images: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        images = self.images.to(device, non_blocking=True, memory_format=torch.channels_last)
        return Batch(images, self.labels.to(device, non_blocking=True))


def augment(
    photo: Image.Image, label: Image.Image, size: Size, rng: np.random.Generator, resize_ratio: float = RESIZE_RATIO
) -> tuple[Tensor, Tensor]:
    """Resize, random crop to `size` (height, width), random horizontal flip; photo and labels alike."""
    resized = resized_size(size, resize_ratio)[::-1]
    top, left, flip = draw_crop(size, resize_ratio, rng)
    box = (left, top, left + size[1], top + size[0])
    photo = photo.resize(resized, Image.Resampling.BICUBIC).crop(box)
    label = label.resize(resized, Image.Resampling.NEAREST).crop(box)
    return to_tensors(photo, label, flip=bool(flip))


def resized_size(size: Size, resize_ratio: float) -> Size:
    """What a pair is resized to before a crop of `size` (height, width)."""
    # Both sides alike, as `whole` and the server do it: what is measured should look like what was trained.
    return round(size[0] * resize_ratio), round(size[1] * resize_ratio)


def draw_crop(size: Size, resize_ratio: float, rng: np.random.Generator) -> tuple[int, int, int]:
    """Top and left of a crop of `size`, and whether it is flipped, 0 or 1."""
    height, width = resized_size(size, resize_ratio)
    left, top = int(rng.integers(width - size[1] + 1)), int(rng.integers(height - size[0] + 1))
    return top, left, int(rng.integers(2))


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


@dataclass(frozen=True)
class AugmentedPairs(Dataset[tuple[Tensor, Tensor] | DataError]):
    """Item p is the pair at position p of the endless run of epochs, each a permutation of the pairs or, with `shares`
    [pairs], of draws with these probabilities.

    A pair that cannot be used gives its error as a value: raised in a worker, it would arrive as a traceback.
    """

    pairs: Pairs
    size: Size
    seed: int
    upscale: bool
    shares: np.ndarray | None
    resize_ratio: float = RESIZE_RATIO

    def __getitem__(self, position: int) -> tuple[Tensor, Tensor] | DataError:
        try:
            photo, label = self.load(self.index(position))
        except DataError as error:
            return error
        return augment(photo, label, self.size, self.rng(position), self.resize_ratio)

    def load(self, index: int) -> tuple[Image.Image, Image.Image]:
        """A pair of the set. Raises DataError if it cannot be used at this size."""
        photo, label = self.pairs.load(index)
        if not self.upscale:
            self.check_size(index, photo)
        return photo, label

    def rng(self, position: int) -> np.random.Generator:
        """What the crop at a position is drawn from."""
        return np.random.default_rng((self.seed, 1, position))

    def index(self, position: int) -> int:
        """Which pair stands at a position."""
        if self.shares is not None:
            drawn = np.random.default_rng((self.seed, 2, position)).random()
            return int(np.searchsorted(np.cumsum(self.shares) / self.shares.sum(), drawn, side="right"))
        epoch, offset = divmod(position, len(self.pairs))
        return int(epoch_order(self.seed, epoch, len(self.pairs))[offset])

    def check_size(self, index: int, photo: Image.Image) -> None:
        """Raises DataError for a photo that does not cover the size it is trained at."""
        height, width = self.size
        if photo.height < height or photo.width < width:
            raise DataError(
                f"{self.pairs.photo_path(index)} is {photo.width}x{photo.height}, smaller than the {width}x{height} it "
                "is trained at: train at a smaller size, remove the pair, or allow --upscale."
            )


@lru_cache(maxsize=2)
def epoch_order(seed: int, epoch: int, length: int) -> np.ndarray:
    """int64 [length]: a permutation. Kept, as a large set's takes longer to draw than a photo to read."""
    return np.random.default_rng((seed, 0, epoch)).permutation(length)


class Positions(Sampler[int]):
    """start .. start + batch - 1, then the same from start + stride on, for ever."""

    def __init__(self, start: int, batch: int, stride: int) -> None:
        self.start, self.batch, self.stride = start, batch, stride

    def __iter__(self) -> Iterator[int]:
        for first in count(self.start, self.stride):
            yield from range(first, first + self.batch)


def collate(items: list[tuple[Tensor, Tensor] | DataError]) -> tuple[Tensor, Tensor] | DataError:
    """images [B, 3, H, W] and labels [B, H, W], or the first error."""
    images, labels = [], []
    for item in items:
        if isinstance(item, DataError):
            return item
        images.append(item[0])
        labels.append(item[1])
    return torch.stack(images), torch.stack(labels)


def batches(
    pairs: Pairs,
    size: Size,
    batch: int,
    seed: int,
    start: int,
    workers: int,
    device: torch.device,
    upscale: bool = False,
    stride: int | None = None,
    shares: np.ndarray | None = None,
    resize_ratio: float = RESIZE_RATIO,
) -> Iterator[Batch]:
    """Batches of the positions start .. start + batch - 1, start + stride .. start + stride + batch - 1, and so on.

    A process that shares its positions with others starts at its own and strides over theirs; alone, `stride` is
    `batch`. Photos smaller than `size` (height, width) are enlarged only if `upscale` says so. With `shares` float
    [pairs], pairs are drawn in proportion to these. `resize_ratio`: how much larger than `size` a pair is when it is
    cropped.
    Raises DataError for a pair that cannot be used.
    """
    if len(pairs) < 1:
        raise DataError("There is no pair to train on.")
    loader = DataLoader(
        AugmentedPairs(pairs, size, seed, upscale, shares, resize_ratio),
        batch_size=batch,
        sampler=Positions(start, batch, stride or batch),
        num_workers=workers,
        collate_fn=collate,
        pin_memory=device.type == "cuda",
        # The loader draws its workers' seeds from here, so that the run's own random stream is not touched.
        generator=torch.Generator(),
    )
    for loaded in loader:
        if isinstance(loaded, DataError):
            raise loaded
        yield Batch(*loaded).to(device)
