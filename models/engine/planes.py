"""The noise planes of a picture that is being edited, kept until noise or its regions change."""

import torch
from torch import Tensor

from models.conditioning import Size
from models.engine.operations import noise_plane
from models.planes import Planes


class KeptPlanes:
    """Planes by layer, float32 [h w] each; those that nobody has asked for are not there."""

    def __init__(self) -> None:
        self._of: Planes | None = None
        self._rows = torch.empty(0, 0, dtype=torch.int32)
        self._kept: dict[int, Tensor] = {}

    def update(self, planes: Planes) -> None:
        """Take the planes of the next picture."""
        if planes.same_as(self._of):
            return
        self._of, self._rows, self._kept = planes, planes.rows.int(), {}

    def at(self, layer: int, size: Size) -> Tensor:
        """The plane of a layer: float32 [h w]."""
        if layer not in self._kept:
            assert self._of is not None
            self._kept[layer] = noise_plane(self._rows, self._of.seeds, self._of.weights, layer, size)
        return self._kept[layer]
