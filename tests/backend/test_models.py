import json
import shutil
from dataclasses import replace

import httpx
import pytest
import torch

from backend import limits
from backend.errors import NotReady
from backend.model_store import ModelEntry, ModelStore
from backend.schemas import Capabilities, ModelLimits, ModelSummary
from models.files.model_card import NetworkEntry, read_card
from models.testing import tiny_model, tiny_scenes
from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS, PHOTO
from tests.conftest import PATIENCE_S


def test_list_and_detail(client, live_server):
    listed = client.get("/api/models").json()["models"]
    assert [model["id"] for model in listed] == ["tiny"]
    model = listed[0]
    assert model["available"] is True and model["reason"] is None
    assert model["native_size"] == [64, 64] and model["stride"] == 32 and model["ignore_id"] == 0
    assert model["hash"] == read_card(live_server.zoo / "tiny").hash
    assert model["scenes"][0] == {"id": "shore", "name": "Shore", "seed": 13} and len(model["scenes"]) == 2
    assert model["classes"][1] == {"id": 1, "name": "sky", "color": "#70b5f0"}
    assert model["z_dim"] == 64
    assert model["capabilities"] == {"noise": True, "regions": True, "segment": True, "inspect": True}
    assert model["limits"] == {"side": 1024, "regions": 255, "blends": 64, "channels": 64}
    detail = client.get("/api/models/tiny").json()
    assert {name: detail[name] for name in model} == model
    assert detail["training"] == {"data": "none: random weights for tests"} and detail["metrics"] == {}


@pytest.mark.parametrize(
    ("changes", "z_dim", "noise", "regions", "channels"),
    [
        ({"noise_dim": 16}, 16, True, True, 16),
        ({"style_dim": 256, "native_size": (64, 64)}, 256, True, False, 64),
        ({}, 0, False, False, 0),
    ],
)
def test_what_a_generator_can_do(tiny_zoo, changes, z_dim, noise, regions, channels):
    card = read_card(tiny_zoo / "tiny")
    generator = NetworkEntry("spade-generator", {"classes": 5, "channels": [8] * 7, **changes}, "generator.safetensors")
    shown = ModelSummary.of(ModelEntry("tiny", replace(card, generator=generator, segmenter=None)))
    assert shown.z_dim == z_dim
    assert shown.capabilities == Capabilities(noise=noise, regions=regions, segment=False, inspect=False)
    assert shown.limits == ModelLimits(side=1024, regions=255, blends=64, channels=channels)


def test_the_longest_side_is_a_multiple_of_the_stride():
    assert [limits.label_side(stride) for stride in (32, 48, 1024)] == [1024, 1008, 1024]


def test_unknown_model_names_the_known_ones(client, refusal):
    assert "tiny" in refusal(client.get("/api/models/huge"), 404, "unknown_model")


def test_scenes_are_served_as_they_lie_there(client, live_server, refusal):
    at = "/api/models/tiny/scenes"
    first = client.get(f"{at}/shore.png")
    assert first.headers["content-type"] == "image/png"
    assert first.content == (live_server.zoo / "tiny" / "scenes" / "shore.png").read_bytes()
    again = client.get(f"{at}/shore.png", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert client.post(SYNTHESIZE, files={"labels": first.content}).is_success
    assert "shore, grove" in refusal(client.get(f"{at}/alps.png"), 404, "unknown_scene")
    refusal(client.get("/api/models/huge/scenes/shore.png"), 404, "unknown_model")
    for beside in ("..%2Fmodel", "scenes"):
        refusal(client.get(f"{at}/{beside}.png"), 404, "not_found" if "%" in beside else "unknown_scene")


def test_unusable_models_are_listed_with_the_reason(tmp_path, start_server, refusal):
    for name in ("cut", "good", "renamed"):
        tiny_model(tmp_path / name)
    weights = tmp_path / "cut" / "generator.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    (tmp_path / "empty").mkdir()
    (tmp_path / "garbled").mkdir()
    (tmp_path / "garbled" / "model.json").write_text("{")
    shutil.move(tmp_path / "renamed", tmp_path / "other")
    server = start_server(tmp_path)
    models = {model["id"]: model for model in httpx.get(f"{server.url}/api/models").json()["models"]}
    assert {name for name, model in models.items() if model["available"]} == {"good"}
    assert "damaged" in models["cut"]["reason"] and len(models["cut"]["classes"]) == 5
    assert models["cut"]["limits"]["side"] == 1024 and models["empty"]["limits"] is None
    assert models["cut"]["hash"] == models["good"]["hash"] and models["empty"]["hash"] is None
    assert "cannot be read" in models["empty"]["reason"] and models["empty"]["classes"] == []
    assert "cannot be read" in models["garbled"]["reason"]
    assert "rename" in models["other"]["reason"]
    response = httpx.post(f"{server.url}/api/models/cut/segment", files={"photo": b""})
    assert "damaged" in refusal(response, 503, "model_unavailable")


def test_scenes_that_cannot_be_used_are_logged_and_the_model_paints(tmp_path, start_server, refusal):
    for name in ("bare", "garbled", "whole"):
        tiny_model(tmp_path / name)
        tiny_scenes(tmp_path / name)
    (tmp_path / "bare" / "scenes" / "grove.png").unlink()
    (tmp_path / "garbled" / "scenes" / "scenes.json").write_text("{}")
    server = start_server(tmp_path)
    models = httpx.get(f"{server.url}/api/models").json()["models"]
    assert all(model["available"] for model in models)
    assert {model["id"]: len(model["scenes"]) for model in models} == {"bare": 0, "garbled": 0, "whole": 2}
    log = server.log.read_text()
    assert "bare has no starter scenes" in log and "without grove.png" in log and "it is not a list" in log
    (tmp_path / "whole" / "scenes" / "grove.png").unlink()
    response = httpx.get(f"{server.url}/api/models/whole/scenes/grove.png")
    assert "'whole': grove.png of the scenes cannot be used: it is gone" in refusal(response, 404, "unknown_scene")


def test_models_become_available_together(tmp_path):
    for name in ("early", "late"):
        tiny_model(tmp_path / name)
    seen = []

    class Watched(ModelStore):
        def _load(self, path):
            seen.append([entry.model for entry in self.entries])
            with pytest.raises(NotReady):  # later, not never
                self.model("early")
            return super()._load(path)

    models = Watched(tmp_path, torch.device("cpu"))
    models.load()
    assert seen == [[None, None]] * 2 and all(entry.model for entry in models.entries)


def test_a_server_without_models_starts(tmp_path, start_server):
    server = start_server(tmp_path / "nowhere")
    assert httpx.get(f"{server.url}/api/models").json() == {"models": []}
    assert "There are no models" in server.log.read_text()


def test_a_wrong_shape_in_the_card_is_a_reason_too(tmp_path, start_server):
    tiny_model(tmp_path / "odd")
    card = json.loads((tmp_path / "odd" / "model.json").read_text())
    card["generator"]["config"]["channels"] = [8, 8, 8, 8, 8, 8, 16]
    (tmp_path / "odd" / "model.json").write_text(json.dumps(card))
    server = start_server(tmp_path)
    assert "do not fit" in httpx.get(f"{server.url}/api/models/odd").json()["reason"]


def test_a_model_that_cannot_segment_paints_and_says_so(tmp_path, start_server, refusal):
    tiny_model(tmp_path / "painter", segments=False)
    tiny_model(tmp_path / "whole")
    server = start_server(tmp_path)
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        models = {model["id"]: model for model in client.get("/api/models").json()["models"]}
        assert {name: model["segmenter"] for name, model in models.items()} == {
            "painter": None,
            "whole": "oasis-discriminator",
        }
        response = client.post("/api/models/painter/segment", files={"photo": PHOTO})
        assert "'painter' cannot segment" in refusal(response, 409, "no_segmenter")
        assert client.post("/api/models/painter/synthesize", files={"labels": LABELS}).is_success
