"""`oasis-studio evaluate`: the figures of a model, as a table, JSON, Markdown and pictures."""

from typing import Any

import torch
import tyro
from rich.console import Console

from training.evaluation.config import BESIDE_PHOTOS, NEEDS_REFERENCE, WHOLE, EvaluateConfig
from training.evaluation.evaluator import measure
from training.evaluation.figures import synthetic_data_figure
from training.evaluation.image_sources import RESIZE
from training.evaluation.report import Report
from training.evaluation.report_images import write_pictures
from training.evaluation.subject import Subject, open_subject
from training.metrics.color_texture import LAB_BIN, TEXTURE_BINS
from training.metrics.spectrum import AROUND
from training.run.distributed import join_world
from training.segmenting.synthetic_data import compare

MANY = 2048
"""With fewer pictures than features, the covariance in FID lacks rank and FID is biased upward."""


def evaluate(config: EvaluateConfig) -> Report | None:
    """Measure, print a table, write report.json, report.md and pictures into `config.out`.

    Under torchrun the pictures are shared out among the processes; all but the main one return None.
    Raises DataError, DeviceError, MetricError, ModelError, PretrainedError or SegmenterError: for whatever can be known
    in advance before the long work begins.
    """
    with join_world(config.device) as world:
        torch.backends.cudnn.allow_tf32 = False  # features agree with the published ones to fp32
        subject = open_subject(config, world)
        figures = measure(subject)
        if not world.main:
            return None
        if config.comparison is not None:
            figures.append(synthetic_data_figure(compare(config.comparison)))
        report = Report(_model(subject), _data(subject), _settings(subject), tuple(figures), _notes(subject))
        report.write(config.out)
        write_pictures(config.out, subject, report)
        if config.update_card:
            report.update_card(config.model)
        report.show(Console())
        return report


def _model(subject: Subject) -> dict[str, Any]:
    card, segmenter = subject.model.card, subject.own
    return {
        "id": card.id,
        "version": card.version,
        "family": card.family,
        "generator_sha256": card.generator.sha256,
        "segmenter_sha256": None if segmenter is None else segmenter.sha256,
    }


def _data(subject: Subject) -> dict[str, Any]:
    config, reference = subject.config, subject.reference
    return {
        "name": config.data.resolve().name,
        "layout": config.layout,
        "split": config.split,
        "photos": len(subject.pairs),
        "reference_split": None if reference is None else config.reference_split,
        "reference_photos": None if reference is None else len(reference),
        "classes": [c.name for c in subject.pairs.info.classes],
        "ignored_class": subject.pairs.info.ignore_id,
    }


def _settings(subject: Subject) -> dict[str, Any]:
    config, judge = subject.config, subject.judge
    return {
        "size": list(subject.size),
        "resize": RESIZE,
        "metrics": sorted(config.wanted),
        "paintings": subject.paintings,
        "first_seed": config.first_seed,
        "diversity": {"draws": config.draws, "label_maps": config.diversity_maps},
        "segmenter": None if judge is None else {"name": judge.name, "sha256": judge.sha256},
        "groups": dict(zip(subject.grouping.names, _members(subject), strict=True)),
        "device": subject.world.device.type,
        "processes": subject.world.size,
    }


def _members(subject: Subject) -> list[list[str]]:
    """Names of the classes in each group."""
    grouping, classes = subject.grouping, subject.pairs.info.classes
    return [[c.name for c in classes if grouping.group_of[c.id] == g] for g in range(len(grouping.names))]


def _notes(subject: Subject) -> tuple[str, ...]:
    """How all figures together were measured, and what must be kept in mind."""
    config, wanted, count = subject.config, subject.config.wanted, subject.paintings
    width, height = subject.size[1], subject.size[0]
    notes = [
        f"All pictures are compared at {width}x{height} px; resized by {RESIZE}.",
        *subject.notes,
    ]
    if wanted - {"diversity", "discriminator"}:
        maps = "the set" if config.split == WHOLE else config.split
        last = config.first_seed + count - 1
        notes.append(f"{count} paintings: label maps of {maps}, noise seeds {config.first_seed} to {last}.")
    if wanted & set(NEEDS_REFERENCE):
        notes.append(
            "InceptionV3: that of 2015-12-05, 2048 features. Precision and recall are Kynkaanniemi's with its features "
            "in place of VGG16's."
        )
    if "fid" in wanted and count < MANY:
        notes.append(
            f"FID of {count} pictures, fewer than its {MANY} features, is biased upward. Compare it, precision and "
            "recall only with figures of the same counts."
        )
    if wanted & {"color", "texture"}:
        notes.append(
            f"Color: histograms of L, a and b in bins of {LAB_BIN:g}. Texture: local binary patterns of 8 neighbors "
            f"at radius 1, {TEXTURE_BINS} codes, sum (p - q)^2 / (p + q) / 2. Both by class, then the mean."
        )
    if "spectrum" in wanted:
        notes.append(
            "Spectrum: mean power of gray pictures under a Hann window. On the axes: paintings over photos, within one "
            "cycle of either axis, by band in Nyquist frequencies. Lattice peak: where paintings over photos (mean of "
            f"3x3 bins) stands out most of the median of {AROUND}x{AROUND} bins, on an axis also of {AROUND} along it."
        )
    if beside := sorted(wanted & set(BESIDE_PHOTOS)):
        notes.append(
            f"The real photos compared by {', '.join(beside)} are of the reference split: they show other scenes, "
            "while paintings show the same ones."
        )
    if "diversity" in wanted:
        notes.append("Diversity: LPIPS v0.1 and MS-SSIM, mean over all pairs of draws of a label map, then over maps.")
    if subject.judge and subject.own and subject.judge.sha256 == subject.own.sha256:
        notes.append(
            "The external segmenter is the model's own discriminator, which the paintings were made to please."
        )
    return tuple(notes)


def main(arguments: list[str]) -> None:
    """Run the command."""
    evaluate(tyro.cli(EvaluateConfig, args=arguments, prog="oasis-studio evaluate"))
