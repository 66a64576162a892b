"""Networks that judge pictures by segmenting them, from the kinds of files there are, behind one interface."""

import hashlib
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from models.errors import UserError
from models.files.model_card import MODEL_JSON
from models.networks.layers import place
from models.predictor import NO_SEGMENTER, Model, load_model, to_pixels
from training.data.info import DatasetInfo, check_same_classes
from training.segmenting.segmenter import SEGMENTER_JSON, load_small_segmenter, read_segmenter_card


class SegmenterError(UserError):
    """A segmenter that cannot be used; the message says why and what would fit."""


@dataclass(frozen=True)
class NamedSegmenter:
    """Called with pictures, float [B, 3, H, W] in [-1, 1], it answers class ids of the data set, int64 [B, H, W]."""

    name: str
    """For reports."""
    sha256: str
    """Of its weights."""
    segment: Callable[[Tensor], Tensor]

    @torch.inference_mode()
    def __call__(self, images: Tensor) -> Tensor:
        return self.segment(images)


def load_segmenter(path: Path, info: DatasetInfo, device: torch.device) -> NamedSegmenter:
    """`path` is a model directory, whose discriminator segments, one by 'train-segmenter', or a TorchScript file.

    A TorchScript file takes pictures as above and answers logits [B, C, h, w], which are resized bilinearly. Its
    channels are the classes of the data set in their order, or those named in a file beside it with the suffix .json:
    {"classes": ["sky", "tree", ...]}, one name a channel; channels of classes that the data set does not have are
    never chosen. Such a file is a program: use only those you trust.

    Raises SegmenterError, DataError for a directory with other classes, or ModelError for one that is damaged.
    """
    if (path / MODEL_JSON).is_file():
        return discriminator(load_model(path, device), info)
    if (path / SEGMENTER_JSON).is_file():
        return _small_segmenter(path, info, device)
    if path.is_file():
        return _torchscript(path, info, device)
    raise SegmenterError(
        f"There is no segmenter at {path}: expected a model directory, one by 'train-segmenter' or a TorchScript file."
    )


def discriminator(model: Model, info: DatasetInfo) -> NamedSegmenter:
    """The discriminator of a model at work as a segmenter. Raises SegmenterError if it has none, DataError if it has
    other classes."""
    card = model.card
    if card.segmenter is None:
        raise SegmenterError(f"The model {card.id!r} cannot segment: {NO_SEGMENTER}")
    check_same_classes(info, card.classes, f"the model {card.id!r}")

    def segment(images: Tensor) -> Tensor:
        return torch.stack([torch.from_numpy(model.segment(to_pixels(image))[0]).long() for image in images])

    return NamedSegmenter(f"discriminator of {card.id}", card.segmenter.sha256, segment)


def _small_segmenter(path: Path, info: DatasetInfo, device: torch.device) -> NamedSegmenter:
    card = read_segmenter_card(path)
    check_same_classes(info, card.classes, f"the segmenter {path.name!r}")
    network = place(load_small_segmenter(path), device)

    def at_its_size(images: Tensor) -> Tensor:
        resized = F.interpolate(images, size=card.size, mode="bilinear", align_corners=False, antialias=True)
        logits: Tensor = network(resized)
        return logits

    name = f"small segmenter {path.name!r} ({card.config.encoder} encoder, at {card.size[1]}x{card.size[0]})"
    return NamedSegmenter(name, card.sha256, from_logits(at_its_size, [c.name for c in card.classes], info))


def _torchscript(path: Path, info: DatasetInfo, device: torch.device) -> NamedSegmenter:
    with warnings.catch_warnings():
        # Deprecated in torch, yet the form in which most published segmenters can be had without their code.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            network = torch.jit.load(str(path), map_location=device).eval()  # type: ignore[no-untyped-call]
        except RuntimeError as error:
            raise SegmenterError(f"{path} is not a TorchScript file: write one with torch.jit.save.") from error
    channels = path.with_suffix(".json")
    names = _read_names(channels) if channels.is_file() else [c.name for c in info.classes]
    return NamedSegmenter(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), from_logits(network, names, info))


def _read_names(path: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(path.read_text())["classes"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SegmenterError(f'{path} cannot be read ({error!r}): expected {{"classes": ["sky", ...]}}.') from error


def from_logits(
    network: Callable[[Tensor], Tensor], names: Sequence[str], info: DatasetInfo
) -> Callable[[Tensor], Tensor]:
    """A network that answers logits [B, C, h, w] for classes called `names`, as one that answers ids of the data set.

    Never the ignored class. Raises SegmenterError if fewer than two classes are known by name.
    """
    ids = {c.name: c.id for c in info.classes if c.id != info.ignore_id}
    channels = [i for i, name in enumerate(names) if name in ids]
    if len(channels) < 2:
        raise SegmenterError(
            f"The segmenter's classes {', '.join(names)} have fewer than two names in common with those of the data, "
            f"{', '.join(ids)}: name its channels as the data does."
        )
    id_of = torch.tensor([ids[names[i]] for i in channels])

    def segment(images: Tensor) -> Tensor:
        logits = network(images)
        if logits.dim() != 4 or logits.shape[1] != len(names):
            raise SegmenterError(
                f"The segmenter answered {tuple(logits.shape)}; expected logits [B, {len(names)}, h, w]: one channel a "
                "class. If its classes are not those of the data, name its channels in a .json file beside it."
            )
        logits = F.interpolate(logits[:, channels].float(), size=images.shape[2:], mode="bilinear", align_corners=False)
        return id_of.to(logits.device)[logits.argmax(1)]

    return segment
