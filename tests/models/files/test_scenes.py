"""Starter scenes: a list and label maps; a list that cannot be used is refused by name."""

import json
from pathlib import Path

import pytest

from models.files.model_card import ModelError
from models.files.scenes import SceneInfo, read_scenes
from models.testing import tiny_scenes

SHORE = {"id": "shore", "name": "Shore", "seed": 13}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_scenes(tmp_path)
    return tmp_path / "scenes"


def test_scenes_are_read_in_their_order(folder: Path) -> None:
    assert read_scenes(folder) == (SceneInfo("shore", "Shore", 13), SceneInfo("grove", "Grove", 14))


def test_no_list_means_no_scenes(tmp_path: Path) -> None:
    assert read_scenes(tmp_path / "scenes") == ()


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("{", r"scenes/scenes.json cannot be used"),
        ("{}", "it is not a list"),
        ("5", "it is not a list"),
        ([{"id": "shore", "name": "Shore"}], "missing 1 required.*'seed'"),
        ([SHORE | {"mood": "calm"}], "'mood'"),
        ([SHORE | {"id": "../shore"}], "id '../shore' must be of lower-case"),
        ([SHORE | {"id": 7}], "id 7 must be"),
        ([SHORE | {"name": " "}], "'shore' needs a name"),
        ([SHORE | {"name": "Sh\nore"}], "'shore' needs a name"),
        ([SHORE | {"name": 7}], "name of 'shore' must be a text"),
        ([SHORE | {"id": "x" * 5000}], "id 'xxx"),
        ([SHORE | {"seed": 10**400}], "whole number of 0 to"),
        ("[" * 100_000, "cannot be used"),
        ("[]" + " " * 2**19, "more than 262144 bytes"),
        ([SHORE | {"seed": -1}], "whole number of 0 to"),
        ([SHORE | {"seed": 2**32}], "whole number of 0 to"),
        ([SHORE | {"seed": True}], "whole number of 0 to"),
        ([SHORE, SHORE], "lists shore twice"),
        ([SHORE | {"id": "cliff"}], "without cliff.png"),
    ],
)
def test_bad_lists_say_what_is_wrong(folder: Path, listed: object, message: str) -> None:
    (folder / "scenes.json").write_text(listed if isinstance(listed, str) else json.dumps(listed))
    with pytest.raises(ModelError, match=message) as refused:
        read_scenes(folder)
    assert len(str(refused.value)) < 600
