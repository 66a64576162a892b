"""Edits: what a client sends to be painted, decoded and checked against the model."""

from dataclasses import dataclass

import numpy as np
from pydantic_core import from_json

from backend import limits
from backend.errors import BadLabels, BadNoise, BadRegions, TooLarge
from backend.images import decode_map
from models.files.model_card import ModelCard
from models.noise import NoiseError, NoiseSpec


@dataclass(frozen=True)
class Edit:
    """What a picture is painted from.

    Args:
        labels: Class ids [H, W], uint8 or uint16.
        noise: The noise specification.
        regions: Region ids, uint8 [H, W]; needed if the noise has regions.
    """

    labels: np.ndarray
    noise: NoiseSpec
    regions: np.ndarray | None


def parse_json(text: str) -> object:
    """Decode the JSON of a noise specification. Raises BadNoise."""
    if len(text) > limits.NOISE_BYTES:
        raise BadNoise(f"The noise has more than {limits.NOISE_BYTES // 1024} kB: list every region and channel once.")
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise BadNoise(f'The noise is not JSON ({error}): send something like {{"seed": 0}}.') from error


def read_edit(card: ModelCard, labels: bytes, noise: object, regions: bytes | None) -> Edit:
    """Decode and check an edit.

    Args:
        card: Of the model that paints it.
        labels: A PNG of class ids.
        noise: Decoded JSON.
        regions: A PNG of region ids.

    Raises:
        BadLabels, BadNoise, BadRegions, TooLarge: The part that cannot be used.
    """
    ids = read_labels(card, labels)
    areas = decode_map(regions, "region map", BadRegions) if regions else None
    return Edit(ids, read_noise(noise), areas)


def read_labels(card: ModelCard, labels: bytes) -> np.ndarray:
    """Class ids [H, W] of an encoded label map that the model can paint. Raises BadLabels, TooLarge."""
    depth = 8 if len(card.classes) <= 256 else 16
    colors = {each.id: each.color for each in card.classes}
    ids = decode_map(labels, "label map", BadLabels, depth=depth, classes=colors)
    check_size(card, *ids.shape)
    check_ids(card, ids)
    return ids


def read_noise(noise: object) -> NoiseSpec:
    """Check decoded JSON; whether it fits the region map is checked when it is painted. Raises BadNoise."""
    try:
        return NoiseSpec.parse(noise)
    except NoiseError as error:
        raise BadNoise(str(error)) from error


def check_size(card: ModelCard, height: int, width: int) -> None:
    """Check the size of a label map in pixels. Raises BadLabels, TooLarge, which name the nearest valid size."""
    nearest = [_nearest(side, card.stride) for side in (width, height)]
    if nearest == [width, height]:
        return
    advice = f"the nearest valid size is {nearest[0]}x{nearest[1]}."
    if max(width, height) > limits.LABEL_SIDE:
        raise TooLarge(f"The label map is {width}x{height}, at most {limits.LABEL_SIDE} pixels a side: {advice}")
    raise BadLabels(f"The label map is {width}x{height}; its sides must be multiples of {card.stride}: {advice}")


def check_ids(card: ModelCard, ids: np.ndarray) -> None:
    """Check that all ids are classes of the model. Raises BadLabels."""
    highest = int(ids.max())
    if highest >= len(card.classes):
        raise BadLabels(
            f"The label map has the class id {highest}, which the model {card.id!r} does not know: "
            f"use ids from 0 to {len(card.classes) - 1}."
        )


def _nearest(side: int, stride: int) -> int:
    return min(max(round(side / stride) * stride, stride), limits.label_side(stride))
