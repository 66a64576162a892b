"""Label pictures: from the pixels of a file to class ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from models.files.label_pictures import read_ids
from models.files.picture_files import PictureError
from training.data.image_files import encode_picture, open_file
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
    """The class ids of a label map, not yet compared with the class list: uint8 or uint16 [H, W]. Raises DataError."""
    opened, data = open_file(path, ("PNG",))
    try:
        return read_ids(opened, data, {each.id: each.color for each in info.classes})
    except PictureError as error:
        raise DataError(f"{path} {error}.") from error


def encode_labels(labels: np.ndarray, info: DatasetInfo) -> bytes:
    """[H, W] of class ids as a PNG whose values are the ids: with a palette to look at, 16-bit above 256 classes."""
    if len(info.classes) > 256:
        return encode_picture(Image.fromarray(labels.astype(np.uint16)), "png")
    picture = Image.fromarray(labels.astype(np.uint8))
    picture.putpalette(info.palette.tobytes())
    return encode_picture(picture, "png")
