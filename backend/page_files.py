"""The files of the page, with scripts and style sheets minified."""

import os
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


@lru_cache(256)
def minified(path: Path, modified: float) -> bytes:
    """A script or a style sheet without comments and indentation, cached until `modified` changes."""
    _, minify = MINIFIERS[path.suffix]
    return str(minify(path.read_text())).encode()


class MinifiedFiles(StaticFiles):
    """The static files of a folder, with scripts and style sheets minified."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304 for a client that already has it, as StaticFiles."""
        path = Path(full_path)
        if path.suffix not in MINIFIERS:
            return super().file_response(full_path, stat_result, scope, status_code)
        content = minified(path, stat_result.st_mtime)
        etag = f'"{md5(content, usedforsecurity=False).hexdigest()}"'
        response = Response(content, status_code, {"etag": etag}, MINIFIERS[path.suffix][0])
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response
