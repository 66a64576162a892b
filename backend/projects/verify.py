"""Whether project files still paint the same picture: `oasis-studio verify`."""

from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tyro.conf import Positional

from backend.edits import check_ids, check_size
from backend.errors import ApiError
from backend.projects.archive import ModelReference, Project, read_project
from backend.settings import ROOT
from backend.torch_setup import configure_torch
from models.device import choose_device
from models.errors import UserError, printable
from models.files.model_card import MODEL_JSON, ModelCard, ModelError, read_card
from models.noise import NoiseError
from models.predictor import Model, load_model

AMPLIFIED = 8  # makes differences of a few levels visible


@dataclass(frozen=True)
class VerifyConfig:
    """Paint the pictures of project files again and compare. Exit status: 0 if all are the same, 1 if one is not or
    cannot be painted here, 2 if a file is broken."""

    project: Positional[Path]
    """A file that the page saved: PROJECT.oasis."""
    more: Positional[tuple[Path, ...]] = ()
    """Further ones."""
    zoo: Path = ROOT / "models" / "zoo"
    """Folder of model directories."""
    tolerance: int = 2
    """Largest difference, of 255 levels, that counts as the same: processors round differently."""
    out: Path | None = None
    """Folder for PROJECT-difference.png: as saved, as painted here, and eight times the difference, side by side."""
    device: str = "auto"
    """'auto', 'cpu', 'cuda' or 'cuda:1'."""


class OutputUnusable(UserError):
    """Pictures of differences cannot be written to --out."""


class Outcome(IntEnum):
    """The result for one file; its value is the exit status."""

    SAME = 0
    DIFFERENT = 1
    BROKEN = 2


@dataclass(frozen=True)
class Comparison:
    """The result for one file.

    Args:
        outcome: Same, different or broken.
        notes: For the table.
        model: Id of the model that painted.
        difference: In levels of 255, int [H, W, 3], if there were two pictures.
    """

    outcome: Outcome
    notes: tuple[str, ...] = ()
    model: str = ""
    difference: np.ndarray | None = None


@dataclass(frozen=True)
class Zoo:
    """The models in a folder, each loaded on first use."""

    folder: Path
    device: str
    loaded: dict[Path, Model] = field(default_factory=dict)

    def find(self, made_with: ModelReference) -> tuple[Model, tuple[str, ...]]:
        """The model with the hash of the reference, else the one with its id, and notes about it. Raises ModelError."""
        cards = self._cards()
        same = [path for path, card in cards.items() if card.hash == made_with.hash]
        if same:
            return self._load(same[0]), ()
        named = [path for path, card in cards.items() if card.id == made_with.id]
        if not named:
            known = ", ".join(card.id for card in cards.values()) or "none"
            raise ModelError(f"there is no model {made_with.id!r} in {self.folder}, only {known}: choose another --zoo")
        found = cards[named[0]]
        changed = f"it was made with version {made_with.version}, here is {found.version} with other weights"
        return self._load(named[0]), (changed if made_with.hash else "it does not tell which weights made it",)

    def _cards(self) -> dict[Path, ModelCard]:
        """The readable model cards in the folder."""
        cards = {}
        for path in sorted(file.parent for file in self.folder.glob(f"*/{MODEL_JSON}")):
            try:
                cards[path] = read_card(path)
            except ModelError:
                continue  # the server reports what is wrong with it
        return cards

    def _load(self, path: Path) -> Model:
        if path not in self.loaded:
            self.loaded[path] = load_model(path, choose_device(self.device))
        return self.loaded[path]


def verify(config: VerifyConfig) -> int:
    """Verify all files, print a table and return the exit status. Raises DeviceError, OutputUnusable."""
    configure_torch()
    zoo = Zoo(config.zoo, config.device)
    table = Table("project", "model", "result", "largest", "mean", "pixels", "notes")
    worst = Outcome.SAME
    for path in (config.project, *config.more):
        comparison = compare(path, zoo, config)
        worst = max(worst, comparison.outcome)
        said = (path.name, comparison.model, "; ".join(comparison.notes))
        name, model, notes = (escape(printable(text)) for text in said)
        table.add_row(name, model, *_figures(comparison), notes)
    Console().print(table)
    return int(worst)


def compare(path: Path, zoo: Zoo, config: VerifyConfig) -> Comparison:
    """Read a project file, paint its picture and compare the two. Raises DeviceError, OutputUnusable."""
    try:
        project = read_project(path.read_bytes())
    except OSError as error:
        return Comparison(Outcome.BROKEN, (f"it cannot be read: {error.strerror}",))
    except ApiError as error:
        return Comparison(Outcome.BROKEN, (error.detail,))
    made_with = project.manifest.model
    if project.rendered is None or project.noise is None:
        return Comparison(
            Outcome.DIFFERENT, ("it was saved before its picture came: nothing to compare",), made_with.id
        )
    try:
        model, notes = zoo.find(made_with)
        painted = paint(model, project)
    except (ModelError, NoiseError) as error:
        return Comparison(Outcome.DIFFERENT, (str(error),), made_with.id)
    except ApiError as error:
        return Comparison(Outcome.DIFFERENT, (*notes, error.detail), made_with.id)
    difference = np.abs(painted.astype(int) - project.rendered)
    if config.out:
        strip = np.hstack([project.rendered, painted, np.minimum(difference * AMPLIFIED, 255)])
        _save(Image.fromarray(strip.astype(np.uint8)), config.out / f"{path.stem}-difference.png")
    outcome = Outcome.SAME if difference.max() <= config.tolerance else Outcome.DIFFERENT
    return Comparison(outcome, notes, model.card.id, difference)


def paint(model: Model, project: Project) -> np.ndarray:
    """The project's picture, uint8 [H, W, 3]. Raises NoiseError, BadLabels, TooLarge."""
    assert project.noise is not None
    check_size(model.card, *project.labels.shape)
    check_ids(model.card, project.labels)
    return model.synthesize(project.labels, project.noise, project.regions)


def _save(picture: Image.Image, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path)
    except OSError as error:
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}. Choose another --out.") from error


def _figures(comparison: Comparison) -> tuple[str, ...]:
    """Result, largest and mean difference, and the share of pixels that differ at all."""
    if comparison.difference is None:
        return ("[red]broken" if comparison.outcome is Outcome.BROKEN else "[yellow]not compared", "", "", "")
    worst, share = int(comparison.difference.max()), comparison.difference.any(axis=2).mean()
    result = "[red]different" if comparison.outcome else "[green]within tolerance" if worst else "[green]exact"
    return result, f"{worst}/255", f"{comparison.difference.mean():.4f}", f"{share:.2%}"
