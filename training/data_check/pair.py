"""One pair: everything that is wrong with it, and its pixels by class id."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from torch.utils.data import Dataset

from training.data.image_files import decode_photo, open_file
from training.data.info import DataError
from training.data.layouts import Split
from training.data_check.findings import (
    CMYK,
    DEEP_PHOTO,
    ENLARGED,
    GRAY,
    MOSTLY_IGNORED,
    OUT_OF_RANGE,
    SIZES_DIFFER,
    TOO_SMALL,
    TRANSPARENT,
    TURNED,
    UNREADABLE_LABELS,
    UNREADABLE_PHOTO,
    Finding,
    Kind,
)

EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True)
class CheckedPair:
    """size: (height, width) of the photo; pixels: int64 [largest id + 1]. None if the file could not be read.

    drawable: whether the label map can be laid over the photo.
    """

    size: tuple[int, int] | None
    pixels: np.ndarray | None
    drawable: bool
    findings: tuple[Finding, ...]


class PairChecks(Dataset[CheckedPair]):
    """Item i is the i-th pair of `stems`, looked through for training at `size` (height, width).

    upscale: whether training will take smaller photos as well.
    """

    def __init__(self, split: Split, stems: list[str], size: tuple[int, int], upscale: bool) -> None:
        self.split, self.stems, self.size, self.upscale = split, stems, size, upscale

    def __len__(self) -> int:
        return len(self.stems)

    def __getitem__(self, index: int) -> CheckedPair:
        stem, findings = self.stems[index], list[Finding]()
        photo_path, label_path = self.split.photos[stem], self.split.labels.files[stem]
        size: tuple[int, int] | None = None
        try:
            photo, _ = open_file(photo_path)
            shown = decode_photo(photo_path, photo)
        except DataError as error:
            findings.append(Finding(UNREADABLE_PHOTO, photo_path, without(photo_path, error)))
        else:
            size = shown.height, shown.width
            if size[0] < self.size[0] or size[1] < self.size[1]:
                findings.append(Finding(ENLARGED if self.upscale else TOO_SMALL, photo_path, f"{size[1]}x{size[0]}"))
            findings += [Finding(kind, photo_path, detail) for kind, detail in judge_photo(photo)]
        try:
            ids = self.split.labels.read(stem)
        except DataError as error:
            findings.append(Finding(UNREADABLE_LABELS, label_path, without(label_path, error)))
            return CheckedPair(size, None, False, tuple(findings))
        if size is not None and size != ids.shape:
            detail = f"photo {size[1]}x{size[0]}, labels {ids.shape[1]}x{ids.shape[0]}"
            findings.append(Finding(SIZES_DIFFER, photo_path, detail))
        pixels = np.bincount(ids.ravel())
        findings += [Finding(kind, label_path, detail) for kind, detail in self.judge_labels(pixels)]
        return CheckedPair(size, pixels, size == ids.shape, tuple(findings))

    def judge_labels(self, pixels: np.ndarray) -> list[tuple[Kind, str]]:
        found, ignored = [], self.split.info.ignore_id
        beyond = np.flatnonzero(pixels[len(self.split.info.classes) :]) + len(self.split.info.classes)
        if len(beyond):
            found.append((OUT_OF_RANGE, f"ids {', '.join(map(str, beyond[:8]))}{', ...' if len(beyond) > 8 else ''}"))
        if ignored is not None and ignored < len(pixels) and pixels[ignored] > pixels.sum() / 2:
            found.append((MOSTLY_IGNORED, f"{pixels[ignored] / pixels.sum():.0%} ignored"))
        return found


def without(path: Path, error: DataError) -> str:
    """The message of an error about a file, for where the file is named already."""
    return str(error).removeprefix(f"{path} ")


def judge_photo(photo: Image.Image) -> list[tuple[Kind, str]]:
    """What there is to say of how a photo is stored."""
    found: list[tuple[Kind, str]] = []
    orientation = photo.getexif().get(EXIF_ORIENTATION, 1)
    if orientation != 1:
        found.append((TURNED, f"orientation {orientation}"))
    if photo.mode.startswith(("I", "F")):
        found.append((DEEP_PHOTO, f"mode {photo.mode}"))
    elif photo.mode == "CMYK":
        found.append((CMYK, ""))
    elif is_gray(photo):
        found.append((GRAY, ""))
    if photo.has_transparency_data and np.asarray(photo.convert("RGBA"))[..., 3].min() < 255:
        found.append((TRANSPARENT, ""))
    return found


def is_gray(photo: Image.Image) -> bool:
    """Whether all pixels have equal channels."""
    if photo.mode in ("1", "L", "LA"):
        return True
    red, green, blue = (np.asarray(channel, np.int16) for channel in photo.convert("RGB").split())
    # Chroma subsampling of JPEG leaves gray photos a shade off.
    return bool(max(np.abs(red - green).max(), np.abs(blue - green).max()) <= 2)
