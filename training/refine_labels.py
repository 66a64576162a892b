"""`oasis-studio refine-labels`: a coarse class taken apart into what a model's segmenter sees inside it.

People label what a data set is about and leave the rest as one class: the sky, the street and the trees of facades256
are all "background". A generator is not told what to paint there, and paints something in between.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from rich.console import Console
from skimage.measure import label
from skimage.morphology import dilation, opening

from models.classes import ClassInfo
from models.device import choose_device
from models.predictor import Model, load_model, pad_to_stride
from training.config import ConfigError
from training.data.info import DataError, DatasetInfo, read_info, write_classes
from training.data.labels import encode_labels
from training.data.pairs import open_pairs
from training.output.files import whole_folder, write_whole
from training.output.progress import progress_bar

BLANK = ("blank", "#505050")
FILLS = ((0, 12), (128, 8))  # gray levels that pictures are filled with, and how far from them JPEG takes a pixel
SPECK = np.ones((5, 5), bool)
BLENDED_EDGE = np.ones((3, 3), bool)


@dataclass(frozen=True)
class RefineConfig:
    """Make a data set whose label maps have more classes: one is taken apart by what a model's segmenter sees there."""

    data: Path
    """Data set in the layout 'folder'."""
    into: Path
    """Folder of the new data set; it must not exist."""
    model: Path = Path("models/zoo/landscapes")
    """Model directory, whose segmenter looks at the photos."""
    coarse: str = "background"
    """The class that is taken apart. What none of the new classes takes stays as it is."""
    classes: tuple[str, ...] = (
        "sky:#c0e6ff=sky,cloud",
        "tree:#1e6e32=tree,plant,grass,field",
        "street:#9a8a78=road,earth,sand,water,sea",
    )
    """New classes, each as name:#rrggbb=classes of the model."""
    splits: tuple[str, ...] = ("train", "val", "test")
    """What is copied and refined, of those that the data set has."""
    smallest: int = 64
    """Pixels of the smallest connected area that becomes one of a new class."""
    blank: int = 256
    """The same for one class more, 'blank': the black or gray corners of photos that were rectified or rotated,
    whatever they are labeled. 0 leaves it out."""
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""

    def __post_init__(self) -> None:
        for text in self.classes:
            new_class(text)
        if self.smallest < 1 or self.blank < 0:
            raise ConfigError("smallest must be 1 or more, blank 0 or more.")


def refine_labels(config: RefineConfig, console: Console | None = None) -> int:
    """Write the new data set, whole or not at all; returns how many label maps it has.

    Raises DataError, ConfigError, ModelError, DeviceError or WriteError.
    """
    if config.into.exists():
        raise ConfigError(f"{config.into} exists already: remove it or choose another --into.")
    model = load_model(config.model, choose_device(config.device))
    info = read_info(config.data)
    splits = {split: open_pairs(config.data, split) for split in config.splits if (config.data / split).is_dir()}
    if not splits:
        raise DataError(f"{config.data} has none of the splits {', '.join(config.splits)}: name others by --splits.")
    refiner = Refiner(config, model, info)
    new = refined_info(info, config)
    total = sum(len(pairs) for pairs in splits.values())
    with whole_folder(config.into) as made, progress_bar("photos", console) as progress:
        task = progress.add_task("refining", total=total)
        write_classes(made / "classes.json", new)
        for split, pairs in splits.items():
            shutil.copytree(config.data / split, made / split, ignore=shutil.ignore_patterns("labels"))
            for index in range(len(pairs)):
                photo, labels = (np.asarray(picture) for picture in pairs.load(index))
                path = made / split / "labels" / f"{pairs.stem(index)}.png"
                write_whole(path, encode_labels(refiner(photo, labels), new))
                progress.advance(task)
    return total


def refined_info(info: DatasetInfo, config: RefineConfig) -> DatasetInfo:
    """The classes of the data set under their ids, then the new ones. Raises DataError for a name that is taken."""
    classes = list(info.classes)
    for name, color in [*(new_class(text)[:2] for text in config.classes), *([BLANK] if config.blank else [])]:
        if name in {known.name for known in classes}:
            raise DataError(f"{info.name!r} has a class {name!r} already: give the new one another name.")
        classes.append(ClassInfo(len(classes), name, color))
    return DatasetInfo(f"{info.name}, {config.coarse} refined", tuple(classes), info.ignore_id)


def new_class(text: str) -> tuple[str, str, list[str]]:
    """Name, color and classes of the model. Raises ConfigError."""
    found = re.fullmatch(r"([^:=]+):(#[0-9a-fA-F]{6})=([^:=]+)", text)
    if found is None:
        raise ConfigError(f"The class {text!r} must be name:#rrggbb=classes, as in sky:#c0e6ff=sky,cloud.")
    name, color, sources = found.groups()
    return name, color, [source.strip() for source in sources.split(",")]


class Refiner:
    """From a photo and its label map to the refined label map."""

    def __init__(self, config: RefineConfig, model: Model, info: DatasetInfo) -> None:
        """Raises DataError for a class that the data or the model do not know, ConfigError for a model that cannot
        segment."""
        if model.card.segmenter is None:
            raise ConfigError(f"The model {model.card.id!r} cannot segment photos: choose another --model.")
        self.config, self.model, self.stride = config, model, model.card.segmenter.stride
        self.coarse = class_id(config.coarse, info.classes, repr(info.name))
        owner = f"the model {model.card.id!r}"
        groups = [new_class(text)[2] for text in config.classes]
        self.groups = [[class_id(name, model.card.classes, owner) for name in group] for group in groups]
        self.first = len(info.classes)

    def __call__(self, photo: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """photo: uint8 [H, W, 3]; labels and result: class ids [H, W], the result's uint16."""
        refined = labels.astype(np.uint16)
        height, width = labels.shape
        seen = self.model.segment(pad_to_stride(photo, self.stride))[0][:height, :width]
        for number, ids in enumerate(self.groups):
            mask = (labels == self.coarse) & np.isin(seen, ids)
            refined[large_areas(mask, self.config.smallest)] = self.first + number
        if self.config.blank:
            refined[blank_areas(photo, self.config.blank)] = self.first + len(self.groups)
        return refined


def class_id(name: str, classes: tuple[ClassInfo, ...], owner: str) -> int:
    """Raises DataError if there is no such class."""
    for info in classes:
        if info.name == name:
            return info.id
    raise DataError(f"There is no class {name!r} in {owner}: choose of {', '.join(info.name for info in classes)}.")


def connected_areas(mask: np.ndarray) -> np.ndarray:
    """A mask, bool [H, W], as the number of the connected area that each pixel belongs to, 0 outside."""
    areas: np.ndarray = label(mask, connectivity=1)  # type: ignore[no-untyped-call]
    return areas


def large_areas(mask: np.ndarray, smallest: int) -> np.ndarray:
    """The connected areas of a mask, bool [H, W], that have at least so many pixels."""
    areas = connected_areas(mask)
    sizes = np.bincount(areas.ravel())
    sizes[0] = 0  # what lies outside the mask
    large: np.ndarray = sizes[areas] >= smallest
    return large


def blank_areas(photo: np.ndarray, smallest: int) -> np.ndarray:
    """bool [H, W] of a photo uint8 [H, W, 3]: areas at its border of one of the fill levels throughout."""
    found = np.zeros(photo.shape[:2], bool)
    for level, tolerance in FILLS:
        flat = np.abs(photo.astype(np.int16) - level).max(axis=2) <= tolerance
        # As if it went on beyond the border, or corners would be rounded off.
        flat = opening(np.pad(flat, 2, mode="edge"), SPECK)[2:-2, 2:-2]
        areas = connected_areas(flat)
        border = np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]])
        at_border = np.isin(areas, border[border > 0])
        found |= dilation(large_areas(at_border, smallest), BLENDED_EDGE)
    return found


def main(arguments: list[str]) -> None:
    """Run the command."""
    config = tyro.cli(RefineConfig, args=arguments, prog="oasis-studio refine-labels")
    Console().print(f"Wrote {refine_labels(config)} label maps into {config.into}.")
