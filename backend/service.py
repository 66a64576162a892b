"""The service layer: what the server does, without HTTP. Called by the routes and by live sessions."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Concatenate, ParamSpec, Self, TypeVar

import numpy as np

from backend import limits
from backend.canvas_cache import CanvasCache
from backend.edits import Edit, read_edit, read_labels
from backend.errors import BadNoise, NoSegmenter, ProjectsOff
from backend.images import Format, LiveFormat, decode_photo, decode_picture, encode_picture
from backend.metrics import Metrics
from backend.model_store import ModelStore
from backend.projects.store import CreatedProject, ProjectStore, check_project
from backend.settings import Settings
from backend.torch_setup import configure_torch
from backend.work_queue import Client, Timing, WorkQueue
from models.device import choose_device
from models.files.model_card import ModelCard
from models.noise import NoiseError
from models.predictor import NO_SEGMENTER, Canvas, Inspection, Model

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """An encoded picture, and the time it took: in the queue, in the model, and `encode` seconds in the encoder."""

    data: bytes
    card: ModelCard
    timing: Timing
    encode: float

    @property
    def milliseconds(self) -> dict[str, float]:
        """Milliseconds in the queue, in the model and in the encoder."""
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
class ClassFidelity:
    """How many pixels of a label map have a class, and their mean fidelity, 0..1."""

    id: int
    pixels: int
    fidelity: float


@dataclass(frozen=True)
class InspectionResult:
    """What an inspection found, in shares of 0..1: means of the picture and of each class that the label map has but
    for the ignored one, and maps to be shown, float32 [H, W]. fidelity: None if all pixels are ignored."""

    realism: float
    fidelity: float | None
    classes: list[ClassFidelity]
    realism_map: np.ndarray
    fidelity_map: np.ndarray

    @classmethod
    def of(cls, found: Inspection, labels: np.ndarray, card: ModelCard) -> Self:
        """The result for a label map of class ids [H, W]."""
        pixels = np.bincount(labels.ravel(), minlength=len(card.classes))  # [N]
        sums = np.bincount(labels.ravel(), found.fidelity.ravel(), minlength=len(card.classes))  # [N]
        if card.ignore_id is not None:
            pixels[card.ignore_id] = sums[card.ignore_id] = 0
        present = np.flatnonzero(pixels).tolist()
        return cls(
            float(found.realism.mean()),
            float(sums.sum() / pixels.sum()) if present else None,
            [ClassFidelity(i, int(pixels[i]), float(sums[i] / pixels[i])) for i in present],
            spread(found.realism),
            found.fidelity,
        )


def spread(shares: np.ndarray) -> np.ndarray:
    """Shares in 0..1, mapped monotonically so that those near 0 and 1 differ more: a third of the log-odds, as a share.

    A discriminator that was trained further without its generator rates nearly all painted pixels close to 0, where
    eight bits could not tell them apart.
    """
    odds = np.log(np.clip(shares, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(shares, 1e-6, 1 - 1e-6))
    spread: np.ndarray = 1 / (1 + np.exp(-odds / 3))
    return spread


class Service:
    """The models, the queue of their jobs, the project store and the metrics."""

    def __init__(self, settings: Settings) -> None:
        self.models = ModelStore(settings.zoo, choose_device(settings.device))
        self.canvases = CanvasCache(limits.CANVAS_BYTES)
        self.readers = ThreadPoolExecutor(1, "reader")  # of live frames, which should not wait for photos
        self.inference = WorkQueue(settings.waiting, settings.deadline_s, configure_torch)
        self._store = ProjectStore(settings.projects) if settings.projects else None
        self._project_queue = WorkQueue(limits.PROJECTS_WAITING, settings.deadline_s, lambda: None)
        # Unpacking takes longer than the store: a queue of its own, so that reading does not wait for it.
        self._unpacking = WorkQueue(limits.PROJECTS_WAITING, settings.deadline_s, lambda: None)
        self.metrics = Metrics(lambda: self.inference.admitted)

    async def synthesize(
        self, client: Client, model_id: str, labels: bytes, noise: object, regions: bytes | None, form: Format
    ) -> Picture:
        """Paint a PNG of labels with decoded noise and, if it has regions, a PNG of them. Raises ApiError."""
        model = self.models.model(model_id)
        async with self.inference.admit(client):
            edit = await asyncio.to_thread(read_edit, model.card, labels, noise, regions)
            return await self._paint(client, model, None, edit, form)

    @property
    def stores_projects(self) -> bool:
        """Whether this server stores projects."""
        return self._store is not None

    async def projects(
        self, client: Client, work: Callable[Concatenate[ProjectStore, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a method of the project store, one at a time.

        Raises:
            ProjectsOff, Busy, DeadlineExceeded: And what the method raises.
        """
        if self._store is None:
            raise ProjectsOff
        async with self._project_queue.admit(client):
            result, _ = await self._project_queue.run(client, work, self._store, *args, **kwargs)
        return result

    async def create_project(self, client: Client, data: bytes) -> CreatedProject:
        """Check and store a project file. Raises ApiError."""
        if self._store is None:
            raise ProjectsOff
        async with self._unpacking.admit(client):
            project, _ = await self._unpacking.run(client, check_project, data)
            return await self.projects(client, ProjectStore.create, project)

    async def replace_project(
        self, client: Client, project_id: str, key: str, expected: Collection[str], data: bytes
    ) -> str:
        """Check a project file and store it instead of another; returns its digest. Raises ApiError."""
        async with self._unpacking.admit(client):
            # Only the owner can cause the work of unpacking.
            await self.projects(client, ProjectStore.check_key, project_id, key, expected)
            project, _ = await self._unpacking.run(client, check_project, data)
            return await self.projects(client, ProjectStore.replace, project_id, key, expected, project)

    async def close(self) -> None:
        """Wait for running jobs, and drop those that have not begun."""
        await self.inference.close()
        await self._unpacking.close()
        await self._project_queue.close()
        self.readers.shutdown()
        if self._store:
            self._store.close()

    async def paint(self, client: Client, model: Model, canvas: Canvas, edit: Edit, form: LiveFormat) -> Picture:
        """Paint the next edit of a live client on its canvas of `model`. Raises ApiError."""
        async with self.inference.admit(client):
            return await self._paint(client, model, canvas, edit, form)

    async def segment(self, client: Client, model_id: str, photo: bytes) -> Segmentation:
        """Segment an encoded photo. Raises ApiError."""
        model = self._segmenting_model(model_id)
        async with self.inference.admit(client):
            pixels = await asyncio.to_thread(decode_photo, photo, model.card.native_size)
            (labels, confidence), timing = await self.inference.run(client, model.segment, pixels)
        self.metrics.job("segment", model_id, timing)
        return Segmentation(labels, confidence, model.card, timing)

    async def inspect(self, client: Client, model_id: str, labels: bytes, picture: bytes) -> InspectionResult:
        """Inspect an encoded picture of a PNG of labels. Raises ApiError."""
        model = self._segmenting_model(model_id)
        async with self.inference.admit(client):
            ids = await asyncio.to_thread(read_labels, model.card, labels)
            pixels = await asyncio.to_thread(decode_picture, picture, (ids.shape[0], ids.shape[1]))
            found, timing = await self.inference.run(client, model.inspect, pixels, ids)
        self.metrics.job("inspect", model_id, timing)
        return await asyncio.to_thread(InspectionResult.of, found, ids, model.card)

    def _segmenting_model(self, model_id: str) -> Model:
        model = self.models.model(model_id)
        if model.card.segmenter is None:
            raise NoSegmenter(f"The model {model_id!r} cannot segment: {NO_SEGMENTER}")
        return model

    async def _paint(
        self, client: Client, model: Model, canvas: Canvas | None, edit: Edit, form: Format | LiveFormat
    ) -> Picture:
        paint = canvas.paint if canvas else model.synthesize
        try:
            pixels, timing = await self.inference.run(client, paint, edit.labels, edit.noise, edit.regions)
        except NoiseError as error:
            raise BadNoise(str(error)) from error
        begun = perf_counter()
        data = await asyncio.to_thread(encode_picture, pixels, form)
        self.metrics.job("synthesize", model.card.id, timing)
        return Picture(data, model.card, timing, perf_counter() - begun)
