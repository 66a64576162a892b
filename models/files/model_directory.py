"""A model on disk: `model.json` and safetensors, verified by hash before use."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import get_ident

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn
from torch.nn.modules.module import register_module_parameter_registration_hook

from models.errors import SHOWN, printable
from models.files.inside import read_file, reason_of
from models.files.model_card import ModelCard, ModelError, NetworkEntry, read_card, write_card
from models.networks.kinds import build_network, describe_network
from models.networks.layers import fold_spectral_norm, place
from models.networks.protocols import PainterNetwork, SegmenterNetwork

WEIGHTS_BYTES = 2**31


def load_networks(
    path: Path, device: str | torch.device = "cpu"
) -> tuple[ModelCard, PainterNetwork, SegmenterNetwork | None]:
    """The card, generator and perhaps segmenter of the model in `path`, in evaluation mode. Raises ModelError."""
    card = read_card(path)
    if card.id != path.name:
        raise ModelError(f"The directory {path.name!r} holds a model with the id {card.id!r}: rename one of them.")
    generator = _load_network(path, card.generator)
    assert isinstance(generator, PainterNetwork)  # or the card would have been refused
    segmenter = None if card.segmenter is None else place(_load_segmenter(path, card.segmenter), device)
    return card, place(generator, device), segmenter


def load_partner(path: Path) -> tuple[ModelCard, SegmenterNetwork | None]:
    """The card of the model in `path`, and the discriminator that its generator last learned from, if it is there.
    Raises ModelError."""
    card = read_card(path)
    return card, None if card.partner is None else _load_segmenter(path, card.partner)


def _load_segmenter(path: Path, entry: NetworkEntry) -> SegmenterNetwork:
    network = _load_network(path, entry)
    if not isinstance(network, SegmenterNetwork):
        raise ModelError(f"The network {entry.network!r} of the model {path.name!r} does not segment.")
    return network


def _load_network(path: Path, entry: NetworkEntry) -> nn.Module:
    try:
        content = read_file(path / entry.file, path, WEIGHTS_BYTES)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The weight file {entry.file} cannot be read: {reason_of(error)}. Fetch the model again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise ModelError(
            f"The weight file {entry.file} is damaged: its SHA-256 is {found[:12]}…, "
            f"model.json expects {entry.sha256[:12]}…. Fetch the model again."
        )
    try:
        weights = load(content)
        with _at_most(sum(tensor.numel() for tensor in weights.values())):
            network = build_network(entry.network, entry.config)
        fold_spectral_norm(network)
        network.load_state_dict(weights)
    except (ValueError, TypeError, RuntimeError, SafetensorError) as error:
        reason = printable(str(error), SHOWN)
        raise ModelError(f"The weights in {entry.file} do not fit model.json: {reason}") from error
    return network.requires_grad_(False).eval()


@contextmanager
def _at_most(numbers: int) -> Iterator[None]:
    """Inside, a network that needs many more numbers than its weight file has is given up before it takes the memory.

    Raises ValueError, inside. A configuration can ask for any size, but its weights have to be brought along.
    """
    room = 3 * numbers + 1000  # a weight with spectral norm is registered twice
    own = get_ident()

    def count(module: nn.Module, name: str, parameter: nn.Parameter | None) -> None:
        nonlocal room
        if get_ident() != own:  # the hook sees the networks that other threads build, too
            return
        room -= 0 if parameter is None else parameter.numel()
        if room < 0:
            raise ValueError("the network is larger than the weights")

    hook = register_module_parameter_registration_hook(count)
    try:
        yield
    finally:
        hook.remove()


def write_model(
    path: Path, card: ModelCard, generator: nn.Module, segmenter: nn.Module | None, partner: nn.Module | None = None
) -> ModelCard:
    """Write a model directory: weights as fp16 with spectral norm folded in, and model.json with their hashes.

    Args:
        path: the directory, made if it is not there.
        card: what model.json says, but for the networks' kinds, configurations and files.
        generator, segmenter, partner: the networks, which are left as they are.

    Returns:
        The card as it was written.
    """
    path.mkdir(parents=True, exist_ok=True)
    written = replace(
        card,
        generator=_write_network(path / "generator.safetensors", generator),
        segmenter=None if segmenter is None else _write_network(path / "segmenter.safetensors", segmenter),
        partner=None if partner is None else _write_network(path / "partner.safetensors", partner),
    )
    write_card(path, written)
    return written


def _write_network(file: Path, network: nn.Module) -> NetworkEntry:
    kind, config = describe_network(network)
    folded = build_network(kind, config)  # not a deep copy: it would share the class that folding edits
    folded.load_state_dict(network.state_dict())
    fold_spectral_norm(folded)
    content = save({name: _compact(tensor) for name, tensor in folded.state_dict().items()})
    file.write_bytes(content)
    return NetworkEntry(kind, config, file.name, hashlib.sha256(content).hexdigest())


def _compact(tensor: torch.Tensor) -> torch.Tensor:
    """Weights as fp16; biases and batch-norm statistics, small and wide-ranged, as they are."""
    return (tensor.half() if tensor.dim() > 1 else tensor).detach().contiguous()
