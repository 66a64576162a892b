"""Exports with starter scenes: copied, kept on --overwrite, shown in the grid, refused where they do not fit."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from backend.model_store import ModelStore
from models.files.model_card import ModelError
from models.files.scenes import SceneInfo, read_scenes
from models.noise import NoiseSpec, vector
from models.predictor import load_model
from models.testing import tiny_model
from tests.training.runs import picture_size, run_until_killed
from training.config import TrainConfig
from training.data.info import DataError
from training.export import ExportConfig, export, grid_seeds
from training.run.checkpoint import config_from_dict, load_checkpoint
from training.run.networks import build_generator
from training.train import train

GAP, SIDE = 4, 32


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """Two scenes of classes 0 to 3 at 32x32, outside of any model."""
    folder = tmp_path / "drawings"
    folder.mkdir()
    halves = np.repeat(np.array([[1], [3]], np.uint8), 16, axis=0).repeat(32, axis=1)
    for name, labels in {"halves": halves, "turned": halves.T}.items():
        Image.fromarray(labels).save(folder / f"{name}.png")
    listed = [{"id": "halves", "name": "Halves", "seed": 7}, {"id": "turned", "name": "Turned", "seed": 1}]
    (folder / "scenes.json").write_text(json.dumps(listed))
    (folder / "notes.txt").write_text("not part of it")
    return folder


def test_scenes_come_with_the_model_and_stay(config: TrainConfig, drawn: Path, tmp_path: Path) -> None:
    train(config)
    first = ExportConfig(config.out, tmp_path / "model", "Model", scenes=drawn)
    export(first)
    kept = tmp_path / "model" / "scenes"
    assert {path.name for path in kept.iterdir()} == {"halves.png", "turned.png", "scenes.json"}
    assert read_scenes(kept) == read_scenes(drawn)

    (kept / "scenes.json").write_text((kept / "scenes.json").read_text().replace("7", "8"))
    export(dataclasses.replace(first, scenes=None, overwrite=True))
    assert [scene.seed for scene in read_scenes(kept)] == [8, 1]
    assert (kept / "turned.png").read_bytes() == (drawn / "turned.png").read_bytes()

    # Colors and three draws, in the order of the scenes.
    grid = np.asarray(Image.open(tmp_path / "model" / "samples.jpg")).astype(float)
    assert grid.shape == (2 * (SIDE + GAP) + GAP, 4 * (SIDE + GAP) + GAP, 3)
    labels = np.asarray(Image.open(kept / "turned.png"))
    painted = load_model(tmp_path / "model").synthesize(labels, NoiseSpec(1))
    top, left = 2 * GAP + SIDE, 2 * GAP + SIDE
    assert np.abs(grid[top : top + SIDE, left : left + SIDE] - painted).mean() < 2
    export(dataclasses.replace(first, overwrite=True))
    assert [scene.seed for scene in read_scenes(kept)] == [7, 1]


KILLED_EXPORT = """
import os, signal, sys
import training.export

training.export.save_grid = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
training.export.main(["--run", sys.argv[1], "--into", sys.argv[2], "--name", "Model", "--overwrite"])
"""


def test_a_killed_export_leaves_nothing_that_a_server_lists(config: TrainConfig, tmp_path: Path) -> None:
    """It is killed when weights and model.json are written, but not yet the grid."""
    train(config)
    zoo = tmp_path / "zoo"
    run_until_killed(KILLED_EXPORT, config.out, zoo / "model")
    assert list(zoo.rglob("model.json"))
    assert ModelStore(zoo, torch.device("cpu")).entries == []
    export(ExportConfig(config.out, zoo / "model", "Model"))
    assert [path.name for path in zoo.iterdir()] == ["model"]
    before = (zoo / "model" / "model.json").read_bytes()
    run_until_killed(KILLED_EXPORT, config.out, zoo / "model")
    assert (zoo / "model" / "model.json").read_bytes() == before
    assert [entry.id for entry in ModelStore(zoo, torch.device("cpu")).entries] == ["model"]


def test_the_grid_draws_the_own_seed_first() -> None:
    assert grid_seeds(SceneInfo("a", "A", 13)) == [13, 0, 1]
    assert grid_seeds(SceneInfo("a", "A", 1)) == [1, 0, 2]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.full((32, 64), 1, np.uint8), "halves.png is 64x32, but the model paints 32x32"),
        (np.full((32, 32), 4, np.uint8), "halves.png uses the class 4, but .* classes 0 to 3"),
    ],
)
def test_scenes_that_do_not_fit_are_refused(
    config: TrainConfig, drawn: Path, tmp_path: Path, labels: np.ndarray, message: str
) -> None:
    train(dataclasses.replace(config, stages=config.stages[-1:]))
    Image.fromarray(labels).save(drawn / "halves.png")
    with pytest.raises(ModelError, match=message):
        export(ExportConfig(config.out, tmp_path / "model", "Model", scenes=drawn))
    (drawn / "scenes.json").unlink()
    with pytest.raises(ModelError, match="drawings lists no scenes"):
        export(ExportConfig(config.out, tmp_path / "model", "Model", scenes=drawn))
    assert not (tmp_path / "model").exists()


def test_half_precision_is_measured_and_refused_where_it_shows(
    config: TrainConfig, drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(config)
    card = export(ExportConfig(config.out, tmp_path / "model", "Model", scenes=drawn))
    stored = json.loads((tmp_path / "model/model.json").read_text())["training"]["half_precision"]
    assert stored == card.training["half_precision"]
    assert 0 <= stored["mean_difference"] < 0.1 and stored["largest_difference"] <= 3

    monkeypatch.setattr("models.files.model_directory._compact", lambda tensor: (tensor * 4).round() / 4)
    with pytest.raises(ModelError, match=r"half precision.*less than 1 is expected"):
        export(ExportConfig(config.out, tmp_path / "coarse", "Model", scenes=drawn))
    assert not (tmp_path / "coarse").exists()


def test_export_makes_a_model_that_paints_like_the_average(config: TrainConfig, tmp_path: Path) -> None:
    data = Path(shutil.copytree(config.data, tmp_path / "data"))
    config = dataclasses.replace(config, data=data, generator_channels=(12, 12, 8, 8, 8))
    train(config)
    tiny_model(tmp_path / "my-model")
    before = (tmp_path / "my-model" / "model.json").read_bytes()
    with pytest.raises(ModelError, match="my-model exists.*--overwrite"):
        export(ExportConfig(config.out, tmp_path / "my-model", "My model"))
    moved = config.data.rename(tmp_path / "moved")
    with pytest.raises(DataError):  # noticed before anything is replaced
        export(ExportConfig(config.out, tmp_path / "my-model", "My model", overwrite=True))
    moved.rename(config.data)
    assert (tmp_path / "my-model" / "model.json").read_bytes() == before
    card = export(ExportConfig(config.out, tmp_path / "my-model", "My model", overwrite=True))
    assert (card.id, card.native_size, card.training["images"]) == ("my-model", (32, 32), 40)
    assert str(config.out) not in json.dumps(card.training)
    # Labels and three draws a pair.
    assert picture_size(tmp_path / "my-model" / "samples.jpg") == (4 * (32 + 4) + 4, 4 * (32 + 4) + 4)
    labels = np.asarray(Image.open(config.data / "train" / "labels" / "0.png"))[:32, :32]
    painted = load_model(tmp_path / "my-model").synthesize(labels, NoiseSpec(7)).astype(float)

    checkpoint = load_checkpoint(config.out)
    average = build_generator(config_from_dict(checkpoint["config"]), 4)
    average.load_state_dict(checkpoint["trainer"]["average"])
    with torch.no_grad():
        image = average.eval()(
            torch.from_numpy(labels.astype(np.int64))[None], torch.from_numpy(vector(7).copy())[None]
        )[0]
    expected = (image.permute(1, 2, 0).numpy() + 1) * 127.5
    assert np.abs(painted - expected).mean() < 1
