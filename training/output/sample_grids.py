"""Sample grids: one row a label map, with its colors, draws of the noise and, if wanted, the photo."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.networks.protocols import PainterNetwork
from models.noise import vector
from models.predictor import to_pixels
from training.data.batches import whole
from training.data.image_files import write_picture
from training.data.info import DataError
from training.data.pairs import Pairs, open_pairs

GAP = 4
Pair = tuple[Tensor, Tensor]  # image [3, H, W], labels [H, W]
Rows = list[list[np.ndarray]]  # of pictures, uint8 [H, W, 3]


def validation_pairs(root: Path, split: str, layout: str) -> Pairs:
    """The validation pairs or, of a set without usable ones, those of `split`."""
    try:
        return open_pairs(root, "val", layout)
    except DataError:
        return open_pairs(root, split, layout)


def sample_pairs(pairs: Pairs, size: tuple[int, int], count: int) -> list[Pair]:
    """`count` pairs spread evenly."""
    chosen = np.linspace(0, len(pairs), count, endpoint=False).astype(int)
    return [whole(*pairs.load(int(i)), size) for i in sorted(set(chosen.tolist()))]


def sample_rows(generator: PainterNetwork, pairs: list[Pair], palette: np.ndarray, draws: int, *, photos: bool) -> Rows:
    """Rows of pictures: labels, `draws` draws with seeds 0, 1, ..., and the photo.

    The generator is used as it is: put it into eval mode first.
    """
    rows = []
    for image, labels in pairs:
        row = sample_row(generator, labels, palette, range(draws))
        rows.append([*row, to_pixels(image)] if photos else row)
    return rows


@torch.no_grad()
def sample_row(
    generator: PainterNetwork, labels: Tensor, palette: np.ndarray, seeds: Sequence[int]
) -> list[np.ndarray]:
    """Pictures uint8 [H, W, 3] of one label map [H, W]: its colors, and a draw for each seed."""
    device = next(generator.parameters()).device
    z = torch.from_numpy(np.stack([vector(seed, generator.config.z_dim) for seed in seeds])).to(device)
    fakes = generator(labels.expand(len(seeds), -1, -1).to(device), z, torch.tensor(seeds, device=device))
    return [palette[labels.numpy()], *(to_pixels(fake) for fake in fakes)]


def save_grid(rows: Rows, path: Path) -> None:
    """Equal-sized pictures in rows, as one picture with light gaps. Raises WriteError."""
    height, width = rows[0][0].shape[:2]
    canvas = np.full((len(rows) * (height + GAP) + GAP, len(rows[0]) * (width + GAP) + GAP, 3), 245, dtype=np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = GAP + i * (height + GAP), GAP + j * (width + GAP)
            canvas[top : top + height, left : left + width] = picture
    write_picture(path, Image.fromarray(canvas))
