"""The SQLite database of shared projects: how it is opened and migrated to the schema of this version."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from backend import limits
from models.errors import UserError

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "head"


class DatabaseUnusable(UserError):
    """Projects cannot be stored in a file; the message is for the operator of the server."""


def open_database(path: Path, revision: str = HEAD) -> Engine:
    """Open a database and migrate it to `revision`; several processes can do this at once. Raises DatabaseUnusable.

    Transactions begin as readers. With the execution option `begin="IMMEDIATE"` they begin as writers, so that what
    they have read does not change before they write.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": limits.PROJECTS_WAIT_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # of a new file, and of those that SQLite makes beside it; others are left as they are
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
    """Migrate to a revision of the schema, within the current transaction. Raises DatabaseUnusable."""
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
    """The configuration for Alembic's commands."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _prepare(connection: Any, _: Any) -> None:
    """Set up a new connection. SQLAlchemy begins transactions, as the driver would not do so for DDL."""
    connection.isolation_level = None
    # The first two belong to the file and are set before its first table; freed pages then go back to the disk.
    for pragma in (
        "auto_vacuum = INCREMENTAL",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")
