"""Picture files, decoded and encoded."""

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from training.data.info import DataError
from training.output.files import write_whole

# What Pillow raises for damaged files: a broken PNG chunk, say, is a SyntaxError, a cut header a ValueError.
UNREADABLE = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError)


def read_picture(path: Path) -> Image.Image:
    """As it is stored. Raises DataError."""
    try:
        with Image.open(path) as picture:
            picture.load()
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read ({error}): replace it, or remove the pair.") from error
    return picture


def read_photo(path: Path) -> Image.Image:
    """As RGB, turned as its EXIF orientation says and viewers show it. Raises DataError."""
    return upright(read_picture(path)).convert("RGB")


def upright(picture: Image.Image) -> Image.Image:
    """A picture turned as its EXIF orientation says."""
    return ImageOps.exif_transpose(picture)


def encode_picture(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a file; kind and options as Pillow names them: "png", "jpeg"."""
    content = BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def write_picture(path: Path, picture: Image.Image) -> None:
    """As the suffix says, .png or .jpg; whole or not at all. Raises DiskFullError."""
    kind, options = ("png", {}) if path.suffix == ".png" else ("jpeg", {"quality": 90})
    write_whole(path, encode_picture(picture, kind, **options))
