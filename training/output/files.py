"""Files that are written whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import UserError


class DiskFullError(UserError, RuntimeError):
    """No room for a file; the message names it. What stood there before still stands."""


@contextmanager
def name_full_disk(path: Path) -> Iterator[None]:
    """Inside, a full disk becomes a DiskFullError about `path`; other trouble stays the OSError it is."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"The disk is full, {path} was not written: free some space and run the command again."
            ) from error
        raise


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` in one step at the end of the block: a kill at any moment leaves
    the old file or the new one, an error the old one. Makes its folder. Raises DiskFullError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write the same file at once; the suffix keeps it out of listings after a kill.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with name_full_disk(path):
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
    stood there goes only then; an error leaves it as it was. Raises DiskFullError.
    """
    with name_full_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as temporary:
            made = Path(temporary) / path.name
            yield made
            replaced = made.with_name(f"{made.name}.replaced")
            if path.exists():
                path.rename(replaced)
            try:
                made.rename(path)
            except OSError:
                if replaced.exists():
                    replaced.rename(path)
                raise


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by a file of this content, as whole_file does."""
    with whole_file(path) as file:
        file.write(content)
