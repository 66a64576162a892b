"""Pairs of photos and label maps in any layout: found, matched, read and checked."""

from pathlib import Path

import numpy as np
from PIL import Image

from training.data.image_files import read_photo
from training.data.info import DataError
from training.data.layouts import LAYOUTS, Layout, Split


class Pairs:
    """The pairs of a split, sorted by stem. Raises DataError if a file has no partner."""

    def __init__(self, split: Split) -> None:
        self.split, self.info = split, split.info
        self.stems = sorted(split.photos)
        alone = sorted(set(split.photos) ^ set(split.labels.files))
        if alone:
            file = split.photos.get(alone[0]) or split.labels.files[alone[0]]
            raise DataError(
                f"{len(alone)} photos or label maps have no partner, first {alone[0]!r} in {file}: both must have the "
                "same stem. Add what is missing or remove the file; 'oasis-studio check-data' lists all."
            )

    def __len__(self) -> int:
        return len(self.stems)

    def stem(self, index: int) -> str:
        """The name of a pair, unique in its split."""
        return self.stems[index]

    def photo_path(self, index: int) -> Path:
        return self.split.photos[self.stems[index]]

    def labels(self, index: int) -> np.ndarray:
        """The label map of a pair: class ids [H, W]. Raises DataError."""
        return self.split.labels.read(self.stems[index])

    def load(self, index: int) -> tuple[Image.Image, Image.Image]:
        """Photo as RGB and label map as a one-channel picture of class ids (mode L or I;16). Raises DataError."""
        photo_path, label_path = self.photo_path(index), self.split.labels.files[self.stems[index]]
        photo, ids = read_photo(photo_path), self.labels(index)
        if photo.size != ids.shape[::-1]:
            raise DataError(
                f"{photo_path} is {photo.width}x{photo.height} but its labels in {label_path} are "
                f"{ids.shape[1]}x{ids.shape[0]}: both must be of one size."
            )
        last = len(self.info.classes) - 1
        if ids.max() > last:
            raise DataError(
                f"{label_path} has id {ids.max()}, but the classes of {self.info.name!r} end at {last}: "
                "correct the label map or add the class."
            )
        return photo, Image.fromarray(ids if last > 255 else ids.astype(np.uint8))


RARE_AREA = 0.01  # of a photo, which a class must cover to count


def rare_class_shares(pairs: Pairs) -> np.ndarray:
    """How often each pair should be drawn so that rare classes are seen more: float [pairs], in proportion to f^-1/2, f
    the share of the rarest class it shows in the pixels of the set. The ignored class does not count.

    Reads every label map. Raises DataError.
    """
    classes = len(pairs.info.classes)
    counts = np.stack([np.bincount(pairs.labels(i).ravel(), minlength=classes) for i in range(len(pairs))])
    areas = counts / counts.sum(axis=1, keepdims=True)  # [pairs, N]
    if pairs.info.ignore_id is not None:
        areas[:, pairs.info.ignore_id] = 0
    frequency = np.maximum(areas.mean(axis=0), 1e-9)  # [N]
    shown = np.where(areas >= RARE_AREA, frequency**-0.5, 0).max(axis=1)
    # One that shows nothing counts as showing everything.
    return np.where(shown > 0, shown, 1.0)


def open_pairs(root: Path, split: str, layout: str = "folder") -> Pairs:
    """The pairs of the dataset under `root`; split: "train", "val" or, in a folder, what it is called there.

    Raises DataError: what was looked for, and how the layout's files must lie.
    """
    return Pairs(find_layout(layout).find(root, split))


def find_layout(name: str) -> Layout:
    """Raises DataError for a name that is none of LAYOUTS."""
    if name not in LAYOUTS:
        raise DataError(f"There is no layout {name!r}: choose one of {', '.join(LAYOUTS)}.")
    return LAYOUTS[name]
