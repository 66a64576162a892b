"""Slots: where the tables of a picture keep what they know of a region, from edit to edit."""

from dataclasses import dataclass

import torch
from torch import Tensor

from models.engine.operations import padded
from models.regions import Regions

SPARE = 64  # slots remembered beyond twice those in use


@dataclass(frozen=True)
class Change:
    """What a picture's regions are now: regions, their slots, int64 [K], and `count`, the slots there are.

    renamed: int64, those among these slots that patterns refer to and that mean something else than before.
    """

    regions: Regions
    slots: Tensor
    renamed: Tensor
    count: int

    @property
    def total(self) -> bool:
        """Whether no pattern means what it meant."""
        return len(self.renamed) == len(self.slots)

    def features(self, classes: int) -> Tensor:
        """What the networks see at each slot in use, noise first: float32 [count, 64 + classes, padded]."""
        values = self.regions.features(classes).float()
        table = torch.zeros(self.count, padded(values.shape[1]))
        table[self.slots, : values.shape[1]] = values
        return table


class Slots:
    """A slot for every region, a pair of class and noise vector, of the pictures so far."""

    def __init__(self) -> None:
        self._slot_of: dict[tuple[int, bytes], int] = {}
        self._count = 0
        self._regions: Regions | None = None
        self._keys: list[tuple[int, bytes]] = []
        self._places: list[int] = []  # the slot of each region
        self.map = torch.empty(0, 0, dtype=torch.int32)

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self.map.nbytes + (0 if self._regions is None else self._regions.map.nbytes)

    def crowded(self, regions: Regions) -> bool:
        """Whether so many were gathered that starting over is cheaper."""
        return self._count > 2 * len(regions.classes) + SPARE

    def assign(self, regions: Regions) -> Change:
        """Take the regions of the next picture: `map` then holds the slot at each pixel, int32 [H, W]."""
        vectors = [row.tobytes() for row in regions.vectors.numpy()]
        keys = [(c, vectors[v]) for c, v in zip(regions.classes.tolist(), regions.vector_of.tolist(), strict=True)]
        same = self._regions is not None and _same_shapes(self._regions, regions)
        self._regions = regions
        # Regions that agree in class and vector share a slot; where such part or meet, pixels change their slots.
        if same and len(set(self._keys)) == len(set(keys)) == len(keys):
            renamed = self._rename(keys)
        else:
            renamed = []
            self._place(keys)
            self.map = torch.tensor(self._places, dtype=torch.int32)[regions.map]
        slots = torch.tensor(self._places)
        return Change(regions, slots, slots[renamed], self._count)

    def _rename(self, keys: list[tuple[int, bytes]]) -> list[int]:
        """Only noise changed: every region keeps its slot. Returns the regions whose noise it was."""
        changed = [i for i, (before, after) in enumerate(zip(self._keys, keys, strict=True)) if before != after]
        for i in changed:
            del self._slot_of[self._keys[i]]
        self._slot_of.update((keys[i], self._places[i]) for i in changed)
        self._keys = keys
        return changed

    def _place(self, keys: list[tuple[int, bytes]]) -> None:
        """Regions seen before get the slot they had, the others a new one."""
        for key in keys:
            if key not in self._slot_of:
                self._slot_of[key] = self._count
                self._count += 1
        self._keys, self._places = keys, [self._slot_of[key] for key in keys]


def _same_shapes(before: Regions, after: Regions) -> bool:
    """Whether the pictures differ in their noise only."""
    return torch.equal(before.classes, after.classes) and torch.equal(before.map, after.map)
