"""Decoding and encoding of images, between files and numpy arrays; files from clients are checked here."""

from collections.abc import Mapping
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from backend import limits
from backend.errors import ApiError, BadPhoto, TooLarge
from models.files.label_pictures import DEPTH, ids_of_palette, stored_values

Format = Literal["png", "webp"]
LiveFormat = Literal["raw", "webp"]
MEDIA_TYPES: dict[Format, str] = {"png": "image/png", "webp": "image/webp"}

PNG_COLOR = 25  # offset of the color type in the header chunk, which is always the first
PNG_GRAY, PNG_PALETTE = 0, 3

Image.MAX_IMAGE_PIXELS = None  # `_open` is stricter, and refuses instead of warning


def decode_map(
    data: bytes, what: str, refuse: type[ApiError], *, depth: int = 8, classes: Mapping[int, str] | None = None
) -> np.ndarray:
    """The ids in a single-channel or palette PNG, uint8 [H, W] (uint16 if `depth` is 16).

    Args:
        data: The file. Its values are the ids: palette indices, or gray levels as stored.
        what: Names the map in messages.
        refuse: The error to raise.
        depth: The most bits a pixel, 8 or 16.
        classes: Colors by class id, for a label map whose palette may have them in another order.

    Raises:
        TooLarge: More bytes or pixels than the limits allow.
        refuse: For everything else.
    """
    image = _open(data, what, ("PNG",), refuse)
    found, color = data[DEPTH], data[PNG_COLOR]
    if color not in (PNG_GRAY, PNG_PALETTE):
        raise refuse(
            f"The {what} is a PNG of colors: send one gray or palette channel whose pixel value is the id, "
            "not the color of the class."
        )
    if found > depth:
        raise refuse(f"The {what} is a {found}-bit PNG: send {depth} bits a pixel, as the ids need no more.")
    values = stored_values(_load(image, what, refuse), found)
    if color == PNG_PALETTE and classes:
        values = ids_of_palette(values, image, classes)
    return values.astype(np.uint16 if depth == 16 else np.uint8)


def decode_photo(data: bytes, size: tuple[int, int]) -> np.ndarray:
    """A photo turned upright, without metadata, resized to `size` (height, width): uint8 [H, W, 3].

    Raises:
        BadPhoto, TooLarge: It cannot be used.
    """
    height, width = size
    return np.asarray(_read_photo(data, "photo", BadPhoto).resize((width, height), Image.Resampling.BICUBIC))


def decode_picture(
    data: bytes, size: tuple[int, int], what: str = "picture", refuse: type[ApiError] = BadPhoto
) -> np.ndarray:
    """A picture that must have the `size` (height, width) of its label map: uint8 [H, W, 3].

    `what`, `refuse` and errors as for decode_map.
    """
    image, (height, width) = _read_photo(data, what, refuse), size
    if image.size != (width, height):
        raise refuse(
            f"The {what} is {image.width}x{image.height} but the label map is {width}x{height}: "
            "both must have the same size."
        )
    return np.asarray(image)


def encode_picture(pixels: np.ndarray, form: Format | LiveFormat) -> bytes:
    """uint8 [H, W, 3] as a lossless file, or as bytes ("raw").

    Both formats use their fastest settings: at 256x256 WebP takes 2 ms and 90 kB, PNG 6 ms and 114 kB. Lossy WebP
    would be a fifth of that, but slower to encode, and pixels outside an edited region would change.
    """
    if form == "raw":
        return pixels.tobytes()
    options = {"lossless": True, "quality": 0, "method": 0} if form == "webp" else {"compress_level": 1}
    return _save(Image.fromarray(pixels), form, **options)


def encode_labels(labels: np.ndarray, colors: list[str]) -> bytes:
    """Class ids [H, W] as a PNG whose values are the ids: uint8 as a palette of `colors` ('#rrggbb'), uint16 gray."""
    if labels.dtype != np.uint8:
        return _save(Image.fromarray(labels.astype(np.uint16)), "png")
    image = Image.fromarray(labels).convert("L")
    image.putpalette(b"".join(bytes.fromhex(color[1:]) for color in colors))
    return _save(image, "png")


def encode_gray(values: np.ndarray) -> bytes:
    """float [H, W] in 0..1 as an 8-bit gray PNG."""
    return _save(Image.fromarray((values * 255).round().astype(np.uint8)), "png")


def _read_photo(data: bytes, what: str, refuse: type[ApiError]) -> Image.Image:
    image = _open(data, what, ("PNG", "JPEG", "WEBP"), refuse)
    if image.format == "PNG" and data[DEPTH] == 16:
        raise refuse(f"The {what} is a 16-bit PNG: save it with 8 bits a channel.")
    image = _load(image, what, refuse, upright=True)
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("RGB")


def _open(data: bytes, what: str, formats: tuple[str, ...], refuse: type[ApiError]) -> Image.Image:
    """Read only the header of a file, and refuse what must not be decoded."""
    if len(data) > limits.IMAGE_BYTES:
        raise TooLarge(f"The {what} has more than {limits.IMAGE_BYTES // limits.MB} MB: send a smaller file.")
    try:
        image = Image.open(BytesIO(data), formats=formats)
    except Exception as error:  # a decoder can raise nearly anything for malicious bytes
        raise refuse(f"The {what} is not a readable {' or '.join(formats)} file: send a whole one.") from error
    width, height = image.size
    if max(width, height) > limits.IMAGE_SIDE or width * height > limits.IMAGE_PIXELS:
        raise TooLarge(
            f"The {what} is {width}x{height}: send at most {limits.IMAGE_SIDE} pixels a side "
            f"and {limits.IMAGE_PIXELS // 10**6} megapixels."
        )
    # Many phones store photos as JPEG files with further pictures inside (MPO); the first is the photo.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise refuse(f"The {what} is animated: send a still picture.")
    return image


def _load(image: Image.Image, what: str, refuse: type[ApiError], *, upright: bool = False) -> Image.Image:
    """Decode the pixels; `upright` applies the EXIF orientation."""
    try:
        image.load()
        return ImageOps.exif_transpose(image) if upright else image
    except Exception as error:  # as in _open
        raise refuse(f"The {what} is damaged or cut off: save or send it again.") from error


def _save(image: Image.Image, form: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
