"""A whole split: matched, gone through by several processes, counted and judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from torch.utils.data import DataLoader

from training.data.info import DatasetInfo
from training.data.layouts import Split, pictures
from training.data_check.findings import (
    ALL_IGNORED,
    LABELS_ALONE,
    NEVER,
    ONE_TOO_HIGH,
    PERHAPS_IGNORED,
    PHOTO_ALONE,
    STRETCHED,
    UNREAD_FOLDER,
    USED_AS_IGNORED,
    Finding,
)
from training.data_check.pair import CheckedPair, PairChecks
from training.output.progress import progress_bar

SOUND_IGNORED = {"unlabeled", "unlabelled", "void", "ignore", "ignored", "unknown", "unannotated"}


@dataclass(frozen=True)
class CheckedSplit:
    """A split that was gone through. `pixels` and `images`: of each id, int64 [N or more if ids lie beyond]."""

    info: DatasetInfo
    stems: list[str]
    drawable: list[str]
    sizes: list[tuple[int, int]]
    pixels: np.ndarray
    images: np.ndarray
    findings: list[Finding]

    @property
    def shares(self) -> np.ndarray:
        """Of all pixels, by class: float [N]."""
        counted: np.ndarray = self.pixels[: len(self.info.classes)] / max(self.pixels.sum(), 1)
        return counted


def check_split(
    split: Split, where: Path, size: tuple[int, int], upscale: bool, workers: int, console: Console
) -> CheckedSplit:
    """Every pair, for training at `size` (height, width), which enlarges smaller photos if `upscale` says so.

    where: what findings about the whole are filed under.
    """
    stems = sorted(set(split.photos) & set(split.labels.files))
    findings = [Finding(PHOTO_ALONE, split.photos[s]) for s in sorted(set(split.photos) - set(stems))]
    findings += [Finding(LABELS_ALONE, split.labels.files[s], s) for s in sorted(set(split.labels.files) - set(stems))]
    findings += unread_folders(split)
    drawable, sizes, counts = [], [], []
    with progress_bar("pairs", console) as progress:
        task = progress.add_task("checking", total=len(stems))
        for stem, pair in zip(stems, check_all(PairChecks(split, stems, size, upscale), workers), strict=True):
            progress.advance(task)
            findings += pair.findings
            if pair.drawable:
                drawable.append(stem)
            if pair.size is not None:
                sizes.append(pair.size)
            if pair.pixels is not None:
                counts.append(pair.pixels)
    length = max([len(split.info.classes), *map(len, counts)])
    pixels, images = np.zeros(length, np.int64), np.zeros(length, np.int64)
    for count in counts:
        pixels[: len(count)] += count
        images[: len(count)] += count > 0
    findings = [*judge_ids(split.info, pixels, where), *findings]
    return CheckedSplit(split.info, stems, drawable, sizes, pixels, images, findings)


def unread_folders(split: Split) -> list[Finding]:
    """Folders with pictures beside the files of a split."""
    folders = {path.parent for path in (*split.photos.values(), *split.labels.files.values())}
    inner = sorted({path for folder in folders for path in folder.glob("[!.]*/") if path.is_dir()})
    return [Finding(UNREAD_FOLDER, path, f"{len(pictures(path))} pictures") for path in inner if pictures(path)]


def check_all(checks: PairChecks, workers: int) -> Iterator[CheckedPair]:
    """In order, by `workers` processes."""
    yield from DataLoader(checks, batch_size=None, num_workers=workers, generator=torch.Generator())


def judge_ids(info: DatasetInfo, pixels: np.ndarray, where: Path) -> Iterator[Finding]:
    """What the ids of all label maps together say. pixels: int64 [N or more]."""
    count = len(info.classes)
    present = np.flatnonzero(pixels)
    beyond = present[present >= count]
    step = int(np.gcd.reduce(present)) if len(present) else 0
    if len(present) and pixels[0] == 0 and present[-1] == count:
        yield Finding(ONE_TOO_HIGH, where, f"0 never occurs and {count} does; the classes are 0 to {count - 1}")
    elif beyond.tolist() == [255] and not (count == 2 and pixels[1] == 0):
        yield Finding(USED_AS_IGNORED, where, f"in {pixels[255] / pixels.sum():.1%} of all pixels")
    elif len(beyond) and step > 1 and len(present) <= count:
        yield Finding(STRETCHED, where, f"all are multiples of {step}: {', '.join(map(str, present[:8]))}")
    if info.ignore_id is not None and pixels.any() and pixels.sum() == pixels[info.ignore_id]:
        yield Finding(ALL_IGNORED, where, f"class {info.ignore_id} ({info.classes[info.ignore_id].name})")
    if info.ignore_id is None and info.classes[0].name.lower() in SOUND_IGNORED:
        yield Finding(PERHAPS_IGNORED, where, f"class 0 ({info.classes[0].name})")
    for known in info.classes:
        if pixels[known.id] == 0 and known.id != info.ignore_id:
            yield Finding(NEVER, where, f"{known.id} ({known.name})")
