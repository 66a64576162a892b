"""Each label map has one meaning: to the page, the server, project files and the trainer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.edits import read_labels
from backend.errors import ApiError
from backend.projects.archive import read_project
from models.files.model_card import ModelCard, read_card
from tests.backend.projects import members, pack
from tests.page.node import run
from tests.png_files import GRAY, GRAY_ALPHA, PALETTE, RGB, RGB_ALPHA, chunk, png
from training.data.info import DataError, DatasetInfo
from training.data.labels import encode_labels, read_values

IDS = np.random.default_rng(0).integers(0, 5, (64, 96))
TRIPLE = IDS[..., None].repeat(3, 2)
OPAQUE = np.full((64, 96, 1), 255)
ALPHA = np.where(np.arange(64 * 96).reshape(64, 96, 1) == 777, 90, 255)


def stacked(*channels: np.ndarray) -> np.ndarray:
    return np.concatenate([each.reshape(64, 96, -1) for each in channels], 2)


def read(card: ModelCard) -> dict[str, bytes]:
    """Files that show IDS."""
    info = DatasetInfo(card.name, card.classes, card.ignore_id)
    table, turned = info.palette, info.palette[::-1]
    plte, sorted_again = chunk(b"PLTE", table.tobytes()), chunk(b"PLTE", turned.tobytes())
    colors = table[IDS].astype(int)
    return {
        "as the page and the trainer save it": encode_labels(IDS, info),
        "gray": png(IDS),
        "gray, 4 bits": png(IDS, depth=4),
        "gray, 16 bits": png(IDS, depth=16),
        "gray, one value transparent": png(IDS, chunks=(chunk(b"tRNS", b"\0\1"),)),
        "palette": png(IDS, PALETTE, chunks=(plte,)),
        "palette, 4 bits": png(IDS, PALETTE, depth=4, chunks=(plte,)),
        "palette in another order": png(4 - IDS, PALETTE, chunks=(sorted_again,)),
        "palette, half transparent": png(IDS, PALETTE, chunks=(plte, chunk(b"tRNS", b"\x5a" * 3))),
        "palette, more transparency than colors": png(IDS, PALETTE, chunks=(plte, chunk(b"tRNS", b"\x5a" * 9))),
        "palette of other colors": png(IDS, PALETTE, chunks=(chunk(b"PLTE", bytes(range(15))),)),
        "interlaced gray": png(IDS, interlaced=True),
        "interlaced gray, 4 bits": png(IDS, depth=4, interlaced=True),
        "interlaced gray, 16 bits": png(IDS, depth=16, interlaced=True),
        "interlaced palette in another order": png(4 - IDS, PALETTE, interlaced=True, chunks=(sorted_again,)),
        "interlaced colors": png(colors, RGB, interlaced=True),
        "gray with alpha": png(stacked(IDS, OPAQUE), GRAY_ALPHA),
        "ids in three channels": png(TRIPLE, RGB),
        "ids in three channels, with alpha": png(stacked(TRIPLE, OPAQUE), RGB_ALPHA),
        "colors": png(colors, RGB),
        "colors, with alpha": png(stacked(colors, OPAQUE), RGB_ALPHA),
    }


def refused(card: ModelCard) -> dict[str, bytes]:
    """Files that could be taken for one thing or another, or for none."""
    colors = DatasetInfo(card.name, card.classes, card.ignore_id).palette[IDS].astype(int)
    mixed = np.where(np.arange(96)[:, None] < 48, colors, TRIPLE)
    photo = BytesIO()
    Image.fromarray(colors.astype(np.uint8)).save(photo, "jpeg")
    return {
        "an id that no class has": png(np.where(IDS == 3, 77, IDS)),
        "an id of 16 bits that no class has": png(np.where(IDS == 3, 259, IDS), depth=16),
        "an id in three channels that no class has": png(np.where(TRIPLE == 3, 77, TRIPLE), RGB),
        "a color that no class has": png(np.where(colors == colors.max(), 1, colors), RGB),
        "ids here, colors there": png(mixed, RGB),
        "half transparent gray": png(stacked(IDS, ALPHA), GRAY_ALPHA),
        "half transparent ids": png(stacked(TRIPLE, ALPHA), RGB_ALPHA),
        "half transparent colors": png(stacked(colors, ALPHA), RGB_ALPHA),
        "colors of 16 bits": png(colors * 257, RGB, depth=16),
        "gray of 16 bits with alpha": png(stacked(IDS * 257, OPAQUE * 257), GRAY_ALPHA, depth=16),
        "cut off": png(IDS)[:-40],
        "JPEG": photo.getvalue(),
    }


READ_BY_PAGE = """
  const { readLabels } = await load('formats/labels');
  const answers = [];
  for (const file of argument.files) {
    const found = await readLabels(unpacked(file), argument.model).catch(error => error.name);
    answers.push(found.labels ? [...found.labels] : found);
  }
  return answers;
"""
Door = Callable[[dict[str, bytes]], dict[str, np.ndarray | None]]


@pytest.fixture(scope="module")
def doors(tiny_zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Door]:
    """By name: what reads files, and gives class ids [H, W] each, or None for one that it refuses."""
    card = read_card(tiny_zoo / "tiny")
    info = DatasetInfo(card.name, card.classes, card.ignore_id)
    project = members(tiny_zoo / "tiny")
    path = tmp_path_factory.mktemp("labels") / "map.png"

    def page(files: dict[str, bytes]) -> dict[str, np.ndarray | None]:
        model = json.loads(json.dumps(card.to_public()))
        answers = run(READ_BY_PAGE, {"model": model, "files": [base64.b64encode(f).decode() for f in files.values()]})
        assert all(isinstance(answer, list) or answer == "UserError" for answer in answers), answers
        arrays = (np.reshape(answer, (64, 96)) if isinstance(answer, list) else None for answer in answers)
        return dict(zip(files, arrays, strict=True))

    def one_by_one(read: Callable[[bytes], np.ndarray], *errors: type[Exception]) -> Door:
        def attempt(data: bytes) -> np.ndarray | None:
            try:
                return read(data)
            except errors:
                return None

        return lambda files: {name: attempt(data) for name, data in files.items()}

    def train(data: bytes) -> np.ndarray:
        path.write_bytes(data)
        ids = read_values(path, info)
        if ids.max() >= len(info.classes):
            raise DataError  # as training, check-data and synthesize do
        return ids

    return {
        "page": page,
        "server": one_by_one(lambda data: read_labels(card, data), ApiError),
        "project": one_by_one(lambda data: read_project(pack(project | {"labels.png": data})).labels, ApiError),
        "training": one_by_one(train, DataError),
    }


@pytest.mark.parametrize("door", ["page", "server", "project", "training"])
def test_all_read_the_same(doors: dict[str, Door], tiny_zoo: Path, door: str) -> None:
    card = read_card(tiny_zoo / "tiny")
    found = doors[door](read(card))
    assert {name: ids is not None and np.array_equal(ids, IDS) for name, ids in found.items()} == dict.fromkeys(
        found, True
    )
    answers = doors[door](refused(card))
    assert {name for name, ids in answers.items() if ids is not None} == set()


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (3, 2), (7, 9), (8, 8), (17, 33)])
def test_the_page_reads_interlaced_pictures_of_any_size(size: tuple[int, int]) -> None:
    ids = np.random.default_rng(1).integers(0, 4, size)
    files = [png(ids, GRAY, depth=depth, interlaced=True) for depth in (2, 8, 16)]
    found = run(
        """const { decodePng } = await load('formats/png');
        return Promise.all(argument.map(async file => [...(await decodePng(unpacked(file))).ids]));""",
        [base64.b64encode(file).decode() for file in files],
    )
    assert found == [ids.ravel().tolist()] * 3
