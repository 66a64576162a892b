"""The file of the projects: how it comes to be, how it changes, what it refuses, and that it gives room back."""

import sqlite3
import subprocess
import sys
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from backend import limits
from backend.errors import Busy, ProjectsFull, UnknownProject
from backend.projects.database import DatabaseUnusable, alembic_config, open_database
from backend.projects.store import ANY, ProjectStore, check_project
from backend.projects.table import Base
from tests.backend.projects import members, pack
from tests.conftest import PATIENCE_S, ROOT


@pytest.fixture(scope="module")
def data(tiny_zoo):
    return check_project(pack(members(tiny_zoo / "tiny") | {"parts/large.bin": bytes(range(256)) * 8192}, method=0))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "projects.db"


@pytest.fixture
def store(path):
    store = ProjectStore(path)
    yield store
    store.close()


def test_migrations_make_the_table_that_the_code_knows(path):
    engine = open_database(path)
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), Base.metadata)
        pragmas = ("journal_mode", "auto_vacuum", "foreign_keys", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
    assert values == ["wal", 2, 1, limits.PROJECTS_WAIT_S * 1000]
    engine.dispose()


def test_only_the_server_reads_its_files(path, data):
    store = ProjectStore(path)
    store.create(data)
    assert {each.stat().st_mode & 0o777 for each in path.parent.glob("projects.db*")} == {0o600}
    store.close()


def test_down_to_nothing_and_up_again(path, data):
    store = ProjectStore(path)
    store.create(data)
    store.close()
    engine = open_database(path)  # a second time changes nothing
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM projects").scalar() == 1
        command.downgrade(alembic_config(connection), "base")
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    assert tables == ["alembic_version"]
    engine.dispose()
    store = ProjectStore(path)
    assert store.read(store.create(data).id)[0] == data.data
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE projects (other)")
    connection.close()
    with pytest.raises(DatabaseUnusable, match="already exists"):
        open_database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("projects",)]
    connection.close()


def test_a_file_of_a_newer_version_is_refused(path):
    engine = open_database(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    environment = {"OASIS_STUDIO_PROJECTS": str(path), "OASIS_STUDIO_PORT": "0"}
    start = [sys.executable, "-m", "backend.serve"]
    ended = subprocess.run(start, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert "newer way (revision 9999)" in ended.stderr and "update it" in ended.stderr


def test_what_is_no_database_is_refused(path, tmp_path):
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        open_database(path)
    with pytest.raises(DatabaseUnusable, match="cannot be kept in"):
        open_database(tmp_path)  # a folder
    with pytest.raises(DatabaseUnusable, match="File exists"):
        open_database(path / "projects.db")


OPEN = """
import sys
from pathlib import Path
from backend.projects.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(Path(sys.argv[1]))
"""


def test_processes_may_all_be_the_first(path):
    start = [sys.executable, "-c", OPEN, str(path)]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    processes: list[Any] = [subprocess.Popen(start, cwd=ROOT, text=True, **pipes) for _ in range(6)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=PATIENCE_S) == ("", "")


def test_keys_are_not_kept(path, store, data):
    made = store.create(data)
    found = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert made.id.encode() in found and made.key.encode() not in found


def test_deleting_gives_the_room_back(path, store, data):
    empty = path.stat().st_size
    made = [store.create(data) for _ in range(5)]
    for each in made[:4]:
        store.delete(each.id, each.key, {ANY})
    assert len(data.data) < path.stat().st_size < empty + 1.5 * len(data.data)
    store.delete(made[4].id, made[4].key, {ANY})
    left = path.read_bytes() + path.with_name("projects.db-wal").read_bytes()
    assert len(left) < empty + 65536 and bytes(range(256)) not in left
    with pytest.raises(UnknownProject):
        store.read(made[0].id)


def test_a_full_store_takes_no_more_but_lets_go(tiny_zoo, store, data, monkeypatch):
    monkeypatch.setattr(limits, "PROJECTS", 2)
    first, _ = store.create(data), store.create(data)
    with pytest.raises(ProjectsFull, match="keeps 2 projects of 4 MB"):
        store.create(data)
    assert store.replace(first.id, first.key, {ANY}, data)  # takes no more room than it had
    monkeypatch.setattr(limits, "PROJECTS_BYTES", 2 * len(data.data))
    larger = pack(members(tiny_zoo / "tiny") | {"parts/large.bin": b"1" * 2_200_000}, 0)
    with pytest.raises(ProjectsFull):
        store.replace(first.id, first.key, {ANY}, check_project(larger))
    store.delete(first.id, first.key, {ANY})
    assert store.create(data)


def test_a_writer_that_never_ends_is_not_waited_for_forever(path, data, monkeypatch):
    monkeypatch.setattr(limits, "PROJECTS_WAIT_S", 0.1)
    store = ProjectStore(path)
    made = store.create(data)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        store.create(data)
    assert store.read(made.id)[0] == data.data  # readers need not wait
    other.close()
    store.delete(made.id, made.key, {ANY})
    store.close()
