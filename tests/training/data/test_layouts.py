"""Published datasets in their official layouts: tiny trees of the same shape, read as the papers do."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.data.info import DataError
from training.data.layouts import HERE, LAYOUTS
from training.data.pairs import Pairs, open_pairs

Values = dict[str, np.ndarray]


def save_photo(path: Path, size: tuple[int, int] = (8, 6)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "#808080").save(path)


def save_values(path: Path, *values: int) -> None:
    """A label file 8 wide and 6 high, in stripes of the values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.tile(np.resize(np.array(values, np.uint8), 8), (6, 1))).save(path)


def values_of(pairs: Pairs, index: int = 0) -> list[int]:
    photo, label = pairs.load(index)
    assert photo.mode == "RGB" and photo.size == label.size
    return sorted(set(np.asarray(label).flatten().tolist()))


@pytest.fixture
def ade20k(tmp_path: Path) -> Path:
    scenes = {"ADE_train_00000001": "beach", "ADE_train_00000002": "kitchen", "ADE_val_00000001": "garage_outdoor"}
    for stem in scenes:
        split = "training" if "train" in stem else "validation"
        save_photo(tmp_path / "images" / split / f"{stem}.jpg")
        save_values(tmp_path / "annotations" / split / f"{stem}.png", 0, 1, 150)
    (tmp_path / "sceneCategories.txt").write_text("".join(f"{stem} {scene}\n" for stem, scene in scenes.items()))
    return tmp_path


def test_ade20k_takes_the_values_as_they_are(ade20k: Path) -> None:
    pairs = open_pairs(ade20k, "train", "ade20k")
    assert len(pairs) == 2 and len(pairs.info.classes) == 151 and pairs.info.ignore_id == 0
    assert values_of(pairs) == [0, 1, 150]
    assert pairs.info.classes[1].name.startswith("wall") and pairs.info.classes[150].name == "flag"


def test_ade20k_outdoors_keeps_the_outdoor_scenes(ade20k: Path) -> None:
    train, val = (open_pairs(ade20k, split, "ade20k-outdoors") for split in ("train", "val"))
    assert train.stems == ["ADE_train_00000001"] and val.stems == ["ADE_val_00000001"]
    assert len(train.info.classes) == 151 and train.info.name == "ADE20K-outdoors"
    (ade20k / "sceneCategories.txt").unlink()
    with pytest.raises(DataError, match=r"sceneCategories.txt is missing"):
        open_pairs(ade20k, "train", "ade20k-outdoors")


def test_the_outdoor_scenes_are_a_tidy_list() -> None:
    scenes = (HERE / "ade20k-outdoor-scenes.txt").read_text().split()
    assert scenes == sorted(set(scenes)) and len(scenes) > 500
    assert not [scene for scene in scenes if scene.endswith(("_indoor", "_interior"))]
    assert {"beach", "church_outdoor", "street"} <= set(scenes) and not {"bedroom", "platform", "bar"} & set(scenes)


def test_coco_stuff_adds_one_and_ignores_255(tmp_path: Path) -> None:
    save_photo(tmp_path / "val2017" / "000000000139.jpg")
    save_values(tmp_path / "stuffthingmaps" / "val2017" / "000000000139.png", 0, 181, 255)
    pairs = open_pairs(tmp_path, "val", "coco-stuff")
    assert len(pairs.info.classes) == 183 and pairs.info.ignore_id == 0
    assert values_of(pairs) == [0, 1, 182] and pairs.stem(0) == "000000000139"
    assert pairs.info.classes[1].name == "person"


def test_cityscapes_has_35_ids_and_ignores_none(tmp_path: Path) -> None:
    for city in ("aachen", "ulm"):
        stem = f"{city}_000000_000019"
        save_photo(tmp_path / "leftImg8bit" / "train" / city / f"{stem}_leftImg8bit.png")
        save_values(tmp_path / "gtFine" / "train" / city / f"{stem}_gtFine_labelIds.png", 0, 7, 33, 255)
        save_values(tmp_path / "gtFine" / "train" / city / f"{stem}_gtFine_instanceIds.png", 0)
    pairs = open_pairs(tmp_path, "train", "cityscapes")
    assert pairs.stems == ["aachen_000000_000019", "ulm_000000_000019"]
    assert len(pairs.info.classes) == 35 and pairs.info.ignore_id is None
    assert values_of(pairs, 1) == [0, 7, 33, 34] and pairs.info.classes[7].name == "road"


def square(left: int, top: int, side: int) -> list[float]:
    return [left, top, left + side, top, left + side, top + side, left, top + side]


@pytest.fixture
def lvis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """300 categories; a small object inside a large one, one in two parts, a photo without objects."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "coco"
    images = [(17, "train2017", "000000000017"), (5, "val2017", "000000000005")]
    objects = [  # the small one first: the order of the file must not matter
        {"image_id": 5, "category_id": 300, "area": 9.0, "segmentation": [square(10, 10, 3)]},
        {"image_id": 5, "category_id": 2, "area": 220.5, "segmentation": [square(5, 5, 12), square(22, 2, 4)]},
    ]
    data = {
        "info": {},
        "annotations": objects,
        "images": [
            {"id": i, "height": 20, "width": 30, "coco_url": f"http://images.cocodataset.org/{folder}/{stem}.jpg"}
            for i, folder, stem in images
        ],
        "categories": [{"id": i, "name": f"thing {i}", "synonyms": []} for i in range(300, 0, -1)],
    }
    for _, folder, stem in images:
        save_photo(root / folder / f"{stem}.jpg", (30, 20))
    save_photo(root / "train2017" / "000000000099.jpg")  # in COCO, not in LVIS
    (root / "lvis_v1_val.json").write_text(json.dumps(data))
    return root


def test_lvis_paints_smaller_objects_over_larger(lvis: Path) -> None:
    pairs = open_pairs(lvis, "val", "lvis")
    assert pairs.stems == ["000000000005", "000000000017"]  # of both folders of COCO
    assert len(pairs.info.classes) == 301 and pairs.info.ignore_id is None
    assert [pairs.info.classes[i].name for i in (0, 1, 300)] == ["background", "thing 1", "thing 300"]
    label = np.asarray(pairs.load(0)[1])
    assert label.dtype == np.uint16 and label.shape == (20, 30)
    assert label[11, 11] == 300 and label[6, 6] == label[4, 24] == 2 and label[0, 0] == label[6, 20] == 0
    assert not np.asarray(pairs.load(1)[1]).any()


def test_lvis_is_parsed_once_and_travels_small(lvis: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = open_pairs(lvis, "val", "lvis")

    def parsed_again(path: Path) -> None:
        raise AssertionError(f"{path} was parsed again")

    monkeypatch.setattr("training.data.lvis.collect", parsed_again)
    sent = pickle.dumps(pairs.split.labels)
    assert len(sent) < 1000  # a worker is told where the arrays are, not what they hold
    assert np.array_equal(pickle.loads(sent).read(pairs.stem(0)), pairs.split.labels.read(pairs.stem(0)))


def test_a_broken_annotation_file_is_named_and_leaves_nothing(lvis: Path, tmp_path: Path) -> None:
    path = lvis / "lvis_v1_train.json"
    with pytest.raises(DataError, match=r"lvis_v1_train.json is missing. Expected"):
        open_pairs(lvis, "train", "lvis")
    path.write_bytes((lvis / "lvis_v1_val.json").read_bytes()[:-40])
    with pytest.raises(DataError, match=r"lvis_v1_train.json is not an annotation file"):
        open_pairs(lvis, "train", "lvis")
    assert not list((tmp_path / "cache").glob("oasis-studio/lvis/*"))


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"folder", "lvis", "ade20k-outdoors"}))
def test_an_empty_folder_is_told_what_is_expected(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no photos of the split 'val'") as caught:
        open_pairs(tmp_path, "val", name)
    assert LAYOUTS[name].tree in str(caught.value)
    with pytest.raises(DataError, match="this layout has train and val"):
        open_pairs(tmp_path, "test", name)


def test_an_unknown_layout_is_answered_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="choose one of folder, ade20k"):
        open_pairs(tmp_path, "train", "voc")
