"""The discriminator a generator learned from: laid aside when it is finished, taken up again, exported, begun with."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from models.files.model_card import read_card
from models.files.model_directory import load_networks, load_partner
from models.networks.blocks import STRENGTH
from tests.training.runs import ALONE, assert_equal, assert_similar
from training.config import TrainConfig
from training.data.batches import batches
from training.data.pairs import open_pairs
from training.export import ExportConfig, export
from training.run.checkpoint import load_checkpoint
from training.run.schedule import Stage
from training.run.trainer import Trainer
from training.run.warm_start import begin_with
from training.train import train

BOTH = Stage((32, 32), 8, 4)
FINISHING = Stage((32, 32), 8, 4, trained="discriminator")


@pytest.fixture(params=["discriminator", "segmenter"])
def finished(request: pytest.FixtureRequest, config: TrainConfig) -> TrainConfig:
    """A run that trained both and then the discriminator alone, in one way or the other."""
    finishing = dataclasses.replace(FINISHING, trained=request.param)
    config = dataclasses.replace(config, stages=(BOTH, finishing), precision="fp32")
    train(config)
    return config


def reached(config: TrainConfig) -> dict[str, Any]:
    state: dict[str, Any] = load_checkpoint(config.out)["trainer"]
    return state


def test_a_finished_discriminator_leaves_its_partner_aside(finished: TrainConfig) -> None:
    before = dataclasses.replace(finished, stages=(BOTH,), out=finished.out.with_name("both"))
    partner = train(before).state_dict()
    state = reached(finished)
    assert partner["partner"] is None
    kept = {"discriminator": partner["discriminator"], "optimizer": partner["discriminator_optimizer"]}
    assert_equal(state["partner"], kept)
    moved = [not torch.equal(state["discriminator"][key], value) for key, value in partner["discriminator"].items()]
    assert any(moved)


def test_a_run_made_longer_goes_on_with_the_partner(finished: TrainConfig) -> None:
    """As if the discriminator had never been finished: bit for bit, but for the random stream."""
    longer = dataclasses.replace(finished, stages=(dataclasses.replace(BOTH, images=32), FINISHING))
    partner = reached(finished)["partner"]
    trainer = Trainer(longer, open_pairs(longer.data, longer.split).info, ALONE)
    trainer.load_state_dict(reached(finished))
    trainer.keep_partner()
    assert trainer.partner is None
    assert_equal(trainer.discriminator.state_dict(), partner["discriminator"])
    assert_equal(trainer.discriminator_optimizer.state_dict(), partner["optimizer"])


def test_a_discriminator_that_learns_first_is_the_partner(config: TrainConfig) -> None:
    trainer = train(dataclasses.replace(config, stages=(FINISHING, BOTH)))
    assert trainer.partner is None and trainer.images == 16


def test_the_partner_is_exported_on_request_and_begun_with(finished: TrainConfig, tmp_path: Path) -> None:
    export(ExportConfig(finished.out, tmp_path / "without", "Model"))
    assert read_card(tmp_path / "without").partner is None
    card = export(ExportConfig(finished.out, tmp_path / "model", "Model", partner=True))
    assert card.partner is not None and card.hash == read_card(tmp_path / "without").hash
    _, partner = load_partner(tmp_path / "model")
    _, _, segmenter = load_networks(tmp_path / "model")
    assert partner is not None and segmenter is not None

    pairs = open_pairs(finished.data, finished.split)
    photos = next(batches(pairs, (32, 32), 4, 0, 0, 0, ALONE.device)).images

    def begun(stages: tuple[Stage, ...], model: str) -> tuple[torch.Tensor, str]:
        trainer = Trainer(dataclasses.replace(finished, stages=stages), pairs.info, ALONE)
        told = begin_with(trainer, tmp_path / model)
        with torch.no_grad():
            return trainer.discriminator(photos)[0], told

    with torch.no_grad():
        expected = {"partner": partner(photos)[0], "segmenter": segmenter(photos)[0]}
    assert (expected["partner"] - expected["segmenter"]).abs().max() > 1e-3
    assert_similar(begun((BOTH,), "model")[0], expected["partner"])
    assert_similar(begun((FINISHING,), "model")[0], expected["segmenter"])
    anew, told = begun((BOTH,), "without")
    assert torch.cosine_similarity(anew.flatten(), expected["segmenter"].flatten(), dim=0) < 0.99
    assert "begins with a new one: let it learn alone first" in told and "4 of 4 classes" in told


def test_a_model_without_planes_or_with_another_discriminator_begins_a_run(
    finished: TrainConfig, tmp_path: Path
) -> None:
    export(ExportConfig(finished.out, tmp_path / "model", "Model", partner=True))
    pairs = open_pairs(finished.data, finished.split)
    config = dataclasses.replace(finished, noise_planes=True, discriminator_widths=(8, 12, 12))
    trainer = Trainer(config, pairs.info, ALONE)
    told = begin_with(trainer, tmp_path / "model")
    assert "another kind or width. The run begins with a new one" in told
    _, generator, _ = load_networks(tmp_path / "model")
    strengths = {key: value for key, value in trainer.average.state_dict().items() if key.endswith("plane_strength")}
    assert strengths and all(value.abs().eq(STRENGTH).all() for value in strengths.values())
    batch, z = next(batches(pairs, (32, 32), 4, 0, 0, 0, ALONE.device)), torch.randn(4, 64)
    with torch.no_grad():
        for value in strengths.values():
            value.zero_()  # state_dict shares memory
        assert_similar(trainer.average(batch.labels, z, torch.arange(4)), generator(batch.labels, z))


def test_a_segmenter_may_come_from_a_run_of_its_own(finished: TrainConfig, tmp_path: Path) -> None:
    other = dataclasses.replace(finished, stages=(FINISHING,), out=tmp_path / "segmenter", seed=5)
    trained = train(other).discriminator.eval()
    export(ExportConfig(finished.out, tmp_path / "model", "Model", segmenter=other.out, partner=True))
    _, _, segmenter = load_networks(tmp_path / "model")
    _, partner = load_partner(tmp_path / "model")
    photos = torch.randn(1, 3, 32, 32)
    assert segmenter is not None and partner is not None
    with torch.no_grad():
        assert_similar(segmenter(photos)[0], trained(photos)[0])
        assert torch.cosine_similarity(partner(photos)[0].flatten(), segmenter(photos)[0].flatten(), dim=0) < 0.999


def test_a_run_begun_with_a_model_rises_and_averages_long(finished: TrainConfig) -> None:
    started = dataclasses.replace(finished, start=Path("model"), stages=(Stage((32, 32), 1000, 4, rate=0.5),))
    assert [started.schedule.rate_at(images) for images in (0, 196, 396, 800)] == pytest.approx([0.005, 0.25, 0.5, 0.5])
    info = open_pairs(finished.data, finished.split).info
    decays = [Trainer(config, info, ALONE).ema_decay for config in (started, finished)]
    assert decays == [finished.ema_decay, pytest.approx(0.1)]
