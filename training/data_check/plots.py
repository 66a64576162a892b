"""The class histogram and label overlays, to look at."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.data.image_files import read_photo, write_picture
from training.data.info import DatasetInfo
from training.data.layouts import Split
from training.data_check.split import CheckedSplit
from training.output.charts import FAINT, FONT_SIZE, GAP, INK, MARGIN, PAPER, bar_chart

MAX_BARS = 60  # more do not fit a screen; check.json has all
COLUMNS, TILE = 3, 256
LABEL_OPACITY = 0.55
NO_CLASS = (255, 0, 255)


def save_histogram(checked: CheckedSplit, path: Path, title: str) -> None:
    """The most frequent classes: their share of all pixels and the share of pictures they occur in."""
    order = np.argsort(-checked.shares, kind="stable")[:MAX_BARS]
    pictures = max(len(checked.stems), 1)
    rows = {
        f"{i} {checked.info.classes[i].name}"[:40]: (float(checked.shares[i]), checked.images[i] / pictures)
        for i in order
    }
    if len(checked.info.classes) > MAX_BARS:
        title += f"; the {MAX_BARS} most frequent of {len(checked.info.classes)} classes"
    bar_chart(path, title, rows, ("share of pixels", "share of pictures it occurs in"), digits=4)


def save_overlays(split: Split, stems: list[str], path: Path) -> None:
    """Photos, each beside itself under its label map, and what the colors mean. Writes a PNG."""
    font = ImageFont.load_default(FONT_SIZE)
    line, present = FONT_SIZE + 8, set[int]()
    cell_width, cell_height = 2 * TILE + GAP, TILE + line + GAP
    columns = min(COLUMNS, len(stems))
    width = 2 * MARGIN + columns * (cell_width + MARGIN) - MARGIN
    tiles = []
    for stem in stems:
        photo, ids = read_photo(split.photos[stem]), split.labels.read(stem)
        present.update(np.unique(ids).tolist())
        tiles.append((stem, fit(photo), fit(overlay(photo, ids, split.info))))
    palette = palette_of(split.info, max(present) + 1)
    known = {info.id: info.name for info in split.info.classes}
    names = [f"{i} {known.get(i, 'of no class')}" for i in sorted(present)]
    entry = int(max(map(font.getlength, names))) + line + 2 * GAP
    across = max(1, (width - 2 * MARGIN) // entry)
    top = 2 * MARGIN + -(-len(names) // across) * line
    picture = Image.new("RGB", (width, top + -(-len(tiles) // columns) * (cell_height + GAP) + MARGIN), PAPER)
    draw = ImageDraw.Draw(picture)
    for n, (i, name) in enumerate(zip(sorted(present), names, strict=True)):
        x, y = MARGIN + n % across * entry, MARGIN + n // across * line
        draw.rectangle((x, y + 2, x + FONT_SIZE, y + 2 + FONT_SIZE), tuple(palette[i].tolist()), outline=INK)
        draw.text((x + line, y), name, INK, font)
    for n, (stem, photo, covered) in enumerate(tiles):
        x, y = MARGIN + n % columns * (cell_width + MARGIN), top + n // columns * (cell_height + GAP)
        draw.text((x, y), stem, INK, font)
        for offset, tile in ((0, photo), (TILE + GAP, covered)):
            draw.rectangle((x + offset, y + line, x + offset + TILE - 1, y + line + TILE - 1), FAINT)
            place = (x + offset + (TILE - tile.width) // 2, y + line + (TILE - tile.height) // 2)
            picture.paste(tile, place)
    write_picture(path, picture)


def overlay(photo: Image.Image, ids: np.ndarray, info: DatasetInfo) -> Image.Image:
    """Class colors over the photo in gray, with dark lines where two classes meet. ids: [H, W]."""
    gray = np.asarray(photo.convert("L"), np.float32)[..., None]
    mixed = LABEL_OPACITY * palette_of(info, int(ids.max()) + 1)[ids] + (1 - LABEL_OPACITY) * gray
    edges = np.zeros(ids.shape, bool)
    edges[:, 1:] |= ids[:, 1:] != ids[:, :-1]
    edges[1:] |= ids[1:] != ids[:-1]
    mixed[edges] *= 0.35
    return Image.fromarray(mixed.astype(np.uint8))


def palette_of(info: DatasetInfo, length: int) -> np.ndarray:
    """uint8 [length or more, 3]: colors of the classes, then one for ids that are none."""
    beyond = np.full((max(length - len(info.classes), 0), 3), NO_CLASS, np.uint8)
    return np.concatenate([info.palette, beyond])


def fit(picture: Image.Image) -> Image.Image:
    """Into a tile, enlarged or reduced."""
    scale = TILE / max(picture.size)
    return picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
