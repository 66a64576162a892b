"""A small model with random weights for tests of every room: real networks, real files, pictures that react."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from models.classes import ClassInfo
from models.files.model_card import ModelCard, NetworkEntry
from models.files.model_directory import write_model
from models.networks.blocks import GeneratorConfig
from models.networks.kinds import describe_network
from models.networks.oasis import Generator
from models.networks.protocols import PainterNetwork
from models.networks.unet import Discriminator, DiscriminatorConfig

CLASSES = (
    ("unlabeled", "#000000"),
    ("sky", "#70b5f0"),
    ("tree", "#1e6e32"),
    ("water", "#3cbebe"),
    ("earth", "#8c643c"),
    ("mountain", "#86749e"),
    ("cloud", "#dee8f0"),
    ("grass", "#50be46"),
    ("sand", "#ecd6a0"),
    ("road", "#787878"),
    ("building", "#c86e64"),
    ("person", "#e6285a"),
)
CHANNELS = (8, 8, 8, 8, 8, 8, 8)  # the published depth, so that stride and code paths are the real ones


def tiny_model(path: Path, *, classes: int = 5, size: int = 64, seed: int = 0, segments: bool = True) -> ModelCard:
    """Write a model directory with `classes` classes and pictures of `size`; the folder names its id.
    segments: whether it has a segmenter."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = Generator(GeneratorConfig(classes, CHANNELS, hidden=8, noise_planes=True))
        segmenter = Discriminator(DiscriminatorConfig(classes, (8, 8, 8, 8, 8, 8)))
        for network in (generator, segmenter):
            enliven(network)
        settle(generator, classes, size)
        segmenter.eval()
    more = ((f"class {i}", f"#{i:06x}") for i in range(len(CLASSES), classes))
    infos = tuple(ClassInfo(i, name, color) for i, (name, color) in enumerate((*CLASSES[:classes], *more)))
    card = ModelCard(
        id=path.name,
        name="Tiny test model",
        family="oasis",
        version="1",
        native_size=(size, size),
        classes=infos,
        ignore_id=0,
        generator=NetworkEntry(*describe_network(generator), ""),
        segmenter=NetworkEntry(*describe_network(segmenter), ""),
        training={"data": "none: random weights for tests"},
    )
    return write_model(path, card, generator, segmenter if segments else None)


def tiny_scenes(path: Path, size: int = 64) -> None:
    """Give the model in `path`, of five classes at least, two starter scenes: "shore" and "grove"."""
    sky, tree, water = (np.full((size // 2, size), value, np.uint8) for value in (1, 2, 3))
    shore, grove = np.vstack([sky, water]), np.vstack([sky, tree])
    shore[size // 3 : size // 2, : size // 2] = 2
    grove[-size // 4 :, size // 2 :] = 4
    (path / "scenes").mkdir()
    scenes = []
    for seed, (name, labels) in enumerate({"Shore": shore, "Grove": grove}.items(), start=13):
        Image.fromarray(labels).save(path / "scenes" / f"{name.lower()}.png")
        scenes.append({"id": name.lower(), "name": name, "seed": seed})
    (path / "scenes" / "scenes.json").write_text(json.dumps(scenes))


def enliven(network: nn.Module) -> None:
    """Larger weights than at the start of training, so that an answer visibly depends on what was asked.

    Spectrally normalized ones are left alone: they already have norm one.
    """
    for name, parameter in network.named_parameters():
        if "parametrizations" in name:
            continue
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=(1 / parameter[0].numel()) ** 0.5)
        elif "mlp" not in name:
            nn.init.normal_(parameter, std=0.1)


def settle(generator: PainterNetwork, classes: int, size: int) -> None:
    """Batch-norm statistics from one batch of coarse random labels, as a trained network would have them."""
    labels = torch.randint(classes, (4, size // 8, size // 8)).repeat_interleave(8, 1).repeat_interleave(8, 2)
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        generator.train()(labels, torch.randn(4, generator.config.z_dim), torch.arange(4))
    generator.eval()


def two_sizes(zoo: Path) -> None:
    """Two models with scenes: "first" paints 64x64, "second" 128x128."""
    for name, size in (("first", 64), ("second", 128)):
        tiny_model(zoo / name, size=size)
        tiny_scenes(zoo / name, size)
