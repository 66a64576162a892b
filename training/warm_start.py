"""Beginning a run with the networks of a model instead of random ones."""

from pathlib import Path

import torch
from torch import nn
from torch.nn.utils import parametrize

from models.model_directory import ModelError, load_networks
from training.data.info import check_same_classes
from training.networks import segmenter_of
from training.trainer import Trainer

POWER_ITERATIONS = 30  # from random vectors to the largest singular value
ORIGINAL = ".parametrizations.weight.original"


def begin_with(trainer: Trainer, path: Path) -> None:
    """Put the networks of the model in `path` into a new trainer: generator, its average and discriminator.

    A model keeps no optimizer and no discriminator but the one that segments at full scale: those begin anew.
    Raises ModelError if kinds or widths differ, DataError if the classes do.
    """
    card, generator, segmenter = load_networks(path)
    check_same_classes(trainer.info, card.classes, f"the model {card.id!r}")
    fill(trainer.generator, generator, f"the generator of {card.id!r}")
    fill(trainer.average, generator, f"the generator of {card.id!r}")
    judge = segmenter_of(trainer.discriminator)
    if judge is not None and segmenter is not None:
        fill(judge, segmenter, f"the segmenter of {card.id!r}")


def fill(network: nn.Module, folded: nn.Module, name: str) -> None:
    """Weights of `folded`, whose spectral norm is folded in, into a network that has it: the same function as far as
    the singular values that were folded in were the largest.

    Raises ModelError if they are not of one kind and shape.
    """
    given, state = folded.state_dict(), network.state_dict()
    own = {key: key.replace(ORIGINAL, ".weight") for key in state if not key.endswith(("._u", "._v"))}
    shapes = {theirs: state[key].shape for key, theirs in own.items()}
    if type(network) is not type(folded) or shapes != {key: value.shape for key, value in given.items()}:
        raise ModelError(
            f"{name} is not of the kind and widths of this run: begin with a model that was trained with the same "
            "--generator, --generator-channels, --noise, --discriminator and --discriminator-widths."
        )
    network.load_state_dict({key: given[theirs] for key, theirs in own.items()}, strict=False)
    training = network.training
    network.train()  # only then are singular vectors sought
    with torch.no_grad():
        for module in network.modules():
            if parametrize.is_parametrized(module, "weight"):
                for _ in range(POWER_ITERATIONS):
                    module.weight  # noqa: B018 - each look takes a step
    network.train(training)
