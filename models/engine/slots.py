"""Slots: where the tables of a picture keep what they know of a region, from edit to edit."""

from dataclasses import dataclass

import torch
from torch import Tensor

from models.regions import Regions

SPARE = 64  # slots remembered beyond twice those in use


@dataclass(frozen=True)
class Change:
    """Slots to be computed: int64 [n] each of slots, their classes and the rows of their vectors, float32 [V, 64].

    stale: int32, those that patterns already refer to. count: slots there are now.
    """

    slots: Tensor
    classes: Tensor
    vector_of: Tensor
    vectors: Tensor
    stale: Tensor
    count: int


class Slots:
    """A slot for every region, a pair of class and noise vector, of the pictures so far."""

    def __init__(self) -> None:
        self._slot_of: dict[tuple[int, bytes], int] = {}
        self._count = 0
        self._regions: Regions | None = None
        self._keys: list[tuple[int, bytes]] = []
        self._places: list[int] = []  # the slot of each region
        self.map = torch.empty(0, 0, dtype=torch.int32)

    def crowded(self, regions: Regions) -> bool:
        """Whether so many were gathered that it is better to start anew."""
        return self._count > 2 * len(regions.classes) + SPARE

    def assign(self, regions: Regions) -> Change:
        """Take the regions of the next picture: `map` then holds the slot at each pixel, int32 [H, W]."""
        vectors = [row.tobytes() for row in regions.vectors.numpy()]
        keys = [(c, vectors[v]) for c, v in zip(regions.classes.tolist(), regions.vector_of.tolist(), strict=True)]
        same = self._regions is not None and _same_shapes(self._regions, regions)
        self._regions = regions
        # Regions that agree in class and vector share a slot; where such part or meet, pixels change their slots.
        if same and len(set(self._keys)) == len(set(keys)) == len(keys):
            changed, stale = self._rename(keys), True
        else:
            changed, stale = self._place(keys), False
            self.map = torch.tensor(self._places, dtype=torch.int32)[regions.map]
        slots = torch.tensor([self._places[i] for i in changed], dtype=torch.int64)
        rows, vector_of = torch.unique(regions.vector_of[changed], return_inverse=True)
        return Change(
            slots=slots,
            classes=regions.classes[changed],
            vector_of=vector_of,
            vectors=regions.vectors[rows].float().contiguous(),
            stale=slots.int() if stale else slots.int()[:0],
            count=self._count,
        )

    def _rename(self, keys: list[tuple[int, bytes]]) -> list[int]:
        """Only noise changed: every region keeps its slot. Returns the regions that changed."""
        changed = [i for i, (before, after) in enumerate(zip(self._keys, keys, strict=True)) if before != after]
        for i in changed:
            del self._slot_of[self._keys[i]]
        self._slot_of.update((keys[i], self._places[i]) for i in changed)
        self._keys = keys
        return changed

    def _place(self, keys: list[tuple[int, bytes]]) -> list[int]:
        """Regions seen before get the slot they had, the others a new one. Returns the new ones."""
        new = [i for i, key in enumerate(keys) if key not in self._slot_of]
        for i in new:
            self._slot_of[keys[i]] = self._count
            self._count += 1
        self._keys, self._places = keys, [self._slot_of[key] for key in keys]
        return new


def _same_shapes(before: Regions, after: Regions) -> bool:
    """Whether the pictures differ in their noise only."""
    return torch.equal(before.classes, after.classes) and torch.equal(before.map, after.map)
