"""The routes of the server; what they do is in the service (backend/service.py)."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from backend.schemas import ErrorBody
from backend.service import Service
from backend.work_queue import Client


def _service(connection: HTTPConnection) -> Service:
    service: Service = connection.app.state.service
    return service


def _client(connection: HTTPConnection) -> Client:
    return Client("http", connection.client.host if connection.client else None)


ServiceDep = Annotated[Service, Depends(_service)]
ClientDep = Annotated[Client, Depends(_client)]
ERRORS: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorBody}, "5XX": {"model": ErrorBody}}
