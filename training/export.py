"""`oasis-studio export`: from a training run to a model directory that the server can load."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import tyro
from rich.console import Console

from models.files.model_card import ModelCard, ModelError, NetworkEntry, Segmenting, write_card
from models.files.model_directory import load_networks, write_model
from models.files.scenes import FOLDER, SCENES_JSON, SceneInfo
from models.networks.kinds import describe_network
from models.networks.layers import place
from models.networks.protocols import PainterNetwork, SegmenterNetwork
from training.config import TrainConfig
from training.data.info import DatasetInfo, check_same_classes
from training.data.scenes import Scene, copy_scenes, load_scenes
from training.output.files import sweep, whole_folder
from training.output.sample_grids import Pair, Rows, sample_pairs, sample_row, sample_rows, save_grid, validation_pairs
from training.run.checkpoint import PATHS, config_from_dict, config_to_dict, dataset_from_dict, load_checkpoint
from training.run.networks import build_discriminator, build_generator, segmenter_of

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
    scenes: Path | None = None
    """Folder of starter scenes: scenes.json and a label map each. Without it those of a model that is replaced stay."""
    segmenter: Path | None = None
    """Folder of another run whose discriminator is to segment photos, one that was trained to do just that."""
    partner: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Keep the discriminator that the generator last learned from as well, so that 'train --start' can go on with it.
    It is the segmenter itself unless the run ended with a stage that trained the discriminator alone."""
    flip: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Let the model segment photos by the mean of the photo and its mirror image."""
    scales: tuple[float, ...] = (1.0,)
    """Let the model segment photos by the mean over these factors of their size."""
    overwrite: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Replace the model that stands there, with everything in its folder but its scenes."""


def export(config: ExportConfig, device: str | torch.device = "cpu") -> ModelCard:
    """Weights, model.json, the starter scenes and a grid of draws, painted on the device; returns the card written. It
    says how far the pictures of the stored weights lie from those of the trained ones.

    The grid shows the scenes or, of a model without any, label maps of the validation pairs. The directory appears
    whole or not at all.
    Raises CheckpointError, DataError, WriteError, ModelError or PretrainedError.
    """
    sweep(config.into.parent, config.into.name)
    if config.into.exists() and not config.overwrite:
        raise ModelError(f"{config.into} exists: choose another folder with --into, or replace it with --overwrite.")
    checkpoint = load_checkpoint(config.run)
    trained = config_from_dict(checkpoint["config"])
    info = dataset_from_dict(checkpoint["dataset"])
    generator = build_generator(trained, len(info.classes))
    generator.load_state_dict(checkpoint["trainer"]["average"])
    discriminator = build_discriminator(trained, len(info.classes))
    discriminator.load_state_dict(checkpoint["trainer"]["discriminator"])
    segmenter = segmenter_of(discriminator)
    partner = None
    if config.partner and (kept := checkpoint["trainer"].get("partner")) is not None:
        learned_from = build_discriminator(trained, len(info.classes))
        learned_from.load_state_dict(kept["discriminator"])
        partner = segmenter_of(learned_from)
    if config.segmenter is not None:
        partner = (partner or segmenter) if config.partner else None
        segmenter = load_segmenter(config.segmenter, info)
    images = checkpoint["trainer"]["images"]
    size = trained.schedule.stage_at(images - 1).size
    drawn = config.scenes or config.into / FOLDER
    scenes = load_scenes(drawn, info, size)
    if config.scenes and not scenes:
        raise ModelError(f"{config.scenes} lists no scenes: write {SCENES_JSON} there, or leave --scenes out.")
    samples = []
    if not scenes:
        samples = sample_pairs(validation_pairs(trained.data, trained.split, trained.layout), size, GRID_PAIRS)
    card = ModelCard(
        id=config.into.name,
        name=config.name,
        family=model_family_label(trained),
        version=config.version,
        native_size=size,
        classes=info.classes,
        ignore_id=info.ignore_id,
        generator=NetworkEntry(*describe_network(generator), ""),
        segmenter=None if segmenter is None else NetworkEntry(*describe_network(segmenter), ""),
        segmenting=Segmenting(config.flip, config.scales),
        training={
            "data": info.name,
            "terms": config.terms,
            "hardware": config.hardware,
            "began_with": None if trained.start is None else trained.start.name,
            "images": images,
            "generator_images": trained.schedule.generator_images(images),
            "steps": checkpoint["trainer"]["steps"],
            "exported": datetime.now(UTC).date().isoformat(),
            "config": _public(config_to_dict(trained)),
        },
    )
    with whole_folder(config.into) as made:
        written = write_model(made, card, generator, segmenter, partner)
        # The grid shows what is on disk, fp16 and all; no photo of the set goes into a model directory.
        _, painter, _ = load_networks(made, device)
        rows, precise = (
            paint_grid(network, samples, scenes, info.palette) for network in (painter, place(generator.eval(), device))
        )
        save_grid(rows, made / GRID)
        if scenes:
            copy_scenes(drawn, made / FOLDER)
        written = replace(written, training={**card.training, "half_precision": half_precision(rows, precise)})
        write_card(made, written)
    return written


def load_segmenter(run: Path, info: DatasetInfo) -> SegmenterNetwork:
    """The discriminator of a run. Raises CheckpointError, DataError or ModelError if it does not segment these
    classes."""
    checkpoint = load_checkpoint(run)
    check_same_classes(info, dataset_from_dict(checkpoint["dataset"]).classes, f"the run in {run}")
    discriminator = build_discriminator(config_from_dict(checkpoint["config"]), len(info.classes))
    discriminator.load_state_dict(checkpoint["trainer"]["discriminator"])
    segmenter = segmenter_of(discriminator)
    if segmenter is None:
        raise ModelError(f"The discriminator of {run} does not segment: give the folder of a run of one that does.")
    return segmenter


def paint_grid(generator: PainterNetwork, samples: list[Pair], scenes: tuple[Scene, ...], palette: np.ndarray) -> Rows:
    """Rows of a label map's colors and draws: of the scenes or, for a model without, of samples of the data."""
    rows = sample_rows(generator, samples, palette, GRID_DRAWS, photos=False)
    return rows + [sample_row(generator, scene.labels, palette, grid_seeds(scene.info)) for scene in scenes]


def half_precision(stored: Rows, precise: Rows) -> dict[str, float]:
    """How far the pictures of stored weights lie from those of the weights that were trained, in 1/255: over all draws.

    Raises ModelError if that is more than a step of 8 bits on average.
    """
    draws, expected = (np.array([row[1:] for row in rows], np.int16) for rows in (stored, precise))
    differences = np.abs(draws - expected)
    mean = float(differences.mean())
    if mean >= 1:
        raise ModelError(
            f"In half precision the pictures change by {mean:.1f}/255 on average, where less than 1 is expected: the "
            "weights span too wide a range. Train on with lower rates and export again."
        )
    return {"mean_difference": round(mean, 4), "largest_difference": float(differences.max())}


def grid_seeds(scene: SceneInfo) -> list[int]:
    """The seed a scene is first shown with, and others that are the same for all."""
    return list(dict.fromkeys((scene.seed, *range(GRID_DRAWS))))[:GRID_DRAWS]


def model_family_label(config: TrainConfig) -> str:
    """What `ModelCard.family` says of a model that was trained so: a label of its generator and its discriminator.

    A family of generators (`models.networks.families`) is only the first of the two. Published pairs have the label of
    the paper, "oasis" or "spade"; OASIS generators with a discriminator on ImageNet features have that of the
    discriminator; all others name both, as in "spade-oasis".
    """
    match config.generator, config.discriminator:
        case "oasis", "oasis":
            return "oasis"
        case "spade", "patchgan":
            return "spade"
        case "oasis", ("projected" | "conditioned") as kind:
            return kind
    return f"{config.generator}-{config.discriminator}"


def _public(values: dict[str, Any]) -> dict[str, Any]:
    """The settings without the paths of one machine."""
    return {key: value for key, value in values.items() if key not in PATHS}


def main(arguments: list[str]) -> None:
    """Run the command."""
    card = export(tyro.cli(ExportConfig, args=arguments, prog="oasis-studio export"))
    Console().print(f"Wrote the model {card.id!r}: {card.training['images']} images at {card.native_size}.")
