"""Picture files, decoded and encoded."""

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from models.files.picture_files import PHOTO_FORMATS, PictureError, as_photo, open_picture
from training.data.info import DataError
from training.output.files import write_whole


def open_file(path: Path, formats: tuple[str, ...] = PHOTO_FORMATS) -> tuple[Image.Image, bytes]:
    """A picture, opened but not decoded, and its file. Raises DataError."""
    try:
        data = path.read_bytes()
        return open_picture(data, formats), data
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): replace it, or remove the pair.") from error
    except PictureError as error:
        raise unusable(path, error) from error


def read_photo(path: Path) -> Image.Image:
    """As RGB, the way viewers show it. Raises DataError."""
    return decode_photo(path, open_file(path)[0])


def decode_photo(path: Path, opened: Image.Image) -> Image.Image:
    """As read_photo, of an opened picture."""
    try:
        return as_photo(opened)
    except PictureError as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: PictureError) -> DataError:
    """What to say of a file that is no picture to learn from."""
    return DataError(f"{path} cannot be read (it {error}): replace it, or remove the pair.")


def encode_picture(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a file; kind and options as Pillow names them: "png", "jpeg"."""
    content = BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def write_picture(path: Path, picture: Image.Image) -> None:
    """As the suffix says, .png or .jpg; whole or not at all. Raises DiskFullError."""
    kind, options = ("png", {}) if path.suffix == ".png" else ("jpeg", {"quality": 90})
    write_whole(path, encode_picture(picture, kind, **options))
