"""How visible the border of a local re-roll is, over a model's own scenes.

    python -m benchmarks.seams MODEL [MODEL ...] [--pictures 24] [--feather PIXELS] [--show FOLDER]

A brushed disc of a scene gets another seed. Along its border the picture changes by so much per pixel; the same pixels
change by so much when the whole scene has the one seed or the other. The ratio is 1 where nothing betrays the border.
"fine" compares neighboring pixels, "coarse" pictures blurred over 9 pixels: steps of light and color. "effect" is how
much of the change of the whole scene the disc still gets. With --feather its noise nears that of the scene in rings, as
the page's soft edges do (frontend/static/js/document/wire-noise.js).
"""

import argparse
import statistics
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from models.files.scenes import read_scenes
from models.noise import Blend, NoiseRegion, NoiseSpec
from models.predictor import Model, load_model

BLUR = 9
BAND = 2  # pixels to each side of the border
RINGS = 8  # of a soft edge, at most; 4 and 32 measure the same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--feather", type=int, default=0, help="pixels inside the disc over which its noise fades in")
    parser.add_argument("--show", type=Path, help="folder for the pictures, before and after")
    options = parser.parse_args()
    for path in options.models:
        model, folder = load_model(path), path / "scenes"
        scenes = read_scenes(folder)
        if not scenes:
            parser.error(f"{path} has no scenes to re-roll: draw some into {folder}")
        random = np.random.RandomState(0)
        ratios = []
        for i in range(options.pictures):
            labels = np.asarray(Image.open(folder / scenes[i % len(scenes)].file))
            before, other, edited, inside = reroll(model, labels, 2 * i, random, options.feather)
            ratios.append((*seam(edited, (before, other), inside), effect(edited, before, other, inside)))
            if options.show:
                options.show.mkdir(parents=True, exist_ok=True)
                both = np.concatenate([before, edited, other], axis=1)
                Image.fromarray(both).save(options.show / f"{path.name}-{i:02d}.png")
        fine, coarse, share = (statistics.mean(column) for column in zip(*ratios, strict=True))
        seams = f"border against no border, fine {fine:.2f}, coarse {coarse:.2f}, effect {share:.2f}"
        print(f"{path}, soft over {options.feather} px: {seams} ({len(ratios)} re-rolls)")


def reroll(
    model: Model, labels: np.ndarray, seed: int, random: np.random.RandomState, feather: int
) -> tuple[np.ndarray, ...]:
    """The scene with one seed, with the next one, with that one inside a disc only; and the disc, bool [H, W]."""
    height, width = labels.shape
    y, x = random.uniform(0.25, 0.75, 2) * (height, width)
    radius = random.uniform(0.12, 0.25) * height
    rows, columns = np.ogrid[:height, :width]
    depth = radius - np.hypot(rows - y, columns - x)
    inside = depth > 0
    before, other = (model.synthesize(labels, NoiseSpec(s)) for s in (seed, seed + 1))
    regions, disc = [NoiseRegion(1, seed + 1)], inside.astype(np.uint8)
    rings = min(RINGS, feather)
    for ring in range(rings):
        disc[inside & (depth < (rings - ring) * feather / rings)] = 1 + rings - ring
        regions.append(NoiseRegion(2 + ring, seed + 1, (Blend(None, 1 - (ring + 1) / (rings + 1)),)))
    return before, other, model.synthesize(labels, NoiseSpec(seed, tuple(regions)), disc), inside


def effect(edited: np.ndarray, before: np.ndarray, other: np.ndarray, inside: np.ndarray) -> float:
    """How much of what the other seed changes inside the disc the re-roll changes."""
    here, whole = (np.abs(picture.astype(int) - before)[inside].mean() for picture in (edited, other))
    return float(here / whole)


def seam(edited: np.ndarray, whole: tuple[np.ndarray, ...], inside: np.ndarray) -> tuple[float, float]:
    """The ratio, fine and coarse."""
    disc = torch.from_numpy(inside).float()[None, None]
    grown = F.max_pool2d(disc, 2 * BAND + 1, 1, BAND) - (1 - F.max_pool2d(1 - disc, 2 * BAND + 1, 1, BAND))
    band = grown[0, 0] > 0  # [H, W]
    ratios = []
    for blur in (1, BLUR):
        steps = [steepness(picture, blur)[band].mean().item() for picture in (edited, *whole)]
        ratios.append(steps[0] / statistics.mean(steps[1:]))
    return ratios[0], ratios[1]


def steepness(picture: np.ndarray, blur: int) -> Tensor:
    """How much a picture uint8 [H, W, 3], blurred over so many pixels, changes from pixel to pixel: [H, W]."""
    image = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    image = F.avg_pool2d(F.pad(image, (blur // 2,) * 4, mode="replicate"), blur, 1)
    down = F.pad(image.diff(dim=2).abs(), (0, 0, 0, 1))
    across = F.pad(image.diff(dim=3).abs(), (0, 1))
    return (down + across).mean(1)[0]


if __name__ == "__main__":
    main()
