"""Files that are written whole or not at all."""

import errno
import os
from pathlib import Path


class DiskFullError(RuntimeError):
    """No room for a file; the message names it. What stood there before still stands."""


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` in one step: a kill at any moment leaves the old file or the new one. Makes its folder.

    Raises DiskFullError; other trouble as the OSError it is. A failed write leaves nothing half-written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write the same file at once; the suffix keeps it out of listings after a kill.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"The disk is full, {path} was not written: free some space and run the command again."
            ) from error
        raise
    finally:
        partial.unlink(missing_ok=True)
