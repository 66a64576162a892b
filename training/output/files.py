"""Files that are written whole or not at all, and what a killed process leaves of them."""

import errno
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import UserError

MACHINE = platform.node().partition(".")[0]
STARTED = time.time()
PARTIAL = re.compile(rf"\.(?P<name>.+)\.{re.escape(MACHINE)}-(?P<process>[0-9]{{1,9}})\.partial")
"""What `partial_of` makes of a name, on this machine."""


REPLACED = "..replaced"
"""Where whole_folder keeps what it replaces, beside the new folder, which has a name of its own."""


class WriteError(UserError, RuntimeError):
    """A file that cannot be written; the message names it. What stood there before still stands."""


class DiskFullError(WriteError):
    """No room for a file."""


@contextmanager
def name_full_disk(path: Path) -> Iterator[None]:
    """Inside, a full disk becomes a DiskFullError about `path`, and other trouble in writing a WriteError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"The disk is full, {path} was not written: free some space and run the command again."
            ) from error
        raise WriteError(
            f"{path} cannot be written: {error.strerror or error}. Make its folder writable or choose another one, and "
            "run the command again."
        ) from error


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` in one step at the end of the block: a kill at any moment leaves
    the old file or the new one, an error the old one. Makes its folder. Raises WriteError.
    """
    partial = partial_of(path)
    with name_full_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, beside `path` and of its name, that takes its place in one step at the end of the block. What
    stood there goes only then; an error leaves it as it was. Raises WriteError.
    """
    sweep(path.parent, path.name)
    with scratch_folder(path) as scratch, name_full_disk(path):
        made, replaced = scratch / path.name, scratch / REPLACED
        yield made
        if path.exists():
            path.rename(replaced)
        try:
            made.rename(path)
        except OSError:
            if replaced.exists():
                replaced.rename(path)
            raise


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """A new folder beside `path`, with a name that no listing shows, which is removed after the block. Raises
    WriteError."""
    scratch = partial_of(path)
    with name_full_disk(scratch):
        scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by a file of this content, as whole_file does."""
    with whole_file(path) as file:
        file.write(content)


def partial_of(path: Path) -> Path:
    """Where this process writes a file or folder until it is whole.

    Several processes may write the same one at once, on machines that share the folder; the dot and the suffix keep it
    out of listings after a kill.
    """
    return path.with_name(f".{path.name}.{MACHINE}-{os.getpid()}.partial")


def sweep(folder: Path, name: str | None = None) -> None:
    """Remove what killed processes of this machine left half written in a folder.

    A folder that a kill moved away to be replaced gets its place back. What other processes are still writing stays,
    and so does what other machines left.

    Args:
        folder: Is not looked into further down; may be missing.
        name: Only what was to become the file or folder of this name.
    """
    for path in folder.glob(".*.partial"):
        found = PARTIAL.fullmatch(path.name)
        if not found or name not in (None, found["name"]) or _is_written(path, int(found["process"])):
            continue
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            continue
        target = path.with_name(found["name"])
        if (path / REPLACED).exists() and not target.exists():
            (path / REPLACED).rename(target)
        shutil.rmtree(path, ignore_errors=True)


def _is_written(partial: Path, process: int) -> bool:
    """Whether the process that began this file or folder still runs."""
    if process == os.getpid():  # in a container, an earlier process had the same number
        return partial.lstat().st_mtime >= STARTED
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
