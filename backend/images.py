"""Decoding and encoding of images, between files and numpy arrays; files from clients are checked here."""

from collections.abc import Mapping
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image

from backend import limits
from backend.errors import ApiError, BadPhoto, TooLarge
from models.files.label_pictures import COLOR_TYPE, DEPTH, GRAY, GRAY_ALPHA, PALETTE, read_ids
from models.files.picture_files import PHOTO_FORMATS, PictureError, as_photo, open_picture

Format = Literal["png", "webp"]
LiveFormat = Literal["raw", "webp"]
MEDIA_TYPES: dict[Format, str] = {"png": "image/png", "webp": "image/webp"}

Image.MAX_IMAGE_PIXELS = None  # `_open` is stricter, and refuses instead of warning


def decode_map(
    data: bytes, what: str, refuse: type[ApiError], *, depth: int = 8, classes: Mapping[int, str] | None = None
) -> np.ndarray:
    """The ids in a PNG, uint8 [H, W] (uint16 if `depth` is 16).

    Args:
        data: The file.
        what: Names the map in messages.
        refuse: The error to raise.
        depth: Bits of the highest id, 8 or 16.
        classes: Colors by class id, for a label map, which is read by the rules of models.files.label_pictures. Other
            maps are gray or have a palette, and their values are the ids.

    Raises:
        TooLarge: More bytes or pixels than the limits allow.
        refuse: For everything else.
    """
    image = _open(data, what, ("PNG",), refuse)
    if classes is None and (data[COLOR_TYPE] not in (GRAY, PALETTE, GRAY_ALPHA) or data[DEPTH] > depth):
        raise refuse(
            f"The {what} is a PNG of colors or of 16 bits: send one gray or palette channel with {depth} bits."
        )
    try:
        values = read_ids(image, data, classes or {})
    except PictureError as error:
        raise refuse(f"The {what} {error}.") from error
    if (highest := int(values.max())) >> depth:
        raise refuse(f"The {what} has the value {highest}, which is no id: they end at {2**depth - 1} here.")
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
    image = _open(data, what, PHOTO_FORMATS, refuse)
    if image.format == "PNG" and data[DEPTH] == 16:
        raise refuse(f"The {what} is a 16-bit PNG: save it with 8 bits a channel.")
    try:
        return as_photo(image)
    except PictureError as error:
        raise refuse(f"The {what} {error}.") from error


def _open(data: bytes, what: str, formats: tuple[str, ...], refuse: type[ApiError]) -> Image.Image:
    """Read only the header of a file, and refuse what must not be decoded."""
    if len(data) > limits.IMAGE_BYTES:
        raise TooLarge(f"The {what} has more than {limits.IMAGE_BYTES // limits.MB} MB: send a smaller file.")
    try:
        image = open_picture(data, formats)
    except PictureError as error:
        raise refuse(f"The {what} {error}.") from error
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


def _save(image: Image.Image, form: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
