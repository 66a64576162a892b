"""The classes of label maps: what a data set and a model both say of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ClassInfo:
    id: int
    name: str
    color: str  # '#rrggbb'


def check_classes(classes: Sequence[ClassInfo], ignore_id: int | None) -> None:
    """Raises ValueError unless ids are 0 .. N-1 in order, two at least, colors readable and ignore_id one of them."""
    ids = [info.id for info in classes]
    if ids != list(range(len(classes))) or len(classes) < 2:
        raise ValueError(f"class ids must be 0, 1, 2, ... in order, two at least; found {ids}")
    for info in classes:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", info.color):
            raise ValueError(f"class {info.id} has color {info.color!r}; expected one like '#1e6e32'")
    if ignore_id is not None and ignore_id not in ids:
        raise ValueError(f"ignore_id {ignore_id} is not a class id; give one of 0 to {len(classes) - 1} or null")
