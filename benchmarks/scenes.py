"""What the contenders are asked to paint: real label maps, and the edits a person makes to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.networks.patterns import find_patterns
from models.noise import SEED_LIMIT, vector
from models.planes import Planes
from models.regions import Regions, find_regions

BRUSH = 32  # diameter of the dab in pixels
EDITS = ("new labels", "noise only", "brush dab", "one class")


@dataclass(frozen=True)
class Scene:
    """One picture: labels int64 [H, W]; seeds [V] of its noise and rows int64 [H, W], the seed at each pixel."""

    labels: Tensor
    seeds: Tensor
    rows: Tensor

    def dense(self) -> tuple[Tensor, ...]:
        """labels [1, H, W], z [1, 64, H, W] and seeds [1, H, W]: what a plain generator takes."""
        z = self._vectors()[self.rows].permute(2, 0, 1)[None].contiguous()
        return self.labels[None], z, self.seeds[self.rows][None]

    def regions(self, classes: int) -> Regions:
        """The same for an engine."""
        found = find_regions(self.labels, self._vectors(), self.rows, classes)
        return replace(found, planes=Planes(self.rows, self.seeds[:, None], torch.ones(len(self.seeds), 1)))

    def _vectors(self) -> Tensor:
        return torch.from_numpy(np.stack([vector(seed) for seed in self.seeds.tolist()]))


@dataclass(frozen=True)
class Photo:
    """image [1, 3, H, W] in [-1, 1], for a segmenter."""

    image: Tensor

    def dense(self) -> tuple[Tensor, ...]:
        return (self.image,)


@dataclass(frozen=True)
class Batch:
    """Several scenes of one size."""

    scenes: tuple[Scene, ...]

    def dense(self) -> tuple[Tensor, ...]:
        return tuple(torch.cat(column) for column in zip(*(scene.dense() for scene in self.scenes), strict=True))


Task = Scene | Photo | Batch


@dataclass(frozen=True)
class Round:
    """What is asked in one round: `base` is painted before the clock runs, then each task is one edit of it."""

    base: Task
    tasks: dict[str, Task]


def new_seed(rng: np.random.Generator) -> Tensor:
    return torch.from_numpy(rng.integers(SEED_LIMIT, size=1))


def first_scene(labels: Tensor, rng: np.random.Generator) -> Scene:
    return Scene(labels, new_seed(rng), torch.zeros_like(labels))


def noise_only(scene: Scene, rng: np.random.Generator) -> Scene:
    return replace(scene, seeds=new_seed(rng))


def one_class(scene: Scene, rng: np.random.Generator) -> Scene:
    """Another seed for the class at a random pixel."""
    chosen = scene.labels.flatten()[int(rng.integers(scene.labels.numel()))]
    rows = scene.rows.masked_fill(scene.labels == chosen, len(scene.seeds))
    return replace(scene, seeds=torch.cat([scene.seeds, new_seed(rng)]), rows=rows)


def brush_dab(scene: Scene, rng: np.random.Generator, classes: int) -> Scene:
    """A disc of another class at a random place."""
    height, width = scene.labels.shape
    y, x = (int(rng.integers(BRUSH // 2, side - BRUSH // 2)) for side in (height, width))
    painted = (int(scene.labels[y, x]) + int(rng.integers(1, classes))) % classes
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    disc = (rows - y + 0.5) ** 2 + (columns - x + 0.5) ** 2 <= (BRUSH / 2) ** 2
    return replace(scene, labels=scene.labels.masked_fill(disc, painted))


def edits(maps: list[Tensor], classes: int) -> Iterator[Round]:
    """Every map in turn, each time with other noise and other edits; the same sequence in every run."""
    rng = np.random.default_rng(0)
    number = 0
    while True:
        base = first_scene(maps[number % len(maps)], rng)
        edited = (
            replace(base, labels=maps[(number + 1) % len(maps)]),
            noise_only(base, rng),
            brush_dab(base, rng, classes),
            one_class(base, rng),
        )
        yield Round(base, dict(zip(EDITS, edited, strict=True)))
        number += 1


def batches(maps: list[Tensor], size: int) -> Iterator[Round]:
    """`size` variations of one map: the same labels, as many seeds."""
    rng = np.random.default_rng(0)
    number = 0
    while True:
        scenes = tuple(first_scene(maps[number % len(maps)], rng) for _ in range(size))
        yield Round(scenes[0], {"variations": Batch(scenes)})
        number += 1


def photos(images: list[Tensor]) -> Iterator[Round]:
    number = 0
    while True:
        photo = Photo(images[number % len(images)])
        yield Round(photo, {"photo": photo})
        number += 1


def spread(folder: Path, count: int) -> list[Path]:
    """`count` label maps of the folder, from plain to busy: evenly spread by the number of their 5x5 patterns."""
    files = sorted(folder.glob("*.png"))
    if len(files) < count:
        raise SystemExit(
            f"{folder} holds {len(files)} label maps, {count} are needed: give with --labels a folder of 256x256 PNGs "
            "whose pixel values are class ids, such as landscapes256/val/labels."
        )
    files.sort(key=lambda file: (pattern_count(read_labels(file)), file))
    return [files[(2 * i + 1) * len(files) // (2 * count)] for i in range(count)]


def pattern_count(labels: Tensor) -> int:
    """Distinct 5x5 neighborhoods of a map at full resolution."""
    small = find_patterns(labels[None], int(labels.max()) + 1)
    return len(find_patterns(small.index, len(small.rows)).rows)


def read_labels(file: Path) -> Tensor:
    return torch.from_numpy(np.asarray(Image.open(file)).astype(np.int64))


def read_photo(file: Path) -> Tensor:
    pixels = np.asarray(Image.open(file).convert("RGB")).astype(np.float32)
    return torch.from_numpy(pixels / 127.5 - 1).permute(2, 0, 1)[None].contiguous()
