"""What synthetic pictures are worth as training data: a segmenter trained without and with them (thesis sec. 4.3.5,
Tables 4.6 and 4.7)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table
from torch import Tensor

from models.device import choose_device
from training.charts import bar_chart
from training.comparison import NOISE, Comparison, compare_scores
from training.config import ConfigError
from training.data.info import DataError
from training.data.labels import LabelSource
from training.data.layouts import Split
from training.data.pairs import Pairs, open_pairs
from training.files import write_whole
from training.manifest import Head, read_head
from training.metrics.segmentation import SegmentationScores, by_frequency
from training.progress import progress_bar
from training.synthesize import check_same_classes
from training.train_segmenter import FitConfig, fit, measure, pixel_counts, settings

NAME = "augmentation"  # of the files written
Run = tuple[SegmentationScores, SegmentationScores]  # without and with synthetic pictures, of one seed


@dataclass(frozen=True)
class AugmentationConfig:
    """Train a small segmenter twice, without and with synthetic pictures, and compare what it learned."""

    data: Path
    """Real data set."""
    synthetic: Path
    """What 'oasis-studio synthesize' made of the label maps of its training split."""
    out: Path
    """Folder for augmentation.json, .md and .png."""
    layout: str = "folder"
    """How the real data set's files are arranged; see 'train'."""
    split: str = "train"
    """Split to train on; of its pairs, those whose label maps were painted."""
    evaluation_split: str = "val"
    """Split to measure on."""
    repeats: int = 3
    """Seeds, from fit.seed on; two at least show which differences are noise."""
    fit: FitConfig = field(default_factory=FitConfig)
    device: str = "auto"
    """'auto': CUDA if there is one, else the CPU."""

    def __post_init__(self) -> None:
        if self.repeats < 1:
            raise ConfigError("repeats must be 1 or more.")


@dataclass(frozen=True)
class Row:
    """A line of the table: an overall score, a group of classes or a class."""

    section: Literal["overall", "group", "class"]
    name: str
    share: float
    """Of the pixels in training, 0..1."""
    comparison: Comparison


@dataclass(frozen=True)
class RenamedLabels:
    """The label maps of another source under other stems."""

    source: LabelSource
    origin: Mapping[str, str]

    @property
    def files(self) -> dict[str, Path]:
        return {stem: self.source.files[original] for stem, original in self.origin.items()}

    def read(self, stem: str) -> np.ndarray:
        return self.source.read(self.origin[stem])


def compare(config: AugmentationConfig, console: Console | None = None) -> dict[str, Any]:
    """The report, also printed and written as JSON, table and bars.

    Both trainings of a seed start from the same weights and see the same real crops in as many steps; with synthetic
    pictures, each real picture is accompanied by a counterpart from the same label map, cropped alike, so that such a
    step costs twice as much. Raises DataError, PretrainedError, DeviceError or DiskFullError.
    """
    console = console or Console()
    device = choose_device(config.device)
    head = read_head(config.synthetic)
    everything = open_pairs(config.data, config.split, config.layout)
    synthetic = open_synthetic(config, head)
    check_same_classes(everything.info, synthetic.info.classes, f"the synthetic data in {config.synthetic}")
    real = accompany(synthetic, everything)
    judged = open_pairs(config.data, config.evaluation_split, config.layout)
    runs: list[Run] = []
    with progress_bar("steps", console) as progress:
        pixels = pixel_counts(real, progress)
        for seed in range(config.fit.seed, config.fit.seed + config.repeats):
            arm = replace(config.fit, seed=seed)
            networks = [
                fit(arm, real, companions, pixels, device, progress, f"seed {seed}, {name}")
                for name, companions in (("without", None), ("with synthetic", synthetic))
            ]
            without, augmented = (measure(network, judged, arm.size, progress) for network in networks)
            runs.append((without, augmented))
    rows = compare_runs(runs, pixels)
    report = {
        "data": {
            "name": everything.info.name,
            "split": config.split,
            "pairs": head["labels"]["maps"],
            "pairs_in_split": len(everything),
            "evaluation_split": config.evaluation_split,
            "evaluation_pairs": len(judged),
        },
        "synthetic": head,
        "segmenter": settings(config.fit) | {"resize": "photos bicubic, label maps nearest"},
        "seeds": list(range(config.fit.seed, config.fit.seed + config.repeats)),
        "versions": {name: version(name) for name in ("oasis-studio", "torch")},
        "date": datetime.now(UTC).date().isoformat(),
        "rows": [asdict(row) | {"verdict": row.comparison.verdict} for row in rows],
        "runs": [{"without": a.to_dict(), "augmented": b.to_dict()} for a, b in runs],
    }
    write_report(config.out, report, rows, console)
    return report


def open_synthetic(config: AugmentationConfig, head: Head) -> Pairs:
    """Raises DataError for a synthetic data set that is unfinished or of another split."""
    expected = head["labels"]["maps"] * head["options"]["draws"]
    if head["labels"]["split"] != config.split:
        raise DataError(
            f"{config.synthetic} was painted from the split {head['labels']['split']!r}, not {config.split!r}: "
            "paint that split, or train on the other."
        )
    pairs = open_pairs(config.synthetic, config.split)
    if len(pairs) != expected:
        raise DataError(
            f"{config.synthetic} has {len(pairs)} of {expected} pictures: run the same 'oasis-studio synthesize' again "
            "to complete it."
        )
    return pairs


def accompany(synthetic: Pairs, real: Pairs) -> Pairs:
    """For every synthetic pair the real one of its label map, in the same order; once for each draw.

    Raises DataError if the real data set lacks one.
    """
    origin = {stem: stem.rpartition("-")[0] for stem in synthetic.stems}
    missing = sorted(set(origin.values()) - set(real.stems))
    if missing:
        raise DataError(
            f"{len(missing)} label maps of the synthetic data are not in {real.info.name!r}, first {missing[0]!r}: "
            "give the data set that they were painted from."
        )
    photos = {stem: real.split.photos[original] for stem, original in origin.items()}
    return Pairs(Split(real.info, photos, RenamedLabels(real.split.labels, origin)))


def compare_runs(runs: list[Run], pixels: Tensor) -> tuple[Row, ...]:
    """Overall, by class frequency in training (the most frequent first, Table 4.7) and by class."""
    by_group = [(by_frequency(a, pixels), by_frequency(b, pixels)) for a, b in runs]
    share = (pixels / pixels.sum()).tolist()
    return (
        Row("overall", "mIoU", 1.0, compare_scores([(a.miou, b.miou) for a, b in runs])),
        Row("overall", "pixel accuracy", 1.0, compare_scores([(a.pixel_accuracy, b.pixel_accuracy) for a, b in runs])),
        *(
            Row(
                "group",
                ", ".join(group.names),
                group.share,
                compare_scores([(a[i].miou, b[i].miou) for a, b in by_group]),
            )
            for i, group in enumerate(by_group[0][0])
        ),
        *(
            Row("class", name, share[i], compare_scores([(a.iou[i], b.iou[i]) for a, b in runs]))
            for i, name in enumerate(runs[0][0].names)
        ),
    )


def write_report(out: Path, report: dict[str, Any], rows: tuple[Row, ...], console: Console) -> None:
    """augmentation.json, .md and .png, and a table on the console."""
    header = ("IoU of", "share of pixels", "without, %", "with synthetic, %", "difference", "")
    cells = [(row.name, f"{100 * row.share:.1f} %", *row.comparison.cells()) for row in rows]
    table = Table(*header, title=f"{report['data']['name']}: a segmenter without and with synthetic pictures")
    for row, line in zip(rows, cells, strict=True):
        table.add_row(*line, end_section=row.section != "class")
    console.print(table)
    lines = [header, ("---",) * len(header), *cells]
    markdown = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    write_whole(out / f"{NAME}.json", (json.dumps(report, indent=1) + "\n").encode())
    write_whole(out / f"{NAME}.md", f"{summary(report)}\n\n{markdown}\n".encode())
    bars = {row.name: (row.comparison.without, row.comparison.changed) for row in rows if row.section != "group"}
    bar_chart(out / f"{NAME}.png", "IoU without and with synthetic pictures", bars, ("without", "with synthetic"))


def summary(report: dict[str, Any]) -> str:
    """What was compared, for people."""
    data, synthetic, fit = report["data"], report["synthetic"], report["segmenter"]
    size = f"{fit['size'][1]}x{fit['size'][0]}"
    return (
        f"A small segmenter (encoder: {fit['encoder']}), trained {fit['steps']} steps of {fit['batch']} real crops of "
        f"{size} from {data['pairs']} of the {data['pairs_in_split']} {data['split']!r} pairs of {data['name']}, "
        f"without and with a synthetic counterpart of each crop ({synthetic['options']['draws']} a label map, by "
        f"the model {synthetic['model']['id']!r}, version {synthetic['model']['version']}, itself trained on "
        f"{synthetic['model']['training_data']}); measured at {size} on "
        f"{data['evaluation_pairs']} {data['evaluation_split']!r} pairs. Means over the seeds "
        f"{', '.join(map(str, report['seeds']))}; ± is the standard deviation of the difference over them, and up to "
        f"{NOISE:g} of it is called noise."
    )
