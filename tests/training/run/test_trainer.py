"""The trainer on tiny networks: real steps."""

import dataclasses
import json
import time
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from models.networks.efficientnet import EfficientNetLite
from models.networks.projected import ConditionedDiscriminator
from tests.training.runs import ALONE, CPU, assert_equal, picture_size, start_training
from training.config import ConfigError, TrainConfig
from training.data.batches import batches
from training.data.pairs import open_pairs
from training.run.checkpoint import load_checkpoint
from training.run.schedule import Stage
from training.run.trainer import NonFiniteLoss, Trainer
from training.train import train


@pytest.mark.parametrize("discriminator", ["oasis", "projected"])
def test_ten_steps_write_everything(config: TrainConfig, discriminator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if discriminator == "projected":
        # Its code path is what matters here; downloading the encoder is tested where the network is.
        monkeypatch.setattr("training.run.networks.efficientnet", lambda name, source: _random_encoder())
        config = dataclasses.replace(config, discriminator="projected", discriminator_widths=(8,))
    trainer = train(config)
    assert (trainer.steps, trainer.images) == (10, 40)
    records = [json.loads(line) for line in (config.out / "losses.jsonl").read_text().splitlines()]
    assert [record["step"] for record in records] == list(range(1, 11))
    assert records[0].keys() >= {"g_adversarial", "d_real", "d_fake", "d_consistency", "images_per_second"}
    grids = sorted(path.name for path in (config.out / "samples").glob("*.png"))
    assert grids == ["000000020.png", "000000040.png"]
    # Labels, two draws and the photo, for each of the four pairs.
    assert picture_size(config.out / "samples" / grids[0]) == (4 * 36 + 4, 4 * 36 + 4)
    assert load_checkpoint(config.out)["trainer"]["images"] == 40


def _random_encoder() -> torch.nn.Module:
    from models.networks.efficientnet import EfficientNetLite

    return EfficientNetLite("lite0")


def test_a_stop_signal_and_a_time_budget_end_cleanly(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 100_000, 4),), time_budget=1e-6)
    assert train(config).images == load_checkpoint(config.out)["trainer"]["images"] == 4
    moved = config.out.rename(config.out.with_name("moved"))  # a run goes on where it lies now
    process = start_training(["--resume", str(moved), "--time-budget", "9"])
    log = moved / "losses.jsonl"
    while len(log.read_text().splitlines()) < 3:
        assert process.poll() is None
        time.sleep(0.02)
    process.terminate()
    assert process.wait() == 0
    records = log.read_text().splitlines()
    assert load_checkpoint(moved)["trainer"]["images"] == json.loads(records[-1])["images"]


def test_a_discriminator_learns_four_pairs_by_heart(config: TrainConfig) -> None:
    # Against a generator that stands still; at higher rates a loss leaps to 50 and comes back too late.
    rates: dict[str, Any] = {"discriminator_rate": 5e-4, "generator_rate": 1e-9}
    config = dataclasses.replace(config, **rates, consistency="none", precision="fp32")
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(config, pairs.info, ALONE)
    stream = batches(pairs, (32, 32), 4, 0, 0, 0, CPU)
    fixed = next(stream)
    losses = [trainer.step([fixed])["d_real"] for _ in range(60)]
    assert np.median(losses[-15:]) < 0.8 * np.median(losses[:5])


def test_strengths_of_noise_planes_have_a_rate_of_their_own(config: TrainConfig) -> None:
    config = dataclasses.replace(config, noise_planes=True, stages=(Stage((32, 32), 8, 4),))
    groups = train(config).generator_optimizer.param_groups
    assert [group["lr"] / config.generator_rate for group in groups] == pytest.approx([1, 10])
    assert len(groups[1]["params"]) == 3 * 2 + 1  # a shortcut where the width changes


def test_lazy_terms_weigh_more_and_come_less_often(config: TrainConfig) -> None:
    pairs = open_pairs(config.data, config.split)
    batch = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU))
    config = dataclasses.replace(config, diversity_weight=1.0, precision="fp32")
    often = Trainer(config, pairs.info, ALONE).step([batch])
    lazy = Trainer(dataclasses.replace(config, lazy_interval=3), pairs.info, ALONE)
    steps = [lazy.step([batch]) for _ in range(4)]
    for term in ("g_diversity", "d_consistency"):
        assert steps[0][term] == pytest.approx(3 * often[term], rel=1e-4)
        assert [term in losses for losses in steps] == [True, False, False, True]


def test_a_conditioned_discriminator_is_brought_to_the_scale_of_the_photos(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.run.networks.efficientnet", lambda name, source: EfficientNetLite("lite0"))
    config = dataclasses.replace(
        config, discriminator="conditioned", discriminator_widths=(8,), discriminator_rate=1e-9, precision="fp32"
    )
    network = train(config).discriminator
    assert isinstance(network, ConditionedDiscriminator)
    photos = next(batches(open_pairs(config.data, config.split), (32, 32), 4, config.seed, 0, 0, CPU)).images
    with torch.no_grad():
        pixels = network.pixels(torch.nn.functional.pixel_unshuffle(photos, 2))
        seen = network.features(photos)
    assert pixels.mean().item() == pytest.approx(0, abs=0.01) and pixels.std().item() == pytest.approx(2, rel=0.01)
    for x in (seen[0] - pixels, *seen[1:3]):
        torch.testing.assert_close(x.mean((0, 2, 3)), torch.zeros(8), atol=1e-2, rtol=0)
        torch.testing.assert_close(x.std((0, 2, 3)), torch.full((8,), 4.0), atol=0, rtol=0.01)


def test_accumulation_takes_the_same_number_of_images(config: TrainConfig) -> None:
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(dataclasses.replace(config, accumulate=2), pairs.info, ALONE)
    trainer.step(list(islice(batches(pairs, (32, 32), 2, 0, 0, 0, CPU), 2)))
    assert (trainer.steps, trainer.images) == (1, 4)


def test_a_non_finite_loss_stops_before_the_step(config: TrainConfig) -> None:
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(config, pairs.info, ALONE)
    batch = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU))
    batch.images[0, 0, 0, 0] = torch.nan
    before = {name: tensor.clone() for name, tensor in trainer.discriminator.named_parameters()}
    with pytest.raises(NonFiniteLoss, match="'d_real' is nan at step 1.*last checkpoint"):
        trainer.step([batch])
    assert_equal(before, dict(trainer.discriminator.named_parameters()))
    assert trainer.images == 0


def test_bf16_computes_what_fp32_does_to_its_precision(config: TrainConfig) -> None:
    pairs = open_pairs(config.data, config.split)
    batch = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU))
    found = {}
    for precision in ("fp32", "bf16"):
        trainer = Trainer(dataclasses.replace(config, precision=precision, generator_rate=1e-12), pairs.info, ALONE)
        losses = trainer.step([batch])
        gradients = [p.grad.flatten() for p in (*trainer.generator.parameters(), *trainer.judge) if p.grad is not None]
        assert all(p.dtype == torch.float32 for p in trainer.generator.parameters())
        found[precision] = losses, torch.cat(gradients)
    (exact, one), (rounded, other) = found["fp32"], found["bf16"]
    assert rounded == pytest.approx(exact, rel=0.01, abs=1e-4)
    assert torch.cosine_similarity(one, other, dim=0) > 0.99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stages": ()}, "one resolution"),
        ({"stages": (Stage((30, 32), 4, 4),)}, "multiples of 8"),
        ({"accumulate": 3}, "multiple of accumulate"),
        ({"generator_rate": 0.0}, "rates must be positive"),
        ({"betas": (0.0, 1.0)}, r"betas must lie in \[0, 1\)"),
        ({"time_budget": 0.0}, "time_budget"),
    ],
)
def test_bad_configurations_are_refused(config: TrainConfig, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        dataclasses.replace(config, **change)
