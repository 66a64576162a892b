"""The card of a model, `model.json`: what it is, what networks it has and how it was trained and measured."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError, with_config
from pydantic_core import from_json

from models.classes import ClassInfo, check_classes, check_name
from models.errors import SHOWN, UserError, printable, shorten
from models.files.inside import read_file, reason_of
from models.networks.families import FAMILIES
from models.networks.kinds import build_config
from models.networks.protocols import PainterConfig

MODEL_JSON = "model.json"
FORMAT = 1
VECTORS, VECTORS_AND_PLANES = 1, 2  # versions of what the noise of a model is made of
CARD_BYTES = 2**20
NATIVE_SIDE = 1024
"""Pixels along either side of a model's pictures at most: a server paints one of them when it starts."""
MAX_SCALE = 2.0
"""Of the factors at which photos are segmented."""
MAX_NESTING, MAX_NUMBER, MAX_NUMBERS = 32, 2**53, 32
"""How deep values lie within each other, the largest number, which every reader of JSON knows exactly, and how many
numbers a value in a configuration lists."""


class ModelError(UserError):
    """A model directory that cannot be used."""


def _check_version(version: str) -> str:
    # It travels in a header of HTTP, which knows no other characters.
    if not re.fullmatch("[!-~]([ -~]{0,62}[!-~])?", version):
        raise ValueError("must be 1 to 64 printable ASCII characters, without spaces at its ends")
    return version


def _check_values(values: dict[str, Any]) -> dict[str, Any]:
    """What clients can read again: no number that JSON lacks or that readers round, nothing nested too deep."""
    level: list[Any] = [values]
    for _ in range(MAX_NESTING):
        for value in level:
            if isinstance(value, int | float) and not abs(value) <= MAX_NUMBER:  # NaN compares false
                raise ValueError(f"has the number {shorten(value)}, which JSON does not carry exactly")
        inner = [value.values() if isinstance(value, dict) else value for value in level]
        level = [each for value in inner if not isinstance(value, str | int | float | None) for each in value]
        if not level:
            return values
    raise ValueError(f"is nested more than {MAX_NESTING} levels deep")


def _check_config(config: dict[str, Any]) -> dict[str, Any]:
    for value in config.values():
        if isinstance(value, list) and len(value) > MAX_NUMBERS:
            raise ValueError(f"has a list of {len(value)}, where at most {MAX_NUMBERS} are expected")
    return _check_values(config)


EXACT = ConfigDict(extra="forbid")  # an option that is not known here would change what is painted or segmented
Values = Annotated[dict[str, Any], AfterValidator(_check_values)]


@with_config(EXACT)
@dataclass(frozen=True)
class Segmenting:
    """How photos are segmented. flip: the mean of the photo and its mirror image; scales: the mean over the photo at
    these factors of its size, each rounded to the segmenter's stride."""

    flip: bool = False
    scales: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        if not 1 <= len(self.scales) <= 8 or not all(0 < scale <= MAX_SCALE for scale in self.scales):
            raise ModelError(
                f"Photos are segmented at 1 to 8 scales above 0 and up to {MAX_SCALE:g}, not at {shorten(self.scales)}."
            )


@with_config(EXACT)
@dataclass(frozen=True)
class NetworkEntry:
    """One network of a model: its kind (`models.networks.kinds`), its configuration and its weight file."""

    network: str
    config: Annotated[dict[str, Any], AfterValidator(_check_config)]
    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] = ""

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
    version: Annotated[str, AfterValidator(_check_version)]
    native_size: tuple[int, int]
    classes: tuple[ClassInfo, ...]
    ignore_id: int | None
    generator: NetworkEntry
    segmenter: NetworkEntry | None
    partner: NetworkEntry | None = None
    segmenting: Segmenting = field(default_factory=Segmenting)
    training: Values = field(default_factory=dict)
    metrics: Values = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", self.id):
            raise ModelError(f"The model id {shorten(self.id)} must be of lower-case letters, digits and '-'.")
        try:
            check_name(self.name, "it")
            check_name(self.family, "its family")
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
        if any(side % stride or not stride <= side <= NATIVE_SIDE for side in self.native_size):
            raise ModelError(
                f"native_size {shorten(self.native_size)} must be multiples of the stride {stride} up to {NATIVE_SIDE}."
            )

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
        """The text of model.json. Raises ModelError if it could not be read again."""
        text = json.dumps(self.to_public(), indent=1) + "\n"
        if len(text) > CARD_BYTES:
            raise ModelError(f"{MODEL_JSON} would have {len(text)} bytes, more than {CARD_BYTES}: shorten its texts.")
        parse_card(text.encode(), MODEL_JSON)
        return text

    def to_public(self) -> dict[str, Any]:
        """Plain values for model.json and the API."""
        return {"format": FORMAT, **asdict(self), "stride": self.stride, "noise": self.noise}


def read_card(path: Path) -> ModelCard:
    """The card of a model directory; does not look at the weights. Raises ModelError."""
    where = f"{path.name}/{MODEL_JSON}"
    try:
        text = read_file(path / MODEL_JSON, path, CARD_BYTES)
    except (OSError, ValueError) as error:
        raise ModelError(f"{where} cannot be read: {reason_of(error)}.") from error
    return parse_card(text, where)


def parse_card(text: bytes, where: str) -> ModelCard:
    """The card that a model.json has; raises ModelError, which names the file as `where`."""
    try:
        data = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ModelError(f"{where} cannot be read: it is not JSON ({error}).") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ModelError(f"{where} is not of format {FORMAT}: export the model again.")
    try:
        card = CARD.validate_json(text, strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = printable(".".join(map(str, problem["loc"])), SHOWN)
        raise ModelError(f"{where} is incomplete or has a wrong value: {place}: {problem['msg']}.") from error
    found = data.get("noise", VECTORS)  # models from before there were planes do not say
    if found != card.noise:
        raise ModelError(
            f"{where} asks for noise of version {shorten(found)}, but its generator takes version {card.noise} here: "
            "a newer version of this program may know it."
        )
    _check_networks(card)
    return card


CARD = TypeAdapter(ModelCard)


def _check_networks(card: ModelCard) -> None:
    """Raises ModelError unless the networks of a card fit its classes and its size."""
    networks = {"generator": card.generator, "segmenter": card.segmenter, "partner": card.partner}
    for role, entry in networks.items():
        if entry is None:
            continue
        try:
            config = build_config(entry.network, entry.config)
        except ValueError as error:
            raise ModelError(f"The {role} of the model {card.id!r} cannot be built: {error}") from error
        classes = getattr(config, "classes", None)
        if classes != len(card.classes):
            raise ModelError(
                f"The {role} of the model {card.id!r} is for {shorten(classes)} classes, but the model has "
                f"{len(card.classes)}."
            )
    if card.segmenter and any(side % card.segmenter.stride for side in card.native_size):
        raise ModelError(
            f"native_size {card.native_size} must be multiples of the stride {card.segmenter.stride} of the segmenter."
        )


def write_card(path: Path, card: ModelCard) -> None:
    """Write model.json into a model directory that is not in use yet. Raises OSError or ModelError."""
    (path / MODEL_JSON).write_text(card.to_json())
