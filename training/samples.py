"""Sample grids: one row a label map, with its colours, draws of the noise and, if wanted, the photo."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.noise import vector
from models.oasis import Generator
from models.predictor import to_pixels

GAP = 4


@torch.no_grad()
def sample_rows(
    generator: Generator, pairs: list[tuple[Tensor, Tensor]], palette: np.ndarray, draws: int, *, photos: bool
) -> list[list[np.ndarray]]:
    """Rows of pictures uint8 [H, W, 3]: labels, `draws` draws with seeds 0, 1, ..., and the photo.

    pairs: (image [3, H, W], labels [H, W]). The generator is used as it is: put it into eval mode first.
    """
    device = next(generator.parameters()).device
    z = torch.from_numpy(np.stack([vector(seed) for seed in range(draws)])).to(device)
    rows = []
    for image, labels in pairs:
        fakes = generator(labels.expand(draws, -1, -1).to(device), z)
        row = [palette[labels.numpy()], *(to_pixels(fake) for fake in fakes)]
        rows.append([*row, to_pixels(image)] if photos else row)
    return rows


def save_grid(rows: list[list[np.ndarray]], path: Path) -> None:
    """Equal-sized pictures in rows, as one PNG with light gaps."""
    height, width = rows[0][0].shape[:2]
    canvas = np.full((len(rows) * (height + GAP) + GAP, len(rows[0]) * (width + GAP) + GAP, 3), 245, dtype=np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = GAP + i * (height + GAP), GAP + j * (width + GAP)
            canvas[top : top + height, left : left + width] = picture
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(canvas).save(path)
