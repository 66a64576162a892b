"""The canvases of live clients: those used last, as each takes much memory."""

from collections import OrderedDict
from typing import NamedTuple

from models.predictor import Canvas, Model


class Kept(NamedTuple):
    """A canvas that is not being painted, and how many pixels its last picture had."""

    model: Model
    canvas: Canvas
    pixels: int


class Canvases:
    """At most `pixels` of kept pictures. A client whose canvas was evicted gets a new one: slower, same picture."""

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self._kept: OrderedDict[object, Kept] = OrderedDict()

    def take(self, owner: object, model: Model) -> Canvas:
        """The owner's canvas if it is of this model, else a new one; give it back with `keep`."""
        kept = self._kept.pop(owner, None)
        return kept.canvas if kept and kept.model is model else model.canvas()

    def keep(self, owner: object, kept: Kept) -> None:
        """Keep a canvas for its owner's next picture."""
        self._kept[owner] = kept
        while sum(each.pixels for each in self._kept.values()) > self._pixels:
            self._kept.popitem(last=False)

    def drop(self, owner: object) -> None:
        """The owner left."""
        self._kept.pop(owner, None)
