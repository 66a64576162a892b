"""The models of the zoo by id, and why some of them cannot be used."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from backend.errors import ModelUnavailable, NotReady, UnknownModel, UnknownScene
from models.errors import printable
from models.files.model_card import ModelCard, ModelError, read_card
from models.files.scenes import FOLDER, SceneInfo, find_label_map, read_scenes
from models.noise import NoiseSpec
from models.predictor import Model, load_model

log = logging.getLogger(__name__)

REASON_LENGTH = 600
"""Characters of a reason: our words, and at most 200 of what a file says."""


@dataclass(frozen=True)
class ModelEntry:
    """One directory of the zoo; `card` is None if it cannot be read, and `reason` says why there is no `model`."""

    id: str
    card: ModelCard | None = None
    model: Model | None = None
    scenes: tuple[SceneInfo, ...] = ()
    reason: str | None = None


class ModelStore:
    """The models in the directories of `zoo`; `ready` once all of them were loaded or found unusable."""

    def __init__(self, zoo: Path, device: torch.device) -> None:
        self._device = device
        self._paths = {_shown(path): path for path in _directories(zoo)}
        loading = "The model is still being loaded."
        self._entries = {name: ModelEntry(name, reason=loading) for name in self._paths}
        self.ready = False
        if not self._paths:
            log.warning("There are no models in %s.", zoo)

    def load(self) -> None:
        """Load, verify and warm up every model; one that fails does not affect the others.

        They become available together: a client that connects early would otherwise see only the first.
        """
        loaded = {name: self._load(path) for name, path in self._paths.items()}
        for entry in loaded.values():
            if entry.reason:
                log.warning("The model %s is unavailable: %s", entry.id, entry.reason)
        self._entries = loaded
        self.ready = True

    @property
    def entries(self) -> list[ModelEntry]:
        """All entries, by id."""
        return list(self._entries.values())

    def entry(self, model_id: str) -> ModelEntry:
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
                root = self._paths[model_id]
                try:
                    return find_label_map(root / FOLDER, scene, root)
                except ModelError as error:
                    raise UnknownScene(f"The model {entry.id!r}: {error}") from error
        known = ", ".join(scene.id for scene in entry.scenes) or "none"
        raise UnknownScene(f"The model {entry.id!r} has no scene {scene_id[:64]!r}: choose one of {known}.")

    def _load(self, path: Path) -> ModelEntry:
        card: ModelCard | None = None
        scenes: tuple[SceneInfo, ...] = ()
        try:
            card = read_card(path)
            scenes = _scenes(path)
            model = load_model(path, self._device)
            _warm_up(model)
        except ModelError as error:
            return ModelEntry(_shown(path), card, scenes=scenes, reason=printable(str(error), REASON_LENGTH))
        except Exception:
            log.exception("Loading %s failed.", _shown(path))
            return ModelEntry(_shown(path), card, scenes=scenes, reason="Loading it failed; the server's log says why.")
        return ModelEntry(_shown(path), card, model, scenes)


def _directories(zoo: Path) -> list[Path]:
    """Those that may be models; a name with a dot in front is one that is still being written."""
    found = zoo.iterdir() if zoo.is_dir() else ()
    return sorted(path for path in found if not path.name.startswith(".") and path.is_dir())


def _shown(path: Path) -> str:
    """The name of a directory, its control characters and what is no text escaped."""
    return path.name if path.name.isprintable() else ascii(path.name)[1:-1]


def _scenes(path: Path) -> tuple[SceneInfo, ...]:
    """The starter scenes of a model; none if they cannot be used, as it paints without them."""
    try:
        return read_scenes(path / FOLDER, path)
    except ModelError as error:
        log.warning("The model %s has no starter scenes: %s", _shown(path), printable(str(error), REASON_LENGTH))
        return ()


def _warm_up(model: Model) -> None:
    """Run each network once: the first call allocates memory and chooses kernels, for seconds on some devices."""
    size = model.card.native_size
    model.synthesize(np.zeros(size, np.uint8), NoiseSpec())
    if model.card.segmenter:
        model.segment(np.zeros((*size, 3), np.uint8))
