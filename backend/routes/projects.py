"""Routes for shared projects: the id allows reading, the key allows writing."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend import limits
from backend.errors import NotZip
from backend.projects.store import ANY, ProjectStore
from backend.routes import ERRORS, ClientDep, ServiceDep
from backend.schemas import ProjectCreated, ProjectsOut

router = APIRouter(prefix="/api/projects", tags=["projects"], responses=ERRORS)
ZIP = "application/zip"
FILE = {"requestBody": {"required": True, "content": {ZIP: {}}}}


async def _body(request: Request) -> bytes:
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != ZIP:
        raise NotZip
    return await request.body()


def _key(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
    x_project_key: Annotated[str | None, Header()] = None,
) -> str:
    """The key, also in a header of its own, as a reverse proxy may need the Authorization header."""
    return x_project_key or (bearer.credentials if bearer else "")


def _digests(header: str | None) -> set[str]:
    """The digests that an If-Match or If-None-Match header names."""
    return {each.strip().removeprefix("W/").strip('"') for each in (header or "").split(",")} - {""}


def _expected(if_match: Annotated[str | None, Header()] = None) -> set[str]:
    return {ANY} if if_match is None else _digests(if_match)


Body = Annotated[bytes, Depends(_body)]
Key = Annotated[str, Depends(_key)]
Expected = Annotated[set[str], Depends(_expected)]


@router.get("")
async def ask(service: ServiceDep) -> ProjectsOut:
    """Whether this server stores projects, and how large one may be."""
    return ProjectsOut(enabled=service.stores_projects, max_bytes=limits.PROJECT_BYTES)


@router.post("", status_code=HTTPStatus.CREATED, openapi_extra=FILE)
async def create(client: ClientDep, service: ServiceDep, data: Body, response: Response) -> ProjectCreated:
    """Store a project file. Only this response has the key."""
    made = await service.create_project(client, data)
    response.headers["ETag"] = f'"{made.digest}"'
    return ProjectCreated(id=made.id, key=made.key)


@router.get(
    "/{project_id}",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}, "description": "the file"}, 304: {"description": "unchanged"}},
)
async def read(
    client: ClientDep, service: ServiceDep, project_id: str, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The project file, as it was sent."""
    data, digest = await service.projects(client, ProjectStore.read, project_id, _digests(if_none_match))
    headers = {"ETag": f'"{digest}"'}
    if data is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{project_id}.oasis"'
    return Response(data, media_type=ZIP, headers=headers)


@router.put("/{project_id}", status_code=HTTPStatus.NO_CONTENT, openapi_extra=FILE)
async def replace(
    client: ClientDep, service: ServiceDep, project_id: str, key: Key, expected: Expected, data: Body
) -> Response:
    """Replace the project file; with If-Match only if it has not been changed."""
    digest = await service.replace_project(client, project_id, key, expected, data)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"ETag": f'"{digest}"'})


@router.delete("/{project_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete(client: ClientDep, service: ServiceDep, project_id: str, key: Key, expected: Expected) -> None:
    """Delete a project; If-Match as for PUT."""
    await service.projects(client, ProjectStore.delete, project_id, key, expected)
