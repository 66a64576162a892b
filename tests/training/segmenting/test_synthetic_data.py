"""The small segmenter, and what synthetic pictures are worth to it."""

import json
import math
import shutil
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console
from rich.progress import Progress

import oasis_studio
import training.segmenting.fit as training
from models.files.model_card import ModelError
from models.networks.efficientnet import EfficientNetLite
from models.testing import tiny_model
from training.config import ConfigError
from training.data.batches import batches
from training.data.info import DataError
from training.data.manifest import read_head
from training.data.pairs import open_pairs
from training.metrics.segmentation import every_class
from training.segmenting.comparison import compare_scores
from training.segmenting.fit import FitConfig, fit, measure, pixel_counts
from training.segmenting.segmenter import SmallSegmenter, load_small_segmenter, read_segmenter_card
from training.segmenting.synthetic_data import SyntheticDataConfig, accompany, compare
from training.synthesize import SynthesizeConfig, synthesize
from training.train_segmenter import TrainSegmenterConfig, train_segmenter

FIT = FitConfig(steps=2, size=(32, 32), batch=2, encoder="scratch", width=16)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def real(pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photos of `pairs` under the class names of a tiny model, as training and validation split."""
    root = tmp_path_factory.mktemp("real") / "photos"
    card = tiny_model(root.parent / "tiny", classes=4)
    shutil.copytree(pairs / "train", root / "train")
    shutil.copytree(pairs / "train", root / "val")
    classes = [{"id": c.id, "name": c.name, "color": c.color} for c in card.classes]
    (root / "classes.json").write_text(json.dumps({"name": "photos", "classes": classes, "ignore_id": 0}))
    return root


@pytest.fixture(scope="module")
def synthetic(real: Path) -> Path:
    """Two draws of each training label map."""
    into = real.parent / "synthetic"
    synthesize(SynthesizeConfig(real.parent / "tiny", real, into, draws=2, device="cpu"))
    return into


@pytest.fixture
def config(real: Path, synthetic: Path, tmp_path: Path) -> SyntheticDataConfig:
    return SyntheticDataConfig(real, synthetic, tmp_path / "report", repeats=2, fit=FIT, device="cpu")


def fitted(root: Path, config: FitConfig) -> SmallSegmenter:
    pairs = open_pairs(root, "train")
    with Progress(disable=True) as progress:
        return fit(config, pairs, None, pixel_counts(pairs, progress), CPU, progress)


def test_it_learns(real: Path) -> None:
    """Classes by brightness: a guess of the most frequent one is right for less than half of the pixels."""
    with Progress(disable=True) as progress:
        before, after = (
            measure(fitted(real, replace(FIT, steps=steps, rate=1e-2)), open_pairs(real, "val"), (32, 32), progress)
            for steps in (1, 40)
        )
    assert after.miou > max(0.5, before.miou + 0.1)


def test_training_follows_from_its_seed_alone(real: Path) -> None:
    outside = torch.get_rng_state()
    first, again, other = (fitted(real, replace(FIT, seed=seed)).state_dict() for seed in (3, 3, 4))
    assert torch.equal(outside, torch.get_rng_state())
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first if name.endswith("0.weight"))


def test_the_imagenet_encoder_stays_as_it_is(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = EfficientNetLite("lite0")
    monkeypatch.setattr(training, "efficientnet", lambda name: encoder)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    network = fitted(real, replace(FIT, encoder="imagenet"))
    assert network.encoder is encoder
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())
    start = training.build_segmenter(replace(FIT, encoder="imagenet"), 4)
    moved = {name for name, value in network.named_parameters() if not torch.equal(value, start.state_dict()[name])}
    assert moved == {name for name, _ in network.named_parameters() if not name.startswith("encoder.")}


def test_every_weight_from_scratch_gets_a_gradient() -> None:
    network = training.build_segmenter(FIT, 4)
    logits = network(torch.randn(2, 3, 64, 32))
    assert logits.shape == (2, 4, 64, 32)
    logits.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in network.parameters())
    with pytest.raises(ValueError, match="multiples of 32"):
        network(torch.randn(1, 3, 40, 32))


def test_rare_classes_weigh_more_and_ignored_pixels_nothing(real: Path) -> None:
    weights = training.class_weights(torch.tensor([90, 0, 10]), every_class(open_pairs(real, "train").info))
    assert weights.tolist() == pytest.approx([0, 0.9**-0.5, 0, 0.1**-0.5])
    logits, labels = torch.randn(2, 4, 8, 8), torch.randint(4, (2, 8, 8))
    mean = training.weighted_cross_entropy(logits, labels, weights)
    assert torch.allclose(mean, F.cross_entropy(logits, labels, weights))
    assert training.weighted_cross_entropy(logits, labels * 0, weights) == 0


def test_a_trained_segmenter_comes_back_as_it_was(real: Path, tmp_path: Path) -> None:
    into = tmp_path / "judge"
    scores = train_segmenter(TrainSegmenterConfig(real, into, fit=FIT, device="cpu"))
    card = read_segmenter_card(into)
    assert [c.name for c in card.classes] == ["unlabeled", "sky", "tree", "water"] and card.ignore_id == 0
    assert card.size == (32, 32) and card.metrics["miou"] == scores.miou and card.training["steps"] == 2
    network, same = load_small_segmenter(into), fitted(real, FIT)
    trained = same.state_dict()
    assert all(torch.equal(value, trained[name]) for name, value in network.state_dict().items())
    with Progress(disable=True) as progress:
        assert measure(network, open_pairs(real, "val"), (32, 32), progress) == scores


def test_the_command(real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--fit.encoder", "scratch", "--fit.size", "32", "64", "--fit.steps", "1", "--fit.batch", "1"]
    oasis_studio.COMMANDS["train-segmenter"](["--data", str(real), "--into", str(tmp_path / "judge"), *small])
    assert read_segmenter_card(tmp_path / "judge").size == (32, 64)
    assert "at 64x32" in capsys.readouterr().out


def test_a_damaged_segmenter_is_refused(real: Path, tmp_path: Path) -> None:
    train_segmenter(TrainSegmenterConfig(real, tmp_path / "judge", fit=FIT, device="cpu"))
    weights = tmp_path / "judge" / "segmenter.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="damaged.*again"):
        load_small_segmenter(tmp_path / "judge")
    weights.unlink()
    with pytest.raises(ModelError, match=r"segmenter\.safetensors cannot be read"):
        load_small_segmenter(tmp_path / "judge")
    (tmp_path / "judge" / "segmenter.json").write_text('{"format": 1}')
    with pytest.raises(ModelError, match=r"segmenter\.json cannot be read"):
        load_small_segmenter(tmp_path / "judge")


def test_a_synthetic_picture_keeps_step_with_its_real_one(real: Path, synthetic: Path) -> None:
    made = open_pairs(synthetic, "train")
    doubled = accompany(made, open_pairs(real, "train"))
    assert [doubled.stem(i) for i in range(8)] == [made.stem(i) for i in range(8)]
    streams = [batches(pairs, (64, 64), 3, 0, 0, 0, CPU) for pairs in (doubled, made)]
    for ours, theirs in islice(zip(*streams, strict=True), 4):
        assert torch.equal(ours.labels, theirs.labels)
        assert not torch.equal(ours.images, theirs.images)


def test_the_report(config: SyntheticDataConfig) -> None:
    report = compare(config, Console(quiet=True))
    assert json.loads((config.out / "augmentation.json").read_text()) == json.loads(json.dumps(report))
    assert report["data"]["pairs"] == report["data"]["pairs_in_split"] == 4 and report["seeds"] == [0, 1]
    assert report["synthetic"] == read_head(config.synthetic)
    assert [row["name"] for row in report["rows"][:2]] == ["mIoU", "pixel accuracy"]
    groups = [row for row in report["rows"] if row["section"] == "group"]
    assert [row["share"] for row in groups] == sorted((row["share"] for row in groups), reverse=True)
    assert sum(row["share"] for row in groups) == pytest.approx(1)
    assert {row["name"] for row in report["rows"] if row["section"] == "class"} == {"sky", "tree", "water"}
    for against, name in (("real", "gain"), ("doubled", "control")):
        differences = [run["augmented"]["miou"] - run[against]["miou"] for run in report["runs"]]
        assert all(differences)
        overall = report["rows"][0][name]
        assert overall["difference"] == pytest.approx(sum(differences) / 2)
        assert overall["spread"] == pytest.approx(abs(differences[0] - differences[1]) / math.sqrt(2))
    again = compare(replace(config, out=config.out / "again"), Console(quiet=True))
    assert again["runs"] == report["runs"]
    text = (config.out / "augmentation.md").read_text()
    assert "2 a label map" in text and "| mIoU | 100.0 % |" in text
    with Image.open(config.out / "augmentation.png") as bars:
        assert bars.width > 300


def test_what_cannot_be_compared_is_named(config: SyntheticDataConfig, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no manifest"):
        compare(replace(config, synthetic=config.data))
    with pytest.raises(DataError, match="painted from the split 'train', not 'val'"):
        compare(replace(config, split="val"))
    damaged = tmp_path / "damaged"
    shutil.copytree(config.synthetic, damaged)
    for kind in ("images", "labels"):
        (damaged / "train" / kind / "3-1.png").unlink()
    with pytest.raises(DataError, match="has 7 of 8 pictures: run the same"):
        compare(replace(config, synthetic=damaged))
    other = tmp_path / "other"
    shutil.copytree(config.data, other)
    for kind in ("images", "labels"):
        (other / "train" / kind / "3.png").unlink()
    with pytest.raises(DataError, match="not in 'photos', first '3'"):
        compare(replace(config, data=other))
    (other / "classes.json").write_text((other / "classes.json").read_text().replace("water", "lava"))
    with pytest.raises(DataError, match="3 is 'lava' and 'water'"):
        compare(replace(config, data=other))
    with pytest.raises(ConfigError, match="multiples of 32"):
        FitConfig(size=(100, 128))
    with pytest.raises(ConfigError, match="width a multiple of 8"):
        FitConfig(width=12)


SCORES = st.floats(0, 1) | st.none()


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=5))
def test_a_difference_is_only_called_one_beyond_the_noise(runs: list[tuple[float | None, float | None]]) -> None:
    found = compare_scores(runs)
    measured = torch.tensor([b - a for a, b in runs if a is not None and b is not None], dtype=torch.float64)
    if not len(measured):
        assert found.verdict == "does not occur" and str(found) == found.verdict
        return
    assert found.difference == pytest.approx(measured.mean().item(), abs=1e-9)
    if len(measured) == 1:
        assert found.verdict == "one seed" and found.spread is None
    elif found.verdict == "noise":
        assert abs(measured.mean()) <= 2 * measured.std() + 1e-9
    else:
        assert abs(measured.mean()) >= 2 * measured.std() - 1e-9
        assert found.verdict == ("better" if measured.mean() > 0 else "worse")
