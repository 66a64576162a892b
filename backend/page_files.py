"""The page's own files. Scripts and style sheets are sent without comments and indentation."""

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

STRIP = {".js": ("text/javascript", jsmin), ".css": ("text/css", cssmin)}


@lru_cache(256)
def stripped(path: Path, modified: float) -> bytes:
    """A script or a style sheet as it is sent; `modified` makes the cache forget older contents."""
    _, strip = STRIP[path.suffix]
    return str(strip(path.read_text())).encode()


class PageFiles(StaticFiles):
    """Files of a folder, the scripts and style sheets among them stripped."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """As StaticFiles: 304 for a client that has the file already."""
        path = Path(full_path)
        if path.suffix not in STRIP:
            return super().file_response(full_path, stat_result, scope, status_code)
        content = stripped(path, stat_result.st_mtime)
        etag = f'"{md5(content, usedforsecurity=False).hexdigest()}"'
        response = Response(content, status_code, {"etag": etag}, STRIP[path.suffix][0])
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response
