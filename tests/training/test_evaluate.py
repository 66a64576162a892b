"""An evaluation from the command to its files, with a tiny model and photos: the real networks and code paths."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

import oasis_studio
from models.cache import cache_dir
from models.files.model_card import read_card
from models.noise import NoiseSpec
from models.predictor import load_model
from models.testing import tiny_model
from tests.training.runs import torchrun
from training.config import ConfigError
from training.data.info import DataError
from training.data.pairs import open_pairs
from training.evaluate import evaluate
from training.evaluation.config import EvaluateConfig
from training.evaluation.image_sources import Paintings, Photos, fingerprint, share_of, spread, to_batch
from training.evaluation.report import Report
from training.metrics.inception import load_inception
from training.metrics.lpips import load_lpips
from training.metrics.segmenters import SegmenterError, load_segmenter
from training.metrics.spectrum import Spectrum, axis_power, lattice_peak
from training.run.distributed import World
from training.segmenting.segmenter import SegmenterCard, SegmenterConfig, SmallSegmenter, save_segmenter
from training.synthesize import SynthesizeConfig, synthesize
from training.weights.pretrained import PretrainedError

SIZE, CLASSES = 64, 4
SPLITS = {"train": 7, "val": 6}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model and crops of a free photo, labeled by brightness under the model's classes."""
    root = tmp_path_factory.mktemp("evaluation")
    card = tiny_model(root / "tiny", classes=CLASSES, size=SIZE)
    rng, photo = np.random.default_rng(0), Image.fromarray(skimage.data.astronaut())
    for split, count in SPLITS.items():
        for kind in ("images", "labels"):
            (root / "photos" / split / kind).mkdir(parents=True)
        for i in range(count):
            left, top = (int(n) for n in rng.integers(0, 512 - 96, 2))
            crop = photo.crop((left, top, left + 96, top + 96))
            crop.save(root / "photos" / split / "images" / f"{i}.png")
            ids = 1 + np.digitize(np.asarray(crop.convert("L").resize((12, 12)).resize((96, 96), 0)), [80, 160])
            ids[:4] = 0
            Image.fromarray(ids.astype(np.uint8)).save(root / "photos" / split / "labels" / f"{i}.png")
    classes = [{"id": c.id, "name": c.name, "color": c.color} for c in card.classes]
    (root / "photos" / "classes.json").write_text(json.dumps({"classes": classes, "ignore_id": 0}))
    return root


@pytest.fixture(scope="module")
def weights() -> list[Path]:
    """The files of the metric networks in the user's cache."""
    load_inception()
    load_lpips("alex")
    return list(cache_dir().glob("*.safetensors"))


@pytest.fixture(autouse=True)
def cache(weights: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own: features of its photos are not kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache_dir().mkdir(parents=True)
    for path in weights:
        (cache_dir() / path.name).symlink_to(path)
    return cache_dir()


@pytest.fixture
def config(root: Path, tmp_path: Path) -> EvaluateConfig:
    return EvaluateConfig(
        root / "tiny", root / "photos", draws=2, diversity_maps=2, batch=4, device="cpu", out=tmp_path / "out"
    )


def figures(out: Path) -> dict[str, dict[str, Any]]:
    return {figure["key"]: figure for figure in json.loads((out / "report.json").read_text())["figures"]}


def run(config: EvaluateConfig) -> Report:
    report = evaluate(config)
    assert report is not None
    return report


def test_everything_is_measured_written_and_repeatable(config: EvaluateConfig, root: Path, tmp_path: Path, capsys):
    tiny = shutil.copytree(root / "tiny", tmp_path / "tiny")
    config = replace(config, model=tiny, segmenter=tiny, update_card=True)
    run(config)
    found = figures(config.out)
    assert set(found) == {
        *("fid", "kid", "precision", "recall", "color", "texture", "lpips", "ms_ssim", "axis_power", "lattice_peak"),
        *("segmenter_miou", "segmenter_pixel_accuracy", "discriminator_miou", "discriminator_pixel_accuracy"),
    }
    assert found["fid"]["painted"] > 0 and found["fid"]["photos"] > 0
    assert found["discriminator_miou"]["painted"] is None
    assert found["segmenter_miou"]["photos"] == found["discriminator_miou"]["photos"]  # the same network
    for key in ("color", "texture", "segmenter_miou"):
        assert {row["class"] for row in found[key]["details"]["by_class"]} == {"sky", "tree", "water"}
    shares = [row["share in training"] for row in found["segmenter_miou"]["details"]["by_frequency"]]
    assert len(shares) == 3 and shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1)

    written = {path.name for path in config.out.iterdir()}
    charts = {"color.png", "texture.png", "segmenter_miou.png", "discriminator_miou.png"}
    assert written == {"report.json", "report.md", "samples.jpg", "diversity.jpg", *charts}
    for name in ("report.json", "report.md"):
        assert str(root) not in (config.out / name).read_text()
    report = json.loads((config.out / "report.json").read_text())
    assert report["model"]["generator_sha256"] == read_card(tiny).generator.sha256
    assert report["settings"]["paintings"] == 6 and "Pillow bicubic" in report["settings"]["resize"]
    assert any("own discriminator" in note for note in report["notes"])
    assert "FID" in capsys.readouterr().out

    card = read_card(tiny)
    on_card = card.metrics["photos/val"]["figures"]["fid"]["painted"]
    assert on_card == pytest.approx(found["fid"]["painted"], rel=1e-3)
    assert "lattice_peak" in card.metrics["photos/val"]["figures"]
    load_model(tiny)  # still whole

    # Without FID, whose matrix root takes seconds.
    again = replace(
        config, out=tmp_path / "again", update_card=False, metrics=("kid", "pr", "diversity", "texture", "spectrum")
    )
    run(again)
    repeated = figures(again.out)
    assert len(repeated) == 10 and all(found[key] == figure for key, figure in repeated.items())


def test_two_processes_find_what_one_finds(config: EvaluateConfig, tmp_path: Path, cache: Path):
    config = replace(config, metrics=("kid", "color", "spectrum", "diversity", "discriminator"), diversity_maps=3)
    run(config)
    shutil.rmtree(cache / "features")
    arguments = ["--model", config.model, "--data", config.data, "--metrics", *config.metrics, "--device", "cpu"]
    arguments += ["--draws", "2", "--diversity-maps", "3", "--batch", "4", "--out", tmp_path / "two"]
    result = torchrun(2, "-m", "oasis_studio", "evaluate", *map(str, arguments))
    assert result.returncode == 0, result.stderr
    one, two = figures(config.out), figures(tmp_path / "two")
    assert set(one) == set(two)
    for key, figure in one.items():
        for side in ("painted", "photos"):
            expected = None if figure[side] is None else pytest.approx(figure[side], rel=1e-4)
            assert two[key][side] == expected, (key, side)


def test_the_spectrum_of_paintings_is_shown_beside_that_of_photos(config: EvaluateConfig, root: Path, capsys):
    run(replace(config, metrics=("spectrum",)))
    model, pairs, train = load_model(root / "tiny"), *(open_pairs(root / "photos", split) for split in ("val", "train"))
    real, fake, other = (Spectrum(SIZE, SIZE) for _ in range(3))
    for spectrum, source in (
        (real, Photos(pairs, (SIZE, SIZE))),
        (fake, Paintings(model, pairs, first_seed=0)),
        (other, Photos(train, (SIZE, SIZE))),
    ):
        spectrum.update(to_batch(source[i][0] for i in range(SPLITS["val"])))
    ratios, floor = axis_power(real, fake), axis_power(real, other)
    found = figures(config.out)
    axes = found["axis_power"]
    assert axes["painted"] == pytest.approx(max(ratios.values())) and axes["photos"] == pytest.approx(
        max(floor.values())
    )
    for row in axes["details"]["by_band"]:
        assert (row["painted"], row["photos"]) == pytest.approx((ratios[row["band"]], floor[row["band"]]))
    peak = lattice_peak(real, fake)
    assert found["lattice_peak"]["painted"] == pytest.approx(peak.height)
    assert f"(fy, fx) = ({peak.fy}, {peak.fx})" in found["lattice_peak"]["how"]
    assert [row["fx"] for row in found["lattice_peak"]["details"]["places"]] == [peak.fx, lattice_peak(real, other).fx]
    markdown = (config.out / "report.md").read_text()
    assert "| worst lattice peak ↓ |" in markdown and "| 6/8 to 1 |" in markdown
    assert "worst lattice peak" in capsys.readouterr().out


def test_paintings_are_those_of_the_seeds_that_the_report_names(root: Path):
    model, pairs = load_model(root / "tiny"), open_pairs(root / "photos", "val")
    paintings = Paintings(model, pairs, first_seed=100)
    picture, labels = paintings[len(pairs) + 1]  # the second label map again
    assert np.array_equal(picture, model.synthesize(labels.numpy(), NoiseSpec(100 + len(pairs) + 1)))
    assert torch.equal(labels, paintings[1][1])
    draws = list(paintings.draws(1, 2))
    assert np.array_equal(draws[1], model.synthesize(labels.numpy(), NoiseSpec(101)))


def test_shares_of_processes_are_everything_once_in_order():
    shares = [share_of(range(10), World(torch.device("cpu"), rank, 3)) for rank in range(3)]
    assert [number for share in shares for number in share] == list(range(10))
    assert spread(4, 10) == [0, 2, 5, 7] and spread(9, 2) == [0, 1]


def test_a_photo_that_changed_is_looked_at_anew(root: Path, tmp_path: Path):
    folder = shutil.copytree(root / "photos", tmp_path / "photos")
    before = fingerprint(open_pairs(folder, "val"), (SIZE, SIZE))
    assert fingerprint(open_pairs(folder, "val"), (SIZE, SIZE)) == before
    assert fingerprint(open_pairs(folder, "val"), (SIZE, 32)) != before
    Image.open(folder / "val" / "images" / "0.png").rotate(90).save(folder / "val" / "images" / "0.png")
    assert fingerprint(open_pairs(folder, "val"), (SIZE, SIZE)) != before


def test_a_folder_without_splits_and_merged_classes(config: EvaluateConfig, root: Path, tmp_path: Path):
    flat = shutil.copytree(root / "photos" / "val", tmp_path / "labeled")
    groups = tmp_path / "groups.json"
    groups.write_text(json.dumps({"groups": {"dark": ["sky"], "light": ["tree", "water"]}}))
    config = replace(config, data=flat, split=".", classes=root / "photos" / "classes.json", groups=groups)
    report = run(replace(config, metrics=("discriminator",)))
    assert report.where == "labeled"
    assert not any("paintings" in note for note in report.notes)
    miou = figures(config.out)["discriminator_miou"]
    assert [row["class"] for row in miou["details"]["by_class"]] == ["dark", "light"]
    assert "by_frequency" not in miou["details"]
    run(replace(config, metrics=("spectrum",)))
    peak = figures(config.out)["lattice_peak"]
    assert peak["photos"] is None and len(peak["details"]["places"]) == 1  # no other photos to compare with
    with pytest.raises(DataError, match=r"fid compare with photos of the split 'train'.*--reference-split"):
        evaluate(replace(config, metrics=("fid",)))


def test_training_with_paintings_is_compared(config: EvaluateConfig, root: Path, tmp_path: Path):
    with pytest.raises(DataError, match="no manifest"):
        evaluate(replace(config, metrics=(), augmentation=tmp_path))
    synthesize(SynthesizeConfig(root / "tiny", root / "photos", tmp_path / "synthetic", draws=1, device="cpu"))
    options = ["--model", config.model, "--data", config.data, "--metrics", "--augmentation", tmp_path / "synthetic"]
    options += ["--augmentation-repeats", 1, "--augmentation-fit.steps", 1, "--augmentation-fit.batch", 2]
    options += ["--augmentation-fit.encoder", "scratch", "--augmentation-fit.width", 8, "--device", "cpu"]
    oasis_studio.COMMANDS["evaluate"]([*map(str, options), "--out", str(config.out)])
    found = figures(config.out)["augmentation_miou"]
    assert 0 <= found["painted"] <= 1 and 0 <= found["photos"] <= 1
    assert found["details"]["with_and_without_paintings"][0]["verdict"] == "one seed"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"split": "test"}, DataError, "no photos of the split 'test'"),
        ({"reference_split": "test"}, DataError, "fid, kid, pr compare with photos"),
        ({"segmenter": Path("nowhere")}, SegmenterError, "no segmenter at nowhere"),
        ({"inception": Path("nowhere")}, PretrainedError, "--inception nowhere"),
    ],
)
def test_bad_input_is_named_before_anything_is_painted(config: EvaluateConfig, monkeypatch, change, error, message):
    monkeypatch.delattr(Paintings, "__getitem__")
    with pytest.raises(error, match=message):
        evaluate(replace(config, **change))
    assert not config.out.exists()


def test_a_model_of_other_classes_is_named(config: EvaluateConfig, tmp_path: Path):
    tiny_model(tmp_path / "other", classes=5, size=SIZE)
    with pytest.raises(DataError, match=r"the model 'other' has 5, .* 4 is 'nothing' and 'earth'"):
        evaluate(replace(config, model=tmp_path / "other"))


def test_too_few_photos_are_named(config: EvaluateConfig, root: Path, tmp_path: Path):
    folder = shutil.copytree(root / "photos", tmp_path / "photos")
    for i in range(3):
        for file in (folder / "val").glob(f"*/{i}.png"):
            file.unlink()
    with pytest.raises(DataError, match="has 3 photos: 5 at least"):
        evaluate(replace(config, data=folder))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metrics": ()}, "one metric at least"),
        ({"metrics": ("segmenter",)}, "needs --segmenter"),
        ({"samples": 2}, "samples must be 5 or more"),
        ({"draws": 1}, "draws must be 2 or more"),
        ({"first_seed": 2**32}, "first_seed must be"),
        ({"classes": Path("classes.json"), "layout": "ade20k"}, "--classes goes with the layout 'folder' only"),
        ({"classes": Path("classes.json"), "augmentation": Path()}, "leave out --classes"),
        ({"out": Path(__file__)}, "is a file: name a folder"),
    ],
)
def test_bad_options_are_named(config: EvaluateConfig, change, message):
    with pytest.raises(ConfigError, match=message):
        replace(config, **change)


class FirstChannels(torch.nn.Module):
    """Logits of three channels: the picture's own."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.avg_pool2d(images, 2)


def scripted(path: Path) -> Path:
    with pytest.warns(DeprecationWarning, match="torch.jit"):
        torch.jit.save(torch.jit.trace(FirstChannels(), torch.zeros(1, 3, 8, 8)), str(path))
    return path


def test_a_torchscript_file_segments_by_the_names_of_its_channels(root: Path, tmp_path: Path):
    info, cpu = open_pairs(root / "photos", "val").info, torch.device("cpu")
    path = scripted(tmp_path / "judge.pt")
    images = torch.zeros(1, 3, 8, 8)
    images[:, 0, :4] = images[:, 1, 4:] = 1
    images[:, 2] = 2
    (tmp_path / "judge.json").write_text(json.dumps({"classes": ["water", "sky", "bicycle"]}))
    ids = load_segmenter(path, info, cpu)(images)  # bicycles are not in the data: never chosen
    assert ids.shape == (1, 8, 8)
    assert (ids[0, :3] == 3).all() and (ids[0, 5:] == 1).all()
    (tmp_path / "judge.json").write_text(json.dumps({"classes": ["bicycle", "sky", "car"]}))
    with pytest.raises(SegmenterError, match="fewer than two names in common"):
        load_segmenter(path, info, cpu)
    (tmp_path / "judge.json").unlink()
    with pytest.raises(SegmenterError, match=r"answered \(1, 3, 4, 4\); expected logits \[B, 4, h, w\]"):
        load_segmenter(path, info, cpu)(images)
    path.write_bytes(b"nothing")
    with pytest.raises(SegmenterError, match="not a TorchScript file"):
        load_segmenter(path, info, cpu)


def test_a_small_segmenter_segments_at_its_own_size(root: Path, tmp_path: Path):
    info = open_pairs(root / "photos", "val").info
    network = SmallSegmenter(SegmenterConfig(CLASSES, "scratch", 8))
    save_segmenter(tmp_path / "judge", SegmenterCard(network.config, info.classes, 0, (32, 32)), network)
    judge = load_segmenter(tmp_path / "judge", info, torch.device("cpu"))
    ids = judge(torch.rand(2, 3, SIZE, SIZE) * 2 - 1)
    assert ids.shape == (2, SIZE, SIZE) and ids.dtype == torch.int64
    assert ids.min() >= 1 and ids.max() < CLASSES  # never the ignored class
    assert "32x32" in judge.name
