"""From what was measured to the figures of the report, each with how it was measured."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from training.evaluation.report import Figure
from training.metrics.color_texture import (
    ClassDistances,
    ColorTexture,
    color_distance,
    texture_distance,
)
from training.metrics.distribution import fid, kid, precision_recall
from training.metrics.segmentation import SegmentationScores, by_frequency
from training.metrics.spectrum import BANDS, Spectrum, axis_power, lattice_peak
from training.segmenting.synthetic_data import summary

FEATURES = "InceptionV3"
KID_SUBSETS, KID_SUBSET_SIZE = 100, 1000
Distance = Callable[[ColorTexture, ColorTexture], ClassDistances]


def fid_figure(real: Tensor, fake: Tensor, other: Tensor | None, sets: str) -> Figure:
    """real, fake, other: features [pictures, 2048] of the reference, the paintings and, if any, other real photos."""
    photos = None if other is None else fid(real, other)
    return Figure("fid", "FID", "lower", f"{sets}; {FEATURES}", fid(real, fake), photos)


def kid_figure(real: Tensor, fake: Tensor, other: Tensor | None, sets: str) -> Figure:
    """As fid_figure; times 1000, as it is mostly printed."""
    # Subsets as large as the whole set would all be the same one. The size changes the spread, not the mean.
    size = min(KID_SUBSET_SIZE, *(len(rows) // 2 for rows in (real, fake, other) if rows is not None))
    mean, spread = kid(real, fake, subsets=KID_SUBSETS, subset_size=size)
    photos = None if other is None else kid(real, other, subsets=KID_SUBSETS, subset_size=size)[0] * 1e3
    how = f"{sets}; {FEATURES}; {KID_SUBSETS} subsets of {size}"
    return Figure("kid", "KID x 1000", "lower", how, mean * 1e3, photos, spread * 1e3)


def precision_recall_figures(real: Tensor, fake: Tensor, other: Tensor | None, sets: str) -> list[Figure]:
    """Improved precision and recall (Kynkaanniemi et al. 2019)."""
    painted = precision_recall(real, fake)
    photos = (None, None) if other is None else precision_recall(real, other)
    how = f"{sets}; {FEATURES}, k = 3"
    return [Figure(name, name, "higher", how, painted[i], photos[i]) for i, name in enumerate(("precision", "recall"))]


def diversity_figures(lpips: Tensor, ms_ssim: Tensor, sets: str, scales: str) -> list[Figure]:
    """lpips, ms_ssim: of each label map the mean over pairs of its draws, [maps]."""
    return [
        Figure("lpips", "LPIPS of draws", "higher", f"{sets}; AlexNet", lpips.mean().item(), None),
        Figure("ms_ssim", "MS-SSIM of draws", "lower", f"{sets}; {scales}", ms_ssim.mean().item(), None),
    ]


def appearance_figures(
    metrics: frozenset[str], real: ColorTexture, fake: ColorTexture, other: ColorTexture | None, sets: str
) -> list[Figure]:
    """Color and texture distances to `real`, photos of the split; `other`: photos of the reference split."""

    def figure(key: str, title: str, how: str, distance: Distance) -> Figure:
        found, photos = distance(real, fake), None if other is None else distance(real, other)
        beside = {} if photos is None else photos.by_class
        rows = [{"class": n, "painted": v, "photos": beside.get(n)} for n, v in found.by_class.items()]
        floor = None if photos is None else photos.mean
        return Figure(key, title, "lower", f"{sets}; {how}", found.mean, floor, details={"by_class": rows})

    figures = []
    if "color" in metrics:
        figures.append(figure("color", "color distance", "earth mover's, LAB units", color_distance))
    if "texture" in metrics:
        figures.append(figure("texture", "texture distance", "chi-square of local binary patterns", texture_distance))
    return figures


def spectrum_figures(real: Spectrum, fake: Spectrum, other: Spectrum | None, sets: str) -> list[Figure]:
    """Axis power and lattice peak beside `real`, photos of the split; `other`: photos of the reference split."""
    compared = {"painted": fake} if other is None else {"painted": fake, "photos": other}
    ratios = {side: axis_power(real, spectrum) for side, spectrum in compared.items()}
    worst = {side: max(bands.values()) for side, bands in ratios.items()}
    peaks = {side: lattice_peak(real, spectrum) for side, spectrum in compared.items()}
    heights = {side: peak.height for side, peak in peaks.items()}
    place = peaks["painted"]
    return [
        Figure(
            "axis_power",
            "power on the spectrum's axes",
            "lower",
            f"{sets}; highest ratio of {len(BANDS)} bands",
            worst["painted"],
            worst.get("photos"),
            details={"by_band": [{"band": name} | {side: r[name] for side, r in ratios.items()} for name in BANDS]},
        ),
        Figure(
            "lattice_peak",
            "worst lattice peak",
            "lower",
            f"{sets}; at (fy, fx) = ({place.fy}, {place.fx}) cycles per picture",
            heights["painted"],
            heights.get("photos"),
            details={"places": [{"pictures": side, **peak._asdict()} for side, peak in peaks.items()]},
        ),
    ]


def segmentation_figures(
    key: str,
    title: str,
    how: str,
    painted: SegmentationScores | None,
    photos: SegmentationScores,
    frequency: Tensor | None,
    frequency_groups: int,
) -> list[Figure]:
    """mIoU with IoU by class and, if pixels by class of the training split are known [G], by frequency; accuracy."""
    sides = {"photos": photos} if painted is None else {"painted": painted, "photos": photos}
    details: dict[str, Any] = {
        "by_class": [
            {"class": name, "share of pixels": photos.target_share[i], **{k: s.iou[i] for k, s in sides.items()}}
            for i, name in enumerate(photos.names)
        ],
        "pixels": {k: s.pixels for k, s in sides.items()},
    }
    if frequency is not None:
        grouped = {k: by_frequency(s, frequency, frequency_groups) for k, s in sides.items()}
        details["by_frequency"] = [
            {"classes": ", ".join(group.names), "share in training": group.share}
            | {k: groups[i].miou for k, groups in grouped.items()}
            for i, group in enumerate(grouped["photos"])
        ]
    absent = [name for name, iou in zip(photos.names, photos.iou, strict=True) if iou is None]
    how += f"; {len(photos.names) - len(absent)} classes" + (f", not there: {', '.join(absent)}" if absent else "")

    def figure(name: str, score: Callable[[SegmentationScores], float], details: dict[str, Any]) -> Figure:
        found = None if painted is None else score(painted)
        return Figure(
            f"{key}_{name.lower().replace(' ', '_')}",
            f"{title}: {name}",
            "higher",
            how,
            found,
            score(photos),
            details=details,
        )

    return [
        figure("mIoU", lambda scores: scores.miou, details),
        figure("pixel accuracy", lambda scores: scores.pixel_accuracy, {}),
    ]


def synthetic_data_figure(report: dict[str, Any]) -> Figure:
    """mIoU of a segmenter trained on paintings as well, beside one trained on photos alone; from compare()'s report."""
    rows = [
        {
            "IoU of": row["name"],
            "share in training": row["share"],
            "with paintings": row["gain"]["after"],
            "photos alone": row["gain"]["before"],
            "verdict": row["verdicts"]["gain"],
            "twice the photos": row["control"]["before"],
            "verdict against twice the photos": row["verdicts"]["control"],
        }
        for row in report["rows"]
    ]
    miou = next(row for row in report["rows"] if row["name"] == "mIoU")["gain"]
    return Figure(
        "augmentation_miou",
        "training data: mIoU of a segmenter",
        "higher",
        summary(report),
        miou["after"],
        miou["before"],
        miou["spread"],
        {"with_and_without_paintings": rows},
    )
