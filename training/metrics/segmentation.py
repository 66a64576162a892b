"""Label maps against label maps: IoU of each class, their mean, pixel accuracy, and IoU by class frequency.

One confusion matrix holds all that is needed. Classes can be merged into groups before they are compared, for label
sets that draw the line between two classes elsewhere.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.data.info import DataError, DatasetInfo

LEFT_OUT = -1


@dataclass(frozen=True)
class Grouping:
    """How class ids are counted: the group of each, or LEFT_OUT. Most often every class is a group of its own."""

    names: tuple[str, ...]
    """Of the groups, G of them."""
    group_of: tuple[int, ...]
    """Per class id, N of them: 0 .. G-1, or LEFT_OUT. Pixels whose true class is left out are not counted at all."""

    def apply(self, labels: Tensor) -> Tensor:
        """Class ids -> groups or LEFT_OUT: int64 of any shape."""
        return torch.tensor(self.group_of, device=labels.device)[labels]


def every_class(info: DatasetInfo) -> Grouping:
    """Each class on its own; the ignored one is left out."""
    counted = [c for c in info.classes if c.id != info.ignore_id]
    position = {c.id: i for i, c in enumerate(counted)}
    return Grouping(tuple(c.name for c in counted), tuple(position.get(c.id, LEFT_OUT) for c in info.classes))


def read_groups(path: Path, info: DatasetInfo) -> Grouping:
    """From a JSON file {"groups": {"sky": ["sky", "cloud"], "ground": [...], ...}} with the names of classes.

    Classes that no group names are left out. Raises DataError for a file that does not fit the classes.
    """
    try:
        groups = {
            str(name): [str(c) for c in members] for name, members in json.loads(path.read_text())["groups"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f'{path} cannot be read ({error!r}): expected {{"groups": {{"sky": ["sky", "cloud"], ...}}}}.'
        ) from error
    ids = {c.name: c.id for c in info.classes}
    group_of = [LEFT_OUT] * len(info.classes)
    for group, (name, members) in enumerate(groups.items()):
        for member in members:
            if member not in ids:
                raise DataError(f"{path}: the group {name!r} has the class {member!r}; expected {', '.join(ids)}.")
            if group_of[ids[member]] != LEFT_OUT:
                raise DataError(f"{path}: the class {member!r} is in two groups; name it once.")
            if ids[member] == info.ignore_id:
                raise DataError(f"{path}: the class {member!r} is the ignored one; take it out of {name!r}.")
            group_of[ids[member]] = group
    if len(groups) < 2:
        raise DataError(f"{path} has {len(groups)} groups: two at least are needed to compare anything.")
    return Grouping(tuple(groups), tuple(group_of))


@dataclass(frozen=True)
class SegmentationScores:
    """What a confusion matrix says, per group and overall; shares and scores in 0..1."""

    names: tuple[str, ...]
    iou: tuple[float | None, ...]
    """Intersection over union of each group; None for one that no target pixel has."""
    target_share: tuple[float, ...]
    """Of the counted target pixels."""
    miou: float
    """Mean IoU over the groups that the target has: what does not occur cannot be found."""
    pixel_accuracy: float
    pixels: int
    """Counted ones."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class ConfusionMatrix:
    """Counts of pixels by true and predicted group; summing `counts` over processes joins their shares."""

    def __init__(self, grouping: Grouping) -> None:
        self.grouping = grouping
        groups = len(grouping.names)
        # Columns: the groups and, last, a class that is left out: a prediction that can only be wrong.
        self.counts = torch.zeros(groups, groups + 1, dtype=torch.int64)  # [G, G + 1], on the CPU

    def update(self, predicted: Tensor, target: Tensor) -> None:
        """Count two label maps (or batches of them) of class ids: int64 of one shape."""
        if predicted.shape != target.shape:
            raise ValueError(f"Prediction {tuple(predicted.shape)} and target {tuple(target.shape)} differ in shape.")
        groups = len(self.grouping.names)
        rows, columns = self.grouping.apply(target), self.grouping.apply(predicted)
        counted = rows != LEFT_OUT
        columns = torch.where(columns == LEFT_OUT, groups, columns)
        cells = (rows * (groups + 1) + columns)[counted]
        self.counts += torch.bincount(cells, minlength=self.counts.numel()).view_as(self.counts).cpu()

    def scores(self) -> SegmentationScores:
        """Raises DataError if no pixel was counted."""
        counts = self.counts.double()
        hits, target = counts.diagonal(), counts.sum(1)  # [G]
        pixels = target.sum().item()
        if not pixels:
            raise DataError("No labeled pixel to compare: every target pixel is ignored or in no group.")
        iou = hits / (target + counts[:, :-1].sum(0) - hits)
        present = target > 0
        return SegmentationScores(
            names=self.grouping.names,
            iou=tuple(float(v) if p else None for v, p in zip(iou, present, strict=True)),
            target_share=tuple((target / pixels).tolist()),
            miou=iou[present].mean().item(),
            pixel_accuracy=hits.sum().item() / pixels,
            pixels=int(pixels),
        )


@dataclass(frozen=True)
class FrequencyGroup:
    """Classes of similar frequency (Table 4.4 of the thesis)."""

    names: tuple[str, ...]
    """Most frequent first."""
    share: float
    """Of the counted pixels of the training split that they have together, 0..1."""
    miou: float | None
    """Mean over those of them that the target has; None if it has none."""


def count_pixels(labels: Tensor, grouping: Grouping) -> Tensor:
    """How many pixels of label maps [..., H, W] each group has: int64 [G] on the CPU; to be summed over a split."""
    groups = grouping.apply(labels)
    return torch.bincount(groups[groups != LEFT_OUT], minlength=len(grouping.names)).cpu()


def by_frequency(scores: SegmentationScores, pixels: Tensor, groups: int = 5) -> list[FrequencyGroup]:
    """Classes sorted by `pixels` [G], those of the TRAINING split, and cut into `groups` of equal size."""
    order = torch.argsort(pixels, descending=True, stable=True)
    result = []
    for members in torch.tensor_split(order, min(groups, len(order))):
        found = [v for i in members.tolist() if (v := scores.iou[i]) is not None]
        result.append(
            FrequencyGroup(
                names=tuple(scores.names[i] for i in members.tolist()),
                share=pixels[members].sum().item() / max(1, pixels.sum().item()),
                miou=sum(found) / len(found) if found else None,
            )
        )
    return result
