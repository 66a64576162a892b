"""Runs that are killed, resumed and cut off: real kills, real files."""

import dataclasses
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.networks.efficientnet import EfficientNetLite
from tests.training.runs import (
    ALONE,
    CPU,
    assert_equal,
    kill_while_writing,
    no_file_above,
    options,
    start_training,
)
from training.config import TrainConfig
from training.data.batches import batches
from training.data.info import DataError
from training.data.pairs import open_pairs
from training.output.files import DiskFullError, WriteError, partial_of
from training.recipes import RECIPES
from training.run.checkpoint import CheckpointError, config_from_dict, config_to_dict, load_checkpoint
from training.run.schedule import Stage
from training.run.trainer import Trainer
from training.train import train


def test_a_killed_run_resumes_bit_identically(config: TrainConfig) -> None:
    """SIGKILL in mid-run, resume, and compare every tensor with a run that was never interrupted."""
    # A long way to go, so that the kill comes first; the stage's length changes nothing else.
    process = start_training(options(config, images=100_000))
    while not (config.out / "latest.pt").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    reached = load_checkpoint(config.out)["trainer"]["images"]
    config = dataclasses.replace(config, stages=(Stage((32, 32), reached + 24, 4),))
    train(config, resume=True)
    whole = dataclasses.replace(config, out=config.out.with_name("whole"))
    train(whole)
    one, other = load_checkpoint(whole.out)["trainer"], load_checkpoint(config.out)["trainer"]
    assert_equal(one, other)


def test_the_oldest_checkpoints_of_a_frozen_encoder_go_on(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    """They know one group of parameters, the heads."""
    monkeypatch.setattr("training.run.networks.efficientnet", lambda name, source: EfficientNetLite("lite0"))
    config = dataclasses.replace(config, discriminator="projected", discriminator_widths=(8,))
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(config, pairs.info, ALONE)
    trainer.step([next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU))])
    state = trainer.state_dict()
    known = state["discriminator_optimizer"]["param_groups"]
    state["discriminator_optimizer"] = {**state["discriminator_optimizer"], "param_groups": known[:1]}
    other = Trainer(config, pairs.info, ALONE)
    other.load_state_dict(state)
    assert_equal(other.state_dict()["discriminator_optimizer"], trainer.state_dict()["discriminator_optimizer"])


def test_configurations_survive_the_checkpoint(config: TrainConfig) -> None:
    for recipe in [config, *RECIPES.values()]:
        assert config_from_dict(config_to_dict(recipe)) == recipe


def test_unusable_checkpoints_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="does not exist"):
        load_checkpoint(tmp_path)
    (tmp_path / "latest.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(tmp_path)
    torch.save({"config": {}, "dataset": [], "trainer": {}}, tmp_path / "latest.pt")
    with pytest.raises(CheckpointError, match="lacks 'dataset'"):
        load_checkpoint(tmp_path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a checkpoint as torch writes it, whatever the version of this program."""
    run = tmp_path_factory.mktemp("written")
    content = {"config": {"seed": 1}, "dataset": {"name": "a"}, "trainer": {"average": torch.arange(500.0)}}
    torch.save(content, run / "latest.pt")
    return run


@given(st.data())
def test_a_changed_bit_is_found_or_harmless(written: Path, data: st.DataObject) -> None:
    whole = (written / "latest.pt").read_bytes()
    before = load_checkpoint(written)
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    (written / "latest.pt").write_bytes(changed)
    try:
        with suppress(CheckpointError):
            assert_equal(load_checkpoint(written), before)
    finally:
        (written / "latest.pt").write_bytes(whole)


def test_a_changed_bit_of_the_weights_is_found(written: Path) -> None:
    whole = (written / "latest.pt").read_bytes()
    at = whole.index(torch.arange(500.0).numpy().tobytes()) + 1000
    (written / "latest.pt").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(CheckpointError, match=r"latest\.pt is damaged.*restore it from a copy"):
        load_checkpoint(written)
    (written / "latest.pt").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match=r"latest\.pt cannot be read, it is cut off or damaged"):
        load_checkpoint(written)
    (written / "latest.pt").write_bytes(whole)


def test_a_checkpoint_that_grows_too_large_keeps_the_last_good_one(config: TrainConfig) -> None:
    """A limit of the file's size stops it in the middle, as a full disk does."""
    train(dataclasses.replace(config, stages=(Stage((32, 32), 20, 4),)))
    with (
        no_file_above((config.out / "latest.pt").stat().st_size // 2),
        pytest.raises(CheckpointError, match=r"latest\.pt cannot be written: File too large.*before it is whole"),
    ):
        train(config, resume=True)
    assert not list(config.out.rglob("*.partial"))
    assert load_checkpoint(config.out)["trainer"]["images"] == 20


def test_a_folder_that_cannot_be_written_is_named_before_training(config: TrainConfig, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WriteError, match=r"losses\.jsonl cannot be written: .*choose another one"):
        train(dataclasses.replace(config, out=tmp_path / "file" / "run"))


def test_what_a_kill_leaves_is_gone_after_the_next_start(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 20, 4),), publish=config.out.with_name("published"))
    train(config)
    assert config.publish is not None
    killed = [config.out / "latest.pt", config.out / "samples" / "000000020.png", config.publish / "model.json"]
    for path in killed:
        kill_while_writing(path)
    assert all(list(path.parent.glob(f".{path.name}.*.partial")) for path in killed)
    train(dataclasses.replace(config, stages=(Stage((32, 32), 24, 4),)), resume=True)
    assert not [path for folder in (config.out, config.publish) for path in folder.rglob("*.partial")]


def test_a_new_run_does_not_replace_another(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),))
    train(config)
    before = (config.out / "latest.pt").read_bytes()
    with pytest.raises(CheckpointError, match="checkpoint of another run.*--resume.*another --out"):
        train(config)
    assert (config.out / "latest.pt").read_bytes() == before


def test_a_full_disk_keeps_the_last_good_checkpoint(config: TrainConfig) -> None:
    train(dataclasses.replace(config, stages=(Stage((32, 32), 20, 4),)))
    full = partial_of(config.out / "latest.pt")
    full.symlink_to("/dev/full")
    with pytest.raises(
        CheckpointError, match=r"disk is full.*latest\.pt.*free some space.*before it is whole.*--resume"
    ):
        train(config, resume=True)
    assert not full.is_symlink()
    assert load_checkpoint(config.out)["trainer"]["images"] == 20
    assert train(config, resume=True).images == 40


def test_a_disk_that_fills_up_under_a_sample_grid_is_named(config: TrainConfig) -> None:
    full = partial_of(config.out / "samples" / "000000020.png")
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"disk is full.*000000020\.png"):
        train(config)
    assert load_checkpoint(config.out)["trainer"]["images"] == 20  # saved before


def test_options_after_resume_change_the_run(config: TrainConfig) -> None:
    train(dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),)))
    changed: dict[str, Any] = {"betas": (0.1, 0.9), "generator_rate": 3e-5, "stages": (Stage((32, 32), 8, 4),)}
    group = train(dataclasses.replace(config, **changed), resume=True).generator_optimizer.param_groups[0]
    assert (group["betas"], group["lr"]) == ((0.1, 0.9), 3e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"generator_channels": (12, 12, 12, 8)}, "networks of another shape.*another --out"),
        ({"discriminator_widths": (8, 8, 8)}, "networks of another shape"),
    ],
)
def test_a_checkpoint_of_another_shape_is_named(config: TrainConfig, change: dict[str, Any], message: str) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),))
    train(config)
    before = (config.out / "latest.pt").read_bytes()
    with pytest.raises(CheckpointError, match=message):
        train(dataclasses.replace(config, **change), resume=True)
    assert (config.out / "latest.pt").read_bytes() == before


def test_a_checkpoint_of_other_classes_is_named(config: TrainConfig, tmp_path: Path) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),))
    train(config)
    other = Path(shutil.copytree(config.data, tmp_path / "other"))
    text = (other / "classes.json").read_text()
    (other / "classes.json").write_text(text.replace("bright", "light"))
    with pytest.raises(DataError, match="3 is 'light' and 'bright'"):
        train(dataclasses.replace(config, data=other), resume=True)
