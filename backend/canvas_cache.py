"""The canvases of live clients, which take much memory: the least recently used are evicted."""

from collections import OrderedDict
from typing import NamedTuple

from models.memory import trim
from models.predictor import Canvas, Model


class CachedCanvas(NamedTuple):
    """A canvas between two pictures."""

    model: Model
    canvas: Canvas


class CanvasCache:
    """An LRU cache of canvases that hold at most `nbytes` in all; a client whose canvas was evicted gets a new one,
    which paints the same picture more slowly."""

    def __init__(self, nbytes: int) -> None:
        self._nbytes = nbytes
        self._cached: OrderedDict[object, CachedCanvas] = OrderedDict()

    def take(self, owner: object, model: Model) -> Canvas:
        """Remove and return the owner's canvas if it is of this model, else a new one; `put` returns it."""
        cached = self._cached.pop(owner, None)
        return cached.canvas if cached and cached.model is model else model.canvas()

    def put(self, owner: object, cached: CachedCanvas) -> None:
        """Store a canvas for its owner's next picture."""
        self._cached[owner] = cached
        while sum(each.canvas.nbytes for each in self._cached.values()) > self._nbytes:
            self._evict(next(iter(self._cached)))

    def drop(self, owner: object) -> None:
        """Remove the canvas of an owner that has disconnected."""
        if owner in self._cached:
            self._evict(owner)

    def _evict(self, owner: object) -> None:
        freed = self._cached.pop(owner).canvas.nbytes
        trim(freed)
