"""`oasis-studio synthesize`: a synthetic data set from label maps, and where each picture came from (thesis sec.
4.3.5).

Every picture is a function of the model, its label map and a seed that follows from (seed, stem, draw): shards, resumed
runs and one long run give the same files.
"""

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tyro
from PIL import Image
from rich.console import Console

from models.device import choose_device
from models.files.model_card import ModelCard
from models.maps import check_size
from models.noise import NoiseSpec
from models.predictor import load_model
from training.config import ConfigError
from training.data.image_files import encode_picture
from training.data.info import DataError, DatasetInfo, check_same_classes, read_info, write_classes
from training.data.labels import LabelPictures, LabelSource, encode_labels
from training.data.layouts import as_they_are, by_stem
from training.data.manifest import Head, Manifest, Picture
from training.data.pairs import find_layout
from training.output.files import sweep, write_whole
from training.output.progress import progress_bar

MANIFEST_FORMAT = 1
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "png": {},
    "jpg": {"quality": 95, "subsampling": 0},
    "webp": {"quality": 95},
}


@dataclass(frozen=True)
class SynthesizeConfig:
    """Paint label maps with a model: a data set to train on, in the layout 'folder'."""

    model: Path
    """Model directory."""
    labels: Path
    """Data set whose label maps are painted (its photos are not looked at), or a plain folder of label PNGs."""
    into: Path
    """Folder of the new data set. Run again with the same options, it is completed."""
    layout: str = "folder"
    """How the data set's files are arranged; see 'train'. A plain folder of PNGs needs none."""
    split: str = "train"
    """Split of the label maps, and of the new data set."""
    maps: int | None = None
    """Take only the first so many label maps."""
    draws: int = 1
    """Pictures of each label map."""
    seed: int = 0
    """The noise of every picture follows from it."""
    size: tuple[int, int] | None = None
    """Height and width of all pictures; without it each label map's own, or the model's where that does not fit."""
    format: Literal["png", "jpg", "webp"] = "png"
    """Of the pictures; label maps are PNGs."""
    shard: str = "0/1"
    """'i/n': of n processes that share the work this is number i, counted from 0."""
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""

    def __post_init__(self) -> None:
        if self.draws < 1 or (self.maps is not None and self.maps < 1):
            raise ConfigError("draws and maps must be 1 or more.")
        if self.size is not None and min(self.size) < 1:
            raise ConfigError(f"size {self.size}: both sides must be positive.")
        index, _, count = self.shard.partition("/")
        if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
            raise ConfigError(f"The shard {self.shard!r} must be 'i/n' with i from 0 to n - 1, as 0/4 to 3/4.")

    @property
    def part(self) -> slice:
        """The label maps of this shard."""
        index, count = self.shard.split("/")
        return slice(int(index), None, int(count))


def synthesize(config: SynthesizeConfig, console: Console | None = None) -> int:
    """Paint what is missing of this shard; returns how many pictures that were.

    Raises DataError, ConfigError, ModelError, DeviceError or WriteError. A kill at any moment leaves whole files.
    """
    device = choose_device(config.device)
    model = load_model(config.model, device)
    info, source = find_label_maps(config, model.card)
    check_same_classes(info, model.card.classes, f"the model {model.card.id!r}")
    if config.size is not None:
        try:
            check_size("picture", *config.size, model.card.stride)
        except ValueError as error:
            raise ConfigError(f"--size: {error}") from error
    stems = sorted(source.files)[: config.maps]
    head = describe(config, model.card, info, stems, device.type)
    for folder in (config.into, *(config.into / config.split / kind for kind in ("images", "labels"))):
        sweep(folder)
    manifest = Manifest(config.into, config.shard, head)
    write_classes(config.into / "classes.json", replace(info, name=f"{info.name}, synthetic"))
    mine = stems[config.part]
    canvas = model.canvas()
    painted = 0
    with progress_bar("pictures", console) as progress:
        task = progress.add_task("painting", total=len(mine) * config.draws)
        for stem in mine:
            draws = [draw for draw in range(config.draws) if (stem, draw) not in manifest.finished]
            progress.advance(task, config.draws - len(draws))
            if not draws:
                continue
            original = read_ids(source, stem, info)  # [h, w]
            labels = resize_labels(original, config, model.card)  # [H, W]
            label_png = encode_labels(labels, info)
            for draw in draws:
                seed = picture_seed(config.seed, stem, draw)
                line = Picture(
                    stem=stem,
                    draw=draw,
                    seed=seed,
                    picture=f"{config.split}/images/{stem}-{draw}.{config.format}",
                    labels=f"{config.split}/labels/{stem}-{draw}.png",
                    labels_sha256=hashlib.sha256(label_png).hexdigest(),
                    size=(labels.shape[0], labels.shape[1]),
                    resized_from=None if labels is original else (original.shape[0], original.shape[1]),
                )
                write_whole(config.into / line.picture, encode(canvas.paint(labels, NoiseSpec(seed)), config.format))
                write_whole(config.into / line.labels, label_png)
                manifest.add(line)
                painted += 1
                progress.advance(task)
    return painted


def find_label_maps(config: SynthesizeConfig, card: ModelCard) -> tuple[DatasetInfo, LabelSource]:
    """The label maps of the split, or the PNGs in a plain folder, whose classes are the model's if it does not say.

    Raises DataError if there are none.
    """
    plain = by_stem(config.labels.glob("*.png"))
    if plain:
        listed = (config.labels / "classes.json").is_file()
        own = DatasetInfo(config.labels.name, card.classes, card.ignore_id)
        info = read_info(config.labels) if listed else own
        return info, LabelPictures(plain, info, as_they_are)
    layout = find_layout(config.layout)
    split = layout.read(config.labels, config.split)
    if not split.labels.files:
        raise DataError(
            f"There are no label maps of the split {config.split!r} under {config.labels}. Expected a plain folder of "
            f"label PNGs or:\n{layout.tree}"
        )
    return split.info, split.labels


def picture_seed(seed: int, stem: str, draw: int) -> int:
    """0 .. 2^32 - 1, the same forever."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{draw}/{stem}".encode()).digest()[:4])


def read_ids(source: LabelSource, stem: str, info: DatasetInfo) -> np.ndarray:
    """uint8 or uint16 [H, W]. Raises DataError, for an id that no class has too."""
    ids = source.read(stem)
    if ids.max() >= len(info.classes):
        raise DataError(
            f"{source.files[stem]} has id {ids.max()}, but the classes end at {len(info.classes) - 1}: correct it."
        )
    return ids


def resize_labels(labels: np.ndarray, config: SynthesizeConfig, card: ModelCard) -> np.ndarray:
    """[h, w] -> [H, W]: at the size asked for; else as it is, or at the model's size where the stride does not fit."""
    height, width = labels.shape
    fits = height % card.stride == 0 and width % card.stride == 0
    size = config.size or ((height, width) if fits else card.native_size)
    if size == (height, width):
        return labels
    return np.asarray(Image.fromarray(labels).resize((size[1], size[0]), Image.Resampling.NEAREST))


def encode(picture: np.ndarray, kind: str) -> bytes:
    """uint8 [H, W, 3] as the bytes of a file."""
    return encode_picture(Image.fromarray(picture), "jpeg" if kind == "jpg" else kind, **SAVE_OPTIONS[kind])


def describe(config: SynthesizeConfig, card: ModelCard, info: DatasetInfo, stems: list[str], device: str) -> Head:
    """The first line of the manifest: all that the pictures depend on."""
    return {
        "format": MANIFEST_FORMAT,
        "model": {
            "id": card.id,
            "version": card.version,
            "generator_sha256": card.generator.sha256,
            "training_data": card.training.get("data"),
        },
        "labels": {
            "name": info.name,
            "split": config.split,
            "maps": len(stems),
            "stems_sha256": hashlib.sha256("\n".join(stems).encode()).hexdigest(),
        },
        "options": {"draws": config.draws, "seed": config.seed, "size": config.size, "format": config.format},
        "device": device,  # pictures of a CPU and a GPU differ in the last bits
        "package": version("oasis-studio"),
    }


def main(arguments: list[str]) -> None:
    """Run the command."""
    config = tyro.cli(SynthesizeConfig, args=arguments, prog="oasis-studio synthesize")
    Console().print(f"Painted {synthesize(config)} pictures into {config.into}.")
