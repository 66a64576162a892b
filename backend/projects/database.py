"""The SQLite file of the projects: how it is opened, and brought to the state that this version knows."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from backend import limits

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "head"


class DatabaseUnusable(Exception):
    """Why projects cannot be kept in a file; the message is fit for who runs the server."""


def open_database(path: Path, revision: str = HEAD) -> Engine:
    """The file's engine, migrated up to `revision`; several processes may do this at once. Raises DatabaseUnusable.

    Transactions begin as readers. With the execution option `begin="IMMEDIATE"` they begin as writers: what they have
    read is still so when they write.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": limits.PROJECTS_WAIT_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            migrate(connection, revision)
    except (OSError, DatabaseError) as error:
        engine.dispose()
        reason = error.strerror if isinstance(error, OSError) else error.orig
        raise DatabaseUnusable(
            f"projects cannot be kept in {path}: {reason}. Choose another file with OASIS_STUDIO_PROJECTS."
        ) from error
    except DatabaseUnusable:
        engine.dispose()
        raise
    return engine


def migrate(connection: Connection, revision: str) -> None:
    """Up to a revision of the table, within the transaction at hand. Raises DatabaseUnusable."""
    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = MigrationContext.configure(connection).get_current_revision()
    if found and found not in known:
        raise DatabaseUnusable(
            f"the projects are kept in a newer way (revision {found}) than this version of Oasis Studio knows: "
            "update it, or choose another file with OASIS_STUDIO_PROJECTS."
        )
    command.upgrade(config, revision)


def alembic_config(connection: Connection) -> Config:
    """What Alembic's commands work with."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _prepare(connection: Any, _: Any) -> None:
    """Of each new connection. SQLAlchemy begins transactions, not the driver, which would leave out that of a DDL."""
    connection.isolation_level = None
    # The first two are of the file: set once, before its first table. Freed pages then go back to the disk.
    for pragma in (
        "auto_vacuum = INCREMENTAL",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")
