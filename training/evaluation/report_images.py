"""The pictures of a report."""

from pathlib import Path

import numpy as np

from training.evaluation.image_sources import Paintings, Photos, spread
from training.evaluation.report import Report
from training.evaluation.subject import Subject
from training.output.charts import bar_chart
from training.output.sample_grids import save_grid

SAMPLE_ROWS, SAMPLE_DRAWS = 8, 3
DIVERSITY_ROWS, DIVERSITY_DRAWS = 4, 7
CHARTS = {
    "color": "Color distance of each class to real photos, LAB units",
    "texture": "Texture distance of each class to real photos, 0 to 1",
    "segmenter_miou": "IoU of each class by the external segmenter",
    "discriminator_miou": "IoU of each class by the discriminator, real photos",
}


def write_pictures(folder: Path, subject: Subject, report: Report) -> None:
    """samples.jpg, diversity.jpg and a chart of the classes for each figure that has them."""
    paintings = Paintings(subject.model, subject.pairs, subject.config.first_seed)
    palette = subject.pairs.info.palette
    photos = Photos(subject.pairs, subject.model.card.native_size)

    def row(number: int, draws: int, photo: bool) -> list[np.ndarray]:
        real, labels = photos[number]
        return [palette[labels.numpy()], *paintings.draws(number, draws), *([real] if photo else [])]

    total = len(subject.pairs)
    save_grid([row(i, SAMPLE_DRAWS, True) for i in spread(SAMPLE_ROWS, total)], folder / "samples.jpg")
    if "diversity" in subject.config.wanted:
        grid = [row(i, DIVERSITY_DRAWS, False) for i in spread(DIVERSITY_ROWS, total)]
        save_grid(grid, folder / "diversity.jpg")
    for figure in report.figures:
        if figure.key in CHARTS:
            rows = figure.details["by_class"]
            series = [name for name in ("painted", "photos") if getattr(figure, name) is not None]
            bars = {row["class"]: [row[name] for name in series] for row in rows}
            bar_chart(folder / f"{figure.key}.png", CHARTS[figure.key], bars, series)
