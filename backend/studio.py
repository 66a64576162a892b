"""What the server can do, free of HTTP: routes and the live loop both call this."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np

from backend import limits
from backend.canvases import Canvases
from backend.device import prepare
from backend.edits import Edit, read_edit, read_labels
from backend.engine import Engine, Timing
from backend.errors import BadNoise, NoSegmenter, ProjectsOff
from backend.images import Format, LiveFormat, decode_photo, decode_picture, encode_picture
from backend.metrics import Metrics
from backend.projects.store import ProjectStore
from backend.registry import Registry
from backend.settings import Settings
from models.device import choose_device
from models.files.model_card import ModelCard
from models.noise import NoiseError
from models.predictor import NO_SEGMENTER, Canvas, Inspection, Model

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """An encoded picture, and where its time went."""

    data: bytes
    card: ModelCard
    timing: Timing
    encode: float

    @property
    def milliseconds(self) -> dict[str, float]:
        """Time in the queue, in the model and in the encoder."""
        seconds = {"queue": self.timing.queue, "model": self.timing.model, "encode": self.encode}
        return {name: round(value * 1000, 1) for name, value in seconds.items()}


@dataclass(frozen=True)
class Segmentation:
    """Class ids [H, W] and their confidence, float32 [H, W] in 0..1, at the model's native size."""

    labels: np.ndarray
    confidence: np.ndarray
    card: ModelCard
    timing: Timing


@dataclass(frozen=True)
class Inspected:
    """What a model sees in a picture, and the class ids [H, W] it was to show."""

    found: Inspection
    labels: np.ndarray
    card: ModelCard


class Studio:
    """The models, the engine that runs them and the numbers about both."""

    def __init__(self, settings: Settings) -> None:
        self.registry = Registry(settings.zoo, choose_device(settings.device))
        self.canvases = Canvases(limits.CANVAS_PIXELS)
        self.engine = Engine(settings.waiting, settings.deadline_s, prepare)
        self._store = ProjectStore(settings.projects) if settings.projects else None
        self._clerk = Engine(limits.PROJECTS_WAITING, settings.deadline_s, lambda: None)
        self.metrics = Metrics(lambda: self.engine.admitted)

    async def synthesize(
        self, model_id: str, labels: bytes, noise: object, regions: bytes | None, form: Format
    ) -> Picture:
        """Paint encoded labels with decoded noise. Raises StudioError."""
        model = self.registry.model(model_id)
        async with self.engine.admit():
            edit = await asyncio.to_thread(read_edit, model.card, labels, noise, regions)
            return await self._paint(model, None, edit, form)

    @property
    def keeps_projects(self) -> bool:
        """Whether this server was asked to."""
        return self._store is not None

    async def projects(self, work: Callable[Concatenate[ProjectStore, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a method of the project store, one at a time. Raises ProjectsOff, Busy, Late and what that raises."""
        if self._store is None:
            raise ProjectsOff
        async with self._clerk.admit():
            result, _ = await self._clerk.run(work, self._store, *args, **kwargs)
        return result

    async def close(self) -> None:
        """Let what runs end, drop what has not begun."""
        await self.engine.close()
        await self._clerk.close()
        if self._store:
            self._store.close()

    async def paint(self, model: Model, canvas: Canvas, edit: Edit, form: LiveFormat) -> Picture:
        """Paint the next edit of a canvas of `model`. Raises StudioError."""
        async with self.engine.admit():
            return await self._paint(model, canvas, edit, form)

    async def segment(self, model_id: str, photo: bytes) -> Segmentation:
        """The label map of an encoded photo. Raises StudioError."""
        model = self._seeing(model_id)
        async with self.engine.admit():
            pixels = await asyncio.to_thread(decode_photo, photo, model.card.native_size)
            (labels, confidence), timing = await self.engine.run(model.segment, pixels)
        self.metrics.job("segment", model_id, timing)
        return Segmentation(labels, confidence, model.card, timing)

    async def inspect(self, model_id: str, labels: bytes, picture: bytes) -> Inspected:
        """What the model sees in an encoded picture of encoded labels. Raises StudioError."""
        model = self._seeing(model_id)
        async with self.engine.admit():
            ids = await asyncio.to_thread(read_labels, model.card, labels)
            pixels = await asyncio.to_thread(decode_picture, picture, (ids.shape[0], ids.shape[1]))
            found, timing = await self.engine.run(model.inspect, pixels, ids)
        self.metrics.job("inspect", model_id, timing)
        return Inspected(found, ids, model.card)

    def _seeing(self, model_id: str) -> Model:
        model = self.registry.model(model_id)
        if model.card.segmenter is None:
            raise NoSegmenter(f"The model {model_id!r} cannot segment: {NO_SEGMENTER}")
        return model

    async def _paint(self, model: Model, canvas: Canvas | None, edit: Edit, form: Format | LiveFormat) -> Picture:
        paint = canvas.paint if canvas else model.synthesize
        try:
            pixels, timing = await self.engine.run(paint, edit.labels, edit.noise, edit.regions)
        except NoiseError as error:
            raise BadNoise(str(error)) from error
        begun = perf_counter()
        data = await asyncio.to_thread(encode_picture, pixels, form)
        self.metrics.job("synthesize", model.card.id, timing)
        return Picture(data, model.card, timing, perf_counter() - begun)
