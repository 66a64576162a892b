"""LVIS: objects outlined by polygons in one large JSON file, to label maps.

The file (1.1 GB, 1.3 million objects) is read once, as a stream, into flat arrays in the cache; the processes that load
data map those into memory and so share one copy.
"""

import colorsys
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson
import numpy as np
import rich.progress
from PIL import Image, ImageDraw

from models.cache import cache_dir
from models.classes import ClassInfo
from training.data.info import DataError, DatasetInfo
from training.output.files import name_full_disk

ARRAYS = ("sizes", "objects", "ids", "outlines", "corners")


class LvisLabels:
    """The label maps of an annotation file, by the stem of the photo: smaller objects lie over larger ones.

    sizes: int64 [I, 2], height and width of photo i. Its polygons are objects[i] .. objects[i + 1] - 1, largest object
    first. Polygon p has the class ids[p] and the corners outlines[p] .. outlines[p + 1] - 1, float32 (x, y) in pixels.
    """

    def __init__(self, annotations: Path) -> None:
        self.annotations = annotations
        folder = convert(annotations)
        about = json.loads((folder / "about.json").read_text())
        classes = tuple(ClassInfo(i, name, color) for i, (name, color) in enumerate(about["classes"]))
        self.info = DatasetInfo("LVIS", classes, None)
        self.photos: dict[str, str] = {Path(photo).stem: photo for photo in about["photos"]}
        self.place = {stem: i for i, stem in enumerate(self.photos)}
        self.files = dict.fromkeys(self.photos, annotations)
        self.arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}

    def __reduce__(self) -> tuple[type["LvisLabels"], tuple[Path]]:
        return LvisLabels, (self.annotations,)  # another process maps the arrays itself

    def read(self, stem: str) -> np.ndarray:
        """uint16 [H, W], background 0."""
        sizes, objects, ids, outlines, corners = (self.arrays[name] for name in ARRAYS)
        i = self.place[stem]
        picture = Image.new("I", (int(sizes[i, 1]), int(sizes[i, 0])))
        canvas = ImageDraw.Draw(picture)
        for p in range(objects[i], objects[i + 1]):
            canvas.polygon(corners[outlines[p] : outlines[p + 1]].flatten().tolist(), fill=int(ids[p]))
        return np.asarray(picture).astype(np.uint16)


def convert(annotations: Path) -> Path:
    """The folder of arrays of an annotation file, made if it is not in the cache. Raises DataError."""
    state = annotations.stat()
    key = hashlib.sha256(f"{annotations.resolve()} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:16]
    folder = cache_dir() / "lvis" / key
    if folder.is_dir():
        return folder
    try:
        about, arrays = collect(annotations)
    except (ijson.JSONError, KeyError, ValueError, TypeError) as error:
        raise DataError(
            f"{annotations} is not an annotation file of LVIS v1 ({error!r}): download it again."
        ) from error
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name, name_full_disk(folder):
        partial = Path(name) / key
        partial.mkdir()
        (partial / "about.json").write_text(json.dumps(about))
        for array, values in arrays.items():
            np.save(partial / f"{array}.npy", values)
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
    return folder


def collect(annotations: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Names of photos and classes, and the arrays."""
    categories = {c["id"]: c["name"] for c in stream(annotations, "categories")}
    if sorted(categories) != list(range(1, len(categories) + 1)):
        raise ValueError("the categories are not numbered 1, 2, 3, ...")
    names = ["background", *(categories[i] for i in sorted(categories))]
    photos: list[str] = []
    sizes: list[tuple[int, int]] = []
    place: dict[int, int] = {}
    for image in stream(annotations, "images"):
        place[image["id"]] = len(photos)
        # Validation photos of LVIS come from both folders of COCO; the address says which.
        photos.append("/".join(image["coco_url"].split("/")[-2:]))
        sizes.append((image["height"], image["width"]))
    outlines: list[np.ndarray] = []
    keys: list[tuple[int, float]] = []
    ids: list[int] = []
    for annotation in stream(annotations, "annotations"):
        for polygon in annotation["segmentation"]:
            outlines.append(np.array(polygon, np.float32).reshape(-1, 2))
            keys.append((place[annotation["image_id"]], -annotation["area"]))
            ids.append(annotation["category_id"])
    if ids and max(ids) >= len(names):
        raise ValueError(f"an object has the category {max(ids)}")
    order = sorted(range(len(keys)), key=keys.__getitem__)
    arrays = {
        "sizes": np.array(sizes, np.int64).reshape(-1, 2),
        "objects": starts(np.bincount([keys[p][0] for p in order], minlength=len(photos))),
        "ids": np.array([ids[p] for p in order], np.uint16),
        "outlines": starts(np.array([len(outlines[p]) for p in order], np.int64)),
        "corners": np.concatenate([np.zeros((0, 2), np.float32), *(outlines[p] for p in order)]),
    }
    return {"photos": photos, "classes": list(zip(names, distinct_colors(len(names)), strict=True))}, arrays


def stream(path: Path, key: str) -> Iterator[dict[str, Any]]:
    """The entries of a list in the file, one after the other."""
    with rich.progress.open(path, "rb", description=f"{path.name}: {key}", transient=True) as file:
        yield from ijson.items(file, f"{key}.item", use_float=True)


def starts(lengths: np.ndarray) -> np.ndarray:
    """Where runs of these lengths begin, and the end: int64 [n + 1]."""
    return np.concatenate([np.zeros(1, np.int64), lengths.cumsum()])


def distinct_colors(count: int) -> list[str]:
    """'#rrggbb' each, none twice: black, then hues a golden section apart in changing saturation and brightness."""
    colors = ["#000000"]
    for i in range(1, count):
        hue, saturation, value = i * 0.6180339887 % 1, 0.45 + 0.5 * (i % 5) / 4, 0.5 + 0.5 * (i % 7) / 6
        channels = (round(255 * channel) for channel in colorsys.hsv_to_rgb(hue, saturation, value))
        colors.append("#{:02x}{:02x}{:02x}".format(*channels))
    return colors
