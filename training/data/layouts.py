"""How datasets lie on disk: where the photos and labels of a split are, and what the values of a label file mean."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from training.data.info import DataError, DatasetInfo, read_classes, read_info
from training.data.labels import LabelPictures, LabelSource
from training.data.lvis import LvisLabels

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Split:
    """What lies on disk of a split: photos and labels by stem, not yet matched."""

    info: DatasetInfo
    photos: dict[str, Path]
    labels: LabelSource


@dataclass(frozen=True)
class Layout:
    tree: str
    """The files it expects, as a person would draw them."""
    read: Callable[[Path, str], Split]
    """(root, split) -> what is there."""

    def find(self, root: Path, split: str) -> Split:
        """Raises DataError if there is no photo."""
        found = self.read(root, split)
        if not found.photos:
            raise DataError(f"There are no photos of the split {split!r} under {root}. Expected:\n{self.tree}")
        return found


def by_stem(paths: Iterable[Path], ending: str = "") -> dict[str, Path]:
    """Files by their name without suffix and `ending`, but no hidden ones. Raises DataError if two have the same."""
    found: dict[str, Path] = {}
    # macOS puts a hidden file beside each file on disks of other systems: ._photo.jpg
    for path in sorted(path for path in paths if not path.name.startswith(".")):
        stem = path.stem.removesuffix(ending)
        if stem in found:
            raise DataError(f"{found[stem]} and {path} have the same stem: remove or rename one of them.")
        found[stem] = path
    return found


def pictures(folder: Path, suffixes: tuple[str, ...] = IMAGE_SUFFIXES) -> dict[str, Path]:
    return by_stem(path for path in folder.glob("*") if path.suffix.lower() in suffixes)


def read_folder(root: Path, split: str, info: DatasetInfo | None = None) -> Split:
    """info: the classes, if the folder has no classes.json of its own."""
    info = info or read_info(root)
    labels = LabelPictures(pictures(root / split / "labels", (".png",)), info, as_they_are)
    return Split(info, pictures(root / split / "images"), labels)


def read_ade20k(root: Path, split: str) -> Split:
    """SceneParsing release of 2016: the value of a label file is the class, 0 is unlabeled."""
    info, folder = known_info("ade20k"), official(split, {"train": "training", "val": "validation"})
    labels = LabelPictures(pictures(root / "annotations" / folder), info, as_they_are)
    return Split(info, pictures(root / "images" / folder), labels)


def read_ade20k_outdoors(root: Path, split: str) -> Split:
    """The photos of ADE20K whose scene category is in ade20k-outdoor-scenes.txt beside this file.

    There is no official list: the authors of OASIS chose photos by indicative classes and then by hand, about 10,000
    and 1,000 (issue 23 of their repository). Ours can be repeated: of the 1,055 scene categories those that Places365
    marks as outdoors (IO_places365.txt; but swimming_hole is out of doors and balcony_interior is not), and of the
    categories that Places365 does not have those that are named or obviously outdoors. Its counts will differ.
    """
    path = root / "sceneCategories.txt"
    if not path.is_file():
        raise DataError(f"{path} is missing: it comes with ADE20K and says which photos were taken outdoors.")
    outdoor = set((HERE / "ade20k-outdoor-scenes.txt").read_text().split())
    lines = (line.split() for line in path.read_text().splitlines())
    stems = {words[0] for words in lines if len(words) == 2 and words[1] in outdoor}
    everything = read_ade20k(root, split)

    def chosen(files: Mapping[str, Path]) -> dict[str, Path]:
        return {stem: file for stem, file in files.items() if stem in stems}

    labels = LabelPictures(chosen(everything.labels.files), everything.info, as_they_are)
    return Split(replace(everything.info, name="ADE20K-outdoors"), chosen(everything.photos), labels)


def read_coco_stuff(root: Path, split: str) -> Split:
    """COCO 2017 with the "stuff + thing" pixel maps: the class is the value + 1, so that 255 is 0, unlabeled."""
    info, folder = known_info("coco-stuff"), official(split, COCO_FOLDERS)
    labels = LabelPictures(pictures(root / "stuffthingmaps" / folder), info, one_more)
    return Split(info, pictures(root / folder), labels)


def read_cityscapes(root: Path, split: str) -> Split:
    """The fine annotations as label ids; the license plates, -1 (255 in the file), are the last class."""
    info, folder = known_info("cityscapes"), official(split, {"train": "train", "val": "val"})
    photos = by_stem((root / "leftImg8bit" / folder).glob("*/*_leftImg8bit.png"), "_leftImg8bit")
    files = by_stem((root / "gtFine" / folder).glob("*/*_gtFine_labelIds.png"), "_gtFine_labelIds")
    return Split(info, photos, LabelPictures(files, info, plates_last))


def read_lvis(root: Path, split: str) -> Split:
    """COCO 2017 photos with the polygons of LVIS v1 (thesis 4.3.3): background 0, then the categories."""
    name = official(split, {"train": "lvis_v1_train.json", "val": "lvis_v1_val.json"})
    if not (root / name).is_file():
        raise DataError(f"{root / name} is missing. Expected:\n{COCO_TREE}\n{LVIS_TREE}")
    labels = LvisLabels(root / name)
    photos = {stem: root / photo for stem, photo in labels.photos.items() if (root / photo).is_file()}
    return Split(labels.info, photos, labels)


def official(split: str, names: dict[str, str]) -> str:
    """What a published dataset calls a split. Raises DataError."""
    if split not in names:
        raise DataError(f"There is no split {split!r}: this layout has {' and '.join(names)}.")
    return names[split]


def known_info(name: str) -> DatasetInfo:
    return read_classes(HERE / "classes" / f"{name}.json")


def as_they_are(values: np.ndarray) -> np.ndarray:
    return values


def one_more(values: np.ndarray) -> np.ndarray:
    more: np.ndarray = values.astype(np.uint8) + np.uint8(1)  # 255 wraps around to 0
    return more


def plates_last(values: np.ndarray) -> np.ndarray:
    return np.where(values == 255, 34, values).astype(np.uint8)


HERE = Path(__file__).parent
COCO_FOLDERS = {"train": "train2017", "val": "val2017"}
COCO_TREE = "train2017/*.jpg, val2017/*.jpg                  the photos of COCO 2017"
LVIS_TREE = "lvis_v1_train.json, lvis_v1_val.json            annotations of LVIS v1"
ADE20K_TREE = """\
images/{training,validation}/*.jpg              photos of the SceneParsing release, ADEChallengeData2016
annotations/{training,validation}/*.png         label maps of the same stems"""

LAYOUTS = {
    "folder": Layout(
        """\
classes.json                     {"classes": [{"id": 0, "name": "sky", "color": "#70b5f0"}, ...], "ignore_id": null}
<split>/images/<stem>.jpg        photos: jpg, jpeg, png or webp
<split>/labels/<stem>.png        label maps of the same stems: class ids, or the colors of the classes""",
        read_folder,
    ),
    "ade20k": Layout(ADE20K_TREE, read_ade20k),
    "ade20k-outdoors": Layout(
        f"{ADE20K_TREE}\nsceneCategories.txt                             the scene category of each photo",
        read_ade20k_outdoors,
    ),
    "coco-stuff": Layout(
        f"{COCO_TREE}\nstuffthingmaps/{{train2017,val2017}}/*.png        pixel maps of things and stuff",
        read_coco_stuff,
    ),
    "cityscapes": Layout(
        """\
leftImg8bit/{train,val}/<city>/*_leftImg8bit.png
gtFine/{train,val}/<city>/*_gtFine_labelIds.png""",
        read_cityscapes,
    ),
    "lvis": Layout(f"{COCO_TREE}\n{LVIS_TREE}", read_lvis),
}
"""The choices of --layout."""
