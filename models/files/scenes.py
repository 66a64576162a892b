"""Starter scenes of a model: label maps that show what it does best.

They lie in a folder of their own, `scenes` in a model's directory:

    scenes.json   [{"id": "mountain-lake", "name": "Mountain lake", "seed": 13}, ...]; the page opens on the first
    <id>.png      the label map: a PNG whose pixel value is the class id, of the model's native size
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from models.files.model_card import ModelError
from models.noise import SEED_LIMIT

FOLDER = "scenes"
SCENES_JSON = "scenes.json"


@dataclass(frozen=True)
class SceneInfo:
    """One scene. seed: of the noise it is first shown with, 0 .. 2^32-1."""

    id: str
    name: str
    seed: int

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", self.id):
            raise ValueError(f"the id {self.id!r} must be of lower-case letters, digits and '-'")
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"the scene {self.id!r} needs a name to be shown, not {self.name!r}")
        if type(self.seed) is not int or not 0 <= self.seed < SEED_LIMIT:
            raise ValueError(f"the seed of {self.id!r} must be a whole number of 0 to 2^32-1, not {self.seed!r}")

    @property
    def file(self) -> str:
        """Name of the label map in the folder of scenes."""
        return f"{self.id}.png"


def read_scenes(folder: Path) -> tuple[SceneInfo, ...]:
    """What scenes.json in `folder` lists, or nothing where there is no such file; does not look into the label maps.

    Raises ModelError, naming what is wrong.
    """
    path = folder / SCENES_JSON
    if not path.exists():
        return ()
    shown = "/".join(path.parts[-3:])  # users of a server are not told where its files lie
    try:
        listed = json.loads(path.read_text())
        if not isinstance(listed, list):
            raise TypeError("it is not a list")
        scenes = tuple(SceneInfo(**each) for each in listed)
    except (OSError, ValueError, TypeError) as error:
        expected = '[{"id": "mountain-lake", "name": "Mountain lake", "seed": 13}, ...]'
        raise ModelError(f"{shown} cannot be used ({error}): write it as {expected}.") from error
    ids = [scene.id for scene in scenes]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ModelError(f"{shown} lists {', '.join(twice)} twice: give each scene an id of its own.")
    if missing := [scene.file for scene in scenes if not (folder / scene.file).is_file()]:
        raise ModelError(f"{shown} lists scenes without {', '.join(missing)}: draw them, or take them out.")
    return scenes
