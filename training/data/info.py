"""What a dataset says of its classes, and the error of everything in this package."""

import json
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from models.classes import ClassInfo, check_classes
from models.errors import UserError
from training.output.files import write_whole


class DataError(UserError, ValueError):
    """Training data that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class DatasetInfo:
    """What `classes.json` says: the classes by id (0 .. N-1 without gaps) and the id that is ignored, if any."""

    name: str
    classes: tuple[ClassInfo, ...]
    ignore_id: int | None

    @property
    def palette(self) -> np.ndarray:
        """uint8 [N, 3]: the color of each class."""
        return np.array([[int(c.color[i : i + 2], 16) for i in (1, 3, 5)] for c in self.classes], np.uint8)


def read_info(root: Path) -> DatasetInfo:
    """The classes of a folder. Raises DataError."""
    return read_classes(root / "classes.json")


def read_classes(path: Path) -> DatasetInfo:
    """Raises DataError if the file is missing or says something that cannot be trained."""
    expected = "{'classes': [{'id', 'name', 'color'}, ...], 'ignore_id': an id or null}"
    if not path.is_file():
        raise DataError(f"{path} is missing: it lists the classes as {expected}.")
    try:
        data = json.loads(path.read_text("utf-8-sig"))
        classes = tuple(ClassInfo(int(c["id"]), str(c["name"]), str(c["color"])) for c in data["classes"])
        name, ignore_id = data.get("name", path.parent.name), data.get("ignore_id")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} cannot be read ({error!r}): write it as {expected}.") from error
    try:
        check_classes(classes, ignore_id)
    except ValueError as error:
        raise DataError(f"{path}: {error}.") from error
    return DatasetInfo(name, classes, ignore_id)


def write_classes(path: Path, info: DatasetInfo) -> None:
    """Write what `read_classes` reads."""
    data = {"name": info.name, "classes": [asdict(c) for c in info.classes], "ignore_id": info.ignore_id}
    write_whole(path, (json.dumps(data, indent=1) + "\n").encode())


def check_same_classes(info: DatasetInfo, classes: tuple[ClassInfo, ...], owner: str) -> None:
    """Raises DataError, saying how they differ, unless data and `owner` have the same names under the same ids."""
    names = [[c.name for c in own] for own in (info.classes, classes)]
    differing = [
        f"{i} is {a!r} and {b!r}" for i, (a, b) in enumerate(zip_longest(*names, fillvalue="nothing")) if a != b
    ]
    if differing:
        raise DataError(
            f"{info.name!r} has {len(info.classes)} classes, {owner} has {len(classes)}, and {len(differing)} differ: "
            f"{', '.join(differing[:5] + ['...'] * (len(differing) > 5))}. Both must be of the same classes."
        )
