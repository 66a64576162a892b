"""Tables over region patterns against dense convolutions over the noise-label map.

    python benchmarks/conditioning.py LABELS.png [LABELS.png ...]

Times a generator, forward and forward + backward, dense and by regions in turn, in one process; prints medians, the
median of the pairwise ratios and the largest difference between the two pictures.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.model_directory import load_model
from models.noise import NOISE_DIM


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(name: str, dense: Callable[[], object], regions: Callable[[], object], rounds: int) -> None:
    dense(), regions()  # warm up
    pairs = [(seconds(dense), seconds(regions)) for _ in range(rounds)]
    medians = [statistics.median(column) * 1000 for column in zip(*pairs, strict=True)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:20} dense {medians[0]:8.1f} ms   regions {medians[1]:8.1f} ms   ratio {ratio:.1f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+", help="label maps of the model's classes, one batch")
    parser.add_argument("--model", type=Path, default=Path("models/zoo/landscapes"), help="model directory")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    torch.manual_seed(0)
    generator = load_model(options.model).generator.requires_grad_(True)
    labels = torch.from_numpy(np.stack([np.asarray(Image.open(path)) for path in options.labels])).long()
    z = torch.randn(len(labels), NOISE_DIM)
    spread = z[:, :, None, None].expand(-1, -1, *labels.shape[1:])

    def forward(noise: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            picture: torch.Tensor = generator(labels, noise)
        return picture

    def backward(noise: torch.Tensor) -> None:
        generator.zero_grad()
        generator(labels, noise).square().mean().backward()

    generator.eval()
    difference = (forward(z) - forward(spread)).abs().max().item()
    compare("forward", lambda: forward(spread), lambda: forward(z), options.rounds)
    generator.train()
    compare("forward + backward", lambda: backward(spread), lambda: backward(z), options.rounds)
    print(f"largest difference {difference:.1e} of the range [-1, 1]")


if __name__ == "__main__":
    main()
