"""`oasis-studio train-segmenter`: a small segmenter to judge pictures with."""

from dataclasses import dataclass, field
from pathlib import Path

import tyro
from rich.console import Console

from models.device import choose_device
from training.data.pairs import open_pairs
from training.metrics.segmentation import SegmentationScores
from training.output.files import sweep
from training.output.progress import progress_bar
from training.segmenting.fit import FitConfig, fit, measure, pixel_counts, settings
from training.segmenting.segmenter import SegmenterCard, save_segmenter


@dataclass(frozen=True)
class TrainSegmenterConfig:
    """Train a small segmenter on photos and label maps; it never sees a generated picture."""

    data: Path
    """Data set."""
    into: Path
    """Directory to write."""
    layout: str = "folder"
    """How the data set's files are arranged; see 'train'."""
    split: str = "train"
    """Split to train on."""
    evaluation_split: str = "val"
    """Split to measure on."""
    fit: FitConfig = field(default_factory=lambda: FitConfig(steps=800, batch=16))
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""


def train_segmenter(config: TrainSegmenterConfig, console: Console | None = None) -> SegmentationScores:
    """Train, measure, write the directory; returns the scores.

    Raises DataError, PretrainedError, DeviceError or WriteError.
    """
    sweep(config.into)
    device = choose_device(config.device)
    pairs = open_pairs(config.data, config.split, config.layout)
    judged = open_pairs(config.data, config.evaluation_split, config.layout)
    with progress_bar("steps", console) as progress:
        pixels = pixel_counts(pairs, progress)
        network = fit(config.fit, pairs, None, pixels, device, progress)
        scores = measure(network, judged, config.fit.size, progress)
    card = SegmenterCard(
        config=network.config,
        classes=pairs.info.classes,
        ignore_id=pairs.info.ignore_id,
        size=config.fit.size,
        training={"data": pairs.info.name, "split": config.split, "pairs": len(pairs), **settings(config.fit)},
        metrics={"split": config.evaluation_split, "pairs": len(judged), **scores.to_dict()},
    )
    save_segmenter(config.into, card, network)
    return scores


def main(arguments: list[str]) -> None:
    """Run the command."""
    config = tyro.cli(TrainSegmenterConfig, args=arguments, prog="oasis-studio train-segmenter")
    scores = train_segmenter(config)
    Console().print(
        f"Wrote the segmenter {config.into}: mIoU {scores.miou:.3f}, pixel accuracy {scores.pixel_accuracy:.3f} on "
        f"{config.evaluation_split!r} of {config.data} at {config.fit.size[1]}x{config.fit.size[0]}."
    )
