"""Picture files that nobody vouches for, by the same rules for the server, the trainer and project files.

A small file can take minutes to decode. What such files are made of is counted before anything is decoded.
"""

import re
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from models.errors import UserError

PHOTO_FORMATS = ("PNG", "JPEG", "WEBP")
CHUNKS = 10_000
"""Chunks of a PNG file: programs put 8 kB of pixels or more into each."""
SEGMENTS = 1000
"""Segments of a JPEG file before its pixels: 160 of them hold 10 MB."""
SCANS = 50
"""Scans of a JPEG file: progressive photos have about 10, and each takes time for all pixels."""

PNG_SIGNATURE, JPEG_START = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
MARKER = re.compile(rb"\xff+([^\x00\xff])")
IN_SCAN = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
WITHOUT_BODY = {0x01, *range(0xD0, 0xD9)}
ARITHMETIC = {0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
SRGB = ImageCms.createProfile("sRGB")


class PictureError(UserError, ValueError):
    """A picture that cannot be used. The message goes on after its name: "is damaged: save it again"."""


def open_picture(data: bytes, formats: tuple[str, ...] = PHOTO_FORMATS) -> Image.Image:
    """The header of a picture file; its pixels are not decoded yet.

    Args:
        data: The file.
        formats: Pillow's names of those that are read.

    Raises:
        PictureError: It is none of these, or made so that decoding would take long.
    """
    if data.startswith(PNG_SIGNATURE):
        _check_png(data)
    elif data.startswith(JPEG_START):
        _check_jpeg(data)
    try:
        return Image.open(BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise PictureError("has too many pixels: make it smaller") from error
    except Exception as error:  # a decoder can raise nearly anything for malicious bytes
        raise PictureError(f"is not a readable {' or '.join(formats)} file: send a whole one") from error


def load_pixels(image: Image.Image) -> None:
    """Decode an opened picture. Raises PictureError."""
    try:
        image.load()
    except Exception as error:  # as in open_picture
        raise PictureError("is damaged or cut off: save or send it again") from error


def as_photo(image: Image.Image) -> Image.Image:
    """An opened picture as viewers show it: turned as its EXIF orientation says, in sRGB, on white; mode RGB.

    Raises PictureError.
    """
    load_pixels(image)
    try:
        shown = ImageOps.exif_transpose(image)
        if shown.has_transparency_data:
            shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown.convert("RGBA"))
        return _in_srgb(shown if shown.mode in ("L", "CMYK") else shown.convert("RGB"), image.info.get("icc_profile"))
    except Exception as error:  # as in open_picture
        raise PictureError("is damaged: save it again") from error


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB of a picture of mode L, RGB or CMYK with this color profile; one that is damaged or does not fit is ignored,
    as browsers do."""
    # Programs of elements that many table entries share take minutes; browsers do not run them, either.
    if profile and b"mpet" not in profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
                assert converted is not None  # it is None only where `image` itself is changed
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image.convert("RGB")


def _check_png(data: bytes) -> None:
    """Raises PictureError."""
    if data[12:16] != b"IHDR":
        raise PictureError("is damaged: the file does not begin with its header")
    at, count = len(PNG_SIGNATURE), 0
    while at < len(data):
        count += 1
        if count > CHUNKS:
            raise PictureError(f"is a PNG file of more than {CHUNKS} chunks: save it again")
        at += 12 + int.from_bytes(data[at : at + 4])


def _check_jpeg(data: bytes) -> None:
    """Raises PictureError."""
    segments = scans = 0
    for kind in _jpeg_markers(data):
        segments, scans = segments + 1, scans + (kind == START_OF_SCAN)
        if kind in ARITHMETIC:
            raise PictureError("is a JPEG file with arithmetic coding, which browsers cannot read: save it again")
        if scans > SCANS:
            raise PictureError(f"is a JPEG file of more than {SCANS} scans: save it again, without progressive display")
        if segments > SEGMENTS:
            raise PictureError(f"is a JPEG file of more than {SEGMENTS} segments: save it again")


def _jpeg_markers(data: bytes) -> Iterator[int]:
    """The markers of the first picture in a JPEG file, without those inside its segments, such as a thumbnail's."""
    at, pattern = len(JPEG_START), MARKER
    while found := pattern.search(data, at):
        kind, at = found[1][0], found.end()
        yield kind
        if kind == END_OF_IMAGE:
            return
        if kind not in WITHOUT_BODY:
            at += max(2, int.from_bytes(data[at : at + 2]))
        if kind == START_OF_SCAN:
            pattern = IN_SCAN
