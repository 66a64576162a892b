"""What a model's FID is made of: one thing of every picture is repaired from the photo of its label map, and measured.

    python -m benchmarks.repairs MODEL DATA [--split train] [--layout folder] [--area 0.02]

Repaired are the mean color of the picture, its mean and spread, the mean color of each class, and the pixels of one
class at a time, of each that covers `--area` of the split at least. What lowers FID and KID most is what the pictures
lack most.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from training.evaluation.config import EvaluateConfig
from training.evaluation.image_sources import Paintings, Photos, to_batch
from training.evaluation.statistics import Features
from training.evaluation.subject import open_subject
from training.metrics.distribution import fid, kid
from training.run.distributed import World

BATCH = 16
Repair = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Picture and photo, float32 [H, W, 3], and class ids [H, W] -> the repaired picture."""


def nothing(picture: np.ndarray, photo: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """As it was painted."""
    return picture


def mean_color(picture: np.ndarray, photo: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The photo's mean color."""
    moved: np.ndarray = picture + photo.mean((0, 1)) - picture.mean((0, 1))
    return moved


def mean_and_spread(picture: np.ndarray, photo: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The photo's mean color and contrast, channel by channel."""
    contrast = photo.std((0, 1)) / np.maximum(picture.std((0, 1)), 1)
    moved: np.ndarray = (picture - picture.mean((0, 1))) * contrast + photo.mean((0, 1))
    return moved


def mean_of_classes(picture: np.ndarray, photo: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The photo's mean color in each class."""
    repaired = picture.copy()
    for number in np.unique(ids):
        inside = ids == number
        repaired[inside] += photo[inside].mean(0) - picture[inside].mean(0)
    return repaired


def pixels_of(number: int) -> Repair:
    """The photo's pixels in one class."""
    return lambda picture, photo, ids: np.where((ids == number)[..., None], photo, picture)


def main() -> None:
    """A table of FID and KID, one repair a row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--layout", default="folder")
    parser.add_argument("--area", type=float, default=0.02, help="share of the pixels from which a class is repaired")
    options = parser.parse_args()
    world = World(torch.device("cpu"))
    config = EvaluateConfig(options.model, options.data, options.layout, split=options.split, metrics=("fid", "kid"))
    subject = open_subject(config, world)
    assert subject.inception is not None
    photos, paintings = Photos(subject.pairs, subject.size), Paintings(subject.model, subject.pairs, config.first_seed)
    count, classes = len(subject.pairs), subject.model.card.classes
    pixels = np.sum([np.bincount(photos[i][1].flatten(), minlength=len(classes)) for i in range(count)], axis=0)
    repairs: dict[str, Repair] = {
        "nothing": nothing,
        "mean color": mean_color,
        "mean and spread of color": mean_and_spread,
        "mean color of each class": mean_of_classes,
    }
    repairs |= {c.name: pixels_of(c.id) for c in classes if pixels[c.id] >= options.area * pixels.sum()}
    real = Features(subject.inception, world.device)
    seen = {name: Features(subject.inception, world.device) for name in repairs}
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        found = [(paintings[i][0].astype(np.float32), *photos[i]) for i in numbers]
        labels = torch.stack([ids for _, _, ids in found])
        real.see(to_batch(photo for _, photo, _ in found), labels)
        for name, repair in repairs.items():
            repaired = (repair(picture, photo.astype(np.float32), ids.numpy()) for picture, photo, ids in found)
            seen[name].see(to_batch(np.clip(p, 0, 255).round().astype(np.uint8) for p in repaired), labels)
    table = Table("repaired", "FID", "KID x 1000", title=f"{count} pictures of {options.split}, by {options.model}")
    for name, features in seen.items():
        distance = kid(real.rows, features.rows, subset_size=min(count, 1000) // 2)
        table.add_row(name, f"{fid(real.rows, features.rows):.1f}", f"{1000 * distance.mean:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
