"""A model of 300 classes, whose ids need 16 bits: every route that takes or gives labels."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from backend.projects.archive import read_project
from backend.projects.verify import paint
from models.noise import NoiseSpec
from models.predictor import load_model
from models.testing import tiny_model, tiny_scenes
from tests.backend.conftest import visit
from tests.backend.live_client import Live, frame, part, whole
from tests.backend.pictures import PHOTO, decode, encode, photo, stripes
from tests.backend.projects import members, pack
from tests.conftest import PATIENCE_S, LiveServer, run_server

LAST = 299
WRAPPED = LAST - 256
"""What the last id would become in a byte."""


def deep_stripes() -> np.ndarray:
    """A label map of five classes, the last of them beyond a byte."""
    labels = stripes().astype(np.uint16)
    labels[labels == 4] = LAST
    return labels


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo with the model "many", whose scene "grove" has the last class."""
    zoo = tmp_path_factory.mktemp("many")
    tiny_model(zoo / "many", classes=300, seed=1)  # of this seed: its segmenter finds classes above 255
    tiny_scenes(zoo / "many")
    (zoo / "many" / "scenes" / "grove.png").write_bytes(encode(deep_stripes()))
    return zoo


@pytest.fixture(scope="module")
def server(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with run_server(zoo, tmp_path_factory.mktemp("server") / "server.log") as server:
        yield server
        assert "Traceback" not in server.log.read_text()


@pytest.fixture
def client(server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}/api/models/many/", timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def live(server: LiveServer) -> Iterator[Live]:
    with visit(server) as client:
        yield client


def synthesize(client: httpx.Client, labels: np.ndarray) -> np.ndarray:
    response = client.post("synthesize", files={"labels": encode(labels)})
    assert response.is_success, response.text
    return decode(response.content)


def test_each_class_is_listed(server):
    classes = httpx.get(f"{server.url}/api/models/many").json()["classes"]
    assert [info["id"] for info in classes] == list(range(300))


def test_http_paints_the_last_class_and_not_what_a_byte_holds_of_it(client, zoo):
    labels = deep_stripes()
    painted = synthesize(client, labels)
    np.testing.assert_array_equal(painted, load_model(zoo / "many").synthesize(labels, NoiseSpec()))
    labels[labels == LAST] = WRAPPED
    assert (synthesize(client, labels) != painted).any()


def test_http_takes_eight_bits_where_they_are_enough(client):
    labels = stripes()
    np.testing.assert_array_equal(synthesize(client, labels), synthesize(client, labels.astype(np.uint16)))


def test_live_changes_paint_what_whole_maps_paint(live, client):
    labels = deep_stripes()
    np.testing.assert_array_equal(live.ask(whole(1, labels, model="many"))[1], synthesize(client, labels))
    labels[5:9, 50:64] = LAST - 1
    dab = part(labels[5:9, 50:64], left=50, top=5)
    np.testing.assert_array_equal(live.ask(frame(2, labels=dab, model="many"))[1], synthesize(client, labels))


def test_live_region_ids_are_a_byte_each(live, client):
    labels, regions = deep_stripes(), np.zeros((64, 64), np.uint8)
    regions[:20] = 200
    noise = {"seed": 1, "regions": [{"id": 200, "seed": 2}]}
    files = {"labels": encode(labels), "regions": encode(regions)}
    by_http = client.post("synthesize", files=files, data={"noise": json.dumps(noise)})
    picture = live.ask(whole(1, labels, regions, model="many", noise=noise))[1]
    np.testing.assert_array_equal(picture, decode(by_http.content))


def test_unknown_ids_are_refused_by_name(live, client, refusal):
    labels = deep_stripes()
    labels[0, 0] = 300
    message = refusal(client.post("synthesize", files={"labels": encode(labels)}), 422, "bad_labels")
    assert "class id 300" in message and "from 0 to 299" in message
    refused = live.ask(whole(1, labels, model="many"))[0]["error"]
    assert refused == {"code": "bad_labels", "message": message}
    short = live.ask(whole(2, stripes(), model="many"))[0]["error"]
    assert short["code"] == "bad_frame" and "send 2 a pixel of labels" in short["message"]


def test_a_photo_becomes_a_map_of_16_bits(client, zoo):
    labels, _ = load_model(zoo / "many").segment(photo(64, 64))
    response = client.post("segment", files={"photo": encode(photo(64, 64))})
    found = decode(response.content)
    assert found.dtype == np.uint16 and found.max() > 255
    np.testing.assert_array_equal(found, labels)
    assert synthesize(client, found).shape == (64, 64, 3)
    both = client.post("segment", files={"photo": PHOTO}, params={"confidence": "true"}).json()
    assert decode(b64decode(both["labels"])).dtype == np.uint16


def test_an_inspection_names_the_last_class(client):
    files = {"labels": encode(deep_stripes()), "picture": encode(photo(64, 64))}
    found = client.post("inspect", files=files).json()
    assert [entry["id"] for entry in found["classes"]] == [1, 2, 3, LAST]


def test_scenes_are_served_as_they_are(client, zoo):
    served = client.get("scenes/grove.png").content
    np.testing.assert_array_equal(decode(served), deep_stripes())
    assert client.post("synthesize", files={"labels": served}).is_success


def test_projects_have_label_maps_of_16_bits(zoo):
    labels, model = deep_stripes(), load_model(zoo / "many")
    files = members(zoo / "many", size={"width": 64, "height": 64}, sent={"noise": {"seed": 7}})
    picture = model.synthesize(labels, NoiseSpec(seed=7))
    del files["sent-regions.png"]
    project = read_project(pack(files | {"labels.png": encode(labels), "rendered.png": encode(picture)}))
    np.testing.assert_array_equal(project.labels, labels)
    np.testing.assert_array_equal(paint(model, project), picture)
