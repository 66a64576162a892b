"""Beginning a run with the networks of a model instead of random ones, of the same classes or of others."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from models.classes import ClassInfo
from models.files.model_card import ModelCard, ModelError
from models.files.model_directory import load_networks, load_partner
from training.run.networks import segmenter_of
from training.run.trainer import Trainer

POWER_ITERATIONS = 30  # from random vectors to the largest singular value
ORIGINAL = ".parametrizations.weight.original"
Classes = tuple[ClassInfo, ...]


def begin_with(trainer: Trainer, path: Path) -> str:
    """Put the networks of the model in `path` into a new trainer: generator, its average and discriminator. Returns
    what came of it, for people.

    Classes are carried over by name; one that the model does not know begins as the mean of all, so that a model of
    landscapes can begin one of facades. Noise planes that the model lacks begin as in a new generator. A model keeps no
    optimizer, and of several discriminators the one that segments at full scale: the others start from nothing, and
    so does that one if it is of another kind or width.
    Raises ModelError if kind or widths of the generators differ.
    """
    card, generator, segmenter = load_networks(path)
    known, wanted = card.classes, trainer.info.classes
    fill(trainer.generator, generator, known, wanted, f"the generator of {card.id!r}")
    fill(trainer.average, generator, known, wanted, f"the generator of {card.id!r}")
    judge = segmenter_of(trainer.discriminator)
    alone = all(stage.trained != "both" for stage in trainer.config.stages)
    partner = segmenter if alone or not finished(card) else load_partner(path)[1]
    shared = len({c.name for c in wanted} & {c.name for c in known})
    told = f"{shared} of {len(wanted)} classes are known by name there."
    if judge is None or segmenter is None:
        return told
    if partner is None:
        told += " Its discriminator was trained on alone in the end, and would find all fakes."
    else:
        try:
            fill(judge, partner, known, wanted, f"the discriminator of {card.id!r}")
            return told
        except ModelError:
            told += " Its discriminator is of another kind or width."
    told += " The run begins with a new one"
    return (
        f"{told}." if alone else f"{told}: let it learn alone first, by a stage with --stages.0.trained discriminator."
    )


def finished(card: ModelCard) -> bool:
    """Whether the segmenter is another than the discriminator that the generator learned from."""
    if card.partner is not None:
        return True
    images, last = card.training.get("images", 0), "both"
    for stage in card.training.get("config", {}).get("stages", []):
        if images > 0:
            last = stage.get("trained", "both")
        images -= stage["images"]
    return last != "both"


def fill(network: nn.Module, folded: nn.Module, known: Classes, wanted: Classes, name: str) -> None:
    """Weights of `folded`, whose spectral norm is folded in, into a network that has it: the same function as far as
    the singular values that were folded in were the largest, but for classes that differ.

    Raises ModelError if they are not of one kind and shape.
    """
    if type(network) is not type(folded):
        raise _mismatch(name)
    given, state = folded.state_dict(), network.state_dict()
    if known != wanted:
        for key, dimension in class_dimensions(folded).items():
            given[key] = carry_over(given[key], dimension, known, wanted)
    own = {key: key.replace(ORIGINAL, ".weight") for key in state if not key.endswith(("._u", "._v"))}
    own = {key: theirs for key, theirs in own.items() if theirs in given or not key.endswith("plane_strength")}
    shapes = {theirs: state[key].shape for key, theirs in own.items()}
    if shapes != {key: value.shape for key, value in given.items()}:
        raise _mismatch(name)
    network.load_state_dict({key: given[theirs] for key, theirs in own.items()}, strict=False)
    training = network.training
    network.train()  # only then are singular vectors sought
    with torch.no_grad():
        for module in network.modules():
            if parametrize.is_parametrized(module, "weight"):
                for _ in range(POWER_ITERATIONS):
                    module.weight  # noqa: B018 - each look takes a step
    network.train(training)


def class_dimensions(network: nn.Module) -> dict[str, int]:
    """Which weights have a place for every class, and along which dimension: those that grow by one with a class
    more. The places of the classes are the last ones, after noise or the channel of "fake"."""
    config: Any = network.config
    with torch.device("meta"):
        more = type(network)(replace(config, classes=config.classes + 1))
    found = {}
    state = network.state_dict()
    for key, weight in more.state_dict().items():
        key = key.replace(ORIGINAL, ".weight")
        if key in state and weight.shape != state[key].shape:
            (found[key],) = (i for i, size in enumerate(weight.shape) if size != state[key].shape[i])
    return found


def carry_over(weight: Tensor, dimension: int, known: Classes, wanted: Classes) -> Tensor:
    """The weight with places for the wanted classes in place of the known ones."""
    row = {c.name: i for i, c in enumerate(known)}
    shared, places = torch.split(weight, [weight.shape[dimension] - len(known), len(known)], dimension)
    mean = places.mean(dimension, keepdim=True)
    chosen = [places.narrow(dimension, row[c.name], 1) if c.name in row else mean for c in wanted]
    return torch.cat([shared, *chosen], dimension)


def _mismatch(name: str) -> ModelError:
    return ModelError(
        f"{name} is not of the kind and widths of this run: begin with a model that was trained with the same "
        "--generator, --generator-channels, --noise, --discriminator and --discriminator-widths."
    )
