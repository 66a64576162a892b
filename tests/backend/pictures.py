"""Small files to send, and what comes back as arrays."""

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image


def encode(array: np.ndarray, form: str = "png", **options: Any) -> bytes:
    """An array as an image file."""
    return save(Image.fromarray(array), form, **options)


def save(image: Image.Image, form: str = "png", **options: Any) -> bytes:
    """A Pillow image as a file."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def decode(data: bytes) -> np.ndarray:
    """A file's pixels; palette images give their indices."""
    return np.asarray(Image.open(BytesIO(data)))


def stripes(height: int = 64, width: int = 64, classes: int = 5) -> np.ndarray:
    """A label map with all classes, in horizontal stripes."""
    return (np.arange(height)[:, None] * classes // height).repeat(width, 1).astype(np.uint8)


def photo(height: int = 90, width: int = 120) -> np.ndarray:
    """A picture with a red left upper corner, so that turning it is seen."""
    pixels = np.full((height, width, 3), (40, 120, 200), np.uint8)
    pixels[: height // 2, : width // 2] = (220, 30, 30)
    return pixels


LABELS = encode(stripes())
SLOW = np.random.RandomState(0).randint(0, 5, (768, 768)).astype(np.uint8)
"""A large label map with a new class at every pixel: the tiny model is busy for half a second to two."""
PHOTO = encode(photo())
