"""The addresses of the server; what they do is in the modules beside this package."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from backend.schemas import ErrorBody
from backend.studio import Studio


def _studio(connection: HTTPConnection) -> Studio:
    studio: Studio = connection.app.state.studio
    return studio


StudioOf = Annotated[Studio, Depends(_studio)]
ERRORS: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorBody}, "5XX": {"model": ErrorBody}}
