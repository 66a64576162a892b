"""A small segmentation network that learns in minutes on a CPU and never meets a generator: an independent judge, and
what synthetic data are measured with (thesis sec. 4.3.5).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from models.classes import ClassInfo, check_classes
from models.files.model_card import ModelError
from models.maps import check_size
from models.networks.efficientnet import EfficientNetLite, feature_channels
from training.output.files import write_whole

SEGMENTER_JSON = "segmenter.json"
WEIGHTS = "segmenter.safetensors"
FORMAT = 1
STRIDE = 32
Encoder = Literal["imagenet", "scratch"]


@dataclass(frozen=True)
class SegmenterConfig:
    """classes: label classes N. width: channels of the decoder."""

    classes: int
    encoder: Encoder = "imagenet"
    width: int = 64


def conv_norm_relu(in_channels: int, out_channels: int, stride: int = 1) -> nn.Sequential:
    """Group norm: statistics of a picture alone, so that synthetic pictures in a batch do not change real ones'."""
    layer = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.GroupNorm(8, out_channels), nn.ReLU(inplace=True))


class PlainEncoder(nn.Module):
    """image [B, 3, H, W] -> features at strides 2, 4, 8, 16, 32, as wide as EfficientNet's but for the last."""

    channels = (16, 24, 40, 112, 192)

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(conv_norm_relu(before, after, stride=2), conv_norm_relu(after, after))
            for before, after in zip((3, *self.channels), self.channels, strict=False)
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        features = [image]
        for stage in self.stages:
            features.append(stage(features[-1]))
        return features[1:]


class SmallSegmenter(nn.Module):
    """A feature pyramid on an encoder: from the coarsest features up, each level adds its own and is mixed."""

    def __init__(self, config: SegmenterConfig) -> None:
        super().__init__()
        self.config = config
        frozen = config.encoder == "imagenet"
        self.encoder: nn.Module = EfficientNetLite("lite0") if frozen else PlainEncoder()
        channels = feature_channels("lite0") if frozen else PlainEncoder.channels
        # Stride 2 is left out: it made a step half as long again and the segmentation no better in the same time.
        self.lateral = nn.ModuleList(nn.Conv2d(own, config.width, 1) for own in channels[1:])
        self.mix = nn.ModuleList(conv_norm_relu(config.width, config.width) for _ in channels[1:])
        self.classify = nn.Conv2d(config.width, config.classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        """[B, 3, H, W] in [-1, 1], sides multiples of 32 -> logits [B, N, H, W]."""
        check_size("picture", image.shape[-2], image.shape[-1], STRIDE)
        _, *levels = self.encoder(image)  # strides 4, 8, 16, 32
        x: Tensor | None = None
        for level, lateral, mix in zip(reversed(levels), reversed(self.lateral), reversed(self.mix), strict=True):
            y = lateral(level)
            x = mix(y if x is None else y + F.interpolate(x, scale_factor=2, mode="nearest"))
        return F.interpolate(self.classify(x), size=image.shape[-2:], mode="bilinear", align_corners=False)


@dataclass(frozen=True)
class SegmenterCard:
    """What segmenter.json says. size: (height, width) it was trained at; classes by id, 0 .. N-1."""

    config: SegmenterConfig
    classes: tuple[ClassInfo, ...]
    ignore_id: int | None
    size: tuple[int, int]
    sha256: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)


def save_segmenter(path: Path, card: SegmenterCard, network: SmallSegmenter) -> None:
    """A directory of segmenter.json and weights; load_segmenter is the inverse. Raises WriteError."""
    content = save({name: tensor.contiguous() for name, tensor in network.state_dict().items()})
    described = {"format": FORMAT, **asdict(card), "sha256": hashlib.sha256(content).hexdigest()}
    write_whole(path / WEIGHTS, content)
    write_whole(path / SEGMENTER_JSON, (json.dumps(described, indent=1) + "\n").encode())


def read_segmenter_card(path: Path) -> SegmenterCard:
    """Does not look at the weights. Raises ModelError."""
    file = path / SEGMENTER_JSON
    try:
        data = json.loads(file.read_text())
        if data.pop("format") != FORMAT:
            raise ValueError(f"not of format {FORMAT}")
        classes = tuple(ClassInfo(c["id"], c["name"], c["color"]) for c in data.pop("classes"))
        check_classes(classes, data["ignore_id"])
        height, width = data.pop("size")
        config = SegmenterConfig(**data.pop("config"))
        return SegmenterCard(config=config, classes=classes, size=(int(height), int(width)), **data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} cannot be read ({error!r}): train the segmenter again.") from error


def load_small_segmenter(path: Path) -> SmallSegmenter:
    """The network in a directory, verified and in evaluation mode: images [-1, 1] -> logits. Raises ModelError."""
    card = read_segmenter_card(path)
    try:
        content = (path / WEIGHTS).read_bytes()
    except OSError as error:
        raise ModelError(f"{path / WEIGHTS} cannot be read: {error.strerror}. Train the segmenter again.") from error
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise ModelError(
            f"{path / WEIGHTS} is damaged: its SHA-256 is {found[:12]}…, {SEGMENTER_JSON} expects {card.sha256[:12]}…. "
            "Train the segmenter again."
        )
    network = SmallSegmenter(card.config)
    try:
        network.load_state_dict(load(content))
    except (RuntimeError, SafetensorError) as error:
        raise ModelError(f"The weights in {path / WEIGHTS} do not fit {SEGMENTER_JSON}: {str(error)[:300]}") from error
    return network.requires_grad_(False).eval()
