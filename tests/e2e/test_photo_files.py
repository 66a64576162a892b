"""Each photo file has one look: in the browser, on the server and in training."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.images import decode_picture
from tests.e2e.given import encoded
from tests.e2e.studio import Studio
from tests.models.files.test_picture_files import swapped
from training.data.image_files import read_photo

READ = """async ([data, root]) => {
  const { readPhoto, crop } = await import(`${root}/js/formats/photo.js`);
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const photo = await readPhoto(new File([bytes], 'photo'));
  const { width, height } = photo;
  const pixels = crop(photo, width, height).getContext('2d').getImageData(0, 0, width, height).data;
  return { width, height, pixels: btoa(Array.from(pixels, each => String.fromCharCode(each)).join('')) };
}"""

ROOT = "() => document.querySelector('script[type=module][src]').src.replace(/\\/js\\/.*/, '')"


def photo() -> Image.Image:
    """A gradient with a red corner, 48 x 32: soft, so that all decoders agree."""
    y, x = np.mgrid[:32, :48]
    pixels = np.stack([200 - 4 * x, 60 + 4 * y, 90 + 2 * x], 2)
    pixels[:16, :16] = (220, 30, 30)
    return Image.fromarray(pixels.astype(np.uint8))


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def see_through() -> Image.Image:
    image = photo().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


FILES = {
    "plain": encoded(photo(), "PNG"),
    "JPEG": encoded(photo(), "JPEG", quality=95),
    "progressive": encoded(photo(), "JPEG", quality=95, progressive=True),
    "WebP": encoded(photo(), "WEBP", lossless=True),
    "turned": encoded(photo(), "JPEG", quality=95, exif=turned()),
    "with a color profile": encoded(photo(), "PNG", icc_profile=swapped()),
    "JPEG with a color profile": encoded(photo(), "JPEG", quality=95, icc_profile=swapped()),
    "with a damaged profile": encoded(photo(), "PNG", icc_profile=swapped()[:200]),
    "see-through": encoded(see_through(), "PNG"),
    "see-through WebP": encoded(see_through(), "WEBP", lossless=True),
    "gray": encoded(photo().convert("L"), "PNG"),
    "palette": encoded(photo().quantize(32), "PNG"),
    "phone": encoded(photo(), "MPO", quality=95, save_all=True, append_images=[Image.new("RGB", (48, 32))]),
}


@pytest.mark.parametrize("name", FILES)
def test_all_see_the_same_photo(studio: Studio, tmp_path: Path, name: str) -> None:
    data = FILES[name]
    root = studio.page.evaluate(
        "() => document.querySelector('script[type=module][src]').src.replace(/\\/js\\/.*/, '')"
    )
    found = studio.page.evaluate(READ, [base64.b64encode(data).decode(), root])
    shape = (found["height"], found["width"])
    page = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).reshape(*shape, 4)[..., :3].astype(int)
    (tmp_path / "photo").write_bytes(data)
    server, training = decode_picture(data, shape).astype(int), np.asarray(read_photo(tmp_path / "photo")).astype(int)
    assert np.abs(server - training).max() == 0
    assert np.abs(server - page).max() <= (12 if data[:2] == b"\xff\xd8" else 2)
