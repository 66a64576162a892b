"""Bar charts as pictures: horizontal bars, one row a name, one color a series."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from training.data.image_files import write_picture

COLORS = ("#3b6fb6", "#d98c3a", "#5a9a5a", "#9a5a8c")
INK, FAINT, PAPER = "#222222", "#dddddd", "#ffffff"
WIDTH, BAR, GAP, MARGIN, FONT_SIZE = 900, 14, 8, 16, 14


def bar_chart(
    path: Path,
    title: str,
    rows: Mapping[str, Sequence[float | None]],
    series: Sequence[str],
    *,
    colors: Sequence[str] = COLORS,
    digits: int = 3,
) -> None:
    """Write a PNG. rows: name -> a value >= 0 per series, None where there is none; the longest bar fills the width."""
    font = ImageFont.load_default(FONT_SIZE)
    line = FONT_SIZE + 6
    names = max((font.getlength(name) for name in rows), default=0)
    left = int(MARGIN + names + GAP)
    room = WIDTH - left - MARGIN - int(font.getlength(f"{0:.{digits}f}")) - 4 * GAP
    most = max((v for values in rows.values() for v in values if v is not None), default=0) or 1
    row_height = max(line, BAR * len(series)) + GAP
    top = MARGIN + line * (2 if len(series) > 1 else 1) + GAP

    picture = Image.new("RGB", (WIDTH, top + row_height * len(rows) + MARGIN), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((MARGIN, MARGIN), title, INK, font)
    x = float(MARGIN)
    for name, color in zip(series, colors, strict=False):
        if len(series) > 1:
            draw.rectangle((x, MARGIN + line + 3, x + 10, MARGIN + line + 13), color)
            draw.text((x + 15, MARGIN + line), name, INK, font)
            x += font.getlength(name) + 40
    for i, (name, values) in enumerate(rows.items()):
        y = top + i * row_height
        draw.text((left - GAP - font.getlength(name), y), name, INK, font)
        for j, (value, color) in enumerate(zip(values, colors, strict=False)):
            bar = y + j * BAR
            draw.rectangle((left, bar, left + room, bar + BAR - 3), FAINT)
            if value:
                draw.rectangle((left, bar, left + value / most * room, bar + BAR - 3), color)
            text = "-" if value is None else f"{value:.{digits}f}"
            draw.text((left + room + GAP, bar - 3), text, INK, font)
    write_picture(path, picture)
