"""The shipped weights: verified, small enough, and at work."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.files.model_card import read_card
from models.files.scenes import read_scenes
from models.noise import NoiseSpec
from models.predictor import Model, load_model

ZOO = Path(__file__).resolve().parents[2] / "models" / "zoo"
MODELS = sorted(path.parent for path in ZOO.glob("*/model.json"))
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def landscapes() -> Model:
    return load_model(ZOO / "landscapes")


@pytest.fixture(scope="module")
def scene(landscapes: Model) -> np.ndarray:
    """Sky above a mountain ridge above the sea, by class name."""
    ids = {c.name: c.id for c in landscapes.card.classes}
    height, width = landscapes.card.native_size
    labels = np.full((height, width), ids["sky"], np.uint8)
    ridge = height * (0.45 + 0.1 * np.sin(np.linspace(0, 9, width)))
    labels[np.arange(height)[:, None] > ridge] = ids["mountain"]
    labels[int(height * 0.7) :] = ids["sea"]
    return labels


def test_the_shipped_model_is_small_and_has_a_card(landscapes: Model) -> None:
    entries = [landscapes.card.generator, landscapes.card.segmenter]
    files = [ZOO / "landscapes" / entry.file for entry in entries if entry]
    assert len(files) == 2
    assert sum(file.stat().st_size for file in files) <= 48 * MEBIBYTE
    assert landscapes.card.native_size == (256, 256)
    assert (ZOO / "landscapes" / "README.md").is_file()


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_the_segmenter_finds_what_the_generator_was_told(path: Path) -> None:
    """A painted scene is segmented more like its own label map than like that of any other scene."""
    model, scenes = load_model(path), read_scenes(path / "scenes")
    maps = [np.asarray(Image.open(path / "scenes" / scene.file)) for scene in scenes]
    found = [
        model.segment(model.synthesize(labels, NoiseSpec(scene.seed)))[0]
        for labels, scene in zip(maps, scenes, strict=True)
    ]
    agreement = np.array([[(ids == labels).mean() for labels in maps] for ids in found])  # [pictures, label maps]
    assert (agreement.argmax(1) == np.arange(len(maps))).all()
    assert agreement.diagonal().mean() > 0.5


def test_another_seed_makes_another_picture(landscapes: Model, scene: np.ndarray) -> None:
    one, other = (landscapes.synthesize(scene, NoiseSpec(seed)).astype(int) for seed in (1, 2))
    assert np.abs(one - other).mean() > 3


def test_a_rerolled_region_changes_most_where_it_is(landscapes: Model, scene: np.ndarray) -> None:
    regions = np.zeros_like(scene)
    regions[:, :96] = 1
    spec = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 5}]})
    change = np.abs(
        landscapes.synthesize(scene, spec, regions).astype(int) - landscapes.synthesize(scene, NoiseSpec(1))
    )
    assert change[:, :64].mean() > 2 * change[:, 160:].mean()


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_shipped_scenes_are_label_maps_of_their_model(path: Path) -> None:
    card, scenes = read_card(path), read_scenes(path / "scenes")
    assert len(scenes) == 6
    for scene in scenes:
        file = path / "scenes" / scene.file
        picture = Image.open(file)
        labels = np.asarray(picture)
        assert picture.mode == "P" and labels.shape == card.native_size, scene
        assert labels.max() < len(card.classes) and len(np.unique(labels)) >= 3, scene
        assert (labels != card.ignore_id).all(), scene
        assert file.stat().st_size < 8_000, scene
    kept = {scene.file for scene in scenes} | {"scenes.json"}
    assert {file.name for file in (path / "scenes").iterdir()} == kept
