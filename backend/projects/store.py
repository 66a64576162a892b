"""Projects kept for others, in one SQLite file. Every call blocks: leave the event loop to others."""

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
from backend.projects.table import KeptProject

ANY = "*"
"""Among expected digests it stands for every one."""


@dataclass(frozen=True)
class Made:
    """A new project: where it is, what allows to change it, and the digest of what it holds."""

    id: str
    key: str
    digest: str


class ProjectStore:
    """The projects in a file, which several processes may share. Raises DatabaseUnusable.

    A project's id allows reading it; its key, of which only a hash is kept, allows changing it. Both are drawn at
    random and too long to guess. Every method raises Busy.
    """

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        self._writer = self._engine.execution_options(begin="IMMEDIATE")

    def create(self, data: bytes) -> Made:
        """Keep a project file. Raises BadProject, TooLarge, ProjectsFull."""
        model_id = read_project(data).manifest.model.id
        made = Made(secrets.token_urlsafe(16), secrets.token_urlsafe(32), _hash(data))
        with self._write() as session:
            _check_room(session, more=1, size=len(data))
            own = {"id": made.id, "key_hash": _hash(made.key.encode()), "digest": made.digest}
            session.add(KeptProject(**own, model_id=model_id, size=len(data), data=data))
        return made

    def read(self, project_id: str, known: Collection[str] = ()) -> tuple[bytes | None, str]:
        """The file, None if its digest (or ANY) is `known`, and the digest. Raises UnknownProject."""
        with self._read() as session:
            found = _find(session, project_id)
            return None if _names(known, found) else found.data, found.digest

    def replace(self, project_id: str, key: str, expected: Collection[str], data: bytes) -> str:
        """Put another file in its place, if ANY or what it holds is `expected`; gives the new digest.

        Raises UnknownProject, WrongKey, ProjectChanged, BadProject, TooLarge, ProjectsFull.
        """
        with self._read() as session:
            _own(session, project_id, key, expected)  # who may not write does not make the server unpack anything
        model_id = read_project(data).manifest.model.id
        with self._write() as session:
            found = _own(session, project_id, key, expected)
            _check_room(session, more=0, size=len(data) - found.size)
            found.digest, found.model_id, found.size, found.data = _hash(data), model_id, len(data), data
            return found.digest

    def delete(self, project_id: str, key: str, expected: Collection[str]) -> None:
        """Forget a project and give its room back to the disk. Raises UnknownProject, WrongKey, ProjectChanged."""
        with self._write() as session:
            session.delete(_own(session, project_id, key, expected))
        with self._engine.connect() as connection, suppress(sqlite3.OperationalError):  # busy: with the next one then
            driver: Any = connection.connection.driver_connection
            # As a script: a single statement would end after its first page.
            driver.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
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
                raise ProjectsFull("The disk that projects are kept on is full.") from error
            case name if name.startswith("SQLITE_BUSY"):
                raise Busy from error
        raise


def _find(session: Session, project_id: str) -> KeptProject:
    found = session.get(KeptProject, project_id)
    if found is None:
        raise UnknownProject(f"There is no project {project_id[:64]!r}: its link is wrong, or it was deleted.")
    return found


def _names(digests: Collection[str], project: KeptProject) -> bool:
    return ANY in digests or project.digest in digests


def _own(session: Session, project_id: str, key: str, expected: Collection[str]) -> KeptProject:
    """The project, for who may change it and knows what it holds."""
    found = _find(session, project_id)
    if not secrets.compare_digest(found.key_hash, _hash(key.encode())):
        raise WrongKey
    if not _names(expected, found):
        raise ProjectChanged
    return found


def _check_room(session: Session, more: int, size: int) -> None:
    count, taken = session.execute(select(func.count(), func.coalesce(func.sum(KeptProject.size), 0))).one()
    if count + more > limits.PROJECTS or taken + size > limits.PROJECTS_BYTES:
        raise ProjectsFull(
            f"The server keeps {count} projects of {taken // limits.MB} MB together and takes no more: save to a file."
        )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
