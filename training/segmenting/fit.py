"""Training of the small segmenter, alone or on real pictures accompanied by synthetic ones."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from rich.progress import Progress
from torch import Tensor

from models.networks.layers import place
from training.config import ConfigError
from training.data.batches import batches, whole
from training.data.pairs import Pairs
from training.metrics.segmentation import (
    LEFT_OUT,
    ConfusionMatrix,
    Grouping,
    SegmentationScores,
    count_pixels,
    every_class,
)
from training.segmenting.segmenter import (
    STRIDE,
    Encoder,
    SegmenterConfig,
    SmallSegmenter,
)
from training.weights.pretrained import efficientnet

DECAY_POWER = 0.9  # of the learning rate, as DeepLab's


@dataclass(frozen=True)
class FitConfig:
    """How the small segmenter learns."""

    steps: int = 400
    """Batches of real pictures."""
    size: tuple[int, int] = (128, 128)
    """Height and width of training crops, and of the pictures it is measured on."""
    batch: int = 8
    """Real pictures a step; synthetic ones come on top."""
    rate: float = 2e-3
    """AdamW learning rate at the start; it decays polynomially to 0."""
    encoder: Encoder = "imagenet"
    """'imagenet': frozen EfficientNet-Lite0, which learns fastest. 'scratch': a plain encoder from nothing, independent
    of the features that a projected discriminator judges by."""
    width: int = 64
    """Channels of the decoder."""
    seed: int = 0
    """Of initial weights, the order of the pictures and their crops."""
    workers: int = 0
    """Processes that load data."""

    def __post_init__(self) -> None:
        if min(self.steps, self.batch, self.width) < 1 or self.rate <= 0 or self.width % 8:
            raise ConfigError("steps, batch and rate must be positive, width a multiple of 8.")
        if any(side % STRIDE or side < STRIDE for side in self.size):
            raise ConfigError(f"size {self.size}: both sides must be multiples of {STRIDE}, the segmenter's stride.")


def settings(config: FitConfig) -> dict[str, Any]:
    """What a segmenter's weights depend on, as plain values."""
    return {k: v for k, v in asdict(config).items() if k != "workers"}


def fit(
    config: FitConfig,
    pairs: Pairs,
    companions: Pairs | None,
    pixels: Tensor,
    device: torch.device,
    progress: Progress,
    description: str = "training the segmenter",
) -> SmallSegmenter:
    """A trained segmenter, in evaluation mode.

    companions: pairs in the same order; each step takes the counterpart of every real picture into its batch, cropped
    and flipped alike. pixels: int64 [G], see pixel_counts.
    Deterministic on one CPU machine: all randomness follows from config.seed. Raises DataError or PretrainedError.
    """
    network = place(build_segmenter(config, len(pairs.info.classes)), device).train()
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, config.rate, weight_decay=1e-4)
    decay = torch.optim.lr_scheduler.PolynomialLR(optimizer, config.steps, DECAY_POWER)
    weights = class_weights(pixels, every_class(pairs.info)).to(device)
    sources = [pairs] if companions is None else [pairs, companions]
    # Enlarged where they are smaller: what it is measured on is resized as well.
    streams = [
        batches(source, config.size, config.batch, config.seed, 0, config.workers, device, upscale=True)
        for source in sources
    ]
    task = progress.add_task(description, total=config.steps)
    for _ in range(config.steps):
        parts = [next(stream) for stream in streams]
        images = torch.cat([part.images for part in parts])  # [B or 2B, 3, H, W]
        labels = torch.cat([part.labels for part in parts])
        loss = weighted_cross_entropy(network(images), labels, weights)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        decay.step()
        progress.advance(task)
    return network.eval()


def build_segmenter(config: FitConfig, classes: int) -> SmallSegmenter:
    """With initial weights that follow from config.seed. Raises PretrainedError."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = SmallSegmenter(SegmenterConfig(classes, config.encoder, config.width))
    if config.encoder == "imagenet":
        network.encoder = efficientnet("lite0")
    return network


def class_weights(pixels: Tensor, grouping: Grouping) -> Tensor:
    """[N] from pixels [G]: one over the square root of the class's share; 0 for what is left out or never occurs.

    Between the plain loss, which forgets rare classes, and full balancing, which paints them everywhere.
    """
    share = (pixels / pixels.sum().clamp(min=1)).clamp(min=1e-3)
    weights = torch.where(pixels > 0, share.rsqrt(), 0.0)  # [G]
    group_of = torch.tensor(grouping.group_of)  # [N]
    return torch.where(group_of == LEFT_OUT, 0.0, weights[group_of])


def weighted_cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Mean over pixels, each counted by the weight of its class; 0 if no pixel counts.

    logits [B, N, H, W]; labels [B, H, W]; weights [N].
    """
    total = weights[labels].sum().clamp(min=torch.finfo(torch.float32).tiny)
    return F.cross_entropy(logits, labels, weights, reduction="sum") / total


def pixel_counts(pairs: Pairs, progress: Progress) -> Tensor:
    """int64 [G]: how many pixels of the split each class but the ignored one has. Raises DataError."""
    grouping = every_class(pairs.info)
    counts = torch.zeros(len(grouping.names), dtype=torch.int64)
    for i in progress.track(range(len(pairs)), description="counting pixels"):
        _, label = pairs.load(i)
        counts += count_pixels(torch.from_numpy(np.array(label)).long(), grouping)
    return counts


@torch.inference_mode()
def measure(network: SmallSegmenter, pairs: Pairs, size: tuple[int, int], progress: Progress) -> SegmentationScores:
    """How well it segments whole photos, resized with their label maps to `size`; never into the ignored class.

    Raises DataError.
    """
    device = next(network.parameters()).device
    matrix = ConfusionMatrix(every_class(pairs.info))
    for i in progress.track(range(len(pairs)), description="measuring the segmenter"):
        image, labels = whole(*pairs.load(i), size)
        logits = network(image[None].to(device, memory_format=torch.channels_last))  # [1, N, H, W]
        if pairs.info.ignore_id is not None:
            logits[:, pairs.info.ignore_id] = -torch.inf
        matrix.update(logits.argmax(1)[0].cpu(), labels)
    return matrix.scores()
