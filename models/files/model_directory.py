"""A model on disk: `model.json` and safetensors, verified by hash before use."""

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from models.files.model_card import ModelCard, ModelError, NetworkEntry, read_card, write_card
from models.networks.kinds import build_network, describe_network
from models.networks.layers import fold_spectral_norm, place
from models.networks.protocols import PainterNetwork, SegmenterNetwork


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
    file = path / Path(entry.file).name
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The weight file {entry.file} cannot be read: {error.strerror}. Fetch the model again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise ModelError(
            f"The weight file {entry.file} is damaged: its SHA-256 is {found[:12]}…, "
            f"model.json expects {entry.sha256[:12]}…. Fetch the model again."
        )
    try:
        network = build_network(entry.network, entry.config)
        fold_spectral_norm(network)
        network.load_state_dict(load(content))
    except (ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"The weights in {entry.file} do not fit model.json: {str(error)[:300]}") from error
    return network.requires_grad_(False).eval()


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
