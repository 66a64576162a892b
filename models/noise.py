"""Noise by seed: reproducible vectors and the noise specification a request carries.

OASIS samples one 64-dimensional vector and spreads it over the picture ("3D noise", OASIS sec. 3.3);
giving regions vectors of their own is what re-rolls only a part of the scene.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from models.errors import UserError, shorten

NOISE_DIM = 64
SEED_LIMIT = 2**32
MAX_REGIONS = 255  # region ids live in an 8-bit map whose 0 is "no region"
MAX_BLENDS = 64  # of one vector


class NoiseError(UserError, ValueError):
    """A noise specification that cannot be used."""


@lru_cache(maxsize=1024)  # regions of soft edges share few seeds, and live painting asks for them again
def vector(seed: int, dim: int = NOISE_DIM) -> np.ndarray:
    """The noise vector of a seed: float32 [dim], standard normal, the same on every machine forever. One of another
    length begins with the same numbers. Read-only."""
    if not 0 <= seed < SEED_LIMIT:
        raise NoiseError(f"Seed {shorten(seed)} is out of range: give a whole number from 0 to {SEED_LIMIT - 1}.")
    drawn: np.ndarray = np.random.RandomState(seed).standard_normal(dim).astype(np.float32)
    drawn.flags.writeable = False
    return drawn


def slerp(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Spherical interpolation of direction and length, t in [0, 1]; float32 [dim].

    A straight line between two Gaussian vectors passes through lengths the generator never saw in training.
    """
    start64, end64 = start.astype(np.float64), end.astype(np.float64)
    start_length, end_length = np.linalg.norm(start64), np.linalg.norm(end64)
    cosine = np.clip(start64 @ end64 / (start_length * end_length), -1.0, 1.0)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:  # one direction, or opposite ones, between which no way is the shortest
        return ((1 - t) * start64 + t * end64).astype(np.float32)
    weights = np.sin((1 - t) * angle) / np.sin(angle), np.sin(t * angle) / np.sin(angle)
    direction = weights[0] * start64 / start_length + weights[1] * end64 / end_length
    blended: np.ndarray = ((1 - t) * start_length + t * end_length) * direction
    return blended.astype(np.float32)


Mix = dict[int, float]  # how strongly the noise planes of which seeds are added up; squares of strengths sum to 1


def blend_mixes(start: Mix, end: Mix, t: float) -> Mix:
    """Spherical interpolation of mixes, t in [0, 1]: between two seeds, cosine and sine. The variance stays 1."""
    cosine = min(sum(weight * end.get(seed, 0.0) for seed, weight in start.items()), 1.0)
    angle = math.acos(cosine)
    if math.sin(angle) < 1e-6:  # one mix: there are no opposite ones, as strengths are not negative
        return start
    own, other = math.sin((1 - t) * angle) / math.sin(angle), math.sin(t * angle) / math.sin(angle)
    blended = {seed: own * start.get(seed, 0.0) + other * end.get(seed, 0.0) for seed in (start | end)}
    return {seed: weight for seed, weight in blended.items() if weight > 0}


@dataclass(frozen=True)
class Blend:
    """Move a vector a share t (0..1) of the way to the vector of another seed; of a region, to the picture's global
    vector where there is no seed. With `channels` only these take the step; it is as long as if all did."""

    seed: int | None
    t: float
    channels: tuple[int, ...] | None = None

    def apply(self, start: np.ndarray, base: np.ndarray) -> np.ndarray:
        """float32 [dim], from two of that length; `base` is the global vector. Raises NoiseError for channels it does
        not have."""
        moved = slerp(start, base if self.seed is None else vector(self.seed, len(base)), self.t)
        return _mix(start, moved, self.channels)

    def apply_to_mix(self, start: Mix, base: Mix) -> Mix:
        """The same for noise planes, which a step of some channels leaves where they are."""
        if self.channels is not None:
            return start
        return blend_mixes(start, base if self.seed is None else {self.seed: 1.0}, self.t)


@dataclass(frozen=True)
class NoiseRegion:
    """The noise of region `id` (1..255): the vector of its seed, moved by one blend after the other; with `channels`
    only these come from there."""

    id: int
    seed: int
    blend: tuple[Blend, ...] = ()
    channels: tuple[int, ...] | None = None

    def vector(self, base: np.ndarray) -> np.ndarray:
        """float32 [dim]; `base`, of the same length, is the global vector, kept where `channels` does not reach. Raises
        NoiseError for channels it does not have."""
        own = vector(self.seed, len(base))
        for blend in self.blend:
            own = blend.apply(own, base)
        return _mix(base, own, self.channels)

    def mix(self, base: Mix) -> Mix:
        """Of noise planes; `base` is the global mix, kept where the region has only some channels of its own."""
        if self.channels is not None:
            return base
        own = {self.seed: 1.0}
        for blend in self.blend:
            own = blend.apply_to_mix(own, base)
        return own


def _mix(base: np.ndarray, other: np.ndarray, channels: tuple[int, ...] | None) -> np.ndarray:
    """`base` with these channels, or all, of the other vector. Raises NoiseError for channels it does not have."""
    if channels is None:
        return other
    if max(channels) >= len(base):
        raise NoiseError(f"The noise of this model has no channel {max(channels)}, only {len(base)} from 0.")
    mixed = base.copy()
    mixed[list(channels)] = other[list(channels)]
    return mixed


@dataclass(frozen=True)
class NoiseSpec:
    """All noise of a picture: the global vector, of a seed and moved by one blend after the other, and the regions that
    differ from it."""

    seed: int = 0
    regions: tuple[NoiseRegion, ...] = ()
    blend: tuple[Blend, ...] = ()

    @classmethod
    def parse(cls, data: Any) -> "NoiseSpec":
        """From decoded JSON (docs/noise.md, The specification). Raises NoiseError."""
        fields = _object(data, "noise", {"seed", "blend", "regions"})
        regions = fields.get("regions", [])
        if not isinstance(regions, list) or len(regions) > MAX_REGIONS:
            raise NoiseError(f"noise.regions must be a list of at most {MAX_REGIONS} regions.")
        parsed = tuple(_region(region, f"noise.regions[{i}]") for i, region in enumerate(regions))
        ids = [region.id for region in parsed]
        repeated = {i for i in ids if ids.count(i) > 1}
        if repeated:
            raise NoiseError(f"noise.regions names region id {min(repeated)} twice: give each id once.")
        blend = _blends(fields.get("blend"), "noise.blend")
        for i, step in enumerate(blend):
            if step.seed is None:
                raise NoiseError(f"noise.blend[{i}] has no seed: only a region can move towards the global noise.")
        return cls(_seed(fields.get("seed", 0), "noise.seed"), parsed, blend)

    def vectors(self, dim: int = NOISE_DIM) -> np.ndarray:
        """float32 [1 + regions, dim]: row 0 the global vector, then the regions' in their order. Raises NoiseError for
        channels beyond dim; at dim 0, without noise, nothing of the specification matters."""
        if dim == 0:
            return np.zeros((1 + len(self.regions), 0), np.float32)
        base = vector(self.seed, dim)
        for blend in self.blend:
            base = blend.apply(base, base)
        return np.stack([base, *(region.vector(base) for region in self.regions)])

    def mixes(self) -> tuple[np.ndarray, np.ndarray]:
        """The noise planes of each row of `vectors()`: seeds int64 [1 + regions, M] and strengths float32 of the same
        shape, 0 where a row has fewer than M seeds."""
        base: Mix = {self.seed: 1.0}
        for blend in self.blend:
            base = blend.apply_to_mix(base, base)
        found = [base, *(region.mix(base) for region in self.regions)]
        shape = len(found), max(map(len, found))
        seeds, weights = np.zeros(shape, np.int64), np.zeros(shape, np.float32)
        for row, mix in enumerate(found):
            seeds[row, : len(mix)], weights[row, : len(mix)] = list(mix), list(mix.values())
        return seeds, weights

    def rows(self, region_map: np.ndarray | None, size: tuple[int, int]) -> np.ndarray:
        """Which row of `vectors()` holds at each pixel: int64 [H, W]. Raises NoiseError.

        region_map: uint8 [H, W], 0 = the global vector, k = region id k; None if there are no regions.
        """
        if region_map is None:
            if self.regions:
                raise NoiseError("The noise has regions but no region map came with it: send the map as 'regions'.")
            return np.zeros(size, np.int64)
        if region_map.shape != size:
            raise NoiseError(
                f"The region map is {region_map.shape[1]}x{region_map.shape[0]} but the label map is "
                f"{size[1]}x{size[0]}: both must have the same size."
            )
        row_of_id = np.full(MAX_REGIONS + 1, -1, np.int64)
        row_of_id[0] = 0
        for row, region in enumerate(self.regions, start=1):
            row_of_id[region.id] = row
        rows: np.ndarray = row_of_id[region_map]
        if (rows < 0).any():
            missing = int(region_map[rows < 0].min())
            raise NoiseError(f"Region id {missing} is in the region map but not in noise.regions: add its entry.")
        return rows


def _object(data: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise NoiseError(f"{where} must be a JSON object, not {type(data).__name__}.")
    unknown = sorted(set(data) - known)
    if unknown:
        raise NoiseError(f"{where} has the unknown field {shorten(unknown[0])}: expected {', '.join(sorted(known))}.")
    return data


def _integer(value: Any, where: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise NoiseError(f"{where} is {shorten(value)}: expected a whole number from {low} to {high}.")
    return value


def _seed(value: Any, where: str) -> int:
    return _integer(value, where, 0, SEED_LIMIT - 1)


def _region(data: Any, where: str) -> NoiseRegion:
    fields = _object(data, where, {"id", "seed", "blend", "channels"})
    return NoiseRegion(
        id=_integer(fields.get("id"), f"{where}.id", 1, MAX_REGIONS),
        seed=_seed(fields.get("seed"), f"{where}.seed"),
        blend=_blends(fields.get("blend"), f"{where}.blend"),
        channels=_channels(fields.get("channels"), f"{where}.channels"),
    )


def _blends(data: Any, where: str) -> tuple[Blend, ...]:
    """One blend or a list of them."""
    if data is None:
        return ()
    if not isinstance(data, list):
        return (_blend(data, where),)
    if len(data) > MAX_BLENDS:
        raise NoiseError(f"{where} is a list of {len(data)}: expected at most {MAX_BLENDS} blends.")
    return tuple(_blend(blend, f"{where}[{i}]") for i, blend in enumerate(data))


def _blend(data: Any, where: str) -> Blend:
    fields = _object(data, where, {"seed", "t", "channels"})
    t = fields.get("t")
    if isinstance(t, bool) or not isinstance(t, int | float) or not 0 <= t <= 1:  # NaN compares false
        raise NoiseError(f"{where}.t is {shorten(t)}: expected a number from 0 to 1.")
    seed = None if fields.get("seed") is None else _seed(fields["seed"], f"{where}.seed")
    return Blend(seed, float(t), _channels(fields.get("channels"), f"{where}.channels"))


def _channels(data: Any, where: str) -> tuple[int, ...] | None:
    if data is None:
        return None
    if not isinstance(data, list) or not data:
        raise NoiseError(f"{where} must be a list of channel numbers from 0 to {NOISE_DIM - 1}, with one at least.")
    return tuple(_integer(value, f"{where}[{i}]", 0, NOISE_DIM - 1) for i, value in enumerate(data))
