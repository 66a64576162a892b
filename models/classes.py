"""The classes of label maps: what a data set and a model both say of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import shorten

NAME_LENGTH = 200
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line breaks and halves of characters."""


@dataclass(frozen=True)
class ClassInfo:
    id: int
    name: str
    color: str  # '#rrggbb'


def check_name(name: str, owner: str) -> None:
    """Raises ValueError about the owner unless a name can be shown in one line: of 1 to 200 characters, not only
    spaces, none of them a control character."""
    if not name.strip() or len(name) > NAME_LENGTH or UNSHOWN.search(name):
        raise ValueError(
            f"{owner} needs a name to be shown, of at most {NAME_LENGTH} characters and none of them a control "
            f"character, not {shorten(name)}"
        )


def check_classes(classes: Sequence[ClassInfo], ignore_id: int | None) -> None:
    """Raises ValueError unless ids are 0 .. N-1 in order, two at least, names and colors readable and ignore_id one of
    them."""
    ids = [info.id for info in classes]
    if ids != list(range(len(classes))) or len(classes) < 2:
        raise ValueError(f"class ids must be 0, 1, 2, ... in order, two at least; found {shorten(ids)}")
    for info in classes:
        check_name(info.name, f"class {info.id}")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", info.color):
            raise ValueError(f"class {info.id} has color {shorten(info.color)}; expected one like '#1e6e32'")
    if ignore_id is not None and (type(ignore_id) is not int or ignore_id not in ids):
        raise ValueError(
            f"ignore_id {shorten(ignore_id)} is not a class id; give one of 0 to {len(classes) - 1} or null"
        )
