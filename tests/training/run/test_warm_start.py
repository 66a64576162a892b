"""Runs that begin with the networks of a model."""

import dataclasses
from pathlib import Path

import pytest
import torch

from models.classes import ClassInfo
from models.files.model_card import ModelError
from models.files.model_directory import load_networks
from models.testing import tiny_model
from tests.training.runs import ALONE, CPU, assert_similar
from training.config import TrainConfig
from training.data.batches import batches
from training.data.info import DatasetInfo
from training.data.pairs import open_pairs
from training.export import ExportConfig, export
from training.run.networks import segmenter_of
from training.run.schedule import Stage
from training.run.trainer import Trainer
from training.run.warm_start import begin_with
from training.train import train


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
