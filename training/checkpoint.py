"""Checkpoints on disk: written whole or not at all, read without executing anything."""

import dataclasses
import os
from pathlib import Path
from typing import Any

import torch

from training.config import Stage, TrainConfig
from training.data.pairs import DatasetInfo

FILE = "latest.pt"


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used; the message says what to do."""


def save_checkpoint(run: Path, state: dict[str, Any], config: TrainConfig, info: DatasetInfo) -> None:
    """Replace the run's checkpoint in one step, so that a kill at any moment leaves a whole one."""
    run.mkdir(parents=True, exist_ok=True)
    content = {"config": config_to_dict(config), "dataset": dataclasses.asdict(info), "trainer": state}
    partial = run / f"{FILE}.partial"
    with partial.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(run / FILE)


def load_checkpoint(run: Path) -> dict[str, Any]:
    """{'config', 'dataset', 'trainer'}. Raises CheckpointError."""
    path = run / FILE
    if not path.is_file():
        raise CheckpointError(f"{path} does not exist: give the folder of a run that wrote a checkpoint.")
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file
        raise CheckpointError(f"{path} cannot be read ({error}): restore it from a copy or start anew.") from error
    return content


def config_to_dict(config: TrainConfig) -> dict[str, Any]:
    """Plain values only, so that a checkpoint loads with weights_only."""
    values = dataclasses.asdict(config)
    return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}


def config_from_dict(values: dict[str, Any]) -> TrainConfig:
    """The inverse of config_to_dict."""
    values = dict(values)
    values["stages"] = tuple(Stage(**stage) for stage in values["stages"])
    for key in ("data", "out", "encoder"):
        values[key] = None if values[key] is None else Path(values[key])
    return TrainConfig(**values)
