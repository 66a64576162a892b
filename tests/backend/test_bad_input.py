"""Everything a client can get wrong is refused in the one shape, says why, and harms no other request."""

import json
from contextlib import suppress
from io import BytesIO
from zlib import crc32

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend import limits
from backend.errors import ApiError, BadLabels
from backend.images import decode_map, decode_photo
from tests.backend.conftest import SEGMENT, SYNTHESIZE
from tests.backend.pictures import LABELS, PHOTO, encode, photo, save, stripes
from tests.models.files.test_picture_files import with_chunks, with_scans

HUGE = save(Image.new("L", (9000, 9000)))
DEEP = encode(stripes().astype(np.uint16))
FRAMES = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
APNG = save(FRAMES[0], save_all=True, append_images=FRAMES[1:])
ANIMATED_WEBP = save(FRAMES[0], "webp", save_all=True, append_images=FRAMES[1:])
GIF = save(FRAMES[0], "gif")


def deep_rgb():
    """A 16-bit RGB PNG: Pillow writes none, so the depth is changed in the header of an 8-bit one."""
    data = bytearray(PHOTO)
    data[24] = 16
    data[29:33] = crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("labels", "status", "code", "says"),
    [
        (b"", 422, "bad_labels", "not a readable PNG"),
        (b"hello", 422, "bad_labels", "not a readable PNG"),
        (encode(photo(), "jpeg"), 422, "bad_labels", "not a readable PNG"),
        (GIF, 422, "bad_labels", "not a readable PNG"),
        (LABELS[:-30], 422, "bad_labels", "damaged or cut off"),
        (APNG, 422, "bad_labels", "animated"),
        (with_chunks(100_000), 422, "bad_labels", "more than 10000 chunks"),
        (encode(stripes().astype(np.uint16) + 300), 422, "bad_labels", "value 304, which is no id"),
        (encode(photo(64, 64)), 422, "bad_labels", "4096 pixels in colors that no class has"),
        (encode(stripes(classes=6)), 422, "bad_labels", "class id 5, which the model 'tiny' does not"),
        (encode(stripes(60, 100)), 422, "bad_labels", "multiples of 32: the nearest valid size is 96x64"),
        (encode(stripes(8, 8)), 422, "bad_labels", "the nearest valid size is 32x32"),
        (encode(stripes(32, 1056)), 413, "too_large", "at most 1024 pixels a side: the nearest valid size is 1024x32"),
        (HUGE, 413, "too_large", "9000x9000: send at most 4096 pixels a side"),
    ],
)
def test_label_maps(client, refusal, labels, status, code, says):
    assert says in refusal(client.post(SYNTHESIZE, files={"labels": labels}), status, code)


@pytest.mark.parametrize(
    ("sent", "status", "code", "says"),
    [
        (b"%PDF-1.7", 422, "bad_photo", "not a readable PNG or JPEG or WEBP"),
        (GIF, 422, "bad_photo", "not a readable"),
        (encode(photo(), "jpeg")[:-200], 422, "bad_photo", "damaged or cut off"),
        (PHOTO[:60], 422, "bad_photo", "damaged or cut off"),
        (APNG, 422, "bad_photo", "animated"),
        (ANIMATED_WEBP, 422, "bad_photo", "animated"),
        (DEEP, 422, "bad_photo", "16-bit"),
        (deep_rgb(), 422, "bad_photo", "16-bit"),
        (HUGE, 413, "too_large", "9000x9000"),
        (save(Image.new("L", (4096, 4000))), 413, "too_large", "16 megapixels"),
        (save(Image.new("L", (4097, 1))), 413, "too_large", "4097x1"),
        (PHOTO + bytes(limits.IMAGE_BYTES), 413, "too_large", "more than 10 MB"),
        (with_scans(3000), 422, "bad_photo", "more than 50 scans"),
        (with_chunks(100_000), 422, "bad_photo", "more than 10000 chunks"),
    ],
)
def test_photos(client, refusal, sent, status, code, says):
    assert says in refusal(client.post(SEGMENT, files={"photo": sent}), status, code)


@pytest.mark.parametrize(
    ("noise", "says"),
    [
        ("{", "not JSON"),
        ('{"seed": NaN}', "not JSON"),
        ('{"seed": 0, "regions": [{"id": 1, "seed": 1, "blend": {"seed": 2, "t": NaN}}]}', "not JSON"),
        ('{"seed": 1e999}', "noise.seed"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "must be a JSON object"),
        ('{"seed": -1}', "-1"),
        ('{"seed": 4294967296}', "from 0 to 4294967295"),
        ('{"seed": 1.5}', "noise.seed"),
        ('{"seed": true}', "noise.seed"),
        ('{"seed": ' + "9" * 10_000 + "}", "noise"),
        ('{"seed": 0, "blend": {"seed": 1, "t": 1' + "0" * 400 + "}}", "noise.blend.t is 1000"),
        ('{"sed": 1}', "unknown field 'sed'"),
        ('{"' + "x" * 5000 + '": 1}', "unknown field 'xxx"),
        ('{"regions": [{"id": 0, "seed": 1}]}', "from 1 to 255"),
        ('{"regions": [{"id": 1, "seed": 1}, {"id": 1, "seed": 2}]}', "twice"),
        ('{"regions": [{"id": 1, "seed": 1, "channels": [64]}]}', "from 0 to 63"),
        ('{"regions": [{"id": 1, "seed": 1}]}', "no region map"),
        (" " * (limits.NOISE_BYTES + 1), "more than 256 kB"),
    ],
)
def test_noise(client, refusal, noise, says):
    response = client.post(SYNTHESIZE, files={"labels": LABELS}, data={"noise": noise})
    message = refusal(response, 422, "bad_noise")
    assert says in message and len(message) < 300


@pytest.mark.parametrize(
    ("regions", "code", "says"),
    [
        (encode(np.full((64, 64), 7, np.uint8)), "bad_noise", "Region id 7 is in the region map but not in noise"),
        (encode(np.zeros((32, 64), np.uint8)), "bad_noise", "64x32 but the label map is 64x64"),
        (encode(photo(64, 64)), "bad_regions", "region map"),
        (DEEP, "bad_regions", "16 bits"),
        (LABELS[:-30], "bad_regions", "damaged"),
    ],
)
def test_region_maps(client, refusal, regions, code, says):
    noise = json.dumps({"seed": 0, "regions": [{"id": 1, "seed": 1}]})
    response = client.post(SYNTHESIZE, files={"labels": LABELS, "regions": regions}, data={"noise": noise})
    assert says in refusal(response, 422, code)


def test_requests_that_are_not_as_described(client, refusal):
    assert "labels" in refusal(client.post(SYNTHESIZE), 422, "bad_request")
    wrong = client.post(SYNTHESIZE, files={"labels": LABELS}, params={"format": "gif"})
    assert "format" in refusal(wrong, 422, "bad_request")
    unknown = client.post("/api/models/huge/synthesize", files={"labels": LABELS})
    assert "'huge'" in refusal(unknown, 404, "unknown_model")
    refusal(client.get("/api/nothing"), 404, "not_found")
    refusal(client.get("/static/nothing.js"), 404, "not_found")
    refusal(client.get("/static/../backend/app.py"), 404, "not_found")
    refusal(client.get("/static/%2e%2e/%2e%2e/README.md"), 404, "not_found")
    refusal(client.delete("/api/models"), 405, "method_not_allowed")
    refusal(client.get(SYNTHESIZE), 405, "method_not_allowed")
    for content, kind in ((b"nonsense", "multipart/form-data; boundary=x"), (b"", "multipart/form-data")):
        response = client.post(SYNTHESIZE, content=content, headers={"Content-Type": kind})
        refusal(response, 400, "bad_request")


def test_bodies_over_the_limit(client, refusal):
    body = b"x" * (limits.BODY_BYTES + 1)
    assert "12 MB" in refusal(client.post(SEGMENT, files={"photo": body}), 413, "too_large")

    def chunks():  # without a Content-Length
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="p"\r\n\r\n'
        for start in range(0, len(body), 2**16):
            yield body[start : start + 2**16]

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    refusal(client.post(SEGMENT, content=chunks(), headers=form), 413, "too_large")


@st.composite
def mutilated(draw):
    """A good file with some bytes overwritten, and cut or continued at its end."""
    jpeg, webp = encode(photo(), "jpeg"), encode(photo(), "webp")
    data = bytearray(draw(st.sampled_from([LABELS, PHOTO, jpeg, webp, oriented(6), b""])))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(data)))
        new = draw(st.binary(max_size=4))
        data[start : start + len(new)] = new
    return bytes(data[: draw(st.integers(0, len(data)))] + draw(st.binary(max_size=50)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=mutilated())
def test_mutilated_files_never_break_the_server(client, data):
    for address, field in ((SYNTHESIZE, "labels"), (SEGMENT, "photo")):
        assert client.post(address, files={field: data}).status_code in {200, 413, 422}


@settings(max_examples=300)
@given(data=mutilated())
def test_mutilated_files_are_refused_by_the_decoders(data):
    for decode in (lambda: decode_map(data, "label map", BadLabels), lambda: decode_photo(data, (32, 32))):
        with suppress(ApiError):
            decode()


def oriented(orientation: int) -> bytes:
    image = Image.open(BytesIO(PHOTO))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return save(image, "jpeg", exif=exif)
