"""The noise planes of a picture that is being edited, kept until noise or its regions change."""

from dataclasses import replace

from torch import Tensor

from models.networks.conditioning import Size
from models.planes import Planes


class KeptPlanes:
    """Planes by layer, float32 [h w] each; those not asked for are missing."""

    def __init__(self) -> None:
        self._of: Planes | None = None
        self._kept: dict[int, Tensor] = {}

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return sum(plane.nbytes for plane in self._kept.values()) + (0 if self._of is None else self._of.rows.nbytes)

    def update(self, planes: Planes) -> None:
        """Take the planes of the next picture."""
        if planes.same_as(self._of):
            return
        self._of, self._kept = planes, {}

    def at(self, layer: int, size: Size) -> Tensor:
        """The plane of a layer: float32 [h w]."""
        if layer not in self._kept:
            assert self._of is not None
            batch = replace(self._of, rows=self._of.rows[None])  # of one picture
            self._kept[layer] = batch.at(layer, size).flatten()
        return self._kept[layer]
