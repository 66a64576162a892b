"""Label maps and photos as other programs save them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.classes import ClassInfo
from training.data.image_files import read_photo
from training.data.info import DatasetInfo
from training.data.labels import encode_labels, read_values

COLORS = ("#000000", "#70b5f0", "#1e6e32")
INFO = DatasetInfo("tiny", tuple(ClassInfo(i, f"class {i}", color) for i, color in enumerate(COLORS)), None)
LABELS = np.array([[0, 1, 2], [2, 1, 1]], np.uint8)


def test_a_label_map_keeps_its_classes_when_another_program_sorts_the_palette(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    path.write_bytes(encode_labels(LABELS, INFO))
    assert np.array_equal(read_values(path, INFO), LABELS)
    image = Image.fromarray(2 - LABELS, "P")
    image.putpalette(INFO.palette[::-1].tobytes())
    image.save(path)
    assert np.array_equal(read_values(path, INFO), LABELS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_turned_as_their_orientation_says(tmp_path: Path, orientation: int) -> None:
    shown = np.zeros((20, 30, 3), np.uint8)
    shown[:10, :10] = 255  # the upper left corner
    undo = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: a.transpose(1, 0, 2)[::-1],
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.ascontiguousarray(undo[orientation](shown))).save(tmp_path / "photo.png", exif=exif)
    assert np.array_equal(np.asarray(read_photo(tmp_path / "photo.png")), shown)
