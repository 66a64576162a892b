"""The pictures of an evaluation: photos and paintings by number, shown in batches to the statistics."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

from models.noise import NoiseSpec
from models.predictor import Model, to_pixels
from training.data.batches import Size, whole
from training.data.pairs import Pairs
from training.output.progress import progress_bar
from training.run.distributed import World

RESIZE = "Pillow bicubic (antialiased) for photos, nearest for label maps"
Picture = tuple[np.ndarray, Tensor]  # uint8 [H, W, 3], class ids int64 [H, W]


class Source(Protocol):
    def __getitem__(self, number: int) -> Picture: ...


@dataclass(frozen=True)
class Photos:
    """The photos of a split with their label maps, resized to `size`."""

    pairs: Pairs
    size: Size

    def __getitem__(self, number: int) -> Picture:
        image, labels = whole(*self.pairs.load(number), self.size)
        return to_pixels(image), labels


class Paintings:
    """Number i: what the model paints from label map i (from the first again after the last), seed first_seed + i."""

    def __init__(self, model: Model, pairs: Pairs, first_seed: int) -> None:
        self.photos, self.first_seed = Photos(pairs, model.card.native_size), first_seed
        self.canvas = model.canvas()

    def __getitem__(self, number: int) -> Picture:
        labels = self.photos[number % len(self.photos.pairs)][1]
        return self._paint(labels, self.first_seed + number), labels

    def draws(self, number: int, count: int) -> Iterator[np.ndarray]:
        """Pictures, uint8 [H, W, 3], of one label map, seeds first_seed, first_seed + 1, ..."""
        labels = self.photos[number][1]
        return (self._paint(labels, self.first_seed + k) for k in range(count))

    def _paint(self, labels: Tensor, seed: int) -> np.ndarray:
        return self.canvas.paint(labels.numpy(), NoiseSpec(seed))


class Statistic(Protocol):
    """What is gathered from pictures, batch by batch."""

    def see(self, pictures: Tensor, labels: Tensor) -> None:
        """uint8 [B, 3, H, W] and class ids int64 [B, H, W], both on the CPU."""

    def join(self, world: World) -> None:
        """Add what the other processes saw."""


def to_batch(pictures: Iterable[np.ndarray]) -> Tensor:
    """Pictures uint8 [H, W, 3] -> uint8 [B, 3, H, W]."""
    return torch.stack([torch.from_numpy(picture) for picture in pictures]).permute(0, 3, 1, 2)


def to_images(pictures: Tensor, device: torch.device) -> Tensor:
    """uint8 [B, 3, H, W] -> float [B, 3, H, W] in [-1, 1], on the device."""
    return pictures.to(device).float() / 127.5 - 1


def spread(count: int, total: int) -> list[int]:
    """At most `count` numbers below `total`, evenly spread."""
    return [int(n) for n in np.linspace(0, total, min(count, total), endpoint=False)]


def share_of(numbers: Sequence[int], world: World) -> list[int]:
    """This process's part of the numbers: one run of neighbors, so that joined results keep their order."""
    return torch.tensor(numbers, dtype=torch.int64).tensor_split(world.size)[world.rank].tolist()


def show(
    source: Source, numbers: Sequence[int], statistics: Sequence[Statistic], world: World, batch: int, what: str
) -> None:
    """Show the pictures `numbers` of a source to the statistics, each process its share, and join what they found."""
    if not statistics:
        return
    mine = share_of(numbers, world)
    with progress_bar("pictures", Console(quiet=not world.main)) as bar:
        task = bar.add_task(what, total=len(mine))
        for start in range(0, len(mine), batch):
            found = [source[number] for number in mine[start : start + batch]]
            pictures = to_batch(picture for picture, _ in found)
            labels = torch.stack([ids for _, ids in found])
            for statistic in statistics:
                statistic.see(pictures, labels)
            bar.advance(task, len(found))
    for statistic in statistics:
        statistic.join(world)


def fingerprint(pairs: Pairs, size: Size) -> str:
    """Changes when a photo does: of names, lengths and times of change, and of how they are resized."""
    files = [(path.name, path.stat()) for path in map(pairs.photo_path, range(len(pairs)))]
    key = [RESIZE, size, [(name, stat.st_size, stat.st_mtime_ns) for name, stat in files]]
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()
