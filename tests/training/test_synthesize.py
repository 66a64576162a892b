"""A data set from label maps, with a tiny model: the same files however the work was cut up or cut short."""

import errno
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import training.output.files
import training.synthesize as synthesis
from models.classes import ClassInfo
from models.noise import SEED_LIMIT, NoiseSpec
from models.predictor import load_model
from models.testing import tiny_model
from tests.training.runs import kill_while_writing
from training.config import ConfigError
from training.data.info import DataError, DatasetInfo, write_classes
from training.data.labels import encode_labels
from training.data.manifest import Manifest, read_head, read_pictures
from training.data.pairs import open_pairs
from training.output.files import DiskFullError
from training.synthesize import SynthesizeConfig, picture_seed, synthesize

ROOT = Path(__file__).parents[2]
STEMS = ("a", "b-0", "c")


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory, tiny_zoo: Path) -> Path:
    """Three label maps in the layout 'folder', without photos: two fit the tiny model's stride, the last does not."""
    root = tmp_path_factory.mktemp("labels")
    card = load_model(tiny_zoo / "tiny").card
    write_classes(root / "classes.json", DatasetInfo("drawn", card.classes, 0))
    (root / "train" / "labels").mkdir(parents=True)
    for i, (stem, size) in enumerate(zip(STEMS, ((64, 64), (32, 64), (70, 50)), strict=True)):
        ids = np.random.default_rng(i).integers(0, 5, (5, 5), dtype=np.uint8)
        Image.fromarray(ids).resize(size[::-1], Image.Resampling.NEAREST).save(
            root / "train" / "labels" / f"{stem}.png"
        )
    return root


@pytest.fixture
def config(labels: Path, tiny_zoo: Path, tmp_path: Path) -> SynthesizeConfig:
    return SynthesizeConfig(tiny_zoo / "tiny", labels, tmp_path / "new", draws=2, device="cpu")


def files(root: Path) -> dict[str, bytes]:
    """Everything in the data set but the manifest."""
    found = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith("manifest")]
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def pictures(root: Path) -> set[str]:
    return {repr(picture) for picture in read_pictures(root, read_head(root))}


def test_it_can_be_trained_on_and_its_manifest_tells_how_to_paint_it_again(config: SynthesizeConfig) -> None:
    assert synthesize(config) == 6
    made = open_pairs(config.into, "train")
    assert [made.stem(i) for i in range(len(made))] == ["a-0", "a-1", "b-0-0", "b-0-1", "c-0", "c-1"]
    model = load_model(config.model)
    head = read_head(config.into)
    assert head["model"] == {
        "id": "tiny",
        "version": "1",
        "generator_sha256": model.card.generator.sha256,
        "training_data": "none: random weights for tests",
    }
    for i, line in enumerate(sorted(read_pictures(config.into, head), key=lambda line: (line.stem, line.draw))):
        photo, ids = made.load(i)
        assert line.labels_sha256 == hashlib.sha256((config.into / line.labels).read_bytes()).hexdigest()
        again = model.synthesize(np.asarray(ids), NoiseSpec(line.seed))
        np.testing.assert_array_equal(np.asarray(photo), again)
        original = np.asarray(Image.open(config.labels / "train" / "labels" / f"{line.stem}.png"))
        if line.stem == "c":  # 70 and 50 are no multiples of the stride
            assert line.resized_from is not None
            assert [*line.size] == [64, 64] and [*line.resized_from] == [70, 50]
            assert set(np.unique(np.asarray(ids))) <= set(np.unique(original))
        else:
            assert line.resized_from is None
            np.testing.assert_array_equal(np.asarray(ids), original)


def test_shards_make_the_same_files_as_one_run(config: SynthesizeConfig, tmp_path: Path) -> None:
    whole = replace(config, into=tmp_path / "whole")
    synthesize(whole)
    assert [synthesize(replace(config, shard=f"{i}/4")) for i in range(4)] == [2, 2, 2, 0]
    assert files(config.into) == files(whole.into)
    assert pictures(config.into) == pictures(whole.into)


@pytest.mark.parametrize("survivors", [0, 3, 5])
def test_a_killed_run_is_completed_to_the_same_files(
    config: SynthesizeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    """Killed between the picture and its label map; the manifest's last line is torn."""
    whole = replace(config, into=tmp_path / "whole")
    synthesize(whole)
    written: list[Path] = []

    def write_or_die(path: Path, content: bytes) -> None:
        if len([p for p in written if p.parent.name == "labels"]) == survivors and path.parent.name == "labels":
            raise KeyboardInterrupt
        written.append(path)
        write_whole(path, content)

    write_whole = training.output.files.write_whole
    with monkeypatch.context() as patch:
        patch.setattr(synthesis, "write_whole", write_or_die)
        with pytest.raises(KeyboardInterrupt):
            synthesize(config)
    with (config.into / "manifest.0-of-1.jsonl").open("a") as manifest:
        manifest.write('{"stem": "a", "dr')
    assert len(pictures(config.into)) == survivors
    # Another way to share the work may finish it.
    assert synthesize(replace(config, shard="0/2")) + synthesize(replace(config, shard="1/2")) == 6 - survivors
    assert files(config.into) == files(whole.into)
    assert pictures(config.into) == pictures(whole.into)
    assert synthesize(config) == 0


def test_the_command_survives_kill_9(config: SynthesizeConfig, tmp_path: Path) -> None:
    whole = replace(config, into=tmp_path / "whole", draws=15)
    synthesize(whole)
    options = ["--model", config.model, "--labels", config.labels, "--into", config.into, "--draws", "15"]
    command = [sys.executable, ROOT / "oasis_studio.py", "synthesize", *options, "--device", "cpu"]
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    manifest = config.into / "manifest.0-of-1.jsonl"
    while process.poll() is None and not (manifest.is_file() and manifest.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert synthesize(replace(whole, into=config.into)) <= 45 - 3
    for partial in config.into.rglob("*.partial"):  # what the kill cut short; no listing shows it
        partial.unlink()
    assert files(config.into) == files(whole.into)


def test_a_picture_that_was_lost_is_painted_again(config: SynthesizeConfig) -> None:
    synthesize(config)
    lost = config.into / "train" / "images" / "a-1.png"
    content = lost.read_bytes()
    lost.unlink()
    assert synthesize(config) == 1
    assert lost.read_bytes() == content


@pytest.mark.parametrize(
    ("change", "named"),
    [({"draws": 3}, "draws"), ({"seed": 1}, "seed"), ({"format": "jpg"}, "png"), ({"maps": 2}, "maps")],
)
def test_a_folder_of_other_options_is_refused(config: SynthesizeConfig, change: dict[str, Any], named: str) -> None:
    synthesize(config)
    before = files(config.into)
    with pytest.raises(DataError, match=f"made otherwise.*{named}.*another folder"):
        synthesize(replace(config, **change))
    assert files(config.into) == before


def test_a_folder_of_another_model_is_refused(config: SynthesizeConfig, tmp_path: Path) -> None:
    synthesize(config)
    tiny_model(tmp_path / "zoo" / "tiny", seed=1)
    with pytest.raises(DataError, match="generator_sha256"):
        synthesize(replace(config, model=tmp_path / "zoo" / "tiny"))


def test_other_classes_are_refused_by_name(config: SynthesizeConfig, labels: Path, tmp_path: Path) -> None:
    data = json.loads((labels / "classes.json").read_text())
    data["classes"][3]["name"] = "lava"
    (tmp_path / "classes.json").write_text(json.dumps(data))
    (tmp_path / "x.png").write_bytes((labels / "train" / "labels" / "a.png").read_bytes())
    with pytest.raises(DataError, match=r"1 differ: 3 is 'lava' and 'water'"):
        synthesize(replace(config, labels=tmp_path))
    data["classes"].append({"id": 5, "name": "ash", "color": "#000001"})
    (tmp_path / "classes.json").write_text(json.dumps(data))
    with pytest.raises(DataError, match=r"6 classes, the model 'tiny' has 5, and 2 differ.*5 is 'ash' and 'nothing'"):
        synthesize(replace(config, labels=tmp_path))


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_a_plain_folder_of_label_maps_at_a_size_of_our_choice(
    config: SynthesizeConfig, kind: Literal["jpg", "webp"]
) -> None:
    plain = config.labels / "train" / "labels"
    synthesize(replace(config, labels=plain, maps=1, size=(32, 96), format=kind))
    made = open_pairs(config.into, "train")
    assert len(made) == 2 and made.load(0)[0].size == (96, 32)
    assert [c.name for c in made.info.classes] == ["unlabeled", "sky", "tree", "water", "earth"]


def test_what_cannot_be_painted_is_named(config: SynthesizeConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="multiples of 32"):
        synthesize(replace(config, size=(32, 50)))
    with pytest.raises(DataError, match="no label maps of the split 'val'"):
        synthesize(replace(config, split="val"))
    (tmp_path / "strange").mkdir()
    Image.fromarray(np.full((64, 64), 9, np.uint8)).save(tmp_path / "strange" / "nine.png")
    with pytest.raises(DataError, match=r"nine\.png has id 9, but the classes end at 4"):
        synthesize(replace(config, labels=tmp_path / "strange"))
    for shard in ("4/4", "1", "-1/4", "a/b"):
        with pytest.raises(ConfigError, match="must be 'i/n'"):
            replace(config, shard=shard)
    with pytest.raises(ConfigError, match="must be positive"):
        replace(config, size=(-32, 32))
    with pytest.raises(ConfigError, match="1 or more"):
        replace(config, draws=0)


def test_a_full_disk_leaves_whole_files_and_the_run_goes_on_later(
    config: SynthesizeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [5]  # files that still fit

    def fsync(descriptor: int) -> None:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(DiskFullError, match=r"a-1\.png.*free some space"):
            synthesize(config)
    assert not list(config.into.rglob("*.partial"))
    assert len(pictures(config.into)) == 1
    assert synthesize(config) == 5


def test_what_a_kill_leaves_is_gone_after_the_next_start(config: SynthesizeConfig) -> None:
    synthesize(config)
    kill_while_writing(next(config.into.rglob("*.png")))
    kill_while_writing(config.into / "classes.json")
    assert len(list(config.into.rglob("*.partial"))) == 2
    assert synthesize(config) == 0 and not list(config.into.rglob("*.partial"))


def test_a_line_that_does_not_fit_on_the_disk_is_noticed(config: SynthesizeConfig) -> None:
    synthesize(config)
    head = read_head(config.into)
    manifest = Manifest(config.into, "0/1", head)
    manifest.path = Path("/dev/full")  # every write to it fails as on a full disk
    with pytest.raises(DiskFullError, match="disk is full"):
        manifest.add(read_pictures(config.into, head)[0])


@given(st.integers(0, 2**63), st.text(), st.integers(0, 1000))
def test_seeds_are_valid_and_stable(seed: int, stem: str, draw: int) -> None:
    assert 0 <= picture_seed(seed, stem, draw) < SEED_LIMIT
    assert picture_seed(seed, stem, draw) == picture_seed(seed, stem, draw)
    assert picture_seed(0, "00001", 0) == 533300733  # published data sets rest on it


@given(st.integers(2, 1300), st.data())
def test_label_maps_keep_every_id(classes: int, data: st.DataObject) -> None:
    ids = np.array(data.draw(st.lists(st.integers(0, classes - 1), min_size=6, max_size=6)), np.uint16).reshape(2, 3)
    info = DatasetInfo("many", tuple(ClassInfo(i, str(i), f"#{i:06x}") for i in range(classes)), None)
    path = io.BytesIO(encode_labels(ids, info))
    np.testing.assert_array_equal(np.asarray(Image.open(path)).astype(np.uint16), ids)
