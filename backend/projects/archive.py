"""Reading of project files (docs/projects.md), which are untrusted: only expected members are unpacked."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from backend import limits
from backend.edits import read_noise
from backend.errors import ApiError, BadNoise, BadProject, TooLarge
from backend.images import decode_map, decode_picture
from backend.schemas import Size
from models.noise import NoiseError, NoiseSpec

FORMAT = "oasis-project"
COLOR = re.compile("#[0-9a-fA-F]{6}")
MANIFEST, LABELS, REGIONS, RENDERED = "manifest.json", "labels.png", "sent-regions.png", "rendered.png"
MEMBER_LIMITS = {MANIFEST: limits.MANIFEST_BYTES} | dict.fromkeys((LABELS, REGIONS, RENDERED), limits.IMAGE_BYTES)
"""The members that are read, and how many bytes they may have."""
REQUIRED = {MANIFEST, LABELS, "history.json"}
MEMBER = re.compile(r"[\w-]{1,64}/|([\w-]{1,64}/)?[\w-]{1,64}\.(json|png|bin)", re.ASCII)
IN_FOLDER = re.compile(rf"[^/]+/{re.escape(MANIFEST)}")
ADDED_BY_MACOS = re.compile(r"__MACOSX/|([^/]+/)*\.DS_Store$")
ENCRYPTED = 1
CHUNK = 2**20


class ClassReference(BaseModel):
    """A class of the model that a project was made with."""

    id: int = Field(ge=0, le=65535)
    name: str
    color: Any = None


class ModelReference(BaseModel):
    """The model that a project was made with."""

    id: str = Field(max_length=64)
    version: str
    hash: str | None = None
    classes: list[ClassReference]


class Sent(BaseModel):
    """What was sent to the server besides the maps."""

    noise: Any


class Manifest(BaseModel):
    """What is needed of manifest.json to paint the project's picture again."""

    format: Literal["oasis-project"]
    version: int
    model: ModelReference
    size: Size
    sent: Sent | None = None


@dataclass(frozen=True)
class Project:
    """What was sent to the server, and the picture that it returned.

    A project that was saved before its first picture has neither noise nor picture.

    Args:
        manifest: What manifest.json says.
        labels: Class ids [H, W], uint8 or uint16.
        regions: Region ids, uint8 [H, W].
        noise: The noise specification.
        rendered: The picture, uint8 [H, W, 3].
    """

    manifest: Manifest
    labels: np.ndarray
    regions: np.ndarray | None
    noise: NoiseSpec | None
    rendered: np.ndarray | None


def read_project(data: bytes) -> Project:
    """Check a whole project file and decode what its picture depends on. Raises BadProject, TooLarge."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = _read_members(archive, _unpacked_limit(len(data)))
    except ApiError:
        raise
    except Exception as error:  # a zip reader can raise nearly anything for malicious bytes
        raise BadProject(f"The project is not a whole zip file ({error}): save it again.") from error
    try:
        return _decode(members)
    except (ValueError, OverflowError) as error:  # a number can be too large for nearly anything
        raise BadProject(f"The project's {MANIFEST} is not as it should be: {error}.") from error


def _decode(members: dict[str, bytes]) -> Project:
    manifest = _manifest(members[MANIFEST])
    depth = 8 if len(manifest.model.classes) <= 256 else 16
    colors = {each.id: each.color for each in manifest.model.classes if COLOR.fullmatch(str(each.color))}
    labels = decode_map(members[LABELS], f"project's {LABELS}", BadProject, depth=depth, classes=colors)
    shape = (labels.shape[0], labels.shape[1])
    if shape != (manifest.size.height, manifest.size.width):
        raise BadProject(f"The project's {LABELS} has not the size that {MANIFEST} says: save the project again.")
    _check_classes(manifest, labels)
    regions = decode_map(members[REGIONS], f"project's {REGIONS}", BadProject) if REGIONS in members else None
    noise = _noise(manifest, regions, shape)
    rendered = members.get(RENDERED)
    picture = None if rendered is None else decode_picture(rendered, shape, f"project's {RENDERED}", BadProject)
    return Project(manifest, labels, regions, noise, picture)


def _unpacked_limit(packed: int) -> int:
    return min(limits.PROJECT_UNPACKED_BYTES, limits.PROJECT_UNPACKED_FREE + limits.PROJECT_RATIO * packed)


def _read_members(archive: zipfile.ZipFile, limit: int) -> dict[str, bytes]:
    """Read the expected members; of all others only the checksums are verified. `limit`: bytes of all, unpacked."""
    infos = archive.infolist()
    folder = _folder(infos)
    members = {info: name for info in infos if (name := _name(info.filename, folder))}
    _check_directory(members, limit)
    read: dict[str, bytes] = {}
    for info, name in members.items():
        with archive.open(info) as member:
            if name in MEMBER_LIMITS:
                read[name] = member.read()
            else:
                while member.read(CHUNK):
                    pass
    return read


def _folder(infos: list[zipfile.ZipInfo]) -> str:
    """The folder around all members, 'work/', where a project was unpacked and zipped again with its folder; else ''.

    The page (panels/project/projects.js) opens these, too.
    """
    files = {info.filename for info in infos}
    around = [name.removesuffix(MANIFEST) for name in files if IN_FOLDER.fullmatch(name)]
    return around[0] if len(around) == 1 and MANIFEST not in files else ""


def _name(path: str, folder: str) -> str:
    """A member's name without the folder; '' for the folder itself and for what macOS adds."""
    return "" if ADDED_BY_MACOS.match(path) else path.removeprefix(folder)


def _check_directory(members: dict[zipfile.ZipInfo, str], limit: int) -> None:
    """Check names and sizes before anything is unpacked. A member never unpacks to more than its announced size."""
    if len(members) > limits.PROJECT_MEMBERS:
        raise BadProject(f"The project has {len(members)} members, which is more than {limits.PROJECT_MEMBERS}.")
    if sum(info.file_size for info in members) > limit:
        raise TooLarge(f"The project unpacks to more than {limit // limits.MB} MB: save it without undo steps.")
    names: set[str] = set()
    for info, name in members.items():
        if not MEMBER.fullmatch(name):
            raise BadProject(f"The project has a member {name[:80]!r}, which no project has: save it with the page.")
        if name in names:
            raise BadProject(f"The project has its {name} twice: save it again.")
        if info.flag_bits & ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadProject(f"The project's {name} is encrypted or packed in an unknown way: save it with the page.")
        if info.file_size > MEMBER_LIMITS.get(name, limits.PROJECT_UNPACKED_BYTES):
            raise TooLarge(f"The project's {name} has more than {MEMBER_LIMITS[name] // limits.MB} MB.")
        names.add(name)
    if missing := sorted(REQUIRED - names):
        raise BadProject(f"The project has no {missing[0]}: it is damaged or no project of Oasis Studio.")


def _manifest(text: bytes) -> Manifest:
    try:
        data = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise BadProject(f"The project's {MANIFEST} is not JSON ({error}): save it again.") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadProject(f"This zip file is no project of Oasis Studio: its {MANIFEST} does not say {FORMAT!r}.")
    if data.get("version") != 1:
        raise BadProject(
            f"The project has version {data.get('version')!r} of the format, but 1 is read here: update Oasis Studio."
        )
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise BadProject(f"The project's {MANIFEST} is not as it should be: {where}: {problem['msg']}.") from error


def _check_classes(manifest: Manifest, labels: np.ndarray) -> None:
    known = np.array([each.id for each in manifest.model.classes])
    unknown = np.setdiff1d(labels, known)
    if unknown.size:
        raise BadProject(
            f"The project's {LABELS} has the id {unknown[0]}, which is no class of its model: save it again."
        )


def _noise(manifest: Manifest, regions: np.ndarray | None, shape: tuple[int, int]) -> NoiseSpec | None:
    """The noise that was sent, checked against the region map that was sent with it."""
    if manifest.sent is None:
        return None
    try:
        noise = read_noise(manifest.sent.noise)
        noise.rows(regions, shape)
    except (BadNoise, NoiseError) as error:
        reason = error.detail if isinstance(error, BadNoise) else str(error)
        raise BadProject(f"The project's noise cannot be used: {reason}") from error
    return noise
