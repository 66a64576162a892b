from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from backend.images import decode_photo
from tests.backend.conftest import SEGMENT
from tests.backend.pictures import PHOTO, decode, encode, photo, save

PIXELS = Image.fromarray(photo())


def segment(client, sent, **query):
    response = client.post(SEGMENT, files={"photo": sent}, params=query)
    assert response.is_success, response.text
    return response


@pytest.mark.parametrize("size", [(64, 64), (90, 120), (7, 300), (1, 1), (1200, 900)])
def test_any_aspect_becomes_a_map_of_native_size(client, size):
    response = segment(client, encode(photo(*size)))
    labels = decode(response.content)
    assert response.headers["content-type"] == "image/png" and labels.shape == (64, 64)
    assert labels.min() >= 1 and labels.max() <= 4  # never the ignored class, never "fake"


def test_the_map_shows_the_classes_in_their_colors(client):
    response = segment(client, PHOTO)
    image = Image.open(BytesIO(response.content))
    assert image.mode == "P"
    first = int(decode(response.content)[0, 0])
    color = client.get("/api/models/tiny").json()["classes"][first]["color"]
    assert image.convert("RGB").getpixel((0, 0)) == tuple(bytes.fromhex(color[1:]))


def test_confidence_comes_with_the_same_map(client):
    both = segment(client, PHOTO, confidence="true").json()
    assert b64decode(both["labels"]) == segment(client, PHOTO).content
    confidence = decode(b64decode(both["confidence"]))
    assert confidence.shape == (64, 64) and confidence.dtype == np.uint8 and confidence.min() > 0


def test_the_map_can_be_painted(client):
    labels = segment(client, PHOTO).content
    assert client.post("/api/models/tiny/synthesize", files={"labels": labels}).is_success


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
@pytest.mark.parametrize(("orientation", "turn"), [(3, 2), (6, 1), (8, 3)])
def test_photos_are_turned_as_the_camera_was(form, orientation, turn):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = save(Image.fromarray(np.rot90(photo(), turn).copy()), form, exif=exif, quality=95)
    upright = decode_photo(turned, (90, 120)).astype(int)
    assert np.abs(upright - photo()).mean() < 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr"])
def test_every_kind_of_pixel_becomes_rgb(mode):
    form = "jpeg" if mode in {"CMYK", "YCbCr"} else "png"
    source = PIXELS.convert("P").convert("PA") if mode == "PA" else PIXELS.convert(mode)
    if mode == "PA":
        source = source.convert("RGBA").quantize(16)
    assert decode_photo(save(source, form), (32, 64)).shape == (32, 64, 3)


def test_what_is_transparent_is_white():
    clear = np.zeros((8, 8, 4), np.uint8)
    assert (decode_photo(encode(clear), (8, 8)) == 255).all()


def test_the_first_picture_of_a_phone_s_jpeg_is_the_photo():
    pair = save(PIXELS, "mpo", save_all=True, append_images=[Image.new("RGB", (120, 90))], quality=95)
    assert np.abs(decode_photo(pair, (90, 120)).astype(int) - photo()).mean() < 8
