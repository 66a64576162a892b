"""What synthetic pictures are worth as training data: a segmenter trained without and with them (thesis sec. 4.3.5,
Tables 4.6 and 4.7), and, which the thesis leaves open, with as many more crops of the real ones instead."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from torch import Tensor

from models.device import choose_device
from training.config import ConfigError
from training.data.info import DataError, check_same_classes
from training.data.labels import LabelSource
from training.data.layouts import Split
from training.data.manifest import Head, read_head
from training.data.pairs import Pairs, open_pairs
from training.metrics.segmentation import SegmentationScores, by_frequency
from training.output.charts import bar_chart
from training.output.files import write_whole
from training.output.progress import progress_bar
from training.segmenting.comparison import NOISE, Comparison, compare_scores
from training.segmenting.fit import FitConfig, fit, measure, pixel_counts, settings

NAME = "augmentation"  # of the files written
Section = Literal["overall", "group", "class"]
ARMS = ("real", "twice the real crops", "real and synthetic")


@dataclass(frozen=True)
class SyntheticDataConfig:
    """Train a small segmenter without and with synthetic pictures, and compare what it learned."""

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


class Run(NamedTuple):
    """What the segmenters of one seed reached, in the order of ARMS."""

    real: SegmentationScores
    doubled: SegmentationScores
    augmented: SegmentationScores


@dataclass(frozen=True)
class Row:
    """A line of the table: an overall score, a group of classes or a class."""

    section: Section
    name: str
    share: float
    """Of the pixels in training, 0..1."""
    gain: Comparison
    """Real pictures -> real and synthetic ones, as in the thesis."""
    control: Comparison
    """Twice the real crops -> real and synthetic pictures: as many pictures a step."""

    @property
    def verdicts(self) -> dict[str, str]:
        return {"gain": self.gain.verdict, "control": self.control.verdict}

    def cells(self) -> tuple[str, ...]:
        """Name, share, the score of each arm in percent, and both differences."""
        scores = (self.gain.before, self.control.before, self.gain.after)
        percent = ("-" if score is None else f"{100 * score:.1f}" for score in scores)
        return self.name, f"{100 * self.share:.1f} %", *percent, str(self.gain), str(self.control)


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


def compare(config: SyntheticDataConfig, console: Console | None = None) -> dict[str, Any]:
    """The report, also printed and written as JSON, table and bars.

    The trainings of a seed start from the same weights and take as many steps. With synthetic pictures, each real crop
    is accompanied by its counterpart from the same label map; such a step sees two pictures for one, and so does one
    with twice the real crops. Raises DataError, PretrainedError, DeviceError or WriteError.
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
            single = replace(config.fit, seed=seed)
            double = replace(single, batch=2 * single.batch)
            arms = ((single, None), (double, None), (single, synthetic))
            scores = []
            for name, (arm, companions) in zip(ARMS, arms, strict=True):
                network = fit(arm, real, companions, pixels, device, progress, f"seed {seed}, {name}")
                scores.append(measure(network, judged, arm.size, progress))
            runs.append(Run(*scores))
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
        "rows": [asdict(row) | {"verdicts": row.verdicts} for row in rows],
        "runs": [{name: scores.to_dict() for name, scores in run._asdict().items()} for run in runs],
    }
    write_report(config.out, report, rows, console)
    return report


def open_synthetic(config: SyntheticDataConfig, head: Head) -> Pairs:
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
    """Overall, by class frequency in training (the most frequent first, Table 4.7) and by class. pixels: [G]."""
    grouped = [[by_frequency(arm, pixels) for arm in run] for run in runs]
    share = (pixels / pixels.sum()).tolist()
    return (
        compare_arms("overall", "mIoU", 1.0, [[arm.miou for arm in run] for run in runs]),
        compare_arms("overall", "pixel accuracy", 1.0, [[arm.pixel_accuracy for arm in run] for run in runs]),
        *(
            compare_arms("group", ", ".join(own.names), own.share, [[arm[i].miou for arm in run] for run in grouped])
            for i, own in enumerate(grouped[0][0])
        ),
        *(
            compare_arms("class", name, share[i], [[arm.iou[i] for arm in run] for run in runs])
            for i, name in enumerate(runs[0].real.names)
        ),
    )


def compare_arms(section: Section, name: str, share: float, scores: Sequence[Sequence[float | None]]) -> Row:
    """scores: of each seed, those of each arm."""
    gain = compare_scores([(real, augmented) for real, _, augmented in scores])
    control = compare_scores([(doubled, augmented) for _, doubled, augmented in scores])
    return Row(section, name, share, gain, control)


def write_report(out: Path, report: dict[str, Any], rows: tuple[Row, ...], console: Console) -> None:
    """augmentation.json, .md and .png, and a table on the console."""
    differences = ("against real", "against twice the real")
    header = ("IoU of", "share of pixels", *(f"{arm}, %" for arm in ARMS), *differences)
    table = Table(*header, title=f"{report['data']['name']}: a segmenter without and with synthetic pictures")
    for row in rows:
        table.add_row(*row.cells(), end_section=row.section != "class")
    console.print(table)
    lines = [header, ("---",) * len(header), *(row.cells() for row in rows)]
    markdown = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    write_whole(out / f"{NAME}.json", (json.dumps(report, indent=1) + "\n").encode())
    write_whole(out / f"{NAME}.md", f"{summary(report)}\n\n{markdown}\n".encode())
    bars = {row.name: (row.gain.before, row.control.before, row.gain.after) for row in rows if row.section != "group"}
    bar_chart(out / f"{NAME}.png", "IoU of a segmenter by what it was trained on", bars, ARMS)


def summary(report: dict[str, Any]) -> str:
    """What was compared, for people."""
    data, synthetic, fit = report["data"], report["synthetic"], report["segmenter"]
    size = f"{fit['size'][1]}x{fit['size'][0]}"
    model, split = synthetic["model"], f"{data['split']!r} pairs of {data['name']}"
    return (
        f"A small segmenter (encoder: {fit['encoder']}), trained {fit['steps']} steps of {fit['batch']} real crops of "
        f"{size} from {data['pairs']} of the {data['pairs_in_split']} {split}; without more, with as many other real "
        f"crops, and with a synthetic counterpart of each ({synthetic['options']['draws']} a label map, by the model "
        f"{model['id']!r}, version {model['version']}, itself trained on {model['training_data']}). Measured at {size} "
        f"on {data['evaluation_pairs']} {data['evaluation_split']!r} pairs. Means over the seeds "
        f"{', '.join(map(str, report['seeds']))}; ± is the standard deviation of the difference over them, and up to "
        f"{NOISE:g} of it is called noise."
    )
