"""The files of the page: scripts and style sheets minified, at addresses that change with their contents."""

import os
import re
from functools import lru_cache
from hashlib import md5
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

MINIFIERS = {".js": ("text/javascript", jsmin), ".css": ("text/css", cssmin)}
VERSION = re.compile("v-[0-9a-f]{12}")
FOREVER = "public, max-age=31536000, immutable"


@lru_cache(256)
def minified(path: Path, modified: float) -> bytes:
    """A script or a style sheet without comments and indentation, cached until `modified` changes."""
    _, minify = MINIFIERS[path.suffix]
    return str(minify(path.read_text())).encode()


class PageFiles(StaticFiles):
    """The static files of a folder.

    A file is at its path below the folder, and at the same path below the `version`, where browsers keep it without
    asking again. Scripts import each other by relative addresses, so all come from the version that the page names.

    Args:
        folder: With the files.
        as_written: For developing: nothing is minified, and the page names no version.
    """

    def __init__(self, folder: Path, as_written: bool) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._as_written = as_written
        self.refresh()

    def refresh(self) -> str:
        """The folder that the page refers to, relative to the server's root, for the files as they are now."""
        self._stamps = _stamps(self._folder)
        self._version = None if self._as_written else _version(self._folder, self._stamps)
        return f"static/{self._version}" if self._version else "static"

    def modules(self) -> list[str]:
        """The paths of all modules that the page starts with: a language is loaded when it is chosen."""
        scripts = [name for name, _ in self._stamps if name.endswith(".js")]
        return [script for script in scripts if "/lang/" not in script and not script.endswith("theme-first.js")]

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at a path, with or without a version; of another version, the file as it is now."""
        version, _, rest = path.partition("/")
        response = await super().get_response(rest if VERSION.fullmatch(version) else path, scope)
        if version == self._version:
            response.headers["Cache-Control"] = FOREVER
        return response

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304 for a client that already has it, as StaticFiles."""
        path = Path(full_path)
        if path.suffix not in MINIFIERS or self._as_written:
            return super().file_response(full_path, stat_result, scope, status_code)
        content = minified(path, stat_result.st_mtime)
        etag = f'"{md5(content, usedforsecurity=False).hexdigest()}"'
        response = Response(content, status_code, {"etag": etag}, MINIFIERS[path.suffix][0])
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def _stamps(folder: Path) -> tuple[tuple[str, int], ...]:
    """All files of a folder and when they were modified."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted((path.relative_to(folder).as_posix(), path.stat().st_mtime_ns) for path in files))


@lru_cache(4)
def _version(folder: Path, stamps: tuple[tuple[str, int], ...]) -> str:
    digest = md5(usedforsecurity=False)
    for name, _ in stamps:
        content = md5((folder / name).read_bytes(), usedforsecurity=False).hexdigest()
        digest.update(f"{content} {name}\n".encode())
    return f"v-{digest.hexdigest()[:12]}"
