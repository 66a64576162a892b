"""The trainer on tiny networks: real steps, real kills, real files."""

import copy
import dataclasses
import json
import os
import shutil
import signal
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from models.classes import ClassInfo
from models.files.model_card import ModelError
from models.files.model_directory import load_networks
from models.networks.conditioning import Condition, RegionCondition
from models.networks.efficientnet import EfficientNetLite
from models.networks.oasis import Generator, GeneratorConfig
from models.networks.projected import ConditionedDiscriminator
from models.noise import NoiseSpec, vector
from models.predictor import load_model
from models.testing import tiny_model
from tests.training.runs import options, start_training
from training.config import ConfigError, TrainConfig
from training.data.batches import batches
from training.data.info import DataError, DatasetInfo
from training.data.pairs import open_pairs
from training.export import ExportConfig, export
from training.loss.terms import class_weights, count_classes, root_weights, segmentation_loss
from training.output.files import DiskFullError
from training.recipes import RECIPES
from training.run.checkpoint import CheckpointError, config_from_dict, config_to_dict, load_checkpoint
from training.run.distributed import World
from training.run.networks import build_generator, segmenter_of
from training.run.noise_sampling import NoiseSampler
from training.run.schedule import Stage, Trained
from training.run.trainer import NonFiniteLoss, Trainer
from training.run.warm_start import begin_with
from training.run.zoom import zoom
from training.train import train

CPU = torch.device("cpu")
ALONE = World(CPU)


def assert_equal(one: object, other: object, where: str = "") -> None:
    """Bit-identical trees of tensors and values."""
    if isinstance(one, torch.Tensor):
        assert isinstance(other, torch.Tensor) and torch.equal(one, other), where
    elif isinstance(one, dict):
        assert isinstance(other, dict) and one.keys() == other.keys(), where
        for key in one:
            assert_equal(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list | tuple):
        assert isinstance(other, list | tuple) and len(one) == len(other), where
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_equal(a, b, f"{where}[{i}]")
    else:
        assert one == other, where


def picture_size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


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
    rates = {"discriminator_rate": 5e-4, "generator_rate": 1e-9}
    config = dataclasses.replace(config, **rates, consistency="none", precision="fp32")
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(config, pairs.info, ALONE)
    stream = batches(pairs, (32, 32), 4, 0, 0, 0, CPU)
    fixed = next(stream)
    losses = [trainer.step([fixed])["d_real"] for _ in range(60)]
    assert np.median(losses[-15:]) < 0.8 * np.median(losses[:5])


def test_resolution_grows_and_rates_fall_during_a_run(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 8, 4), Stage((64, 48), 8, 2, rate=0.5)))
    trainer = train(config)
    assert trainer.images == 16
    assert trainer.generator_optimizer.param_groups[0]["lr"] == config.generator_rate / 2
    assert picture_size(config.out / "samples" / "000000016.png") == (4 * (48 + 4) + 4, 4 * (64 + 4) + 4)


def test_a_rate_falls_to_zero_within_its_stage(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 8, 4), Stage((32, 32), 16, 4, rate=0.8, falls=True)))
    assert [config.schedule.rate_at(images) for images in (0, 7, 8, 16, 24, 99)] == pytest.approx(
        [1, 1, 0.8, 0.4, 0, 0]
    )
    trainer = train(config)
    assert trainer.generator_optimizer.param_groups[0]["lr"] == pytest.approx(config.generator_rate * 0.8 / 4)


@pytest.mark.parametrize(("encoder_rate", "trained"), [(0.0, "segmenter"), (0.5, "discriminator"), (0.5, "segmenter")])
def test_a_stage_trains_the_discriminator_alone(
    config: TrainConfig, encoder_rate: float, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder only as a segmenter's and if asked for; the generator, its average and their optimizer not at all."""
    torch.manual_seed(0)
    encoder = EfficientNetLite("lite0")
    monkeypatch.setattr("training.run.networks.efficientnet", lambda name, source: copy.deepcopy(encoder))
    alone = Stage((32, 32), 8, 4, trained=trained)
    config = dataclasses.replace(
        config, discriminator="projected", discriminator_widths=(8,), encoder_rate=encoder_rate, precision="fp32"
    )
    both = dataclasses.replace(config, stages=(Stage((32, 32), 8, 4),), out=config.out / "both")
    before, after = train(both), train(dataclasses.replace(config, stages=(*both.stages, alone)))
    assert (after.images, after.steps) == (16, 4)
    assert after.config.schedule.generator_images(16) == 8
    # The average is shipped as it was: with the batch-norm statistics of batches it was trained on.
    assert_equal(before.average.state_dict(), after.average.state_dict())
    moments = [run.state_dict()["generator_optimizer"]["state"] for run in (before, after)]
    assert_equal(*moments)
    for one, other in ((before.generator, after.generator), (before.average, after.average)):
        assert_equal(dict(one.named_parameters()), dict(other.named_parameters()))
    judge, original = after.discriminator.get_submodule("encoder"), encoder.state_dict()
    moved = [not torch.equal(value, original[key]) for key, value in judge.state_dict().items()]
    assert any(moved) == (trained == "segmenter" and encoder_rate > 0)
    assert not any(torch.equal(a, b) for a, b in zip(before.judge, after.judge, strict=True) if a.dim() > 1)
    assert not any(parameter.requires_grad for parameter in judge.parameters())
    encoder_before = before.discriminator.get_submodule("encoder").state_dict()
    assert_equal(encoder_before, original)


def test_a_segmenter_learns_from_photos_alone_by_the_roots_of_class_weights(config: TrainConfig) -> None:
    alone = Stage((32, 32), 8, 4, trained="segmenter")
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(dataclasses.replace(config, stages=(alone,), precision="fp32"), pairs.info, ALONE)
    batch = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU))
    state = trainer.random.get_state()
    losses = trainer.segmenter_losses(batch)
    assert losses.keys() == {"d_real"}
    trainer.random.set_state(state)
    zoomed = zoom(batch, ALONE, trainer.random)
    counts = count_classes(zoomed.labels, len(trainer.info.classes))
    weights = root_weights(class_weights(counts, trainer.info.ignore_id), counts)
    logits = trainer.discriminator(zoomed.images)[0]
    torch.testing.assert_close(losses["d_real"], segmentation_loss(logits, zoomed.labels, weights))


def test_brushed_noise_has_two_vectors_an_image_on_patches_of_any_size() -> None:
    generator = Generator(GeneratorConfig(3, (8, 8, 8)))
    labels = torch.randint(0, 3, (32, 16, 16), generator=torch.Generator().manual_seed(0))
    sampler = NoiseSampler("brushed", ALONE, torch.Generator().manual_seed(0))
    condition = generator.condition(labels, sampler.draw(generator.config, labels))
    assert isinstance(condition, RegionCondition)
    noise, classes = condition.features[condition.region_map].split([64, 3], -1)  # [B, H, W, 64]
    assert torch.equal(classes.argmax(-1), labels)
    patches = [picture.flatten(0, 1).unique(dim=0, return_counts=True)[1] for picture in noise]
    shares = [counts.min().item() / 256 if len(counts) == 2 else 0.0 for counts in patches]
    assert all(len(counts) in (1, 2) for counts in patches)
    assert sum(share > 0 for share in shares) > 20 and max(shares) > 0.3
    assert len(noise.flatten(0, 2).unique(dim=0)) > 50  # no image shares a vector with another


def test_twins_share_their_noise_planes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else does."""
    generator = Generator(GeneratorConfig(3, (8, 8, 8), noise_planes=True))
    seen: list[Condition] = []
    monkeypatch.setattr(generator, "paint", lambda condition, size: seen.append(condition))
    sampler = NoiseSampler("brushed", ALONE, torch.Generator().manual_seed(0))
    sampler.paint(generator, torch.zeros(5, 16, 16, dtype=torch.int64), twins=2)
    (condition,) = seen
    assert condition.planes is not None
    plane = condition.planes.at(0, (16, 16))
    assert torch.equal(plane[3:], plane[:2])
    assert len(plane[:3].flatten(1).unique(dim=0)) == 3


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


def test_configurations_survive_the_checkpoint(config: TrainConfig) -> None:
    for recipe in [config, *RECIPES.values()]:
        assert config_from_dict(config_to_dict(recipe)) == recipe


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


def test_unusable_checkpoints_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="does not exist"):
        load_checkpoint(tmp_path)
    (tmp_path / "latest.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(tmp_path)


def assert_similar(one: torch.Tensor, other: torch.Tensor) -> None:
    """Not equal: the singular values that were folded in are those that training had found so far."""
    assert torch.cosine_similarity(one.flatten(), other.flatten(), dim=0) > 0.99


@pytest.mark.parametrize("scales", [1, 2])
def test_a_run_begins_with_a_model(config: TrainConfig, scales: int, tmp_path: Path) -> None:
    config = dataclasses.replace(config, discriminator_widths=(8, 8), discriminator_scales=scales, precision="fp32")
    train(config)
    export(ExportConfig(config.out, tmp_path / "model", "Model"))
    _, generator, segmenter = load_networks(tmp_path / "model")
    assert segmenter is not None
    pairs = open_pairs(config.data, config.split)
    trainer = Trainer(config, pairs.info, ALONE)
    begin_with(trainer, tmp_path / "model")
    assert trainer.generator.training and not trainer.average.training
    batch, z = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU)), torch.randn(4, 64)
    with torch.no_grad():
        judge = segmenter_of(trainer.discriminator)
        assert judge is not None
        assert_similar(trainer.average(batch.labels, z), generator(batch.labels, z))
        assert_similar(judge(batch.images)[0], segmenter(batch.images)[0])
    train(dataclasses.replace(config, start=tmp_path / "model", out=tmp_path / "on", stages=(Stage((32, 32), 4, 4),)))


def test_a_run_begins_with_a_model_of_other_classes(config: TrainConfig, tmp_path: Path) -> None:
    """A class keeps its weights under its name; a new one begins as the mean of all."""
    train(config)
    export(ExportConfig(config.out, tmp_path / "model", "Model"))
    _, generator, segmenter = load_networks(tmp_path / "model")
    names = ("ignored", "bright", "new", "dark", "newer")  # bright was class 3, dark class 1
    pairs = open_pairs(config.data, config.split)
    classes = tuple(ClassInfo(i, name, "#000000") for i, name in enumerate(names))
    trainer = Trainer(config, DatasetInfo("other", classes, 0), ALONE)
    begin_with(trainer, tmp_path / "model")
    batch, z = next(batches(pairs, (32, 32), 4, 0, 0, 0, CPU)), torch.randn(4, 64)
    labels = torch.where(batch.labels == 2, 0, batch.labels)
    renamed = torch.tensor([0, 3, 0, 1])[labels]
    judge = segmenter_of(trainer.discriminator)
    assert judge is not None and segmenter is not None
    with torch.no_grad():
        assert_similar(trainer.average(renamed, z), generator(labels, z))
        ours, theirs = judge(batch.images)[0], segmenter(batch.images)[0]
        assert_similar(ours[:, [0, 1, 2, 4]], theirs[:, [0, 1, 4, 2]])
        assert_similar(ours[:, 3], theirs[:, 1:].mean(1))
        # Two channels of one product: some kernels add them up in two orders, so their bits may differ.
        torch.testing.assert_close(ours[:, 3], ours[:, 5], atol=1e-4, rtol=1e-4)
    assert not torch.equal(renamed, labels)


def test_a_model_of_another_kind_does_not_begin_a_run(config: TrainConfig, tmp_path: Path) -> None:
    tiny_model(tmp_path / "tiny", classes=4)
    with pytest.raises(ModelError, match="generator of 'tiny' is not of the kind"):
        train(dataclasses.replace(config, start=tmp_path / "tiny"))
    train(dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),)))
    export(ExportConfig(config.out, tmp_path / "model", "Model"))
    wider = dataclasses.replace(config, generator_channels=(16, 12, 8, 8), start=tmp_path / "model")
    with pytest.raises(ModelError, match="generator of 'model' is not of the kind and widths of this run"):
        train(dataclasses.replace(wider, out=tmp_path / "wider"))


def test_a_new_run_does_not_replace_another(config: TrainConfig) -> None:
    config = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),))
    train(config)
    before = (config.out / "latest.pt").read_bytes()
    with pytest.raises(CheckpointError, match="checkpoint of another run.*--resume.*another --out"):
        train(config)
    assert (config.out / "latest.pt").read_bytes() == before


def test_a_full_disk_keeps_the_last_good_checkpoint(config: TrainConfig) -> None:
    train(dataclasses.replace(config, stages=(Stage((32, 32), 20, 4),)))
    full = config.out / f".latest.pt.{os.getpid()}.partial"  # where the next one is written until it is whole
    full.symlink_to("/dev/full")
    with pytest.raises(
        CheckpointError, match=r"disk is full.*latest\.pt.*free some space.*before it is whole.*--resume"
    ):
        train(config, resume=True)
    assert not full.is_symlink()
    assert load_checkpoint(config.out)["trainer"]["images"] == 20
    assert train(config, resume=True).images == 40


def test_a_disk_that_fills_up_under_a_sample_grid_is_named(config: TrainConfig) -> None:
    full = config.out / "samples" / f".000000020.png.{os.getpid()}.partial"
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"disk is full.*000000020\.png"):
        train(config)
    assert load_checkpoint(config.out)["trainer"]["images"] == 20  # saved before


def test_options_after_resume_change_the_run(config: TrainConfig) -> None:
    train(dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),)))
    changed = {"betas": (0.1, 0.9), "generator_rate": 3e-5, "stages": (Stage((32, 32), 8, 4),)}
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


def test_export_makes_a_model_that_paints_like_the_average(config: TrainConfig, tmp_path: Path) -> None:
    data = Path(shutil.copytree(config.data, tmp_path / "data"))
    config = dataclasses.replace(config, data=data, generator_channels=(12, 12, 8, 8, 8))
    train(config)
    tiny_model(tmp_path / "my-model")
    before = (tmp_path / "my-model" / "model.json").read_bytes()
    with pytest.raises(ModelError, match="my-model exists.*--overwrite"):
        export(ExportConfig(config.out, tmp_path / "my-model", "My model"))
    moved = config.data.rename(tmp_path / "moved")
    with pytest.raises(DataError):  # noticed before anything is replaced
        export(ExportConfig(config.out, tmp_path / "my-model", "My model", overwrite=True))
    moved.rename(config.data)
    assert (tmp_path / "my-model" / "model.json").read_bytes() == before
    card = export(ExportConfig(config.out, tmp_path / "my-model", "My model", overwrite=True))
    assert (card.id, card.native_size, card.training["images"]) == ("my-model", (32, 32), 40)
    assert str(config.out) not in json.dumps(card.training)
    # Labels and three draws a pair.
    assert picture_size(tmp_path / "my-model" / "samples.jpg") == (4 * (32 + 4) + 4, 4 * (32 + 4) + 4)
    labels = np.asarray(Image.open(config.data / "train" / "labels" / "0.png"))[:32, :32]
    painted = load_model(tmp_path / "my-model").synthesize(labels, NoiseSpec(7)).astype(float)

    checkpoint = load_checkpoint(config.out)
    average = build_generator(config_from_dict(checkpoint["config"]), 4)
    average.load_state_dict(checkpoint["trainer"]["average"])
    with torch.no_grad():
        image = average.eval()(
            torch.from_numpy(labels.astype(np.int64))[None], torch.from_numpy(vector(7).copy())[None]
        )[0]
    expected = (image.permute(1, 2, 0).numpy() + 1) * 127.5
    assert np.abs(painted - expected).mean() < 1
