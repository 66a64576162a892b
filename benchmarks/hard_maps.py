"""Label and noise maps that are hard on tables over patterns: `python -m benchmarks.hard_maps MAP.png`.

Prints, for the shipped generator on a new canvas, milliseconds of the plain network and of the engine (medians of
interleaved runs), their ratio and the largest difference of the pictures. MAP.png: class ids, 256x256.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.engine.generator import GeneratorEngine
from models.files.model_directory import load_networks
from models.networks.oasis import Generator
from models.noise import NOISE_DIM
from models.regions import Regions, find_regions

ZOO = Path(__file__).resolve().parent.parent / "models" / "zoo"
SIZE = 256
RUNS = 5


def cases(labels: Tensor, classes: int) -> dict[str, tuple[Tensor, Tensor, Tensor]]:
    """Labels [H, W], noise vectors [V, 64] and which of them holds at each pixel [H, W]."""
    random = torch.Generator().manual_seed(1)
    y, x = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")

    def blocks(values: int, side: int) -> Tensor:
        small = torch.randint(values, (SIZE // side, SIZE // side), generator=random)
        return small.repeat_interleave(side, 0).repeat_interleave(side, 1)

    def vectors(count: int) -> Tensor:
        return torch.randn(count, NOISE_DIM, generator=random)

    one, same = vectors(1), torch.zeros_like(labels)
    distance = ((y - SIZE // 2) ** 2 + (x - SIZE // 2) ** 2).sqrt()
    return {
        "a real map": (labels, one, same),
        "random blocks of 8 pixels": (blocks(classes, 8), one, same),
        "a random class at every pixel": (blocks(classes, 1), one, same),
        "200 noise regions": (labels, vectors(200), blocks(200, 16)),
        "a soft disc of 64 steps": (labels, vectors(64), (distance * 63 / distance.max()).long()),
        "a blend of 256 steps": (labels, vectors(256), x),
        "a vector for every pixel": (labels, vectors(SIZE * SIZE), y * SIZE + x),
    }


def plain(generator: Generator, regions: Regions) -> Tensor:
    noise = regions.vectors[regions.vector_of][regions.map].permute(2, 0, 1)  # [64, H, W]
    condition = generator.condition(regions.classes[regions.map][None], noise[None])
    return generator.paint(condition, (SIZE, SIZE))[0]


@torch.inference_mode()
def main() -> None:
    torch.set_num_threads(2)
    generator = load_networks(ZOO / "landscapes")[1]
    assert isinstance(generator, Generator)
    engine = GeneratorEngine(generator)
    labels = torch.from_numpy(np.asarray(Image.open(sys.argv[1])).astype(np.int64))
    print("| map | regions | plain | ours | plain / ours | largest difference |\n|---|--:|--:|--:|--:|--:|")
    for name, (ids, vectors, rows) in cases(labels, generator.config.classes).items():
        regions = find_regions(ids, vectors, rows, generator.config.classes)
        seconds: dict[str, list[float]] = {"plain": [], "ours": []}
        for _ in range(RUNS):
            begun = time.perf_counter()
            reference = plain(generator, regions)
            between = time.perf_counter()
            picture = engine.canvas().paint(regions)
            seconds["plain"].append(between - begun)
            seconds["ours"].append(time.perf_counter() - between)
        slow, fast = (1000 * statistics.median(values) for values in seconds.values())
        largest = (picture - reference).abs().max().item()
        print(
            f"| {name} | {len(regions.classes)} | {slow:.0f} ms | {fast:.0f} ms | {slow / fast:.1f} | {largest:.0e} |"
        )


if __name__ == "__main__":
    main()
