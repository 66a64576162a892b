"""By which rule the engine computes what, and within which limits of memory: every choice paints the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from hypothesis import strategies as st

from models.engine import folding, levels, patterns, strips

Limits = dict[ModuleType, dict[str, int]]


def alternating(spade: folding.FoldedSpade, there: patterns.LevelPatterns) -> bool:
    """Some layers by tables, some by maps, others after the next edit; it depends on the picture alone."""
    return (there.large.used + spade.hidden) % 2 == 0


RULES: dict[str, dict[str, Callable[..., bool]]] = {
    "by cost": {},
    "tables": {"dense_is_cheaper": lambda *_: False, "regions_are_many": lambda *_: False},
    "maps": {"dense_is_cheaper": lambda *_: True, "regions_are_many": lambda *_: False},
    "maps of regions": {"regions_are_many": lambda *_: True},
    "alternating": {
        "dense_is_cheaper": alternating,
        "regions_are_many": lambda change, pixels: (len(change.slots) + pixels // 4) % 2 == 0,
    },
}
rules = st.sampled_from(sorted(RULES))

# Limits as they are; strips of eight rows; besides, tables by strips: always, or where there are some.
SMALL_STRIPS = {strips: {"FLOATS": 0}}
TIGHT = SMALL_STRIPS | {levels: {"LEVEL_BYTES": 0, "TAPS_BYTES": 0, "PRODUCTS": 0}}
LIMITS: list[Limits] = [
    {},
    SMALL_STRIPS,
    TIGHT,
    SMALL_STRIPS | {levels: {"LEVEL_BYTES": 2**15}},
]
limits = st.sampled_from(LIMITS)


@contextmanager
def ruled(rule: str, limit: Limits = LIMITS[0]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, choose in RULES[rule].items():
            patch.setattr(levels, name, choose)
        for module, values in limit.items():
            for name, value in values.items():
                patch.setattr(module, name, value)
        yield
