"""Tables over region patterns against dense convolutions over the noise-label map, in training.

    python -m benchmarks.conditioning LABELS.png [LABELS.png ...]

Times forward + backward of a generator, dense and by regions in turn, in one process; prints medians, their ratio and
how far the two gradients lie apart. Inference is benchmarks/inference.py's.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.scenes import read_labels
from models.files.model_directory import load_networks
from models.noise import NOISE_DIM


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+", help="label maps of the model's classes, one batch")
    parser.add_argument("--model", type=Path, default=Path("models/zoo/landscapes"), help="model directory")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    torch.manual_seed(0)
    _, generator, _ = load_networks(options.model)
    generator.requires_grad_(True).train()
    labels = torch.stack([read_labels(path) for path in options.labels])
    z = torch.randn(len(labels), NOISE_DIM)
    spread = z[:, :, None, None].expand(-1, -1, *labels.shape[1:])

    def step(noise: torch.Tensor) -> torch.Tensor:
        """The gradients of all parameters as one vector."""
        loss = generator(labels, noise).square().mean()
        return torch.cat([gradient.flatten() for gradient in torch.autograd.grad(loss, list(generator.parameters()))])

    gradient, other = step(spread), step(z)  # warms up as well
    difference = (gradient - other).norm() / gradient.norm()
    times = [(seconds(lambda: step(spread)), seconds(lambda: step(z))) for _ in range(options.rounds)]
    dense, regions = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    print(f"forward + backward: dense {dense:.0f} ms, by regions {regions:.0f} ms, {dense / regions:.1f}x")
    print(f"relative difference of the gradients {difference:.1e}")


if __name__ == "__main__":
    main()
