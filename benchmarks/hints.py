"""What `Model.inspect` is worth: does it tell a model's pictures from photos, and right labels from wrong ones?

    python -m benchmarks.hints MODEL DATA [--split val] [--pairs 100] [--layout folder] [--show FOLDER]

Each label map is painted and judged beside its photo. Figures are areas under the ROC curve: 1 where every photo looks
more real than every painted picture, 0.5 where the hint is no better than a coin. Wrong labels are those of another
pair, where they differ. `--show` writes photo, its realism, painted picture and its realism, side by side.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.noise import NoiseSpec
from models.predictor import Model, load_model
from training.data.pairs import Pairs, open_pairs

FEWEST = 200  # pixels that a class needs in a picture to be judged there
PICTURES = 10  # that a class needs to get a figure
SHOWN = 8


@dataclass(frozen=True)
class Judged:
    """A picture seen with its labels and, `wrong`, its fidelity to those of another pair; counted: not ignored."""

    labels: np.ndarray
    realism: np.ndarray
    fidelity: np.ndarray
    counted: np.ndarray
    wrong: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="val")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--layout", default="folder")
    parser.add_argument("--show", type=Path, help=f"folder for the pictures of the first {SHOWN} pairs")
    options = parser.parse_args()
    model, pairs = load_model(options.model), open_pairs(options.data, options.split, options.layout)
    photos, painted = judge(model, pairs, options.pairs, options.show)
    for name in ("realism", "fidelity"):
        scores = [[getattr(each, name)[each.counted].mean() for each in kind] for kind in (photos, painted)]
        means = " and ".join(f"{np.mean(kind):.3f} ± {np.std(kind):.3f}" for kind in scores)
        print(f"{name} of photos and painted pictures: {means}; AUC of pictures {auc(*scores):.3f}")
    for info in model.card.classes:
        scores = [of_class(kind, info.id) for kind in (photos, painted)]
        if info.id != model.card.ignore_id and len(scores[0]) >= PICTURES:
            print(f"    realism of {info.name}: AUC {auc(*scores):.3f} ({len(scores[0])} pictures)")
    for what, kind in (("photos", photos), ("painted pictures", painted)):
        right = np.concatenate([each.fidelity[each.counted] for each in kind])
        wrong = np.concatenate([each.wrong for each in kind])
        print(f"fidelity in {what}, right against wrong labels: AUC of pixels {auc(right, wrong):.3f}")


def judge(model: Model, pairs: Pairs, count: int, show: Path | None) -> tuple[list[Judged], list[Judged]]:
    """Photos, spread over the pairs, and pictures painted of their label maps."""
    photos: list[Judged] = []
    painted: list[Judged] = []
    height, width = model.card.native_size
    other = None
    for i, index in enumerate(np.linspace(0, len(pairs) - 1, min(count, len(pairs))).round().astype(int).tolist()):
        photo, ids = pairs.load(index)
        real = np.asarray(photo.resize((width, height), Image.Resampling.BICUBIC))
        labels = np.asarray(ids.resize((width, height), Image.Resampling.NEAREST))
        if (labels == model.card.ignore_id).all():
            continue
        ours = model.synthesize(labels, NoiseSpec(index))
        other = labels[::-1] if other is None else other
        for kind, picture in ((photos, real), (painted, ours)):
            kind.append(_seen(model, picture, labels, other))
        other = labels
        if show and i < SHOWN:
            show.mkdir(parents=True, exist_ok=True)
            gray = [(kind[-1].realism * 255).astype(np.uint8)[..., None].repeat(3, 2) for kind in (photos, painted)]
            Image.fromarray(np.hstack([real, gray[0], ours, gray[1]])).save(show / f"{pairs.stem(index)}.png")
    return photos, painted


def _seen(model: Model, picture: np.ndarray, labels: np.ndarray, other: np.ndarray) -> Judged:
    ignored = model.card.ignore_id
    seen, wrong = model.inspect(picture, labels), model.inspect(picture, other)
    differs = (other != labels) & (other != ignored) & (labels != ignored)
    return Judged(labels, seen.realism, seen.fidelity, labels != ignored, wrong.fidelity[differs])


def of_class(kind: list[Judged], class_id: int) -> list[float]:
    """The mean realism of a class in each picture that has enough of it."""
    masks = [(each.labels == class_id, each.realism) for each in kind]
    return [float(realism[mask].mean()) for mask, realism in masks if mask.sum() >= FEWEST]


def auc(higher: "np.ndarray | list[float]", lower: "np.ndarray | list[float]") -> float:
    """How often one of `higher` is above one of `lower`, ties half: the area under the ROC curve."""
    reference = np.sort(np.asarray(lower))
    below = np.searchsorted(reference, higher, "left") + np.searchsorted(reference, higher, "right")
    return float(below.mean() / 2 / len(reference))


if __name__ == "__main__":
    main()
