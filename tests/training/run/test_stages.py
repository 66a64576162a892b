"""Stages of a run: sizes, rates and what is trained."""

import copy
import dataclasses

import pytest
import torch

from models.networks.efficientnet import EfficientNetLite
from tests.training.runs import ALONE, CPU, assert_equal, picture_size
from training.config import TrainConfig
from training.data.batches import batches
from training.data.pairs import open_pairs
from training.loss.terms import class_weights, count_classes, root_weights, segmentation_loss
from training.run.schedule import Stage, Trained
from training.run.trainer import Trainer
from training.run.zoom import zoom
from training.train import train


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
