"""The JSON of the API as pydantic models, which /docs shows."""

from dataclasses import asdict
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from backend import limits
from backend.images import LiveFormat
from backend.model_store import ModelEntry
from models.files.model_card import ModelCard
from models.noise import MAX_BLENDS, MAX_REGIONS, NOISE_DIM

MAX_INTEGER = 2**53 - 1
"""The largest whole number that every client can read."""


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: str = Field(examples=["bad_labels"])
    message: str = Field(description="what was wrong, what was expected and what to do")


class ErrorBody(BaseModel):
    """The shape of every error."""

    error: ErrorDetail


class ClassOut(BaseModel):
    """A class of label maps."""

    id: int
    name: str
    color: str = Field(examples=["#1e6e32"])


class SceneOut(BaseModel):
    """A starter scene; its label map is at `/api/models/{model}/scenes/{id}.png`."""

    id: str
    name: str
    seed: int = Field(description="of the noise it is first shown with")


class Capabilities(BaseModel):
    """What a model can do."""

    noise: bool = Field(description="another seed gives another picture")
    regions: bool = Field(description="regions can have noise of their own")
    segment: bool = Field(description="photos are turned into label maps")
    inspect: bool = Field(description="pictures are judged by the discriminator")


class ModelLimits(BaseModel):
    """The largest requests that are accepted for a model."""

    side: int = Field(description="pixels along either side of a label map, a multiple of the stride")
    regions: int = Field(description="regions of a noise specification; their ids are 1 to this")
    blends: int = Field(description="blends of one noise vector")
    channels: int = Field(description="channels that regions and blends can name, from 0 to one less than this")


class ModelSummary(BaseModel):
    """A model of the zoo; if its card cannot be read, the fields from it are null or empty."""

    model_config = ConfigDict(extra="ignore")

    id: str
    available: bool
    reason: str | None = Field(description="why the model is not available")
    name: str
    family: str | None = Field(None, description="a label of its generator and discriminator")
    version: str | None = None
    hash: str | None = Field(None, description="SHA-256 of its networks and their weights: other hash, other pictures")
    native_size: tuple[int, int] | None = Field(None, description="height and width")
    stride: int | None = Field(None, description="sides of label maps are multiples of this")
    classes: list[ClassOut] = []
    ignore_id: int | None = None
    z_dim: int | None = Field(None, description="channels of its noise; 0 if it takes none")
    capabilities: Capabilities | None = None
    limits: ModelLimits | None = None
    segmenter: str | None = Field(None, description="the network that labels photos; without one they are refused")
    scenes: list[SceneOut] = Field([], description="starter scenes; the page opens on the first")

    @classmethod
    def of(cls, entry: ModelEntry) -> Self:
        """What is known of an entry of the model store."""
        own = {"id": entry.id, "available": entry.model is not None, "reason": entry.reason}
        card = _describe(entry.card) if entry.card else {"name": entry.id}
        return cls.model_validate(card | own | {"scenes": [asdict(scene) for scene in entry.scenes]})


def _describe(card: ModelCard) -> dict[str, Any]:
    """The card as the API shows it."""
    painter = card.painter
    segments = card.segmenter is not None
    return card.to_public() | {
        "hash": card.hash,
        "z_dim": painter.z_dim,
        "segmenter": card.segmenter.network if card.segmenter else None,
        "capabilities": Capabilities(
            noise=painter.z_dim > 0, regions=painter.local_noise, segment=segments, inspect=segments
        ),
        "limits": ModelLimits(
            side=limits.label_side(card.stride),
            regions=MAX_REGIONS,
            blends=MAX_BLENDS,
            channels=min(painter.z_dim, NOISE_DIM),
        ),
    }


class ModelDetail(ModelSummary):
    """A model with its training and its metrics."""

    training: dict[str, Any] = {}
    metrics: dict[str, Any] = {}


class ModelList(BaseModel):
    """All models of the zoo."""

    models: list[ModelSummary]


class SegmentationOut(BaseModel):
    """Two PNGs in base64: class ids, and the confidence in them as gray from 0 to 255."""

    labels: str
    confidence: str


class ClassAgreement(BaseModel):
    """How well a picture shows a class where the label map has it."""

    id: int
    pixels: int
    agreement: float = Field(description="mean fidelity of these pixels, 0..1")


class InspectionMaps(BaseModel):
    """Two gray PNGs of the picture's size in base64, 0..255."""

    realism: str
    fidelity: str = Field(description="255 where the label map has the ignored class")


class InspectionOut(BaseModel):
    """What the discriminator finds in a picture: hints, not measurements."""

    realism: float = Field(description="mean of the map, 0..1: how real the picture looks")
    fidelity: float | None = Field(
        description="mean of the map where the class is not ignored, 0..1: how probable the painted classes are; "
        "null if all of it is ignored"
    )
    classes: list[ClassAgreement] = Field(description="those of the label map, without the ignored one")
    maps: InspectionMaps


class ProjectsOut(BaseModel):
    """Whether the server stores projects."""

    enabled: bool
    max_bytes: int = Field(description="of one project file")


class ProjectCreated(BaseModel):
    """A new project: its id allows reading it, its key changing it. The server stores only a hash of the key."""

    id: str
    key: str


class Status(BaseModel):
    """The state of the server."""

    status: str


class Size(BaseModel):
    """The size of a map, in pixels."""

    model_config = ConfigDict(extra="forbid", strict=True)

    width: int = Field(ge=1, le=MAX_INTEGER)
    height: int = Field(ge=1, le=MAX_INTEGER)


class Rectangle(Size):
    """A part of a map, in pixels from its upper left corner."""

    left: int = Field(ge=0, le=MAX_INTEGER)
    top: int = Field(ge=0, le=MAX_INTEGER)


class LiveHeader(BaseModel):
    """The header of a frame from a live client: what has changed since its last frame."""

    model_config = ConfigDict(extra="forbid", strict=True)

    revision: int = Field(ge=-MAX_INTEGER, le=MAX_INTEGER)
    model: str
    noise: Any = Field(default_factory=lambda: {"seed": 0})
    format: LiveFormat = "webp"
    size: Size | None = None
    labels: Rectangle | None = None
    regions: Rectangle | None = None
