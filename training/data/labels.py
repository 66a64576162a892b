"""Label pictures: from the pixels of a file to class ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from models.files.label_pictures import DEPTH, ids_of_palette, stored_values
from training.data.image_files import encode_picture, read_picture
from training.data.info import DataError, DatasetInfo


class LabelSource(Protocol):
    """The label maps of a split by stem."""

    @property
    def files(self) -> Mapping[str, Path]:
        """The file that holds the labels of each stem."""

    def read(self, stem: str) -> np.ndarray:
        """Class ids, uint8 or uint16 [H, W], not yet compared with the class list. Raises DataError."""


@dataclass(frozen=True)
class LabelPictures:
    """One picture a photo. `decode` makes class ids of the picture's values."""

    files: Mapping[str, Path]
    info: DatasetInfo
    decode: Callable[[np.ndarray], np.ndarray]

    def read(self, stem: str) -> np.ndarray:
        return self.decode(read_values(self.files[stem], self.info))


def read_values(path: Path, info: DatasetInfo) -> np.ndarray:
    """The values of a one-channel or palette picture, or the classes of a picture in class colors.

    uint8 or uint16 [H, W]. Raises DataError.
    """
    picture = read_picture(path)
    if picture.mode == "P":
        colors_by_id = {each.id: each.color for each in info.classes}
        return ids_of_palette(np.asarray(picture), picture, colors_by_id)
    if picture.mode in ("L", "1"):
        return stored_values(picture, bits(path) if picture.format == "PNG" else 8).astype(np.uint8)
    if picture.mode.startswith("I"):
        return np.asarray(picture).astype(np.uint16)
    colors = np.asarray(picture)
    if picture.mode == "RGB" or (picture.mode == "RGBA" and (colors[..., 3] == 255).all()):
        return ids_of_colors(colors[..., :3], info, path)
    raise DataError(
        f"{path} has mode {picture.mode}: expected a one-channel or palette PNG whose pixel value is the class id, "
        "or an opaque RGB one in the exact colors of the classes."
    )


def bits(path: Path) -> int:
    """Bits per sample in a PNG file."""
    with path.open("rb") as file:
        return file.read(DEPTH + 1)[DEPTH]


def encode_labels(labels: np.ndarray, info: DatasetInfo) -> bytes:
    """[H, W] of class ids as a PNG whose values are the ids: with a palette to look at, 16-bit above 256 classes."""
    if len(info.classes) > 256:
        return encode_picture(Image.fromarray(labels.astype(np.uint16)), "png")
    picture = Image.fromarray(labels.astype(np.uint8))
    picture.putpalette(info.palette.tobytes())
    return encode_picture(picture, "png")


def ids_of_colors(colors: np.ndarray, info: DatasetInfo, path: Path) -> np.ndarray:
    """uint8 [H, W, 3] -> uint16 [H, W]. Raises DataError, naming `path`, for a color that is not of just one class."""
    palette = pack(info.palette)  # [N]
    order = np.argsort(palette)
    shared = np.flatnonzero(np.diff(palette[order]) == 0)
    if len(shared):
        one, other = (info.classes[i] for i in order[shared[0] : shared[0] + 2])
        raise DataError(
            f"{path} holds colors, but the classes {one.id} ({one.name}) and {other.id} ({other.name}) share "
            f"{one.color}: give each class a color of its own in classes.json, or write labels as class ids."
        )
    packed = pack(colors)  # [H, W]
    place = np.searchsorted(palette[order], packed).clip(max=len(palette) - 1)
    unknown = palette[order][place] != packed
    if unknown.any():
        y, x = np.argwhere(unknown)[0]
        color = colors[y, x].astype(int)
        nearest = info.classes[int(((info.palette - color) ** 2).sum(1).argmin())]
        raise DataError(
            f"{path} has {unknown.sum()} pixels in {len(np.unique(packed[unknown]))} colors that no class has, "
            f"first #{packed[y, x]:06x} at x={x}, y={y} (nearest: {nearest.color}, class "
            f"{nearest.id}, {nearest.name}): draw labels without smoothing, save them as PNG, and list every color in "
            "classes.json."
        )
    ids: np.ndarray = order[place].astype(np.uint16)
    return ids


def pack(colors: np.ndarray) -> np.ndarray:
    """uint8 [..., 3] -> int64 [...]: red, green and blue as one number."""
    packed: np.ndarray = colors.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return packed
