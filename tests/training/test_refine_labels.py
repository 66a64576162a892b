"""A coarse class taken apart: what changes, what must not, and blank corners of known shapes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.classes import ClassInfo
from models.noise import NoiseSpec
from models.predictor import load_model
from models.testing import tiny_model
from training.config import ConfigError
from training.data.info import DataError, DatasetInfo, read_info
from training.data.pairs import open_pairs
from training.refine_labels import RefineConfig, Refiner, blank_areas, large_areas, refine_labels

ZOO = Path(__file__).parents[2] / "models" / "zoo"
DARK = 1  # the class of the test pairs that is taken apart


@pytest.fixture
def config(pairs: Path, tiny_zoo: Path, tmp_path: Path) -> RefineConfig:
    return RefineConfig(
        pairs,
        tmp_path / "refined",
        model=tiny_zoo / "tiny",
        coarse="dark",
        classes=("above:#c0e6ff=sky,tree", "below:#9a8a78=water"),
        smallest=4,
        device="cpu",
    )


def test_only_the_coarse_class_is_taken_apart_by_what_the_model_sees(config: RefineConfig) -> None:
    config = replace(config, blank=0)
    assert refine_labels(config) == 4
    old, new = open_pairs(config.data, "train"), open_pairs(config.into, "train")
    assert [c.name for c in new.info.classes] == ["ignored", "dark", "middle", "bright", "above", "below"]
    assert new.info.classes[4].color == "#c0e6ff" and new.info.ignore_id == 0
    model = load_model(config.model)
    seen_new = set()
    for index in range(len(old)):
        (photo, before), (copied, after) = ([np.asarray(p) for p in pairs.load(index)] for pairs in (old, new))
        np.testing.assert_array_equal(photo, copied)
        np.testing.assert_array_equal(before[before != DARK], after[before != DARK])
        # 96 is no multiple of the segmenter's stride, 64: it sees the edges repeated.
        seen = model.segment(np.pad(photo, ((0, 32), (0, 32), (0, 0)), mode="edge"))[0][:96, :96]
        for kind, ids in ((4, (1, 2)), (5, (3,))):
            expected = large_areas((before == DARK) & np.isin(seen, ids), config.smallest)
            np.testing.assert_array_equal(after == kind, expected)
        seen_new |= set(np.unique(after)) - {0, 1, 2, 3}
    assert seen_new, "the model should have seen something, or nothing was tested"


def test_the_shipped_landscapes_model_finds_sky(tmp_path: Path) -> None:
    scenes = ZOO / "landscapes" / "scenes"
    model = load_model(ZOO / "landscapes")
    labels = np.array(Image.open(scenes / f"{json.loads((scenes / 'scenes.json').read_text())[0]['id']}.png"))
    sky = np.isin(labels, [c.id for c in model.card.classes if c.name in ("sky", "cloud")])
    assert 0.1 < sky.mean() < 0.9
    info = DatasetInfo(
        "all background", (ClassInfo(0, "background", "#000000"), ClassInfo(1, "facade", "#2d50a5")), None
    )
    config = RefineConfig(tmp_path, tmp_path / "refined")
    refined = Refiner(config, model, info)(model.synthesize(labels, NoiseSpec(1)), np.zeros(labels.shape, np.uint8))
    assert ((refined == 2) & sky).sum() / ((refined == 2) | sky).sum() > 0.8


@given(st.integers(0, 2**32 - 1), st.integers(20, 90), st.integers(20, 90), st.sampled_from([(0, 6), (128, 4)]))
def test_blank_corners_are_found_to_the_pixel(seed: int, width: int, height: int, fill: tuple[int, int]) -> None:
    """A triangle in a corner, with the noise of JPEG; a black square inside the picture is none."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:128, :128]
    corner = y * width + x * height < width * height
    photo = random.integers(40, 110, (128, 128, 3), dtype=np.uint8)
    photo[100:120, 100:120] = 0
    level, noise = fill
    photo[corner] = np.clip(level + random.integers(-noise, noise + 1, (int(corner.sum()), 3)), 0, 255)
    found = blank_areas(photo, 64)
    assert not (found & (y * width + x * height > width * height + 3 * (width + height))).any()
    # Opening rounds off the sharp ends.
    assert (found & corner).sum() >= 0.85 * corner.sum()


def test_blank_corners_are_a_class_whatever_they_are_labeled(config: RefineConfig) -> None:
    photo = np.full((64, 64, 3), 70, np.uint8)
    photo[:, :20] = 0
    labels = np.full((64, 64), 3, np.uint8)
    refined = Refiner(config, load_model(config.model), read_info(config.data))(photo, labels)
    assert (refined[:, :20] == 6).all() and (refined[:, 22:] == 3).all()


def test_small_areas_do_not_count() -> None:
    mask = np.zeros((12, 12), bool)
    mask[1:4, 1:4] = mask[6, 6] = mask[7, 7] = True  # nine pixels, and two that touch at a corner only
    expected = np.zeros((12, 12), bool)
    expected[1:4, 1:4] = True
    np.testing.assert_array_equal(large_areas(mask, 2), expected)
    np.testing.assert_array_equal(large_areas(mask, 1), mask)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coarse": "darkness"}, "no class 'darkness' in"),
        ({"classes": ("above:#c0e6ff=skies",)}, "no class 'skies' in the model 'tiny'"),
        ({"classes": ("dark:#c0e6ff=sky",)}, "has a class 'dark' already"),
        ({"splits": ("training", "validation")}, "none of the splits training, validation"),
    ],
)
def test_what_is_not_there_is_named(config: RefineConfig, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        refine_labels(replace(config, **change))
    assert not config.into.exists()


def test_bad_options_say_what_is_wrong(config: RefineConfig, tmp_path: Path) -> None:
    for change, message in (
        ({"classes": ("sky=sky",)}, "name:#rrggbb=classes"),
        ({"smallest": 0}, "smallest must be"),
    ):
        with pytest.raises(ConfigError, match=message):
            replace(config, **change)
    with pytest.raises(ConfigError, match="exists already"):
        refine_labels(replace(config, into=config.data))
    tiny_model(tmp_path / "painter", segments=False)
    with pytest.raises(ConfigError, match="cannot segment"):
        refine_labels(replace(config, model=tmp_path / "painter"))
