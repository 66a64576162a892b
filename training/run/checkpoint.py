"""Checkpoints on disk: written whole or not at all, read without executing anything."""

import dataclasses
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import torch

from models.classes import ClassInfo
from models.errors import SHOWN, UserError, printable, shorten
from training.config import TrainConfig
from training.data.info import DatasetInfo
from training.output.files import WriteError, whole_file
from training.run.schedule import Stage

FILE = "latest.pt"
PATHS = ("data", "out", "start", "encoder", "vgg", "publish")  # settings of one machine


class CheckpointError(UserError, RuntimeError):
    """A checkpoint that cannot be used or written; the message says what to do."""


def save_checkpoint(run: Path, state: dict[str, Any], config: TrainConfig, info: DatasetInfo) -> None:
    """Replace the run's checkpoint in one step, so that a kill at any moment leaves a whole one.

    Raises CheckpointError if it cannot be written; the checkpoint before it stays.
    """
    content = {"config": config_to_dict(config), "dataset": dataclasses.asdict(info), "trainer": state}
    try:
        with whole_file(run / FILE) as file:
            _save(content, file)
    except WriteError as error:
        stands = "The checkpoint before it is whole" if (run / FILE).exists() else "There is none before it"
        raise CheckpointError(f"{error} {stands}; --resume {run.name} goes on from the last one.") from error


def _save(content: dict[str, Any], file: BinaryIO) -> None:
    """Raises OSError if it cannot be written, where torch may raise another error over it."""
    try:
        torch.save(content, file)
    except RuntimeError as error:
        if isinstance(error.__context__, OSError):
            raise error.__context__ from error
        raise


def load_checkpoint(run: Path) -> dict[str, Any]:
    """{'config', 'dataset', 'trainer'}. Raises CheckpointError."""
    path = run / FILE
    if not path.is_file():
        raise CheckpointError(f"{path} does not exist: give the folder of a run that wrote a checkpoint.")
    remedy = "restore it from a copy, or start over in another --out"
    try:
        # Of each part of the file it has a CRC-32, which torch writes but does not compare.
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        content = None if damaged else torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # both raise many kinds for a damaged file
        reason = printable(str(error), SHOWN)
        raise CheckpointError(f"{path} cannot be read, it is cut off or damaged ({reason}): {remedy}.") from error
    if damaged:
        raise CheckpointError(f"{path} is damaged: bytes of it have changed since it was written. So {remedy}.")
    parts = content if isinstance(content, dict) else {}
    missing = [name for name in ("config", "dataset", "trainer") if not isinstance(parts.get(name), dict)]
    if missing:
        raise CheckpointError(
            f"{path} is not a checkpoint of a training run, it lacks {missing[0]!r}: "
            "weights alone become a model with 'oasis-studio import-checkpoint'."
        )
    return parts


def config_to_dict(config: TrainConfig) -> dict[str, Any]:
    """Plain values only, so that a checkpoint loads with weights_only."""
    values = dataclasses.asdict(config)
    return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}


def config_from_dict(values: dict[str, Any]) -> TrainConfig:
    """The inverse of config_to_dict. Raises CheckpointError for settings of another version of this program."""
    unknown = sorted(set(values) - {field.name for field in dataclasses.fields(TrainConfig)})
    if unknown:
        raise CheckpointError(
            f"The checkpoint has the setting {shorten(unknown[0])}, which this version does not know: "
            "go on with the version that wrote it, or start over."
        )
    values = dict(values)
    values["stages"] = tuple(Stage(**stage) for stage in values["stages"])
    for key in PATHS:
        if values.get(key) is not None:
            values[key] = Path(values[key])
    return TrainConfig(**values)


def dataset_from_dict(values: dict[str, Any]) -> DatasetInfo:
    """The classes a run was trained on, from its checkpoint's 'dataset'."""
    return DatasetInfo(values["name"], tuple(ClassInfo(**c) for c in values["classes"]), values["ignore_id"])
