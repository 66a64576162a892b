"""Two processes compute what one does with the whole batch."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.runs import options, torchrun
from training.config import ConfigError, TrainConfig
from training.data.pairs import open_pairs
from training.run.checkpoint import load_checkpoint
from training.run.distributed import World
from training.run.loop import check_shares
from training.run.schedule import Stage
from training.run.trainer import Trainer
from training.train import train

ALONE = World(torch.device("cpu"))


def test_processes_sum_gather_and_normalize_together() -> None:
    result = torchrun(2, "tests/training/run/world_program.py")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("is content") == 2


def losses(run: Path) -> list[dict[str, float]]:
    records = [json.loads(line) for line in (run / "losses.jsonl").read_text().splitlines()]
    return [{name: value for name, value in record.items() if name[:2] in ("g_", "d_")} for record in records]


def parameters(state: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Generator, discriminator and averaged generator as one long vector each."""
    names = ("generator", "discriminator", "average")
    return {name: torch.cat([value.flatten().double() for value in state[name].values()]) for name in names}


def assert_alike(config: TrainConfig, other: Path) -> None:
    """To the rounding of sums in another order, which Adam amplifies where a gradient is nothing but rounding."""
    for a, b in zip(losses(config.out), losses(other), strict=True):
        assert a == pytest.approx(b, rel=1e-4, abs=1e-6)
    start = parameters(Trainer(config, open_pairs(config.data, config.split).info, ALONE).state_dict())
    one, two = (parameters(load_checkpoint(run)["trainer"]) for run in (config.out, other))
    for name in start:
        difference = (one[name] - two[name]).norm() / (one[name] - start[name]).norm()
        assert difference < 0.005, name


def slow(config: TrainConfig) -> TrainConfig:
    """At the published rates the first steps of so small a network leap: a rounding becomes another run."""
    return dataclasses.replace(config, generator_rate=1e-5, discriminator_rate=1e-5)


def train_in_two(config: TrainConfig, arguments: list[str]) -> None:
    result = torchrun(2, "-m", "oasis_studio", "train", *arguments)
    assert result.returncode == 0, result.stderr


def test_two_processes_train_like_one_and_one_goes_on_for_two(config: TrainConfig) -> None:
    config = dataclasses.replace(slow(config), stages=(Stage((32, 32), 24, 4),))
    train(config)
    shared = dataclasses.replace(config, out=config.out.with_name("shared"))
    train_in_two(shared, options(shared, images=12))
    assert load_checkpoint(shared.out)["trainer"]["images"] == 12
    train(shared, resume=True)
    assert_alike(config, shared.out)


def test_every_random_choice_is_that_of_the_whole_batch(config: TrainConfig) -> None:
    stages = (Stage((32, 32), 16, 4),)
    config = dataclasses.replace(slow(config), stages=stages, accumulate=2, noise="mix", consistency="cutmix")
    train(config)
    shared = dataclasses.replace(config, out=config.out.with_name("shared"))
    train_in_two(shared, options(shared, images=16))
    assert_alike(config, shared.out)


def test_a_batch_that_cannot_be_shared_is_refused(config: TrainConfig) -> None:
    with pytest.raises(ConfigError, match="a batch of 4 cannot be shared by 3 processes.*multiple of 3"):
        check_shares(config, World(torch.device("cpu"), 0, 3))


def test_an_error_in_all_processes_is_one_message(config: TrainConfig, tmp_path: Path) -> None:
    result = torchrun(2, "-m", "oasis_studio", "train", "--data", str(tmp_path / "nothing"))
    assert result.returncode != 0
    assert "classes.json is missing" in result.stderr
