"""The label map and region map of a live client, which sends only the rectangles that changed."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from backend.edits import check_ids, check_size
from backend.errors import BadFrame
from backend.schemas import LiveHeader, Rectangle, Size
from models.files.model_card import ModelCard
from models.predictor import Model


@dataclass(frozen=True)
class Maps:
    """Class ids [H, W] of a model and region ids, uint8 [H, W]. Never changed in place: a job may be reading them."""

    model: Model
    labels: np.ndarray
    regions: np.ndarray

    @classmethod
    def blank(cls, model: Model, size: Size) -> Self:
        """Maps of zeros. Raises BadLabels, TooLarge."""
        shape = (size.height, size.width)
        check_size(model.card, *shape)
        return cls(model, np.zeros(shape, _id_type(model.card)), np.zeros(shape, np.uint8))

    def changed(self, header: LiveHeader, ids: bytes) -> Self:
        """These maps with the header's rectangles filled, row by row. Raises BadFrame, BadLabels.

        ids: class ids, then region ids, one byte each; class ids are little-endian uint16 above 256 classes.
        """
        card, depth = self.model.card, self.labels.dtype
        middle = _area(header.labels) * depth.itemsize
        expected = middle + _area(header.regions)
        if len(ids) != expected:
            raise BadFrame(
                f"The frame has {len(ids)} bytes of ids but its header announces {expected}: "
                f"send {depth.itemsize} a pixel of labels of the model {card.id!r}, and 1 a pixel of regions."
            )
        changes = np.frombuffer(ids[:middle], depth.newbyteorder("<"))
        if changes.size:
            check_ids(card, changes)
        labels = _filled(self.labels, header.labels, changes, "labels")
        regions = _filled(self.regions, header.regions, np.frombuffer(ids[middle:], np.uint8), "regions")
        return type(self)(self.model, labels, regions)


def _id_type(card: ModelCard) -> type[np.unsignedinteger]:
    return np.uint8 if len(card.classes) <= 256 else np.uint16


def _area(rectangle: Rectangle | None) -> int:
    return rectangle.width * rectangle.height if rectangle else 0


def _filled(old: np.ndarray, rectangle: Rectangle | None, ids: np.ndarray, what: str) -> np.ndarray:
    if rectangle is None:
        return old
    rows = slice(rectangle.top, rectangle.top + rectangle.height)
    columns = slice(rectangle.left, rectangle.left + rectangle.width)
    if rows.stop > old.shape[0] or columns.stop > old.shape[1]:
        raise BadFrame(
            f"The rectangle of {what} ends at {columns.stop}, {rows.stop}, "
            f"but the maps are {old.shape[1]}x{old.shape[0]}: keep it inside them."
        )
    new = old.copy()
    new[rows, columns] = ids.reshape(rectangle.height, rectangle.width)
    return new
