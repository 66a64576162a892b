"""Starter scenes on their way into a model: read, compared with what the model paints, copied."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from models.files.model_card import ModelError
from models.files.scenes import SCENES_JSON, SceneInfo, read_scenes
from training.data.info import DatasetInfo
from training.data.labels import read_values


@dataclass(frozen=True)
class Scene:
    """A starter scene with its label map, int64 [H, W]."""

    info: SceneInfo
    labels: Tensor


def load_scenes(folder: Path, info: DatasetInfo, size: tuple[int, int]) -> tuple[Scene, ...]:
    """The scenes in `folder`, for a model of these classes that paints `size` (height, width); none where there is no
    scenes.json. Raises DataError or ModelError, naming the file that does not fit.
    """
    scenes = []
    for scene in read_scenes(folder):
        path = folder / scene.file
        labels = torch.from_numpy(read_values(path, info).astype("int64"))
        if labels.shape != size:
            raise ModelError(
                f"{path} is {labels.shape[1]}x{labels.shape[0]}, but the model paints {size[1]}x{size[0]}: draw it in "
                f"that size, or take the scene out of {SCENES_JSON}."
            )
        if labels.max() >= len(info.classes):
            raise ModelError(
                f"{path} uses the class {labels.max()}, but {info.name!r} has classes 0 to {len(info.classes) - 1}: "
                f"draw it with these, or take the scene out of {SCENES_JSON}."
            )
        scenes.append(Scene(scene, labels))
    return tuple(scenes)


def copy_scenes(folder: Path, into: Path) -> None:
    """The list and the label maps of `folder`, into a new folder."""
    into.mkdir()
    for name in (SCENES_JSON, *(scene.file for scene in read_scenes(folder))):
        shutil.copyfile(folder / name, into / name)
