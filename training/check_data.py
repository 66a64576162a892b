"""`oasis-studio check-data`: look through a dataset before anyone trains on it."""

import json
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.errors import printable
from training.config import ConfigError
from training.data.pairs import find_layout
from training.data_check.estimate import Estimate, estimate_training
from training.data_check.findings import Finding, Kind
from training.data_check.plots import save_histogram, save_overlays
from training.data_check.split import CheckedSplit, check_split
from training.output.files import write_whole
from training.recipes import RECIPES

HISTOGRAM, OVERLAYS, REPORT = "histogram.png", "overlays.png", "check.json"
TABLE_ROWS = 40
NAMED_FILES = 5


@dataclass(frozen=True)
class CheckConfig:
    """Go through every pair of a dataset and say what is wrong and how to mend it."""

    data: Annotated[Path, tyro.conf.Positional]
    """The dataset."""
    split: str = "train"
    """Split to check."""
    layout: str = "folder"
    """How its files are arranged: folder, ade20k, ade20k-outdoors, coco-stuff, cityscapes or lvis."""
    size: tuple[int, int] = (256, 256)
    """Height and width it will be trained at."""
    upscale: bool = False
    """Training will take smaller photos as well, enlarged."""
    out: Path = Path("check")
    """Folder for histogram.png, overlays.png and check.json."""
    examples: int = 12
    """Pairs among the overlays."""
    estimate: str | None = None
    """A recipe: two of its steps are run at this size, to say how long all of it takes and how much memory."""
    workers: int = os.cpu_count() or 1
    """Processes that read the pairs."""

    def __post_init__(self) -> None:
        for holds, message in (
            (min(self.size) >= 1, "both sides of size must be positive"),
            (self.examples >= 1, "examples must be 1 or more"),
            (self.workers >= 0, "workers must not be negative"),
            (
                self.estimate is None or self.estimate in RECIPES,
                f"there is no recipe {self.estimate!r}: choose one of {', '.join(RECIPES)}",
            ),
        ):
            if not holds:
                raise ConfigError(f"Bad check of a dataset: {message}.")


def check_data(config: CheckConfig, console: Console | None = None) -> bool:
    """Whether the dataset can be trained on as it is. Prints and writes what was found.

    Raises DataError if there is nothing to look through, ConfigError for an --estimate that cannot be run.
    """
    console = console or Console()
    started = time.monotonic()
    split = find_layout(config.layout).find(config.data, config.split)
    checked = check_split(split, config.data, config.size, config.upscale, config.workers, console)
    seconds = time.monotonic() - started
    title = f"{checked.info.name}, {config.split}: {len(checked.stems)} pairs"
    save_histogram(checked, config.out / HISTOGRAM, title)
    written = [HISTOGRAM]
    if checked.drawable:
        chosen = np.linspace(0, len(checked.drawable), min(config.examples, len(checked.drawable)), endpoint=False)
        save_overlays(split, [checked.drawable[int(i)] for i in chosen], config.out / OVERLAYS)
        written.append(OVERLAYS)
    sound = not any(finding.kind.wrong for finding in checked.findings)
    estimate = None
    if config.estimate is not None and sound:
        recipe = replace(RECIPES[config.estimate], data=config.data, split=config.split, layout=config.layout)
        estimate = estimate_training(config.estimate, replace(recipe, upscale=config.upscale), config.size)
    report = describe(config, checked, sound, estimate)
    write_whole(config.out / REPORT, json.dumps(report, indent=1).encode())

    console.print(f"[bold]{escape(printable(title))}[/], {describe_sizes(checked)}, looked through in {seconds:.1f} s")
    console.print(class_table(checked))
    for wrong in (True, False):
        print_findings([finding for finding in checked.findings if finding.kind.wrong == wrong], console)
    if estimate is not None:
        console.print(describe_estimate(estimate, config.size), soft_wrap=True)
    looked_at = " and ".join(str(config.out / name) for name in written)
    console.print(f"Look at {looked_at}; all is in {config.out / REPORT}.", soft_wrap=True, markup=False)
    if sound:
        console.print("[green]Nothing is wrong.[/]")
    else:
        console.print("[red]Mend what is marked with ✗, then check again.[/]")
    return sound


def describe_sizes(checked: CheckedSplit) -> str:
    if not checked.sizes:
        return "no readable photo"
    heights, widths = zip(*checked.sizes, strict=True)
    smallest, largest = f"{min(widths)}x{min(heights)}", f"{max(widths)}x{max(heights)}"
    return f"photos {smallest}" if smallest == largest else f"photos between {smallest} and {largest}"


def describe_estimate(estimate: Estimate, size: tuple[int, int]) -> str:
    days = estimate.days
    duration = f"{days:.1f} days" if days >= 2 else f"{days * 24:.1f} hours"
    return (
        f"The recipe '{estimate.recipe}' at {size[1]}x{size[0]} on {estimate.device}: {estimate.seconds_per_step:.2f} "
        f"s for a step of {estimate.batch} ({estimate.images_per_second:.2f} images/s), {duration} if all its "
        f"{estimate.images:,} images are trained so, {estimate.peak_memory_gib:.1f} GiB at most."
    )


def class_table(checked: CheckedSplit) -> Table:
    """The most frequent classes."""
    table = Table("id", "class", "pixels", "pictures")
    for column in (0, 2, 3):
        table.columns[column].justify = "right"
    order = np.argsort(-checked.shares, kind="stable")
    for i in order[:TABLE_ROWS]:
        known = checked.info.classes[i]
        ignored = " (ignored)" if i == checked.info.ignore_id else ""
        name = f"[{known.color}]██[/] {escape(printable(known.name))}{ignored}"
        table.add_row(str(i), name, f"{checked.shares[i]:.3%}", str(checked.images[i]))
    if len(order) > TABLE_ROWS:
        table.caption = f"the {TABLE_ROWS} most frequent of {len(order)} classes; {REPORT} has all"
    return table


def print_findings(findings: list[Finding], console: Console) -> None:
    """By kind: how many, the first files, the remedy."""
    kinds: dict[Kind, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.kind, []).append(finding)
    for kind, cases in kinds.items():
        mark = "[red]✗[/]" if kind.wrong else "[yellow]•[/]"
        console.print(f"{mark} [bold]{len(cases)} × {kind.title}[/]", highlight=False)
        for case in cases[:NAMED_FILES]:
            console.print(
                printable(f"    {case.file}{f': {case.detail}' if case.detail else ''}"),
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
        if len(cases) > NAMED_FILES:
            console.print(f"    and {len(cases) - NAMED_FILES} more")
        console.print(f"  → {kind.remedy}", markup=False, highlight=False, soft_wrap=True)


def describe(config: CheckConfig, checked: CheckedSplit, sound: bool, estimate: Estimate | None) -> dict[str, object]:
    """What check.json holds."""
    return {
        "data": str(config.data),
        "name": checked.info.name,
        "layout": config.layout,
        "split": config.split,
        "size": config.size,
        "sound": sound,
        "pairs": len(checked.stems),
        "ignore_id": checked.info.ignore_id,
        "classes": [
            {
                "id": known.id,
                "name": known.name,
                "pixels": int(checked.pixels[known.id]),
                "share": round(float(checked.shares[known.id]), 6),
                "images": int(checked.images[known.id]),
            }
            for known in checked.info.classes
        ],
        "findings": [
            {
                "wrong": f.kind.wrong,
                "kind": f.kind.title,
                "file": str(f.file),
                "detail": f.detail,
                "remedy": f.kind.remedy,
            }
            for f in checked.findings
        ],
        "estimate": None if estimate is None else estimate.as_dict(),
    }


def main(arguments: list[str]) -> None:
    """Run the command."""
    if not check_data(tyro.cli(CheckConfig, args=arguments, prog="oasis-studio check-data")):
        sys.exit(1)
