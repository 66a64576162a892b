"""Runs by the clock, from data that lies on the device: what a machine that is lent for minutes needs."""

import dataclasses
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from models.files.model_card import read_card
from models.maps import PADDINGS, Padding
from models.networks.blocks import GeneratorConfig
from models.networks.conditioning import SplitCondition
from models.networks.oasis import Generator
from models.predictor import load_model
from tests.models.samples import random_labels
from training.config import ConfigError, TrainConfig
from training.data.batches import RESIZE_RATIO, AugmentedPairs, batches
from training.data.pairs import open_pairs, rare_class_shares
from training.data.resident import ResidentPairs
from training.run.checkpoint import load_checkpoint
from training.run.distributed import World
from training.run.loop import check_shares
from training.run.noise_sampling import NoiseSampler
from training.run.pace import Pace, paced
from training.run.schedule import Stage
from training.train import train

CPU = torch.device("cpu")
STAGES = (Stage((32, 32), 400, 4), Stage((32, 32), 800, 8), Stage((32, 32), 400, 4, falls=True))


@pytest.mark.parametrize(("rare", "ratio"), [(False, RESIZE_RATIO), (True, 1)])
def test_pairs_on_the_device_are_those_from_the_disk(pairs: Path, rare: bool, ratio: float) -> None:
    folder = open_pairs(pairs, "train")
    shares = rare_class_shares(folder) if rare else None
    resident = ResidentPairs(AugmentedPairs(folder, (48, 32), 1, False, shares, ratio), CPU)
    ours = resident.batches(4, 7, 3, 8)
    theirs = batches(folder, (48, 32), 4, 7, 3, 0, CPU, stride=8, shares=shares, resize_ratio=ratio)
    for one, other in islice(zip(ours, theirs, strict=False), 5):
        assert torch.equal(one.labels, other.labels)
        torch.testing.assert_close(one.images, other.images, atol=1e-6, rtol=0)
        assert one.images.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("strategy", ["image", "brushed", "none"])
def test_split_maps_are_the_dense_map(strategy: str, padding: Padding) -> None:
    """The same function, gradients included, as tables and as the map that the papers write."""
    torch.manual_seed(0)
    noise_dim = 0 if strategy == "none" else 64
    generator = Generator(GeneratorConfig(5, (8, 8, 6), hidden=6, noise_dim=noise_dim, padding=padding)).double()
    generator.eval()  # training, each pass changes what spectral norm is divided by
    labels = random_labels(3, 2, 16, 24, 3)
    found: list[tuple[Tensor, list[Tensor]]] = []
    for dense in (False, True):
        sampler = NoiseSampler(strategy, World(CPU), torch.Generator().manual_seed(4), dense)  # type: ignore[arg-type]
        torch.set_default_dtype(torch.float64)
        try:
            noise = sampler.draw(generator.config, labels)
            condition = generator.condition(labels, noise, dense=dense)
            assert isinstance(condition, SplitCondition) == dense
            picture = generator.paint(condition, (16, 24))
        finally:
            torch.set_default_dtype(torch.float32)
        generator.zero_grad()
        picture.square().sum().backward()
        found.append((picture, [p.grad.clone() for p in generator.parameters() if p.grad is not None]))
    (one, gradients), (other, others) = found
    torch.testing.assert_close(one, other, atol=1e-9, rtol=0)
    for a, b in zip(gradients, others, strict=True):
        torch.testing.assert_close(a, b, atol=1e-7, rtol=1e-5)


def test_a_stage_lasts_its_share_of_the_time(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=STAGES, stage_shares=(0.5, 0.3, 0.2), time_budget=10.0)
    assert paced(config, 0, 0.0, 0.0) == config  # nothing is known yet
    # 3 of 5 minutes are left at 4 images a second.
    first = paced(config, 100, 2.0, 4.0)
    assert [stage.images for stage in first.stages] == [100 + 3 * 60 * 4, 800, 400]
    # Over: the stage ends where it is.
    assert paced(config, 100, 5.5, 4.0).stages[0].images == 100
    second = paced(first, 820 + 80, 7.0, 2.0)
    assert [stage.images for stage in second.stages] == [820, 80 + 60 * 2, 400]
    assert second.schedule.rate_at(820 + 80) == 1.0
    third = paced(second, 820 + 200 + 40, 9.5, 4.0)
    assert third.stages[2].images == 40 + 120
    assert third.schedule.rate_at(1020 + 40) == pytest.approx(0.75)
    assert paced(third, third.schedule.total_images, 12.0, 4.0) == third
    still = dataclasses.replace(config, stage_shares=())
    assert paced(still, 100, 2.0, 4.0) == still


def test_a_run_by_the_clock_goes_through_all_its_stages(config: TrainConfig) -> None:
    """However short: each stage has one step at least."""
    config = dataclasses.replace(
        config, stages=STAGES, stage_shares=(0.3, 0.3, 0.3), time_budget=0.02, ema_batches=1, log_every=1
    )
    trainer = train(config)
    lengths = [stage.images for stage in trainer.config.stages]
    assert trainer.images >= 4 and lengths != [stage.images for stage in STAGES]
    assert load_checkpoint(config.out)["config"]["stages"][0]["images"] == lengths[0]


def test_saving_by_the_clock_or_by_images(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("training.run.pace.time.monotonic", lambda: clock[0])
    pace = Pace(0)
    by_images = dataclasses.replace(config, checkpoint_every=100)
    assert [pace.should_save(by_images, images) for images in (50, 99, 104, 150, 200)] == [
        False,
        False,
        True,
        False,
        True,
    ]
    by_clock = dataclasses.replace(config, checkpoint_minutes=2.0)
    pace = Pace(0)
    found = []
    for clock[0] in (60.0, 119.0, 121.0, 200.0, 242.0):
        found.append(pace.should_save(by_clock, 4))
    assert found == [False, False, True, False, True]
    assert pace.lap(484) == pytest.approx(2.0)


def test_a_run_publishes_its_model_in_parts(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data on the device, dense maps, few looks at the losses, a model in parts at every checkpoint."""
    monkeypatch.setattr("training.run.publish.PART", 20_000)
    into = tmp_path / "back" / "model"
    finishing = Stage((32, 32), 8, 4, falls=True, trained="segmenter", augmentation="color")
    config = dataclasses.replace(
        config,
        stages=(Stage((32, 32), 16, 4), finishing),
        resident=True,
        conditioning="dense",
        noise="brushed",
        noise_planes=True,
        log_every=2,
        ema_batches=1,
        checkpoint_every=8,
        publish=into,
    )
    train(config)
    records = [json.loads(line) for line in (into / "losses.jsonl").read_text().splitlines()]
    assert [record["step"] for record in records] == [2, 4, 6]
    assert all(path.stat().st_size <= 20_000 for path in into.iterdir() if "safetensors" in path.name)
    assert len(list(into.glob("generator.safetensors.part*"))) > 1 and not (into / "generator.safetensors").exists()
    for name in {path.name.partition(".part")[0] for path in into.glob("*.part*")}:
        (into / name).write_bytes(b"".join(part.read_bytes() for part in sorted(into.glob(f"{name}.part*"))))
    card = read_card(into)
    assert card.partner is not None and card.noise == 2
    load_model(into)


def test_a_slow_machine_gets_the_narrower_generator(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),), narrower=(8, 8, 8, 8), narrower_below=1e9)
    assert train(config).config.generator_channels == (8, 8, 8, 8)
    fast = dataclasses.replace(config, narrower_below=1e-9, out=config.out / "fast")
    assert train(fast).config.generator_channels == config.generator_channels


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stage_shares": (0.5,)}, "of a --time-budget"),
        ({"stage_shares": (0.5, 0.2), "time_budget": 1.0}, "one for each stage"),
        ({"stage_shares": (1.5,), "time_budget": 1.0}, "1 together at most"),
        ({"log_every": 0}, "log_every must be 1"),
        ({"checkpoint_minutes": 0.0}, "must be positive"),
        ({"conditioning": "dense", "style_encoder": True, "generator": "spade", "noise": "none"}, "leave it out"),
    ],
)
def test_what_cannot_be_paced_is_refused(config: TrainConfig, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        dataclasses.replace(config, **change)


def test_several_processes_have_no_common_clock(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stage_shares=(1.0,), time_budget=1.0)
    with pytest.raises(ConfigError, match="clock of one process"):
        check_shares(config, World(CPU, 0, 2))
