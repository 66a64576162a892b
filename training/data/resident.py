"""Batches of a set that lies decoded on the device: the same pictures as `training.data.batches` makes one by one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.batches import AugmentedPairs, Batch, draw_crop, resized_size


class ResidentPairs:
    """All photos, uint8 [N, h, w, 3], and label maps, uint8 [N, h, w], at the size they are cropped from."""

    def __init__(self, pairs: AugmentedPairs, device: torch.device) -> None:
        """Decodes with all processors. Raises DataError for a pair that cannot be used."""
        self.pairs, self.device = pairs, device
        height, width = resized_size(pairs.size, pairs.resize_ratio)

        def load(index: int) -> tuple[np.ndarray, np.ndarray]:
            photo, label = pairs.load(index)
            photo = photo.resize((width, height), Image.Resampling.BICUBIC)
            return np.asarray(photo), np.asarray(label.resize((width, height), Image.Resampling.NEAREST))

        with ThreadPoolExecutor() as pool:
            photos, labels = zip(*pool.map(load, range(len(pairs.pairs))), strict=True)
        self.photos = torch.from_numpy(np.stack(photos)).to(device)
        self.labels = torch.from_numpy(np.stack(labels).astype(np.int16)).to(device)

    def batches(self, batch: int, seed: int, start: int, stride: int) -> Iterator[Batch]:
        """As `training.data.batches.batches`."""
        pairs = replace(self.pairs, seed=seed)
        for first in count(start, stride):
            yield self._batch(pairs, range(first, first + batch))

    def _batch(self, pairs: AugmentedPairs, positions: range) -> Batch:
        """The pairs at these positions; nothing waits for the device."""
        height, width = pairs.size
        crops = [draw_crop(pairs.size, pairs.resize_ratio, pairs.rng(position)) for position in positions]
        index = self._on_device([pairs.index(position) for position in positions])[:, None, None]
        top, left, flip = (self._on_device(list(column))[:, None] for column in zip(*crops, strict=True))
        rows = top + torch.arange(height, device=self.device)  # [B, H]
        ahead = torch.arange(width, device=self.device)
        columns = left + torch.where(flip > 0, width - 1 - ahead, ahead)  # [B, W]
        rows, columns = rows[:, :, None], columns[:, None, :]
        photos = self.photos[index, rows, columns]  # [B, H, W, 3]: channels last already
        images = photos.permute(0, 3, 1, 2).float() / 127.5 - 1
        return Batch(images, self.labels[index, rows, columns].long())

    def _on_device(self, values: list[int]) -> Tensor:
        return torch.tensor(values).to(self.device, non_blocking=True)
