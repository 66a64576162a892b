"""The card of a model, `model.json`: what it is, what networks it has and how it was trained and measured."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from models.classes import ClassInfo, check_classes
from models.errors import UserError
from models.networks.families import FAMILIES
from models.networks.kinds import build_config
from models.networks.protocols import PainterConfig

MODEL_JSON = "model.json"
FORMAT = 1
VECTORS, VECTORS_AND_PLANES = 1, 2  # versions of what the noise of a model is made of


class ModelError(UserError):
    """A model directory that cannot be used."""


@dataclass(frozen=True)
class Segmenting:
    """How photos are segmented. flip: the mean of the photo and its mirror image; scales: the mean over the photo at
    these factors of its size, each rounded to the segmenter's stride."""

    flip: bool = False
    scales: Sequence[float] = (1.0,)

    def __post_init__(self) -> None:
        if not self.scales or min(self.scales) <= 0:
            raise ValueError(f"Segmenting needs one scale at least, and all above 0: {self}")


@dataclass(frozen=True)
class NetworkEntry:
    """One network of a model: its kind (`models.networks.kinds`), its configuration and its weight file."""

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
    """What model.json says. family: a label for people of the generator and discriminator that were trained together
    ("oasis", "spade-oasis"); it is not the generator's family (`models.networks.families`), which `generator.network`
    names, and nothing is chosen by it. native_size: (height, width) the model was trained at; classes by id, 0 .. N-1;
    segmenter: None if the model was trained with a discriminator that does not segment; partner: the discriminator as
    the generator last learned from it, to judge pictures and to train on with, if it is kept and is not the
    segmenter."""

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
            stride = self.generator.stride
        except ValueError as error:
            raise ModelError(f"The generator of the model {self.id!r} cannot be built: {error}") from error
        painters = [family.kind for family in FAMILIES.values()]
        if self.generator.network not in painters:
            raise ModelError(
                f"The network {self.generator.network!r} of the model {self.id!r} does not paint: its generator must "
                f"be one of {', '.join(painters)}."
            )
        if min(self.native_size) < stride or any(side % stride for side in self.native_size):
            raise ModelError(f"native_size {self.native_size} must be multiples of the stride {stride}.")

    @property
    def painter(self) -> PainterConfig:
        """The configuration of its generator, of which `__post_init__` has seen that it paints."""
        return cast(PainterConfig, build_config(self.generator.network, self.generator.config))

    @property
    def stride(self) -> int:
        """Sides of label maps are multiples of this."""
        return self.painter.stride

    @property
    def noise(self) -> int:
        """Version of what its noise is made of (docs/noise.md)."""
        return VECTORS_AND_PLANES if self.painter.noise_planes else VECTORS

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


def write_card(path: Path, card: ModelCard) -> None:
    """Write model.json into a model directory that is not in use yet. Raises OSError."""
    (path / MODEL_JSON).write_text(card.to_json())
