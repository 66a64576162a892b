"""Folders of photos and label maps: `<root>/classes.json` and `<root>/<split>/{images,labels}` with equal stems."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.classes import ClassInfo, check_classes

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


class DataError(ValueError):
    """Training data that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class DatasetInfo:
    """What `classes.json` says: the classes by id (0 .. N-1 without gaps) and the id that is ignored, if any."""

    name: str
    classes: tuple[ClassInfo, ...]
    ignore_id: int | None

    @property
    def palette(self) -> np.ndarray:
        """uint8 [N, 3]: the colour of each class."""
        return np.array([[int(c.color[i : i + 2], 16) for i in (1, 3, 5)] for c in self.classes], np.uint8)


def read_info(root: Path) -> DatasetInfo:
    """Raises DataError if classes.json is missing or says something that cannot be trained."""
    path = root / "classes.json"
    if not path.is_file():
        raise DataError(f"{path} is missing: it lists the classes as {{'classes': [{{'id', 'name', 'color'}}, ...]}}.")
    try:
        data = json.loads(path.read_text())
        classes = tuple(ClassInfo(int(c["id"]), str(c["name"]), str(c["color"])) for c in data["classes"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} cannot be read ({error!r}): each class needs 'id', 'name' and 'color'.") from error
    ignore_id = data.get("ignore_id")
    try:
        check_classes(classes, ignore_id)
    except ValueError as error:
        raise DataError(f"{path}: {error}.") from error
    return DatasetInfo(data.get("name", root.name), classes, ignore_id)


class PairFolder:
    """The pairs of one split, sorted by stem."""

    def __init__(self, root: Path, split: str) -> None:
        self.info = read_info(root)
        images = {p.stem: p for p in sorted((root / split / "images").glob("*")) if p.suffix.lower() in IMAGE_SUFFIXES}
        labels = {p.stem: p for p in sorted((root / split / "labels").glob("*.png"))}
        if not images:
            raise DataError(f"No photos in {root / split / 'images'}: expected files {', '.join(IMAGE_SUFFIXES)}.")
        alone = sorted(set(images) ^ set(labels))
        if alone:
            raise DataError(
                f"{root / split}: {len(alone)} files have no partner, {alone[0]!r} first: "
                "images/ and labels/ must hold the same stems."
            )
        self.pairs = [(images[stem], labels[stem]) for stem in sorted(images)]

    def __len__(self) -> int:
        return len(self.pairs)

    def load(self, index: int) -> tuple[Image.Image, Image.Image]:
        """Photo as RGB and label map as a one-channel picture of class ids. Raises DataError."""
        image_path, label_path = self.pairs[index]
        try:
            with Image.open(image_path) as image, Image.open(label_path) as label:
                photo = image.convert("RGB")
                label.load()
        except OSError as error:
            raise DataError(
                f"Pair {image_path.stem!r} cannot be read ({error}): replace or remove both files."
            ) from error
        if label.mode not in ("P", "L"):
            raise DataError(
                f"{label_path} has mode {label.mode}: expected an 8-bit PNG whose pixel value is the class id."
            )
        if photo.size != label.size:
            raise DataError(
                f"{image_path} is {photo.size} but its label map is {label.size}: both must be of one size."
            )
        ids = np.asarray(label)
        if ids.max() >= len(self.info.classes):
            raise DataError(f"{label_path} has id {ids.max()}, but classes.json ends at {len(self.info.classes) - 1}.")
        return photo, Image.fromarray(ids)
