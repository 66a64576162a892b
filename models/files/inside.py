"""Files of a model's folder: read only if they lie there, and never more of them than was agreed."""

import os
import stat
from pathlib import Path


def find_file(path: Path, root: Path) -> Path:
    """Where a file of a folder really is.

    Args:
        path: In `root` or below it; links are followed.
        root: The folder, which may be reached by a link itself.

    Raises:
        OSError: If there is no such file.
        ValueError: If a link leads out of the folder, or to what is no regular file.
    """
    found = Path(os.path.realpath(path, strict=True))
    if not found.is_relative_to(os.path.realpath(root)):
        raise ValueError("it is a link that leads out of its folder: put the file itself there")
    if not stat.S_ISREG(found.stat().st_mode):
        raise ValueError("it is not a regular file")
    return found


def read_file(path: Path, root: Path, limit: int) -> bytes:
    """The content of a file of a folder, of at most `limit` bytes. Raises OSError or ValueError, as find_file does."""
    with find_file(path, root).open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"it has more than {limit} bytes")
    return content


def reason_of(error: Exception) -> str:
    """What find_file and read_file complain of, without the path, which users of a server are not told."""
    return error.strerror or "it cannot be read" if isinstance(error, OSError) else str(error)
