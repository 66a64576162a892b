"""The configuration of an evaluation."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.noise import SEED_LIMIT
from training.config import ConfigError
from training.segmenting.fit import FitConfig
from training.segmenting.synthetic_data import SyntheticDataConfig

Metric = Literal["fid", "kid", "pr", "diversity", "color", "texture", "spectrum", "segmenter", "discriminator"]

NEEDS_REFERENCE: tuple[Metric, ...] = ("fid", "kid", "pr")
BESIDE_PHOTOS: tuple[Metric, ...] = ("color", "texture", "spectrum")
"""They compare paintings with the photos of the same label maps, and those with photos of the reference split."""
WHOLE = "."
"""The split of a folder that has none."""
MIN_PICTURES = 5
"""Precision and recall ask for the third nearest neighbor among the others."""


@dataclass(frozen=True)
class EvaluateConfig:
    """Measure a model against a labeled set of photos."""

    model: Path
    """Model directory."""
    data: Path
    """Folder of the data set."""
    layout: str = "folder"
    """How its files are arranged, as for training."""
    split: str = "val"
    """Pictures are painted from the label maps of this split, which the model should not have been trained on. '.' is a
    folder with images/ and labels/ that has no splits."""
    reference_split: str = "train"
    """FID, KID, precision and recall compare with its photos."""
    frequency_split: str = "train"
    """Classes are as frequent as in its label maps (Table 4.4); not used if it is not there."""
    classes: Path | None = None
    """classes.json of another folder, for a folder that has none."""
    metrics: tuple[Metric, ...] = ("fid", "kid", "pr", "diversity", "color", "texture", "spectrum", "discriminator")
    """fid, kid and pr (precision, recall): distance of painted pictures from photos. diversity: LPIPS and MS-SSIM among
    draws of one label map. color, texture: per class. spectrum: bands and lattices. discriminator: how it segments the
    photos of the split. segmenter: how the network of --segmenter segments painted pictures."""
    samples: int | None = None
    """Painted pictures for all but diversity; without it one a label map. With more, maps are painted again under other
    seeds."""
    first_seed: int = 0
    """Picture i is painted with the noise seed first_seed + i, draw k of the diversity with first_seed + k."""
    draws: int = 20
    """Pictures painted from each label map to measure diversity (thesis sec. 4.3.1: 20)."""
    diversity_maps: int = 50
    """Label maps to measure diversity on, spread evenly over the split; the papers take all of them."""
    segmenter: Path | None = None
    """External segmenter: a model directory (its discriminator), a folder by 'train-segmenter', or a TorchScript file.
    Adds the metric 'segmenter'."""
    groups: Path | None = None
    """JSON file {"groups": {"sky": ["sky", "cloud"], ...}}: classes merged before label maps are compared."""
    frequency_groups: int = 5
    """Groups of equal size into which classes are cut by their frequency (Table 4.4)."""
    augmentation: Path | None = None
    """Folder that 'oasis-studio synthesize' made of the reference split: a small segmenter is also trained without and
    with it (thesis sec. 4.3.5) and measured on the split."""
    augmentation_fit: FitConfig = field(default_factory=FitConfig)
    """How that segmenter learns."""
    augmentation_repeats: int = 3
    """Seeds it is trained with."""
    inception: Path | None = None
    """InceptionV3 weights; without it the cache, then where they are published."""
    lpips: Path | None = None
    """AlexNet LPIPS weights, likewise."""
    batch: int = 16
    """Pictures that go through a metric network together."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:1; under torchrun each process takes its own GPU."""
    out: Path = Path("evaluations/latest")
    """Folder for report.json, report.md and the pictures."""
    update_card: bool = False
    """Also write the figures into the model's model.json."""

    def __post_init__(self) -> None:
        checks = (
            (bool(self.wanted) or self.augmentation is not None, "name one metric at least"),
            (
                "segmenter" not in self.metrics or self.segmenter is not None,
                "the metric 'segmenter' needs --segmenter, the network that judges",
            ),
            (
                self.samples is None or self.samples >= MIN_PICTURES,
                f"samples must be {MIN_PICTURES} or more, figures of fewer say nothing",
            ),
            (0 <= self.first_seed < SEED_LIMIT - 10**7, f"first_seed must be from 0 to {SEED_LIMIT - 10**7 - 1}"),
            (self.draws >= 2, "draws must be 2 or more: diversity compares pairs"),
            (self.diversity_maps >= 1, "diversity_maps must be 1 or more"),
            (self.frequency_groups >= 1, "frequency_groups must be 1 or more"),
            (self.batch >= 1, "batch must be 1 or more"),
            (not self.out.is_file(), f"--out {self.out} is a file: name a folder"),
            (self.classes is None or self.layout == "folder", "--classes goes with the layout 'folder' only"),
            (
                self.augmentation is None or self.classes is None,
                "--augmentation trains on the data set's own classes.json: leave out --classes",
            ),
        )
        for holds, message in checks:
            if not holds:
                raise ConfigError(f"Bad configuration of the evaluation: {message}.")

    @property
    def comparison(self) -> SyntheticDataConfig | None:
        """What --augmentation asks for."""
        if self.augmentation is None:
            return None
        return SyntheticDataConfig(
            data=self.data,
            synthetic=self.augmentation,
            out=self.out,
            layout=self.layout,
            split=self.reference_split,
            evaluation_split=self.split,
            repeats=self.augmentation_repeats,
            fit=self.augmentation_fit,
            device=self.device,
        )

    @property
    def wanted(self) -> frozenset[Metric]:
        """The metrics to compute."""
        return frozenset(self.metrics) | ({"segmenter"} if self.segmenter else set())
