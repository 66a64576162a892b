"""The report of an evaluation: a table to read, JSON for programs, Markdown for the model card."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from models.files.model_card import MODEL_JSON, ModelCard, read_card
from training.evaluation.config import WHOLE
from training.output.files import write_whole

PACKAGES = ("oasis-studio", "torch", "torchmetrics", "scikit-image", "numpy", "pillow")


@dataclass(frozen=True)
class Figure:
    """One figure with how it was measured."""

    key: str
    """Its name in JSON."""
    title: str
    better: Literal["lower", "higher"]
    how: str
    """What was compared with what, by which network."""
    painted: float | None
    """Measured on painted pictures; None if photos alone are looked at."""
    photos: float | None
    """The same measured on real photos, or between them: what a perfect painter would reach."""
    spread: float | None = None
    """Standard deviation of `painted`, where the measure has one."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Plain values: by class, by frequency, counts."""


@dataclass(frozen=True)
class Report:
    """Everything an evaluation found. No paths: a report may be published."""

    model: Mapping[str, Any]
    data: Mapping[str, Any]
    settings: Mapping[str, Any]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    """What holds for all figures: counts, seeds, resizing, networks, and what must be kept in mind."""
    date: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())
    packages: Mapping[str, str] = field(
        default_factory=lambda: {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    )

    @property
    def where(self) -> str:
        """The data set and its split."""
        name, split = self.data["name"], self.data["split"]
        return str(name if split == WHOLE else f"{name}/{split}")

    def show(self, console: Console) -> None:
        """The figures as a table, and the notes."""
        table = Table(title=f"{self.model['id']} on {self.where}", title_justify="left")
        for column, justify in (("", "left"), ("painted", "right"), ("real photos", "right"), ("how", "left")):
            table.add_column(column, justify=justify)  # type: ignore[arg-type]
        for figure in self.figures:
            table.add_row(_named(figure), _painted(figure), number(figure.photos), figure.how)
        console.print(table)
        for note in self.notes:
            console.print(f"- {note}", highlight=False, markup=False)

    def markdown(self) -> str:
        """For a model card: the table, then figures by class and by frequency."""
        lines = [
            f"## {self.model['id']} on {self.where}",
            "",
            f"Version {self.model['version']}, generator {self.model['generator_sha256'][:12]}, measured {self.date}.",
            "",
            "| | painted | real photos | how |",
            "|---|---|---|---|",
            *(f"| {_named(f)} | {_painted(f)} | {number(f.photos)} | {f.how} |" for f in self.figures),
        ]
        for figure in self.figures:
            for name, rows in figure.details.items():
                if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                    lines += ["", f"{figure.title}, {name.replace('_', ' ')}:", "", *_markdown_table(rows)]
        lines += [
            "",
            *(f"- {note}" for note in self.notes),
            "- " + "; ".join(f"{k} {v}" for k, v in self.packages.items()),
        ]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        """report.json and report.md, each whole or not at all."""
        write_whole(folder / "report.json", (json.dumps(asdict(self), indent=1, allow_nan=False) + "\n").encode())
        write_whole(folder / "report.md", self.markdown().encode())

    def update_card(self, path: Path) -> ModelCard:
        """Put the figures into model.json under the name of data and split, beside what is there; returns the card."""
        card = read_card(path)
        measured = {
            "date": self.date,
            "notes": self.notes,
            "figures": {
                f.key: {"painted": rounded(f.painted), "photos": rounded(f.photos), "how": f.how} for f in self.figures
            },
        }
        card = replace(card, metrics={**card.metrics, self.where: measured})
        write_whole(path / MODEL_JSON, card.to_json().encode())
        return card


def _named(figure: Figure) -> str:
    return f"{figure.title} {'↓' if figure.better == 'lower' else '↑'}"


def _painted(figure: Figure) -> str:
    return number(figure.painted) + ("" if figure.spread is None else f" ± {number(figure.spread)}")


def number(value: Any) -> str:
    """Four digits that count."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def rounded(value: float | None) -> float | None:
    """To the digits that `number` shows."""
    return None if value is None else float(number(float(value)))


def _markdown_table(rows: list[dict[str, Any]]) -> list[str]:
    def line(cells: Any) -> str:
        return "| " + " | ".join(cells) + " |"

    return [
        line(rows[0]),
        "|" + "---|" * len(rows[0]),
        *(line(number(value) for value in row.values()) for row in rows),
    ]
