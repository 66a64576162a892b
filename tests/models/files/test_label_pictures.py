"""Class ids in palette and gray pictures."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from models.files.label_pictures import DEPTH, ids_of_palette, stored_values

NONE, SKY, TREE, WHITE = (0, 0, 0), (112, 181, 240), (30, 110, 50), (255, 255, 255)
CLASSES = {0: "#000000", 1: "#70b5f0", 2: "#1e6e32"}


def with_palette(indices: list[int], *colors: tuple[int, int, int]) -> Image.Image:
    """A row of pixels, by way of a file."""
    image = Image.fromarray(np.array([indices], np.uint8), "P")
    image.putpalette([value for color in colors for value in color])
    file = BytesIO()
    image.save(file, "PNG")
    found = Image.open(file)
    found.load()
    return found


@pytest.mark.parametrize(
    ("indices", "colors", "expected"),
    [
        ([0, 1, 2], [NONE, SKY, TREE], [0, 1, 2]),
        ([0, 1, 2], [TREE, NONE, SKY], [2, 0, 1]),
        ([0, 1, 0], [TREE, SKY], [2, 1, 2]),
        pytest.param([0, 0], [TREE], [2, 2], id="shortened to one color"),
        pytest.param([0, 0], [TREE, WHITE], [0, 0], id="one color says little"),
        pytest.param([0, 1, 2], [TREE, SKY, WHITE], [0, 1, 2], id="another palette"),
        pytest.param([0, 1, 2], [NONE, NONE, NONE], [0, 1, 2], id="indices that look alike"),
    ],
)
def test_a_palette_of_class_colors_in_another_order_is_read_by_its_colors(indices, colors, expected) -> None:
    image = with_palette(indices, *colors)
    assert ids_of_palette(np.asarray(image), image, CLASSES).tolist() == [expected]


def test_an_index_beyond_the_palette_leaves_all_as_they_are() -> None:
    values = np.array([[0, 1, 2]], np.uint8)
    assert ids_of_palette(values, with_palette([0, 1], SKY, NONE), CLASSES) is values


def test_classes_that_share_a_color_are_told_by_index() -> None:
    image = with_palette([0, 1], TREE, NONE)
    assert ids_of_palette(np.asarray(image), image, {**CLASSES, 3: "#000000"}).tolist() == [[0, 1]]


def gray_png(row: list[int], depth: int) -> bytes:
    """A PNG of one row of gray with `depth` bits a sample, which Pillow does not write."""
    bits = "".join(f"{value:0{depth}b}" for value in row)
    packed = bytes(int(bits[i : i + 8].ljust(8, "0"), 2) for i in range(0, len(bits), 8))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", len(row), 1, depth, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" + packed)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_gray_of_few_bits_has_the_values_of_the_file(depth: int) -> None:
    row = list(range(2**depth))
    data = gray_png(row, depth)
    assert data[DEPTH] == depth
    assert stored_values(Image.open(BytesIO(data)), depth).tolist() == [row]
