"""Two processes compute what one does with the whole batch."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.runs import options, torchrun
from training.checkpoint import load_checkpoint
from training.config import ConfigError, Stage, TrainConfig
from training.distributed import World
from training.loop import check_shares, train


def test_processes_sum_gather_and_normalise_together() -> None:
    result = torchrun(2, "tests/training/world_program.py")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("is content") == 2


def losses(run: Path) -> list[dict[str, float]]:
    records = [json.loads(line) for line in (run / "losses.jsonl").read_text().splitlines()]
    return [{name: value for name, value in record.items() if name[:2] in ("g_", "d_")} for record in records]


def weights(run: Path) -> dict[str, torch.Tensor]:
    """Generator, discriminator and averaged generator as one long vector each."""
    state: dict[str, Any] = load_checkpoint(run)["trainer"]
    networks = ("generator", "discriminator", "average")
    return {name: torch.cat([t.flatten().double() for t in state[name].values()]) for name in networks}


def assert_alike(one: Path, other: Path) -> None:
    """To the rounding of sums in another order, which Adam amplifies where a gradient is all rounding."""
    for a, b in zip(losses(one), losses(other), strict=True):
        assert a == pytest.approx(b, rel=1e-4, abs=1e-6)
    for name, vector in weights(one).items():
        difference = (vector - weights(other)[name]).norm() / vector.norm()
        assert difference < 1e-3, name


def train_in_two(config: TrainConfig, arguments: list[str]) -> None:
    result = torchrun(2, "-m", "oasis_studio", "train", *arguments)
    assert result.returncode == 0, result.stderr


def test_two_processes_train_like_one_and_one_goes_on_for_two(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 24, 4),))
    train(config)
    shared = dataclasses.replace(config, out=config.out.with_name("shared"))
    train_in_two(shared, options(shared, images=12))
    assert load_checkpoint(shared.out)["trainer"]["images"] == 12
    train(shared, resume=True)
    assert_alike(config.out, shared.out)


def test_every_random_choice_is_that_of_the_whole_batch(config: TrainConfig) -> None:
    stages = (Stage((32, 32), 16, 4),)
    config = dataclasses.replace(config, stages=stages, accumulate=2, noise="mix", consistency="cutmix")
    train(config)
    shared = dataclasses.replace(config, out=config.out.with_name("shared"))
    train_in_two(shared, options(shared, images=16))
    assert_alike(config.out, shared.out)


def test_a_batch_that_cannot_be_shared_is_refused(config: TrainConfig) -> None:
    with pytest.raises(ConfigError, match="a batch of 4 cannot be shared by 3 processes.*multiple of 3"):
        check_shares(config, World(torch.device("cpu"), 0, 3))


def test_an_error_in_all_processes_is_one_message(config: TrainConfig, tmp_path: Path) -> None:
    result = torchrun(2, "-m", "oasis_studio", "train", "--data", str(tmp_path / "nothing"))
    assert result.returncode != 0
    assert "classes.json is missing" in result.stderr
