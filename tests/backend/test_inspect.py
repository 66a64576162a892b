"""What the discriminator sees in a picture: two maps and their means, of pictures that fit their label map."""

from base64 import b64decode

import httpx
import numpy as np
import pytest

from backend.service import spread
from models.predictor import load_model
from models.testing import tiny_model
from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS, PHOTO, decode, encode, photo, stripes
from tests.conftest import PATIENCE_S

INSPECT = "/api/models/tiny/inspect"


def inspect(client, labels, picture):
    response = client.post(INSPECT, files={"labels": encode(labels), "picture": encode(picture)})
    assert response.is_success, response.text
    found = response.json()
    return found, {name: decode(b64decode(text)) for name, text in found["maps"].items()}


def test_spreading_keeps_the_order_and_draws_the_ends_apart():
    shares = np.array([0, 1e-6, 1e-5, 1e-3, 0.5, 0.999, 1])
    apart = spread(shares)
    assert apart[0] == apart[1] and (np.diff(apart[1:6]) > 2 / 255).all()  # in eight bits, too
    assert spread(np.array(0.7)) - spread(np.array(0.3)) > 0.12
    np.testing.assert_allclose(apart + apart[::-1], [1, *(apart + apart[::-1])[1:6], 1])


@pytest.mark.parametrize("size", [(64, 64), (96, 160), (32, 64)])
def test_the_maps_and_their_means_are_what_the_model_says(client, live_server, size):
    labels, picture = stripes(*size), photo(*size)
    found, maps = inspect(client, labels, picture)
    seen = load_model(live_server.zoo / "tiny").inspect(picture, labels)
    for name, values in (("realism", spread(seen.realism)), ("fidelity", seen.fidelity)):
        assert maps[name].shape == size and maps[name].dtype == np.uint8
        assert np.abs(maps[name] - values * 255).max() < 0.6 and maps[name].std() > 0
    assert found["realism"] == pytest.approx(seen.realism.mean(), abs=1e-4)
    assert found["fidelity"] == pytest.approx(seen.fidelity[labels > 0].mean(), abs=1e-4)
    assert [entry["id"] for entry in found["classes"]] == [1, 2, 3, 4]  # never the ignored class
    for entry in found["classes"]:
        here = labels == entry["id"]
        assert entry["pixels"] == here.sum()
        assert entry["agreement"] == pytest.approx(seen.fidelity[here].mean(), abs=1e-4)


def test_what_is_ignored_has_nothing_to_agree_with(client):
    labels = stripes()
    found, maps = inspect(client, labels, photo(64, 64))
    assert (maps["fidelity"][labels == 0] == 255).all() and (maps["fidelity"][labels > 0] < 255).any()
    found, maps = inspect(client, np.zeros_like(labels), photo(64, 64))
    assert found["fidelity"] is None and found["classes"] == [] and (maps["fidelity"] == 255).all()


def test_the_picture_as_painted_can_be_sent_back(client):
    painted = client.post(SYNTHESIZE, files={"labels": LABELS}, params={"format": "webp"}).content
    assert client.post(INSPECT, files={"labels": LABELS, "picture": painted}).is_success


@pytest.mark.parametrize(
    ("labels", "picture", "status", "code", "says"),
    [
        (LABELS, PHOTO, 422, "bad_photo", "The picture is 120x90 but the label map is 64x64"),
        (LABELS, b"hello", 422, "bad_photo", "The picture is not a readable PNG or JPEG or WEBP"),
        (LABELS, encode(stripes().astype(np.uint16)), 422, "bad_photo", "The picture is a 16-bit PNG"),
        (encode(stripes(classes=6)), PHOTO, 422, "bad_labels", "class id 5"),
        (encode(stripes(90, 120)), PHOTO, 422, "bad_labels", "multiples of 32"),
        (encode(stripes(32, 1056)), PHOTO, 413, "too_large", "at most 1024 pixels a side"),
    ],
)
def test_refusals(client, refusal, labels, picture, status, code, says):
    assert says in refusal(client.post(INSPECT, files={"labels": labels, "picture": picture}), status, code)


def test_a_model_that_only_paints_cannot_inspect(tmp_path, start_server, refusal):
    tiny_model(tmp_path / "painter", segments=False)
    server = start_server(tmp_path)
    files = {"labels": LABELS, "picture": encode(photo(64, 64))}
    response = httpx.post(f"{server.url}/api/models/painter/inspect", files=files, timeout=PATIENCE_S)
    refusal(response, 409, "no_segmenter")
