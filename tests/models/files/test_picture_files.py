"""What is refused before it is decoded, and how photos come out."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from models.files.picture_files import CHUNKS, SCANS, SEGMENTS, PictureError, as_photo, open_picture

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)


def file(image: Image.Image, form: str = "png", **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def picture(form: str = "png", mode: str = "RGB", **options: Any) -> bytes:
    return file(Image.fromarray(PIXELS).convert(mode), form, **options)


def shown(data: bytes) -> np.ndarray:
    return np.asarray(as_photo(open_picture(data)))


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def segment(marker: int, body: bytes = b"") -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", 2 + len(body)) + body


def with_chunks(count: int, *, at: int = 33) -> bytes:
    """A PNG with that many more chunks, after its header by default."""
    data = picture()
    return data[:at] + chunk(b"teSt") * count + data[at:]


def with_scans(count: int) -> bytes:
    """A progressive JPEG of that many scans: the last ones refine the brightness of the first, and have no data."""
    data = picture("jpeg", progressive=True)
    more = count - data.count(b"\xff\xda")
    return data[:-2] + segment(0xDA, bytes([1, 1, 0, 0, 0, 0x10])) * more + data[-2:]


def test_a_file_of_many_small_parts_is_not_decoded() -> None:
    for good in (with_chunks(CHUNKS - 10), with_scans(SCANS)):
        assert shown(good).shape == PIXELS.shape
    jpeg = picture("jpeg")
    bombs = {
        f"PNG file of more than {CHUNKS} chunks": [with_chunks(CHUNKS), with_chunks(CHUNKS, at=-12)],
        f"JPEG file of more than {SCANS} scans": [with_scans(SCANS + 1)],
        f"JPEG file of more than {SEGMENTS} segments": [jpeg[:2] + segment(0xFE) * SEGMENTS + jpeg[2:]],
        "arithmetic coding": [jpeg.replace(b"\xff\xc0", b"\xff\xc9", 1)],
    }
    for message, files in bombs.items():
        for data in files:
            with pytest.raises(PictureError, match=message):
                open_picture(data)


def test_scans_are_counted_behind_whatever_decoders_skip() -> None:
    many = with_scans(SCANS + 1)
    first = many.index(b"\xff\xda")
    for skipped in (b"\xff" * 9, b"garbage", segment(0xE5, b"\xff\xda\xff\xd9" * 9), b"\xff\xd0"):
        with pytest.raises(PictureError, match="scans"):
            open_picture(many[:first] + skipped + many[first:])


def test_scans_of_other_pictures_in_the_file_do_not_count() -> None:
    many = with_scans(SCANS + 1)
    thumbnail = segment(0xE1, b"Exif\0\0" + many)
    phone = file(Image.fromarray(PIXELS), "mpo", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    plain = picture("jpeg")
    for good in (plain[:2] + thumbnail + plain[2:], plain + many, phone + many):
        assert shown(good).shape == PIXELS.shape


def test_a_png_begins_with_its_header() -> None:
    data = picture()
    with pytest.raises(PictureError, match="header"):
        open_picture(data[:8] + chunk(b"teSt") + data[8:])


@pytest.mark.parametrize(("mode", "count"), [("P", 300), ("L", 1), ("RGB", 7)])
def test_a_transparency_of_the_wrong_length_is_no_other_error(mode: str, count: int) -> None:
    data = picture(mode=mode)
    at = data.index(b"IDAT") - 4
    strange = data[:at] + chunk(b"tRNS", bytes(count)) + data[at:]
    with suppress(PictureError):
        assert shown(strange).shape == PIXELS.shape


def swapped() -> bytes:
    """A color profile whose red is sRGB's green and the other way round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    profile[red : red + 4], profile[green : green + 4] = profile[green : green + 4], profile[red : red + 4]
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_colors_follow_the_profile_in_the_file(form: str) -> None:
    flat = Image.new("RGB", (16, 16), (200, 60, 30))
    found = shown(file(flat, form, icc_profile=swapped(), quality=95))
    assert np.abs(found.astype(int) - (60, 200, 30)).max() < 8


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK", "P"])
@pytest.mark.parametrize(
    "profile",
    [
        b"no profile",
        swapped()[:200],
        swapped().replace(b"rTRC", b"mpet"),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
)
def test_a_profile_that_is_damaged_or_does_not_fit_is_ignored(mode: str, profile: bytes) -> None:
    form = "jpeg" if mode == "CMYK" else "png"
    assert np.array_equal(shown(picture(form, mode, icc_profile=profile)), shown(picture(form, mode)))


def test_what_is_transparent_is_white() -> None:
    assert (shown(file(Image.new("RGBA", (8, 8)))) == 255).all()
