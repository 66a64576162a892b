"""Files and folders that appear whole or not at all, whatever happens meanwhile."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.runs import kill_while_writing, no_file_above, run_until_killed
from training.output.files import DiskFullError, WriteError, partial_of, sweep, whole_folder, write_whole

KILLED_WHILE_REPLACING = """
import os, signal, sys
from pathlib import Path
from training.output.files import whole_folder

rename = Path.rename


def rename_or_die(self, target):
    if self.parent.suffix == ".partial":
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)


Path.rename = rename_or_die
with whole_folder(Path(sys.argv[1])) as made:
    made.mkdir()
    (made / "new").touch()
"""


def test_a_kill_leaves_the_old_file_and_a_partial_one_that_a_sweep_removes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    kill_while_writing(path)
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path, "other")
    assert len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_sweep_leaves_what_others_are_writing_and_what_is_not_ours(tmp_path: Path) -> None:
    running = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    own = partial_of(tmp_path / "own")
    kept = [
        own,
        tmp_path / own.name.replace(str(os.getpid()), str(running.pid)),
        tmp_path / ".own.elsewhere-1.partial",
        tmp_path / ".download.partial",
        tmp_path / own.name.removeprefix("."),
        tmp_path / f"{own.name}.txt",
    ]
    for path in kept:
        path.touch()
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    running.communicate()
    sweep(tmp_path)
    kept.pop(1)
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_an_earlier_process_of_the_same_number_is_not_this_one(tmp_path: Path) -> None:
    """In a container the trainer has the same number each time."""
    partial = partial_of(tmp_path / "file")
    partial.touch()
    os.utime(partial, (0, 0))
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_kill_between_the_old_folder_and_the_new_loses_neither_for_good(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").touch()
    run_until_killed(KILLED_WHILE_REPLACING, path)
    assert [each.name.startswith(".") for each in tmp_path.iterdir()] == [True]
    sweep(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["model"] and (path / "old").exists()
    run_until_killed(KILLED_WHILE_REPLACING, path)
    with whole_folder(path) as made:
        assert (path / "old").exists()
        made.mkdir()
        (made / "newer").touch()
    assert [each.name for each in path.iterdir()] == ["newer"] and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (errno.ENOSPC, DiskFullError, "The disk is full, .*free some space"),
        (errno.EDQUOT, DiskFullError, "The disk is full"),
        (errno.EROFS, WriteError, "Read-only file system. Make its folder writable or choose another one"),
        (errno.EACCES, WriteError, "Permission denied. Make its folder writable"),
        (errno.EIO, WriteError, "Input/output error"),
    ],
)
def test_trouble_in_writing_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception], says: str
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    write_whole(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(kind, match=says):
        write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_a_file_that_grows_too_large_leaves_the_old_one(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"old")
    with no_file_above(1000), pytest.raises(WriteError, match="File too large"):
        write_whole(tmp_path / "file", bytes(100_000))
    assert (tmp_path / "file").read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
