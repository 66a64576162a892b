"""Folders of models that are broken or meant to harm: each is listed with the reason, and harms no other."""

import json
import logging
import os
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.model_store import REASON_LENGTH, ModelStore
from backend.schemas import ModelDetail, ModelList, ModelSummary
from models.noise import NoiseSpec
from models.testing import tiny_model, tiny_scenes
from tests.backend.pictures import LABELS
from tests.conftest import PATIENCE_S

DEEP: list[Any] = []
for _ in range(100):
    DEEP = [DEEP]
HOSTILE = [
    None,
    True,
    -1,
    1.5,
    10**9,
    2**63,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "x" * 5000,
    "1\r\nX-Evil: 1",
    "\x1b[2J",
    "zwölf",
    "../../outside",
    "/etc/passwd",
    [],
    [10**9] * 7,
    [1] * 5000,
    DEEP,
    {},
    {"a": {"b": [None]}},
]
TEXTS = {
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "cut": b'{"format": 1, "id": "',
    "a list": b"[1]",
    "deep": b"[" * 100_000,
    "wide": b" " * 2**21 + b"{}",
    "long number": b'{"format": ' + b"9" * 5000 + b"}",
}


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The keys and positions that lead to each value within a value of JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inner for place in ((*here, key), *places(each, (*here, key)))]


def altered(card: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A card with this value in one place; Ellipsis takes out what stands there."""
    changed = deepcopy(card)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return changed


def strict(text: str) -> Any:
    """JSON as browsers read it, without NaN and infinities."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo of two models, "good" and "bad", which are alike so far."""
    zoo = tmp_path_factory.mktemp("hostile")
    tiny_model(zoo / "good")
    shutil.copytree(zoo / "good", zoo / "bad")
    return zoo


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_card_with_anything_in_it_harms_no_other(zoo: Path, caplog: pytest.LogCaptureFixture, data: Any) -> None:
    card = json.loads((zoo / "good" / "model.json").read_text()) | {"id": "bad"}
    for _ in range(data.draw(st.integers(1, 2), "changes")):
        place = data.draw(st.sampled_from(places(card)), "place")
        card = altered(card, place, data.draw(st.sampled_from([..., *HOSTILE]), "value"))
    (zoo / "bad" / "model.json").write_text(json.dumps(card))
    caplog.clear()
    with caplog.at_level(logging.INFO):
        models = ModelStore(zoo, torch.device("cpu"))
        models.load()
    assert not any(record.exc_info for record in caplog.records)
    assert all(record.getMessage().isprintable() for record in caplog.records)
    listed = strict(ModelList(models=[ModelSummary.of(entry) for entry in models.entries]).model_dump_json())
    for entry in models.entries:
        strict(ModelDetail.of(entry).model_dump_json())
    good = next(model for model in listed["models"] if model["id"] == "good")
    assert good["available"] and models.model("good").synthesize(np.zeros((64, 64), np.uint8), NoiseSpec()).any()
    bad = models.entry("bad")
    assert bad.model is not None or len(bad.reason or "") in range(1, REASON_LENGTH + 1)


def test_a_zoo_of_broken_models_is_listed_and_the_good_one_paints(
    tmp_path: Path, start_server: Callable[..., Any], refusal: Callable[..., str]
) -> None:
    """All of them at once in a server, with what is in no valid JSON too."""
    zoo = tmp_path / "zoo"
    tiny_model(zoo / "good")
    card = json.loads((zoo / "good" / "model.json").read_text())
    broken: dict[str, bytes] = {f"text-{i}": text for i, text in enumerate(TEXTS.values())}
    for i, place in enumerate([(key,) for key in card] + [("generator", "config", "channels"), ("classes", 1, "name")]):
        for j, value in enumerate((None, DEEP, float("nan"), 10**400)):
            name = f"card-{i}-{j}"
            broken[name] = json.dumps(altered(card | {"id": name}, place, value)).encode()
    for name, text in broken.items():
        (zoo / name).mkdir()
        (zoo / name / "model.json").write_bytes(text)
    shutil.copytree(zoo / "good", zoo / ".good-half")
    shutil.copytree(zoo / "good", zoo / "twice")
    odd = os.fsdecode(b"odd\xff\x1b[2J\n")
    shutil.copytree(zoo / "good", zoo / odd)

    server = start_server(zoo)
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        response = client.get("/api/models")
        assert response.status_code == 200
        models = {model["id"]: model for model in strict(response.text)["models"]}
        assert models.keys() == broken.keys() | {"good", "twice", "odd\\udcff\\x1b[2J\\n"}
        assert {name for name, model in models.items() if model["available"]} == {"good"}
        for name, model in models.items():
            assert client.get(f"/api/models/{name}").status_code in {200, 404}  # the odd name is no address
            assert name == "good" or (model["reason"].isprintable() and len(model["reason"]) <= REASON_LENGTH)
        assert "holds a model with the id 'good'" in models["twice"]["reason"]
        painted = client.post("/api/models/good/synthesize", files={"labels": LABELS})
        assert painted.is_success and painted.headers["X-Model-Version"] == "1"
        answer = client.post("/api/models/card-0-0/synthesize", files={"labels": LABELS})
        refusal(answer, 503, "model_unavailable")
    assert "\x1b" not in server.log.read_text()


@pytest.mark.parametrize("linked", ["scenes", "scenes/scenes.json", "scenes/shore.png"])
def test_scenes_outside_of_the_folder_are_not_read(tmp_path: Path, linked: str) -> None:
    model = tmp_path / "zoo" / "tiny"
    tiny_model(model)
    tiny_scenes(model)
    (model / linked).symlink_to((model / linked).rename(tmp_path / "outside"))
    models = ModelStore(tmp_path / "zoo", torch.device("cpu"))
    models.load()
    assert models.entry("tiny").scenes == () and models.entry("tiny").model


@pytest.mark.parametrize("kind", ["link", "html", "jpeg", "cut"])
def test_a_scene_that_is_exchanged_later_is_not_served(
    tmp_path: Path, start_server: Callable[..., Any], refusal: Callable[..., str], kind: str
) -> None:
    model = tmp_path / "zoo" / "tiny"
    tiny_model(model)
    tiny_scenes(model)
    shore = model / "scenes" / "shore.png"
    server = start_server(tmp_path / "zoo")
    if kind == "link":
        shore.symlink_to(shore.rename(tmp_path / "secret"))
    elif kind == "html":
        shore.write_text("<script>alert(1)</script>")
    elif kind == "jpeg":
        Image.new("L", (64, 64)).save(shore, "jpeg")
    else:
        shore.write_bytes(shore.read_bytes()[:-20])
    says = {"link": "leads out of its folder", "cut": "shore.png of the scenes cannot be used"}.get(
        kind, "it is no PNG"
    )
    address = f"{server.url}/api/models/tiny/scenes"
    assert says in refusal(httpx.get(f"{address}/shore.png"), 404, "unknown_scene")
    assert httpx.get(f"{address}/grove.png").is_success
