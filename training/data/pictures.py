"""Picture files, decoded."""

from pathlib import Path

from PIL import Image

from training.data.info import DataError


def read_picture(path: Path) -> Image.Image:
    """As it is stored. Raises DataError."""
    try:
        with Image.open(path) as picture:
            picture.load()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:  # SyntaxError: of a broken PNG chunk
        raise DataError(f"{path} cannot be read ({error}): replace it, or remove the pair.") from error
    return picture


def read_photo(path: Path) -> Image.Image:
    """As RGB. Raises DataError."""
    return read_picture(path).convert("RGB")
