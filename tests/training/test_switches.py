"""Every switch of the papers' tables, trained for two steps, exported and painted with; and their commands parse."""

import dataclasses
import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import tyro

from models.networks.efficientnet import EfficientNetLite, EncoderName
from models.networks.families import FAMILIES
from models.noise import NoiseSpec
from models.predictor import load_model
from training.config import STYLED, ConfigError, TrainConfig
from training.data.info import DatasetInfo
from training.data.pairs import find_layout
from training.evaluation.config import EvaluateConfig
from training.export import ExportConfig, export
from training.import_checkpoint import ImportConfig
from training.loss.perceptual import VGG16_TAPS
from training.recipes import RECIPES
from training.refine_labels import RefineConfig
from training.run.checkpoint import save_checkpoint
from training.run.schedule import Stage
from training.synthesize import SynthesizeConfig
from training.train import train, training_config
from training.weights.trunks import VGG16_BLOCKS, vgg

ROOT = Path(__file__).parents[2]

PATCHES = {"label_encoding": "concat", "consistency": "none"}
WIDTHS = (12, 12, 12, 8, 8)  # of a generator of any family


def of_families() -> dict[str, dict[str, Any]]:
    """What a generator can be asked for, of each family."""
    switches: dict[str, dict[str, Any]] = {}
    for name, family in FAMILIES.items():
        chosen = {"generator": name, "generator_channels": WIDTHS}
        switches[f"family {name}"] = chosen
        switches[f"family {name}, no 3D noise"] = chosen | {"noise": "none"}
        switches[f"family {name}, noise planes"] = chosen | {"noise_planes": True}
        if family.takes_style:
            switches[f"family {name}, style"] = chosen | {"noise": "none", "style_encoder": True}
    return switches


SWITCHES: dict[str, dict[str, Any]] = {
    "OASIS": {},
    "noise by region": {"noise": "region"},
    "noise by pixel": {"noise": "pixel"},
    "noise mixed": {"noise": "mix"},
    "noise brushed": {"noise": "brushed"},
    "diversity": {"diversity_weight": 2.0},
    "diversity by class": {"diversity_weight": 2.0, "diversity_balanced": True},
    "color augmentation": {"augmentation": "color"},
    "fakes reused": {"reuse_fakes": True},
    "noise planes and diversity": {"noise_planes": True, "diversity_weight": 2.0, "noise": "brushed"},
    "borders replicated": {"generator_padding": "replicate", "noise_planes": True},
    "bilinear": {"generator_upsampling": "bilinear"},
    "lazy terms": {"lazy_interval": 2, "diversity_weight": 2.0},
    "generator's class weights by roots": {"generator_class_weights": "root"},
    "rare classes more often": {"sampling": "rare"},
    "projected": {"discriminator": "projected", "discriminator_widths": (8,)},
    "conditioned": {"discriminator": "conditioned", "discriminator_widths": (8,)},
    "conditioned, Lite2": {"discriminator": "conditioned", "discriminator_widths": (8,), "encoder_name": "lite2"},
    "N+1 loss": {"label_encoding": "n+1"},
    "projection": {"label_encoding": "projection", "consistency": "none"},
    "concatenation": PATCHES,
    "CutMix": {"consistency": "cutmix"},
    "no consistency": {"consistency": "none"},
    "feature matching": {"feature_matching_weight": 10.0},
    "perceptual": {"perceptual_weight": 10.0},
    "two scales": {"discriminator_scales": 2, "discriminator_widths": (8, 8)},
    "class weights clamped": {"class_weight_clamp": 2.0},
    "PatchGAN": PATCHES | {"discriminator": "patchgan", "discriminator_widths": (8,)},
    "MS-PatchGAN": PATCHES | {"discriminator": "patchgan", "discriminator_widths": (8,), "discriminator_scales": 2},
    "ResNet-PatchGAN": PATCHES | {"discriminator": "resnet-patchgan"},
    **of_families(),
    "SPADE": PATCHES
    | {
        "generator": "spade",
        "generator_channels": WIDTHS,
        "noise": "none",
        "discriminator": "patchgan",
        "discriminator_widths": (8,),
        "discriminator_scales": 2,
        "feature_matching_weight": 10.0,
        "perceptual_weight": 10.0,
        "ema_decay": 0.0,
    },
}
OTHERS = {
    "export": ExportConfig,
    "evaluate": EvaluateConfig,
    "synthesize": SynthesizeConfig,
    "import-checkpoint": ImportConfig,
}
EXTRA_LOSSES = {
    "diversity_weight": "g_diversity",
    "feature_matching_weight": "g_feature_matching",
    "perceptual_weight": "g_perceptual",
}
HEARD = [
    *("OASIS", "N+1 loss", "CutMix", "noise by region", "noise brushed", "two scales"),
    *(f"family {name}" for name in FAMILIES),
    *("diversity", "diversity by class", "color augmentation", "fakes reused"),
    *("family oasis, noise planes", "lazy terms", "generator's class weights by roots", "rare classes more often"),
    *("projected", "conditioned"),
]


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_trains_and_its_model_paints(
    config: TrainConfig, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.run.trainer.load_vgg", lambda name, source: vgg(VGG16_BLOCKS, VGG16_TAPS))
    monkeypatch.setattr("training.run.networks.efficientnet", random_encoder)
    switches = SWITCHES[name]
    config = dataclasses.replace(config, stages=(Stage((32, 32), 8, 4),), ema_batches=1, **switches)
    before = dataclasses.replace(config, stages=(Stage((32, 32), 4, 4),), out=tmp_path / "before")
    first = {key: value.clone() for key, value in train(before).state_dict()["discriminator"].items()}
    trainer = train(config)
    assert trainer.steps == 2
    changed = trainer.state_dict()["discriminator"]
    assert any(not torch.equal(first[key], changed[key]) for key in first)

    losses = logged(config)
    assert all(math.isfinite(value) for value in losses.values())
    assert ("d_consistency" in losses) == (config.consistency != "none")
    assert ("g_style" in losses) == config.style_encoder
    for switch, loss in EXTRA_LOSSES.items():
        assert (loss in losses) == (switch in switches)

    card = export(ExportConfig(config.out, tmp_path / "model", name))
    assert (card.segmenter is None) == (not config.segments)
    model = load_model(tmp_path / "model")
    labels = np.asarray([[1, 2], [3, 1]], np.uint8).repeat(16, 0).repeat(16, 1)
    pictures = [model.synthesize(labels, NoiseSpec(seed)) for seed in (0, 0, 1)]
    assert pictures[0].shape == (32, 32, 3) and np.array_equal(pictures[0], pictures[1])
    silent = config.noise == "none" and not config.style_encoder
    assert silent == np.array_equal(pictures[0], pictures[2])


def random_encoder(name: EncoderName, source: Path | None) -> EfficientNetLite:
    """In place of the one to be downloaded, which is tested where the network is."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return EfficientNetLite(name)


def logged(config: TrainConfig) -> dict[str, float]:
    """The last value of every loss in a run's log."""
    losses: dict[str, float] = {}
    for line in (config.out / "losses.jsonl").read_text().splitlines():
        losses |= {key: value for key, value in json.loads(line).items() if key[:2] in ("g_", "d_")}
    return losses


def test_balancing_and_masks_change_what_is_learned(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A switch that nothing hears of would leave the losses as they are."""
    monkeypatch.setattr("training.run.networks.efficientnet", random_encoder)
    seen = {}
    for name in HEARD:
        run = dataclasses.replace(config, stages=(Stage((32, 32), 8, 4),), out=config.out / name, **SWITCHES[name])
        train(run)
        losses = logged(run)
        seen[name] = tuple(losses[key] for key in ("g_adversarial", "d_real", "d_consistency"))
    assert len(set(seen.values())) == len(seen)


def commands_of(page: str) -> list[list[str]]:
    """The words of the commands that stand in a page of docs/, without the program's name."""
    blocks = re.findall(r"```\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)
    commands = [shlex.split(line) for block in blocks for line in block.strip().splitlines()]
    assert all(words[0] == "oasis-studio" for words in commands)
    return [words[1:] for words in commands]


def test_the_shipped_models_can_be_trained_again_and_further(tmp_path: Path) -> None:
    for name, *options in commands_of("zoo.md"):
        if name == "refine-labels":
            assert tyro.cli(RefineConfig, args=options).into == RECIPES["facades"].data
            continue
        assert name == "train"
        if "--resume" in options:
            shipped = training_config(["--recipe", "landscapes"])[0]
            save_checkpoint(tmp_path, {}, shipped, DatasetInfo("none", (), None))
            options[options.index("--resume") + 1] = str(tmp_path)
        config = training_config(options)[0]
        assert config.schedule.total_images > 10_000 and config.stages[-1].trained == "segmenter"
        assert config.start is None or (ROOT / config.start / "model.json").is_file()


def test_the_commands_for_a_gpu_are_configurations() -> None:
    page = (ROOT / "docs" / "training.md").read_text()
    lines = re.findall(r"^oasis-studio train (--recipe \S+-gpu .*)$", page, re.MULTILINE)
    configs = [training_config(shlex.split(line))[0] for line in lines]
    assert len(configs) == 3 and all(config.publish and config.resident for config in configs)
    assert [bool(config.stage_shares) for config in configs] == [True, True, False]


def test_the_commands_of_the_papers_tables_are_configurations() -> None:
    configs: dict[str, list[Any]] = {}
    for name, *options in commands_of("papers.md"):
        if name == "train":
            configs.setdefault(name, []).append(training_config(options)[0])
        else:
            configs.setdefault(name, []).append(tyro.cli(OTHERS[name], args=options))
    assert configs.keys() == {"train", *OTHERS}
    trainings = {json.dumps(dataclasses.asdict(config), default=str, sort_keys=True) for config in configs["train"]}
    assert len(trainings) > 30  # a few are named twice, as one network stands in several tables
    for config in configs["train"]:
        find_layout(config.layout)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"discriminator": "patchgan", "discriminator_widths": (8,)}, "add --label-encoding concat"),
        ({"discriminator": "resnet-patchgan"}, "add --label-encoding concat"),
        ({"discriminator": "projected", "discriminator_widths": (8,)} | PATCHES, "'projected' segments"),
        ({"label_encoding": "projection"}, "add --consistency none"),
        ({"label_encoding": "n+1", "class_weight_clamp": 2.0}, "balanced-n"),
        ({"style_encoder": True}, f"add --generator {' or '.join(STYLED)} --noise none"),
        ({"discriminator": "patchgan"} | PATCHES, "is one number"),
        ({"discriminator_scales": 3}, "multiples of 32"),
        ({"consistency_weight": 0.0}, "--consistency none"),
        ({"feature_matching_weight": -1.0}, "must not be negative"),
        ({"diversity_balanced": True}, "add --diversity-weight"),
        ({"diversity_weight": 1.0, "noise": "none"}, "two draws of a label map are the same"),
        ({"encoder_rate": 0.5}, "for --discriminator projected and conditioned"),
        ({"encoder_name": "lite2"}, "for --discriminator projected and conditioned"),
        ({"discriminator": "conditioned", "discriminator_widths": (8,)} | PATCHES, "'conditioned' segments"),
        ({"noise_planes": True, "noise": "none"}, "beside 3D noise"),
        ({"generator_class_weights": "root", "label_encoding": "n+1"}, "balanced-n"),
        ({"lazy_interval": 0}, "1 or more"),
        (PATCHES | {"stages": (Stage((32, 32), 8, 4, trained="segmenter"),)}, "the discriminator does not segment"),
    ],
)
def test_switches_that_do_not_go_together_are_refused(
    config: TrainConfig, change: dict[str, Any], message: str
) -> None:
    sized = dataclasses.replace(config, stages=(Stage((16, 16), 8, 4),)) if "discriminator_scales" in change else config
    with pytest.raises(ConfigError, match=message):
        dataclasses.replace(sized, **change)
