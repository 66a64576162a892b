"""IoU and its relatives against counts made by hand and a naive computation."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.classes import ClassInfo
from models.files.model_card import read_card
from training.data.info import DataError, DatasetInfo
from training.metrics.segmentation import (
    LEFT_OUT,
    ConfusionMatrix,
    Grouping,
    by_frequency,
    count_pixels,
    every_class,
    read_groups,
)

ROOT = Path(__file__).parents[3]
NAMES = ("ignored", "sky", "cloud", "tree", "grass")
INFO = DatasetInfo("test", tuple(ClassInfo(i, name, "#000000") for i, name in enumerate(NAMES)), ignore_id=0)
MAPS = arrays(np.int64, (4, 5), elements=st.integers(0, 4))


def scores(predicted: object, target: object, grouping: Grouping | None = None):
    matrix = ConfusionMatrix(grouping or every_class(INFO))
    matrix.update(torch.as_tensor(predicted), torch.as_tensor(target))
    return matrix.scores()


def test_a_case_counted_by_hand():
    found = scores([[1, 1, 2, 3], [0, 3, 3, 1]], [[1, 2, 2, 3], [3, 3, 0, 0]])
    # Six pixels count. sky: 1 hit of 2 painted. cloud: 1 of 2. tree: 2 of 3, one of them taken for the ignored class.
    assert found.names == ("sky", "cloud", "tree", "grass")
    assert found.iou == (1 / 2, 1 / 2, pytest.approx(2 / 3), None)
    assert found.miou == pytest.approx(5 / 9)  # grass does not occur and does not count
    assert found.pixel_accuracy == pytest.approx(4 / 6)
    assert found.pixels == 6


@given(MAPS, MAPS)
def test_as_a_naive_computation(predicted: np.ndarray, target: np.ndarray):
    seen = target != 0
    if not seen.any():
        with pytest.raises(DataError, match="No labeled pixel"):
            scores(predicted, target)
        return
    found = scores(predicted, target)
    expected = []
    for i, iou in enumerate(found.iou, start=1):
        p, t = (predicted == i) & seen, (target == i) & seen
        if t.any():
            expected.append((p & t).sum() / (p | t).sum())
            assert iou == pytest.approx(expected[-1])
        else:
            assert iou is None
    assert found.miou == pytest.approx(np.mean(expected))
    assert found.pixel_accuracy == pytest.approx((predicted == target)[seen].mean())


@given(st.lists(st.tuples(MAPS, MAPS), min_size=2, max_size=4))
def test_the_matrix_of_a_whole_is_the_sum_of_its_parts(pairs: list[tuple[np.ndarray, np.ndarray]]):
    one, parts = ConfusionMatrix(every_class(INFO)), [ConfusionMatrix(every_class(INFO)) for _ in pairs]
    for part, (predicted, target) in zip(parts, pairs, strict=True):
        one.update(torch.from_numpy(predicted), torch.from_numpy(target))
        part.update(torch.from_numpy(predicted), torch.from_numpy(target))
    assert torch.equal(one.counts, torch.stack([part.counts for part in parts]).sum(0))


def write(path: Path, groups: object) -> Path:
    path.write_text(json.dumps({"groups": groups}))
    return path


def test_merged_classes_are_one(tmp_path: Path):
    grouping = read_groups(write(tmp_path / "groups.json", {"above": ["sky", "cloud"], "tree": ["tree"]}), INFO)
    assert grouping == Grouping(("above", "tree"), (LEFT_OUT, 0, 0, 1, LEFT_OUT))
    found = scores([[1, 2, 3, 4]], [[2, 1, 3, 3]], grouping)
    assert found.iou == (1.0, 0.5)  # grass in place of tree is a miss, though grass itself is not counted
    assert found.pixel_accuracy == 0.75


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"a": ["sea"], "b": ["sky"]}, "the group 'a' has the class 'sea'"),
        ({"a": ["sky"], "b": ["sky"]}, "'sky' is in two groups"),
        ({"a": ["ignored"], "b": ["sky"]}, "is the ignored one"),
        ({"a": ["sky"]}, "has 1 groups"),
        (["sky"], "cannot be read"),
    ],
)
def test_groups_that_do_not_fit_are_named(tmp_path: Path, groups: object, message: str):
    with pytest.raises(DataError, match=message):
        read_groups(write(tmp_path / "groups.json", groups), INFO)


def test_the_groups_of_landscapes_eval_fit_the_shipped_model():
    card = read_card(ROOT / "models" / "zoo" / "landscapes")
    info = DatasetInfo("landscapes", card.classes, card.ignore_id)
    grouping = read_groups(ROOT / "training" / "data" / "classes" / "landscapes-eval-groups.json", info)
    assert len(grouping.names) == 8
    assert [c.name for c in card.classes if grouping.group_of[c.id] == LEFT_OUT] == ["unlabeled"]


def test_groups_by_frequency_as_in_table_4_4():
    pixels = count_pixels(torch.tensor([[3, 3, 3, 3], [4, 4, 4, 2], [2, 1, 0, 0]]), every_class(INFO))
    assert pixels.tolist() == [1, 2, 4, 3]
    found = scores([[1, 2, 4, 4]], [[1, 2, 3, 4]])  # IoU: sky 1, cloud 1, tree 0, grass 1/2
    frequent, rare = by_frequency(found, pixels, groups=2)
    assert frequent.names == ("tree", "grass") and rare.names == ("cloud", "sky")
    assert (frequent.share, rare.share) == (0.7, 0.3)
    assert (frequent.miou, rare.miou) == (0.25, 1.0)
    nothing = by_frequency(scores([[3]], [[3]]), pixels, groups=2)[1]
    assert nothing.miou is None  # neither cloud nor sky occurs in the target
    assert len(by_frequency(found, pixels, groups=9)) == 4
