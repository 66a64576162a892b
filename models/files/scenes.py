"""Starter scenes of a model: label maps that show what it does best.

They lie in a folder of their own, `scenes` in a model's directory:

    scenes.json   [{"id": "mountain-lake", "name": "Mountain lake", "seed": 13}, ...]; the page opens on the first
    <id>.png      the label map: a PNG whose pixel value is the class id, of the model's native size
"""

import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pydantic_core import from_json

from models.classes import check_name
from models.errors import SHOWN, printable, shorten
from models.files.inside import find_file, read_file, reason_of
from models.files.model_card import ModelError
from models.noise import SEED_LIMIT

FOLDER = "scenes"
SCENES_JSON = "scenes.json"
LIST_BYTES = 2**18
# What Pillow raises for files that are no PNG or a damaged one.
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True)
class SceneInfo:
    """One scene. seed: of the noise it is first shown with, 0 .. 2^32-1."""

    id: str
    name: str
    seed: int

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", self.id):
            raise ValueError(f"the id {shorten(self.id)} must be of lower-case letters, digits and '-'")
        if not isinstance(self.name, str):
            raise ValueError(f"the name of {self.id!r} must be a text, not {shorten(self.name)}")
        check_name(self.name, f"the scene {self.id!r}")
        if type(self.seed) is not int or not 0 <= self.seed < SEED_LIMIT:
            raise ValueError(f"the seed of {self.id!r} must be a whole number of 0 to 2^32-1, not {shorten(self.seed)}")

    @property
    def file(self) -> str:
        """Name of the label map in the folder of scenes."""
        return f"{self.id}.png"


def read_scenes(folder: Path, root: Path | None = None) -> tuple[SceneInfo, ...]:
    """What scenes.json in `folder` lists, or nothing where there is no such file.

    Args:
        folder: Of scenes.
        root: Where the files must lie that are meant, whatever links there are; without it the folder itself.

    Raises:
        ModelError: Naming what is wrong, with a file that is no label map too; whether its ids are classes of the model
            is not looked at.
    """
    root = root or folder
    shown = "/".join((folder / SCENES_JSON).parts[-3:])  # users of a server are not told where its files lie
    try:
        text = read_file(folder / SCENES_JSON, root, LIST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise ModelError(f"{shown} cannot be read: {reason_of(error)}.") from error
    try:
        listed = from_json(text, allow_inf_nan=False)
        if not isinstance(listed, list):
            raise TypeError("it is not a list")
        scenes = tuple(SceneInfo(**each) for each in listed)
    except (ValueError, TypeError) as error:
        expected = '[{"id": "mountain-lake", "name": "Mountain lake", "seed": 13}, ...]'
        reason = printable(str(error), 2 * SHOWN)
        raise ModelError(f"{shown} cannot be used ({reason}): write it as {expected}.") from error
    ids = [scene.id for scene in scenes]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ModelError(f"{shown} lists {', '.join(twice)} twice: give each scene an id of its own.")
    if missing := [scene.file for scene in scenes if not (folder / scene.file).exists()]:
        raise ModelError(f"{shown} lists scenes without {', '.join(missing)}: draw them, or take them out.")
    for scene in scenes:
        find_label_map(folder, scene, root)
    return scenes


def find_label_map(folder: Path, scene: SceneInfo, root: Path) -> Path:
    """Where the label map of a scene really is. Raises ModelError unless that is in `root` and a whole PNG."""
    try:
        file = find_file(folder / scene.file, root)
        with Image.open(file, formats=["PNG"]) as image:
            image.verify()
    except UNREADABLE as error:
        raise ModelError(
            f"{scene.file} of the scenes cannot be used: {_reason(error)}. Draw it, or take it out of {SCENES_JSON}."
        ) from error
    return file


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "it is gone"
        case UnidentifiedImageError():
            return "it is no PNG"  # Pillow's own words have the path
        case _:
            return printable(reason_of(error), SHOWN)
