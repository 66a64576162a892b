"""What holds of every generator family: it trains, is exported, loads by its name and paints the same everywhere."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from models.classes import ClassInfo
from models.files.model_card import ModelError, read_card
from models.files.model_directory import load_networks
from models.networks.blocks import GeneratorConfig
from models.networks.families import FAMILIES, FamilyError, family_of, find_family
from models.networks.oasis import Generator
from models.noise import NoiseSpec, vector
from models.planes import Planes
from models.predictor import load_model, to_pixels
from models.testing import enliven, settle, tiny_scenes
from tests.models.samples import CLASSES, assert_all_gradients, random_labels
from training.config import ConfigError, TrainConfig
from training.data.info import DatasetInfo
from training.export import ExportConfig, export
from training.run.checkpoint import config_from_dict, config_to_dict, save_checkpoint
from training.run.distributed import World
from training.run.networks import build_generator
from training.run.schedule import Stage
from training.run.trainer import Trainer

SIZE = 32
INFO = DatasetInfo("blocks", tuple(ClassInfo(i, f"class {i}", f"#0000{i:02x}") for i in range(CLASSES)), None)


def config(family: str) -> TrainConfig:
    return TrainConfig(
        generator=family,
        stages=(Stage((SIZE, SIZE), 8, 2),),
        generator_channels=(8, 8, 8, 8, 6),
        noise_planes=True,
        discriminator_widths=(6, 6),
        device="cpu",
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_of_a_generator_of_a_training_run_gets_a_gradient(family: str) -> None:
    torch.manual_seed(0)
    generator = build_generator(config(family), CLASSES)
    assert family_of(generator) is FAMILIES[family] and generator.config.classes == CLASSES
    assert SIZE % generator.config.stride == 0
    z = torch.randn(2, generator.config.z_dim)
    generator(random_labels(0, 2, SIZE, SIZE, 8), z, torch.arange(2)).square().sum().backward()
    assert_all_gradients(generator)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_exported_generator_paints_the_same_by_every_way(family: str, tmp_path: Path) -> None:
    trainer = Trainer(config(family), INFO, World(torch.device("cpu")))
    torch.manual_seed(1)
    enliven(trainer.average)
    settle(trainer.average, CLASSES, SIZE)
    save_checkpoint(tmp_path / "run", trainer.state_dict(), trainer.config, INFO)
    tiny_scenes(tmp_path, SIZE)
    card = export(ExportConfig(tmp_path / "run", tmp_path / "model", "Blocks", scenes=tmp_path / "scenes"))
    assert card.generator.network == FAMILIES[family].kind

    _, generator, _ = load_networks(tmp_path / "model")
    assert family_of(generator) is FAMILIES[family]
    labels = random_labels(2, 1, SIZE, SIZE, 8)  # [1, H, W]
    z = torch.from_numpy(vector(3, generator.config.z_dim).copy())[None]
    with torch.no_grad():
        plain = to_pixels(generator(labels, z, torch.tensor([3]))[0]).astype(int)
        condition = generator.condition(labels, z, Planes.of_seeds(torch.tensor([3])), dense=True)
        dense = to_pixels(generator.paint(condition, (SIZE, SIZE))[0])
    assert np.ptp(plain) > 20
    painted = load_model(tmp_path / "model").synthesize(labels[0].numpy().astype(np.uint8), NoiseSpec(3))
    for picture in (painted, dense):
        assert np.abs(picture - plain).max() <= 1


class Unregistered(Generator):
    """A generator of no family."""


def test_unknown_families_are_refused_everywhere(tmp_path: Path) -> None:
    known = ", ".join(FAMILIES)
    with pytest.raises(FamilyError, match=f"no generator family 'none-such': choose one of {known}"):
        find_family("none-such")
    with pytest.raises(ConfigError, match=f"no generator family 'none-such': choose one of {known}"):
        config("none-such")
    stored = config_to_dict(config("oasis")) | {"generator": "none-such"}
    with pytest.raises(ConfigError, match=f"no generator family 'none-such': choose one of {known}"):
        config_from_dict(json.loads(json.dumps(stored)))
    with pytest.raises(FamilyError, match=known):
        family_of(Unregistered(GeneratorConfig(CLASSES, (8, 8))))


@pytest.mark.parametrize("kind", ["none-such-generator", "patch-discriminator"])
def test_model_directories_of_unknown_families_are_refused(kind: str, tiny_zoo: Path, tmp_path: Path) -> None:
    data = json.loads((tiny_zoo / "tiny" / "model.json").read_text())
    data["generator"] = {**data["generator"], "network": kind}
    if kind == "patch-discriminator":
        data["generator"]["config"] = {"classes": 5}
    (tmp_path / "model.json").write_text(json.dumps(data))
    kinds = [family.kind for family in FAMILIES.values()]
    for load in (read_card, load_networks, load_model):
        with pytest.raises(ModelError) as refused:
            load(tmp_path)
        assert re.search(re.escape(kind), str(refused.value)) and all(known in str(refused.value) for known in kinds)
