"""How datasets lie on disk: where the photos and labels of a split are, and what the values of a label file mean."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.data.info import DataError, DatasetInfo, read_info
from training.data.labels import LabelPictures, LabelSource

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Split:
    """What lies on disk of a split: photos and labels by stem, not yet matched."""

    info: DatasetInfo
    photos: dict[str, Path]
    labels: LabelSource


@dataclass(frozen=True)
class Layout:
    tree: str
    """The files it expects, as a person would draw them."""
    read: Callable[[Path, str], Split]
    """(root, split) -> what is there."""

    def find(self, root: Path, split: str) -> Split:
        """Raises DataError if there is no photo."""
        found = self.read(root, split)
        if not found.photos:
            raise DataError(f"There are no photos of the split {split!r} under {root}. Expected:\n{self.tree}")
        return found


def by_stem(paths: Iterable[Path], ending: str = "") -> dict[str, Path]:
    """Files by their name without suffix and `ending`. Raises DataError if two have the same."""
    found: dict[str, Path] = {}
    for path in sorted(paths):
        stem = path.stem.removesuffix(ending)
        if stem in found:
            raise DataError(f"{found[stem]} and {path} have the same stem: remove or rename one of them.")
        found[stem] = path
    return found


def pictures(folder: Path) -> dict[str, Path]:
    return by_stem(path for path in folder.glob("*") if path.suffix.lower() in IMAGE_SUFFIXES)


def as_they_are(values: np.ndarray) -> np.ndarray:
    return values


def read_folder(root: Path, split: str) -> Split:
    info = read_info(root)
    labels = LabelPictures(by_stem((root / split / "labels").glob("*.png")), info, as_they_are)
    return Split(info, pictures(root / split / "images"), labels)


LAYOUTS = {
    "folder": Layout(
        """\
classes.json                  {"classes": [{"id": 0, "name": "sky", "color": "#70b5f0"}, ...], "ignore_id": null}
<split>/images/<stem>.jpg     photos: jpg, jpeg, png or webp
<split>/labels/<stem>.png     label maps of the same stems""",
        read_folder,
    ),
}
