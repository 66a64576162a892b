"""The store of shared projects in one SQLite file. Every call blocks: do not call it in the event loop."""

import hashlib
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend import limits
from backend.errors import Busy, ProjectChanged, ProjectsFull, UnknownProject, WrongKey
from backend.projects.archive import read_project
from backend.projects.database import open_database
from backend.projects.table import ProjectRow

ANY = "*"
"""Matches every digest."""


@dataclass(frozen=True)
class CreatedProject:
    """A new project: its id, the key that allows changing it, and the digest of its file."""

    id: str
    key: str
    digest: str


@dataclass(frozen=True)
class CheckedProject:
    """A project file that can be stored, and the id of its model."""

    data: bytes
    model_id: str


def check_project(data: bytes) -> CheckedProject:
    """Unpack a project file, which can take a second. Raises BadProject, TooLarge."""
    return CheckedProject(data, read_project(data).manifest.model.id)


class ProjectStore:
    """The projects in a file, which several processes can share. Raises DatabaseUnusable.

    A project's id allows reading it; its key, of which only a hash is stored, allows changing it. Both are random and
    too long to guess. Every method raises Busy.
    """

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        self._writer = self._engine.execution_options(begin="IMMEDIATE")

    def create(self, project: CheckedProject) -> CreatedProject:
        """Store a project. Raises ProjectsFull."""
        data = project.data
        made = CreatedProject(secrets.token_urlsafe(16), secrets.token_urlsafe(32), _hash(data))
        with self._write() as session:
            _check_room(session, more=1, size=len(data))
            own = {"id": made.id, "key_hash": _hash(made.key.encode()), "digest": made.digest}
            session.add(ProjectRow(**own, model_id=project.model_id, size=len(data), data=data))
        return made

    def read(self, project_id: str, known: Collection[str] = ()) -> tuple[bytes | None, str]:
        """The file and its digest; None for the file if its digest is `known`. Raises UnknownProject."""
        with self._read() as session:
            found = _find(session, project_id)
            return None if _names(known, found) else found.data, found.digest

    def check_key(self, project_id: str, key: str, expected: Collection[str]) -> None:
        """Whether `replace` would be allowed now. Raises UnknownProject, WrongKey, ProjectChanged."""
        with self._read() as session:
            _authorized(session, project_id, key, expected)

    def replace(self, project_id: str, key: str, expected: Collection[str], project: CheckedProject) -> str:
        """Replace the file of a project and return its new digest.

        Args:
            project_id: Of the project.
            key: That `create` returned.
            expected: Digests, or ANY; the file is replaced only if it has one of them.
            project: The new file.

        Raises:
            UnknownProject, WrongKey, ProjectChanged, ProjectsFull: Nothing is changed.
        """
        data = project.data
        with self._write() as session:
            found = _authorized(session, project_id, key, expected)
            _check_room(session, more=0, size=len(data) - found.size)
            found.digest, found.model_id, found.size, found.data = _hash(data), project.model_id, len(data), data
            return found.digest

    def delete(self, project_id: str, key: str, expected: Collection[str]) -> None:
        """Delete a project and free its space on the disk. Raises UnknownProject, WrongKey, ProjectChanged."""
        with self._write() as session:
            session.delete(_authorized(session, project_id, key, expected))
        # A file that is busy now is vacuumed by the next deletion.
        with self._engine.connect() as connection, suppress(sqlite3.OperationalError):
            driver: Any = connection.connection.driver_connection
            # As a script, because a single statement would stop after one page.
            driver.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def _read(self) -> AbstractContextManager[Session]:
        return _transaction(self._engine)

    def _write(self) -> AbstractContextManager[Session]:
        return _transaction(self._writer)


@contextmanager
def _transaction(engine: Engine) -> Iterator[Session]:
    try:
        with Session(engine) as session, session.begin():
            yield session
    except OperationalError as error:
        match getattr(error.orig, "sqlite_errorname", ""):
            case "SQLITE_FULL":
                raise ProjectsFull("The disk with the projects is full.") from error
            case name if name.startswith("SQLITE_BUSY"):
                raise Busy from error
        raise


def _find(session: Session, project_id: str) -> ProjectRow:
    found = session.get(ProjectRow, project_id)
    if found is None:
        raise UnknownProject(f"There is no project {project_id[:64]!r}: its link is wrong, or it was deleted.")
    return found


def _names(digests: Collection[str], project: ProjectRow) -> bool:
    return ANY in digests or project.digest in digests


def _authorized(session: Session, project_id: str, key: str, expected: Collection[str]) -> ProjectRow:
    """The project, if the key is right and its digest is expected. Raises UnknownProject, WrongKey, ProjectChanged."""
    found = _find(session, project_id)
    if not secrets.compare_digest(found.key_hash, _hash(key.encode())):
        raise WrongKey
    if not _names(expected, found):
        raise ProjectChanged
    return found


def _check_room(session: Session, more: int, size: int) -> None:
    count, taken = session.execute(select(func.count(), func.coalesce(func.sum(ProjectRow.size), 0))).one()
    if count + more > limits.PROJECTS or taken + size > limits.PROJECTS_BYTES:
        raise ProjectsFull(
            f"The server keeps {count} projects of {taken // limits.MB} MB together and takes no more: save to a file."
        )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
