"""Do project files still paint what they show? Their pictures, painted again and compared."""

from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tyro.conf import Positional

from backend.device import prepare
from backend.edits import check_ids, check_size
from backend.errors import StudioError
from backend.projects.archive import MadeWith, Project, read_project
from backend.settings import ROOT
from models.device import choose_device
from models.files.model_card import MODEL_JSON, ModelCard, ModelError, read_card
from models.noise import NoiseError
from models.predictor import Model, load_model

AMPLIFIED = 8  # what a person must see of differences of a few levels


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
    """The same is what differs by so many of 255 levels at most: other processors round differently."""
    out: Path | None = None
    """Folder for PROJECT-difference.png: as saved, as painted here, and eight times the difference, side by side."""
    device: str = "auto"
    """'auto', 'cpu', 'cuda' or 'cuda:1'."""


class Outcome(IntEnum):
    """Of one file; its value is the exit status."""

    SAME = 0
    DIFFERENT = 1
    BROKEN = 2


@dataclass(frozen=True)
class Verdict:
    """On one file. difference: of 255, int [H, W, 3], if there were two pictures; notes are for people."""

    outcome: Outcome
    notes: tuple[str, ...] = ()
    model: str = ""
    difference: np.ndarray | None = None


@dataclass(frozen=True)
class Zoo:
    """The models in a folder, each loaded when it is first needed."""

    folder: Path
    device: str
    loaded: dict[Path, Model] = field(default_factory=dict)

    def find(self, made_with: MadeWith) -> tuple[Model, tuple[str, ...]]:
        """The model that a project was made with, else the one of its id and what that may mean. Raises ModelError."""
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
        """Of all directories that have one that can be read."""
        cards = {}
        for path in sorted(file.parent for file in self.folder.glob(f"*/{MODEL_JSON}")):
            try:
                cards[path] = read_card(path)
            except ModelError:
                continue  # the server says what is wrong with it
        return cards

    def _load(self, path: Path) -> Model:
        if path not in self.loaded:
            self.loaded[path] = load_model(path, choose_device(self.device))
        return self.loaded[path]


def verify(config: VerifyConfig) -> int:
    """Print a table of all files; returns the exit status. Raises DeviceError."""
    prepare()
    zoo = Zoo(config.zoo, config.device)
    table = Table("project", "model", "result", "largest", "mean", "pixels", "notes")
    worst = Outcome.SAME
    for path in (config.project, *config.more):
        verdict = judge(path, zoo, config)
        worst = max(worst, verdict.outcome)
        table.add_row(escape(path.name), escape(verdict.model), *_figures(verdict), escape("; ".join(verdict.notes)))
    Console().print(table)
    return int(worst)


def judge(path: Path, zoo: Zoo, config: VerifyConfig) -> Verdict:
    """Read a project file, paint its picture and compare. Raises DeviceError."""
    try:
        project = read_project(path.read_bytes())
    except OSError as error:
        return Verdict(Outcome.BROKEN, (f"it cannot be read: {error.strerror}",))
    except StudioError as error:
        return Verdict(Outcome.BROKEN, (error.detail,))
    made_with = project.manifest.model
    if project.rendered is None or project.noise is None:
        return Verdict(Outcome.DIFFERENT, ("it was saved before its picture came: nothing to compare",), made_with.id)
    try:
        model, notes = zoo.find(made_with)
        painted = paint(model, project)
    except (ModelError, NoiseError) as error:
        return Verdict(Outcome.DIFFERENT, (str(error),), made_with.id)
    except StudioError as error:
        return Verdict(Outcome.DIFFERENT, (*notes, error.detail), made_with.id)
    difference = np.abs(painted.astype(int) - project.rendered)
    if config.out:
        config.out.mkdir(parents=True, exist_ok=True)
        strip = np.hstack([project.rendered, painted, np.minimum(difference * AMPLIFIED, 255)])
        Image.fromarray(strip.astype(np.uint8)).save(config.out / f"{path.stem}-difference.png")
    outcome = Outcome.SAME if difference.max() <= config.tolerance else Outcome.DIFFERENT
    return Verdict(outcome, notes, model.card.id, difference)


def paint(model: Model, project: Project) -> np.ndarray:
    """The project's picture, uint8 [H, W, 3]. Raises NoiseError, BadLabels, TooLarge."""
    assert project.noise is not None
    check_size(model.card, *project.labels.shape)
    check_ids(model.card, project.labels)
    return model.synthesize(project.labels, project.noise, project.regions)


def _figures(verdict: Verdict) -> tuple[str, ...]:
    """Result, largest and mean difference, and the share of pixels that differ at all."""
    if verdict.difference is None:
        return ("[red]broken" if verdict.outcome is Outcome.BROKEN else "[yellow]not compared", "", "", "")
    worst, share = int(verdict.difference.max()), verdict.difference.any(axis=2).mean()
    result = "[red]different" if verdict.outcome else "[green]within tolerance" if worst else "[green]exact"
    return result, f"{worst}/255", f"{verdict.difference.mean():.4f}", f"{share:.2%}"
