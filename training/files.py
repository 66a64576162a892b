"""Files that are written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class DiskFullError(RuntimeError):
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


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by a file of this content, as whole_file does."""
    with whole_file(path) as file:
        file.write(content)
