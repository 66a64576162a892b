"""From a training run to a model directory the server can load."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import tyro

from models.model_directory import ModelCard, ModelError, NetworkEntry, load_networks, write_model
from models.registry import describe_network
from training.checkpoint import config_from_dict, config_to_dict, dataset_from_dict, load_checkpoint
from training.config import TrainConfig
from training.files import whole_folder
from training.networks import build_discriminator, build_generator, segmenter_of
from training.samples import sample_pairs, sample_rows, save_grid, validation_pairs

GRID = "samples.jpg"
GRID_PAIRS = 8
GRID_DRAWS = 3


@dataclass(frozen=True)
class ExportConfig:
    """Make a model directory of the averaged generator and the discriminator of a run."""

    run: Path
    """Folder of the training run."""
    into: Path
    """Model directory to write; its name becomes the model's id."""
    name: str
    """Name shown to users."""
    version: str = "1"
    """Version of the weights."""
    terms: str = "not stated"
    """Terms of the training data, for model.json."""
    hardware: str = "not stated"
    """What the run was trained on and how long."""
    overwrite: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Replace the model that stands there, with everything in its folder."""


def export(config: ExportConfig) -> ModelCard:
    """Weights, model.json and a grid of label maps with draws; returns the card written.

    The directory appears whole or not at all.
    Raises CheckpointError, DataError, DiskFullError, ModelError or PretrainedError.
    """
    if config.into.exists() and not config.overwrite:
        raise ModelError(f"{config.into} exists: choose another folder with --into, or replace it with --overwrite.")
    checkpoint = load_checkpoint(config.run)
    trained = config_from_dict(checkpoint["config"])
    samples = validation_pairs(trained.data, trained.split, trained.layout)
    info = dataset_from_dict(checkpoint["dataset"])
    generator = build_generator(trained, len(info.classes))
    generator.load_state_dict(checkpoint["trainer"]["average"])
    discriminator = build_discriminator(trained, len(info.classes))
    discriminator.load_state_dict(checkpoint["trainer"]["discriminator"])
    segmenter = segmenter_of(discriminator)
    images = checkpoint["trainer"]["images"]
    card = ModelCard(
        id=config.into.name,
        name=config.name,
        family=family(trained),
        version=config.version,
        native_size=trained.stage_at(images - 1).size,
        classes=info.classes,
        ignore_id=info.ignore_id,
        generator=NetworkEntry(*describe_network(generator), ""),
        segmenter=None if segmenter is None else NetworkEntry(*describe_network(segmenter), ""),
        training={
            "data": info.name,
            "terms": config.terms,
            "hardware": config.hardware,
            "images": images,
            "steps": checkpoint["trainer"]["steps"],
            "exported": datetime.now(UTC).date().isoformat(),
            "config": _public(config_to_dict(trained)),
        },
    )
    with whole_folder(config.into) as made:
        written = write_model(made, card, generator, segmenter)
        # The grid shows what is on disk, fp16 and all; no photo of the set goes into a model directory.
        _, painter, _ = load_networks(made)
        rows = sample_rows(
            painter, sample_pairs(samples, written.native_size, GRID_PAIRS), info.palette, GRID_DRAWS, photos=False
        )
        save_grid(rows, made / GRID)
    return written


def family(config: TrainConfig) -> str:
    """What a model is called that was trained so; anything but the published pairs is named for both its networks."""
    match config.generator, config.discriminator:
        case "oasis", "oasis":
            return "oasis"
        case "spade", "patchgan":
            return "spade"
        case "oasis", "projected":
            return "projected"
    return f"{config.generator}-{config.discriminator}"


def _public(values: dict[str, Any]) -> dict[str, Any]:
    """The settings without the paths of one machine."""
    return {key: value for key, value in values.items() if key not in ("data", "out", "start", "encoder", "vgg")}
