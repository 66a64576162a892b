"""The models of the zoo, by id: those that can be used, and why the others cannot."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from backend.errors import ModelUnavailable, NotReady, UnknownModel, UnknownScene
from models.files.model_card import ModelCard, ModelError, read_card
from models.files.scenes import FOLDER, SceneInfo, read_scenes
from models.noise import NoiseSpec
from models.predictor import Model, load_model

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One directory of the zoo. Without a model, `reason` says why; a card that cannot be read is None."""

    id: str
    card: ModelCard | None = None
    model: Model | None = None
    scenes: tuple[SceneInfo, ...] = ()
    reason: str | None = None


class Registry:
    """Entries of all directories in `zoo`; `ready` once each was tried."""

    def __init__(self, zoo: Path, device: torch.device) -> None:
        self._device = device
        self._zoo = zoo
        self._paths = sorted(path for path in zoo.iterdir() if path.is_dir()) if zoo.is_dir() else []
        self._entries = {path.name: Entry(path.name, reason="The model is still being loaded.") for path in self._paths}
        self.ready = False
        if not self._paths:
            log.warning("There are no models in %s.", zoo)

    def load(self) -> None:
        """Load, verify and warm up every model; one that fails keeps none of the others from being used.

        They become available together, so that who comes early is not offered the first of them alone.
        """
        loaded = {path.name: self._load(path) for path in self._paths}
        for entry in loaded.values():
            if entry.reason:
                log.warning("The model %s is unavailable: %s", entry.id, entry.reason)
        self._entries = loaded
        self.ready = True

    @property
    def entries(self) -> list[Entry]:
        """All entries, by id."""
        return list(self._entries.values())

    def entry(self, model_id: str) -> Entry:
        """The entry of an id. Raises UnknownModel."""
        if model_id not in self._entries:
            known = ", ".join(self._entries) or "none"
            raise UnknownModel(f"There is no model {model_id[:64]!r}: choose one of {known}.")
        return self._entries[model_id]

    def model(self, model_id: str) -> Model:
        """The model of an id. Raises UnknownModel, ModelUnavailable, NotReady."""
        entry = self.entry(model_id)
        if entry.model is None and not self.ready:
            raise NotReady
        if entry.model is None:
            raise ModelUnavailable(f"The model {entry.id!r} cannot be used: {entry.reason}")
        return entry.model

    def scene_file(self, model_id: str, scene_id: str) -> Path:
        """The label map of a starter scene. Raises UnknownModel, UnknownScene."""
        entry = self.entry(model_id)
        for scene in entry.scenes:
            if scene.id == scene_id:
                file = self._zoo / entry.id / FOLDER / scene.file
                if not file.is_file():
                    raise UnknownScene(f"{scene.file} of the model {entry.id!r} is gone: put it back, or unlist it.")
                return file
        known = ", ".join(scene.id for scene in entry.scenes) or "none"
        raise UnknownScene(f"The model {entry.id!r} has no scene {scene_id[:64]!r}: choose one of {known}.")

    def _load(self, path: Path) -> Entry:
        card: ModelCard | None = None
        scenes: tuple[SceneInfo, ...] = ()
        try:
            card = read_card(path)
            scenes = _scenes(path)
            model = load_model(path, self._device)
            _warm_up(model)
        except ModelError as error:
            return Entry(path.name, card, scenes=scenes, reason=str(error))
        except Exception:
            log.exception("Loading %s failed.", path)
            return Entry(path.name, card, scenes=scenes, reason="Loading it failed; the server's log says why.")
        return Entry(path.name, card, model, scenes)


def _scenes(path: Path) -> tuple[SceneInfo, ...]:
    """None where they cannot be used: a model paints without them."""
    try:
        return read_scenes(path / FOLDER)
    except ModelError as error:
        log.warning("The model %s has no starter scenes: %s", path.name, error)
        return ()


def _warm_up(model: Model) -> None:
    """The first call of a network allocates memory and chooses kernels, for seconds on some devices."""
    size = model.card.native_size
    model.synthesize(np.zeros(size, np.uint8), NoiseSpec())
    if model.card.segmenter:
        model.segment(np.zeros((*size, 3), np.uint8))
