"""check-data: all problems at once, what they mean together, and the pictures."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

import oasis_studio
from models.classes import ClassInfo
from training.check_data import CheckConfig, check_data
from training.config import ConfigError, TrainConfig
from training.data.info import DatasetInfo
from training.data.layouts import LAYOUTS
from training.data_check import findings as kinds
from training.data_check.plots import overlay
from training.data_check.split import check_split, judge_ids
from training.recipes import RECIPES

QUIET = Console(quiet=True)


@pytest.fixture
def copy(pairs: Path, tmp_path: Path) -> Path:
    """A data set that a test may spoil; its photos are 96x96."""
    return Path(shutil.copytree(pairs, tmp_path / "copy"))


def check(data: Path, **options: Any) -> tuple[bool, dict[str, Any]]:
    out = data.parent / "check"
    sound = check_data(CheckConfig(data, out=out, size=(96, 96), workers=0, **options), QUIET)
    return sound, json.loads((out / "check.json").read_text())


def titles(report: dict[str, Any], stem: str) -> set[str]:
    return {finding["kind"] for finding in report["findings"] if Path(finding["file"]).stem == stem}


def run_cli(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["oasis-studio", "check-data", *map(str, arguments)])
    oasis_studio.main()


def test_a_sound_set_is_counted(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cli(monkeypatch, copy, "--size", 96, 96, "--out", copy / "check", "--workers", 0)
    printed = capsys.readouterr().out
    assert "Nothing is wrong" in printed and "bright" in printed
    report = json.loads((copy / "check" / "check.json").read_text())
    labels = np.stack([np.asarray(Image.open(copy / "train" / "labels" / f"{i}.png")) for i in range(4)])
    assert report["sound"] and report["pairs"] == 4
    assert [c["pixels"] for c in report["classes"]] == np.bincount(labels.ravel(), minlength=4).tolist()
    assert report["classes"][0]["images"] == 4
    for name in ("histogram.png", "overlays.png"):
        with Image.open(copy / "check" / name) as picture:
            assert picture.width > 500 and len(picture.convert("RGB").getcolors(1 << 24) or ()) > 3


def test_all_problems_are_found_at_once(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels = copy / "train" / "images", copy / "train" / "labels"
    good = labels / "0.png"

    def add(stem: str, photo: Image.Image, label: Image.Image | None = None, **options: Any) -> None:
        photo.save(images / f"{stem}.jpg", **options)
        if label is None:
            shutil.copy(good, labels / f"{stem}.png")
        else:
            label.save(labels / f"{stem}.png")

    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (96, 96, 3), np.uint8))
    turned = Image.Exif()
    turned[0x0112] = 6
    add("turned", noise, exif=turned)
    add("gray", noise.convert("L"))
    add("cmyk", noise.convert("CMYK"))
    add("small", noise.resize((96, 50)), Image.new("L", (96, 50), 1))
    add("sizes", noise, Image.new("L", (96, 95), 1))
    add("range", noise, Image.fromarray(np.full((96, 96), 7, np.uint8)))
    add("colors", noise, noise)
    add("unlabelled", noise, Image.new("L", (96, 96), 0))
    add("lonely", noise)
    (labels / "lonely.png").unlink()
    shutil.copy(good, labels / "orphan.png")
    noise.save(images / "broken.png")
    (images / "broken.png").write_bytes((images / "broken.png").read_bytes()[:5000])
    (labels / "broken.png").write_bytes(good.read_bytes()[:40])
    shutil.copy(good, labels / "clear.png")
    see_through = noise.copy()
    see_through.putalpha(100)
    see_through.save(images / "clear.png")
    Image.fromarray(np.full((96, 96), 40_000, np.uint16)).save(images / "deep.png")
    shutil.copy(good, labels / "deep.png")

    sound, report = check(copy)
    assert not sound and report["pairs"] == 15
    assert report["classes"][1]["pixels"] > 0  # what could be read is counted all the same
    for stem, found in {
        "turned": {kinds.TURNED},
        "gray": {kinds.GRAY},
        "cmyk": {kinds.CMYK},
        "small": {kinds.TOO_SMALL},
        "sizes": {kinds.SIZES_DIFFER},
        "range": {kinds.OUT_OF_RANGE},
        "colors": {kinds.UNREADABLE_LABELS},
        "unlabelled": {kinds.MOSTLY_IGNORED},
        "lonely": {kinds.PHOTO_ALONE},
        "orphan": {kinds.LABELS_ALONE},
        "broken": {kinds.UNREADABLE_PHOTO, kinds.UNREADABLE_LABELS},
        "clear": {kinds.TRANSPARENT},
        "deep": {kinds.DEEP_PHOTO},
        "1": set(),
    }.items():
        assert titles(report, stem) == {kind.title for kind in found}, stem
    assert all(finding["remedy"] for finding in report["findings"])
    with pytest.raises(SystemExit) as caught:
        run_cli(monkeypatch, copy, "--size", 96, 96, "--out", copy / "check", "--workers", 0)
    assert caught.value.code == 1


def test_small_photos_are_only_noted_where_training_enlarges_them(copy: Path) -> None:
    out = copy.parent / "check"
    for upscale in (False, True):
        sound = check_data(CheckConfig(copy, out=out, size=(96, 128), workers=0, upscale=upscale), QUIET)
        found = json.loads((out / "check.json").read_text())["findings"]
        assert sound == upscale and len(found) == 4
        assert {f["kind"] for f in found} == {(kinds.ENLARGED if upscale else kinds.TOO_SMALL).title}


def test_several_processes_find_the_same(copy: Path) -> None:
    (copy / "train" / "labels" / "3.png").write_bytes(b"no picture")
    split = LAYOUTS["folder"].find(copy, "train")
    alone, together = (check_split(split, copy, (96, 96), False, workers, QUIET) for workers in (0, 2))
    assert together.findings == alone.findings and together.drawable == alone.drawable == ["0", "1", "2"]
    assert np.array_equal(together.pixels, alone.pixels) and np.array_equal(together.images, alone.images)


def test_there_is_nothing_to_check_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run_cli(monkeypatch, tmp_path)
    assert "classes.json is missing" in capsys.readouterr().err
    (tmp_path / "classes.json").write_text(
        json.dumps({"classes": [{"id": i, "name": str(i), "color": "#000000"} for i in range(2)]})
    )
    with pytest.raises(SystemExit):
        run_cli(monkeypatch, tmp_path)
    assert "<split>/labels/<stem>.png" in capsys.readouterr().err


def test_files_are_sound_as_other_systems_leave_them(copy: Path) -> None:
    """Hidden files of macOS, capital suffixes, a byte order mark of Windows; a folder that is not read is listed."""
    images, labels = copy / "train" / "images", copy / "train" / "labels"
    for folder in (images, labels):
        (folder / "._0.png").write_bytes(b"\x00\x05\x16\x07")
        (folder / "1.png").rename(folder / "1.PNG")
        (folder / "more").mkdir()
        shutil.copy(folder / "2.png", folder / "more" / "9.png")
    classes = copy / "classes.json"
    classes.write_text(classes.read_text(), "utf-8-sig")
    sound, report = check(copy)
    assert sound and report["pairs"] == 4
    found = [(finding["kind"], Path(finding["file"])) for finding in report["findings"]]
    assert [each for each in found if each[0] == kinds.UNREAD_FOLDER.title] == [
        (kinds.UNREAD_FOLDER.title, images / "more"),
        (kinds.UNREAD_FOLDER.title, labels / "more"),
    ]


def judged(present: dict[int, int], names: list[str], ignore_id: int | None) -> list[kinds.Kind]:
    info = DatasetInfo("set", tuple(ClassInfo(i, name, "#000000") for i, name in enumerate(names)), ignore_id)
    pixels = np.zeros(max(len(names), *(i + 1 for i in present)), np.int64)
    for i, count in present.items():
        pixels[i] = count
    return [finding.kind for finding in judge_ids(info, pixels, Path("set"))]


@pytest.mark.parametrize(
    ("present", "names", "ignore_id", "expected"),
    [
        ({0: 5, 1: 5, 2: 5}, ["a", "b", "c"], None, []),
        ({1: 5, 2: 5, 3: 5}, ["a", "b", "c"], None, [kinds.ONE_TOO_HIGH, kinds.NEVER]),
        ({1: 5, 2: 5}, ["unlabeled", "b", "c"], 0, []),
        ({0: 5, 1: 5, 2: 5, 255: 9}, ["a", "b", "c"], None, [kinds.USED_AS_IGNORED]),
        ({0: 5, 85: 5, 170: 1}, ["a", "b", "c"], None, [kinds.STRETCHED, kinds.NEVER, kinds.NEVER]),
        ({0: 5, 255: 5}, ["background", "object"], None, [kinds.STRETCHED, kinds.NEVER]),
        ({0: 5, 1: 5}, ["a", "b", "c"], None, [kinds.NEVER]),
        ({0: 5}, ["void", "b"], 0, [kinds.ALL_IGNORED, kinds.NEVER]),
        ({0: 5, 1: 5}, ["Void", "b"], None, [kinds.PERHAPS_IGNORED]),
        ({0: 1, 255: 1}, [str(i) for i in range(256)], None, [kinds.NEVER] * 254),
    ],
)
def test_ids_are_judged_together(
    present: dict[int, int], names: list[str], ignore_id: int | None, expected: list[kinds.Kind]
) -> None:
    assert judged(present, names, ignore_id) == expected


def test_the_overlay_is_gray_under_its_class_color() -> None:
    info = DatasetInfo("set", (ClassInfo(0, "a", "#ff0000"), ClassInfo(1, "b", "#0000ff")), None)
    ids = np.repeat([[0, 0, 1, 1]], 4, axis=0)
    pixels = np.asarray(overlay(Image.new("RGB", (4, 4), "#646464"), ids, info))
    assert pixels[1, 0].tolist() == [185, 45, 45] and pixels[1, 3].tolist() == [45, 45, 185]
    assert pixels[1, 2].sum() < pixels[1, 3].sum() / 2  # the line between them
    unknown = np.asarray(overlay(Image.new("RGB", (4, 4), "#646464"), np.full((4, 4), 9), info))
    assert unknown[1, 1].tolist() == [185, 45, 185]


def test_the_estimate_times_real_steps(copy: Path, config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "tiny", config)
    out = copy.parent / "check"
    assert check_data(CheckConfig(copy, out=out, size=(64, 64), workers=0, estimate="tiny"), QUIET)
    estimate = json.loads((out / "check.json").read_text())["estimate"]
    assert estimate["batch"] == 4 and estimate["images"] == 40 and estimate["device"] == "cpu"
    assert estimate["images_per_second"] == pytest.approx(4 / estimate["seconds_per_step"])
    assert estimate["days"] == pytest.approx(40 / estimate["images_per_second"] / 86400)
    assert 0.1 < estimate["peak_memory_gib"] < 20


@pytest.mark.parametrize("options", [{"size": (0, 9)}, {"examples": 0}, {"workers": -1}, {"estimate": "no"}])
def test_bad_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="Bad check of a dataset"):
        CheckConfig(Path("set"), **options)
