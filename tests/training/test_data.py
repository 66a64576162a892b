"""Folders of pairs: read, checked, augmented reproducibly."""

import json
import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.data.batches import AugmentedPairs, augment, batches
from training.data.pairs import DataError, PairFolder, read_info

CPU = torch.device("cpu")


@pytest.fixture
def broken(pairs: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(pairs, tmp_path / "copy"))


def test_reads_classes_and_pairs(pairs: Path) -> None:
    folder = PairFolder(pairs, "train")
    assert len(folder) == 4 and folder.info.ignore_id == 0
    assert folder.info.palette.tolist()[1] == [0x22, 0x44, 0x66]


def test_augmentation_keeps_photo_and_labels_together() -> None:
    ids = np.arange(40 * 30, dtype=np.uint8).reshape(40, 30) % 7
    photo = Image.fromarray(np.stack([ids * 36] * 3, axis=-1)).resize((300, 400), Image.Resampling.NEAREST)
    label = Image.fromarray(ids).resize((300, 400), Image.Resampling.NEAREST)
    for seed in range(10):
        image, labels = augment(photo, label, (256, 192), np.random.default_rng(seed))
        assert image.shape == (3, 256, 192) and labels.shape == (256, 192)
        assert labels.min() >= 0 and labels.max() < 7
        wanted = labels.float() * 36 / 127.5 - 1
        assert (image[0] - wanted).abs().median() < 0.02


def test_batches_depend_on_seed_and_position_alone(pairs: Path) -> None:
    folder = PairFolder(pairs, "train")
    through = list(islice(batches(folder, (32, 32), 2, 5, 0, 0, CPU), 6))
    resumed = list(islice(batches(folder, (32, 32), 2, 5, 8, 0, CPU), 2))
    for one, other in zip(through[4:], resumed, strict=True):
        assert torch.equal(one.images, other.images) and torch.equal(one.labels, other.labels)
    other_seed = next(batches(folder, (32, 32), 2, 6, 0, 0, CPU))
    assert not torch.equal(other_seed.images, through[0].images)


def test_an_epoch_sees_every_pair_once(pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = PairFolder(pairs, "train")
    seen: list[int] = []
    load = folder.load

    def recorded(index: int) -> tuple[Image.Image, Image.Image]:
        seen.append(index)
        return load(index)

    monkeypatch.setattr(folder, "load", recorded)
    data = AugmentedPairs(folder, (32, 32), 0, upscale=False)
    for position in range(8):
        data[position]
    assert sorted(seen[:4]) == sorted(seen[4:]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": [{"id": 1, "name": "a", "color": "#000000"}]}, "0, 1, 2"),
        ({"classes": "no"}, "cannot be read"),
        ({"ignore_id": 7}, "ignore_id 7"),
        ({"classes": [{"id": i, "name": "a", "color": "red"} for i in range(2)]}, "colour 'red'"),
    ],
)
def test_bad_class_lists_say_what_is_wrong(broken: Path, change: dict[str, object], message: str) -> None:
    data = json.loads((broken / "classes.json").read_text())
    (broken / "classes.json").write_text(json.dumps(data | change))
    with pytest.raises(DataError, match=message):
        read_info(broken)


def test_missing_partners_and_folders_are_named(broken: Path) -> None:
    with pytest.raises(DataError, match="no photos of the split 'test'"):
        PairFolder(broken, "test")
    (broken / "train" / "labels" / "2.png").unlink()
    with pytest.raises(DataError, match="2.png"):
        PairFolder(broken, "train")
    (broken / "classes.json").unlink()
    with pytest.raises(DataError, match="classes.json is missing"):
        PairFolder(broken, "train")


def test_bad_pairs_are_named(broken: Path) -> None:
    labels = broken / "train" / "labels"
    Image.fromarray(np.full((96, 96), 9, np.uint8)).save(labels / "0.png")
    Image.fromarray(np.full((96, 96, 3), 7, np.uint8)).save(labels / "1.png")
    Image.fromarray(np.zeros((50, 96), np.uint8)).save(labels / "2.png")
    (labels / "3.png").write_bytes((labels / "3.png").read_bytes()[:60])
    folder = PairFolder(broken, "train")
    for index, message in enumerate(
        ["id 9, but .* end at 3", "9216 pixels in 1 colours", "must be of one size", "3.png cannot be read"]
    ):
        with pytest.raises(DataError, match=message):
            folder.load(index)
