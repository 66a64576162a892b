"""A model on disk: `model.json` and safetensors, verified by hash before use."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from models.classes import ClassInfo, check_classes
from models.errors import UserError
from models.layers import fold_spectral_norm, place
from models.oasis import Generator
from models.predictor import Model, Segmenting
from models.registry import build_config, build_network, describe_network

MODEL_JSON = "model.json"
FORMAT = 1
VECTORS, VECTORS_AND_PLANES = 1, 2  # versions of what the noise of a model is made of


class ModelError(UserError):
    """Why a model directory cannot be used; the message is fit for users."""


@dataclass(frozen=True)
class NetworkEntry:
    """One network of a model: its kind in the registry, its configuration and its weight file."""

    network: str
    config: dict[str, Any]
    file: str
    sha256: str = ""

    @property
    def stride(self) -> int:
        """Sides of what it works on are multiples of this. Raises ValueError for a configuration that does not fit."""
        return build_config(self.network, self.config).stride


@dataclass(frozen=True)
class ModelCard:
    """What model.json says. native_size: (height, width) the model was trained at; classes by id, 0 .. N-1; segmenter:
    None if the model was trained with a discriminator that does not segment; partner: the discriminator as the
    generator last learned from it, to judge pictures and to train on with, if it is kept and is not the segmenter."""

    id: str
    name: str
    family: str
    version: str
    native_size: tuple[int, int]
    classes: tuple[ClassInfo, ...]
    ignore_id: int | None
    generator: NetworkEntry
    segmenter: NetworkEntry | None
    partner: NetworkEntry | None = None
    segmenting: Segmenting = field(default_factory=Segmenting)
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", self.id):
            raise ModelError(f"The model id {self.id!r} must be of lower-case letters, digits and '-'.")
        try:
            check_classes(self.classes, self.ignore_id)
        except ValueError as error:
            raise ModelError(f"The model {self.id!r}: {error}.") from error
        try:
            _ = self.generator.stride
        except ValueError as error:
            raise ModelError(f"The generator of the model {self.id!r} cannot be built: {error}") from error
        if min(self.native_size) < self.stride or any(side % self.stride for side in self.native_size):
            raise ModelError(f"native_size {self.native_size} must be multiples of the stride {self.stride}.")

    @property
    def stride(self) -> int:
        """Sides of label maps are multiples of this."""
        return self.generator.stride

    @property
    def noise(self) -> int:
        """Version of what its noise is made of (docs/noise.md)."""
        return VECTORS_AND_PLANES if self.generator.config.get("noise_planes") else VECTORS

    @property
    def hash(self) -> str:
        """Names what the model paints and how it segments, whatever it is called: the SHA-256, in hex, of generator and
        segmenter, each with kind, configuration and the SHA-256 of its weights, as JSON with sorted keys, in the order
        of those hashes."""
        networks = [entry for entry in (self.generator, self.segmenter) if entry]
        parts = [[entry.sha256, entry.network, entry.config] for entry in sorted(networks, key=lambda e: e.sha256)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """The text of model.json."""
        return json.dumps(self.to_public(), indent=1) + "\n"

    def to_public(self) -> dict[str, Any]:
        """Plain values for model.json and the API."""
        return {"format": FORMAT, **asdict(self), "stride": self.stride, "noise": self.noise}


def read_card(path: Path) -> ModelCard:
    """The card of a model directory; does not look at the weights. Raises ModelError."""
    try:
        data = json.loads((path / MODEL_JSON).read_text())
    except (OSError, ValueError) as error:
        raise ModelError(f"{path.name}/{MODEL_JSON} cannot be read: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ModelError(f"{path.name}/{MODEL_JSON} is not of format {FORMAT}: export the model again.")
    try:
        card = ModelCard(
            id=data["id"],
            name=data["name"],
            family=data["family"],
            version=data["version"],
            native_size=(int(data["native_size"][0]), int(data["native_size"][1])),
            classes=tuple(ClassInfo(c["id"], c["name"], c["color"]) for c in data["classes"]),
            ignore_id=data["ignore_id"],
            generator=NetworkEntry(**data["generator"]),
            segmenter=_entry(data["segmenter"]),
            partner=_entry(data.get("partner")),
            segmenting=Segmenting(**data.get("segmenting", {})),
            training=data["training"],
            metrics=data["metrics"],
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ModelError(f"{path.name}/{MODEL_JSON} is incomplete or has a wrong value: {error!r}") from error
    found = data.get("noise", VECTORS)  # models from before there were planes do not say
    if found != card.noise:
        raise ModelError(
            f"{path.name}/{MODEL_JSON} asks for noise of version {found}, but its generator takes version {card.noise} "
            "here: a newer version of this program may know it."
        )
    return card


def _entry(data: dict[str, Any] | None) -> NetworkEntry | None:
    return None if data is None else NetworkEntry(**data)


def load_model(path: Path, device: str | torch.device = "cpu") -> Model:
    """Read, verify and build the model in `path`, ready for inference. Raises ModelError."""
    card, generator, segmenter = load_networks(path, device)
    partner = load_partner(path)[1]
    return Model(card, generator, segmenter, None if partner is None else place(partner, device))


def load_networks(path: Path, device: str | torch.device = "cpu") -> tuple[ModelCard, Generator, nn.Module | None]:
    """The card, generator and perhaps segmenter of the model in `path`, in evaluation mode. Raises ModelError."""
    card = read_card(path)
    if card.id != path.name:
        raise ModelError(f"The directory {path.name!r} holds a model with the id {card.id!r}: rename one of them.")
    generator = _load_network(path, card.generator)
    if not isinstance(generator, Generator):
        raise ModelError(f"The network {card.generator.network!r} of the model {card.id!r} does not paint.")
    segmenter = None if card.segmenter is None else place(_load_network(path, card.segmenter), device)
    return card, place(generator, device), segmenter


def load_partner(path: Path) -> tuple[ModelCard, nn.Module | None]:
    """The card of the model in `path`, and the discriminator that its generator last learned from, if it is there.
    Raises ModelError."""
    card = read_card(path)
    return card, None if card.partner is None else _load_network(path, card.partner)


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
    """Write weights as fp16 with spectral norm folded in, and model.json with their hashes; returns the card written.

    The networks are left as they are; kinds and configurations in `card` are taken from them.
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


def write_card(path: Path, card: ModelCard) -> None:
    """Write model.json into a model directory that is not in use yet. Raises OSError."""
    (path / MODEL_JSON).write_text(card.to_json())


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
