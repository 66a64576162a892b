"""Errors of the API: each has a status and a code, and one handler turns them into responses of one shape."""

import math
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from backend import limits
from models.errors import SHOWN, printable, shorten

CLOSE = {"Connection": "close"}
"""A header of answers that end the connection."""


class ApiError(HTTPException):
    """An error for the client; the message says what was wrong, what was expected and what to do.

    It is an HTTPException because these are the only exceptions that FastAPI lets through while it parses a body.
    """

    status: int = HTTPStatus.BAD_REQUEST
    code = "bad_request"

    def __init__(self, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, message, headers)


class BadLabels(ApiError):
    """The label map cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_labels"


class BadRegions(ApiError):
    """The region map cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_regions"


class BadNoise(ApiError):
    """The noise specification cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_noise"


class BadPhoto(ApiError):
    """The photo cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_photo"


class BadProject(ApiError):
    """The project file cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_project"


class BadFrame(ApiError):
    """A live frame does not follow the protocol."""

    code = "bad_frame"


class MalformedRequest(ApiError):
    """What arrives is no HTTP request."""

    def __init__(self) -> None:
        super().__init__("This is no HTTP request, or its head has more than 64 kB: send one of HTTP/1.1.", CLOSE)


class AmbiguousLength(ApiError):
    """A request with two lengths."""

    def __init__(self) -> None:
        message = "The request has both Content-Length and Transfer-Encoding: send one of them."
        super().__init__(message, CLOSE)


class UnknownHost(ApiError):
    """The server was addressed by a name that is not known to be its own."""

    status = HTTPStatus.MISDIRECTED_REQUEST
    code = "unknown_host"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This server does not know the host name {shorten(name)} as its own: use its IP address, or ask its "
            "operator to add the name with --hosts (or OASIS_STUDIO_HOSTS)."
        )


class ForeignPage(ApiError):
    """The request comes from a page of another site."""

    status = HTTPStatus.FORBIDDEN
    code = "foreign_page"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Pages of {printable(origin, SHOWN)} may not use this server: its operator can allow them with --origins "
            "(or OASIS_STUDIO_ORIGINS). If it is the server's own address, the proxy must pass the Host header on."
        )


class AccessDenied(ApiError):
    """The access token is missing or wrong."""

    status = HTTPStatus.UNAUTHORIZED
    code = "access_denied"

    def __init__(self) -> None:
        super().__init__(
            "This server needs its access token: open /token in the browser and enter it, or send it as "
            "'X-Access-Token: TOKEN'.",
            {"WWW-Authenticate": "X-Access-Token"},
        )


class TooMany(ApiError):
    """The client has sent more requests than the server allows a minute."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many"

    def __init__(self, wait_s: float) -> None:
        wait = math.ceil(wait_s)
        super().__init__(f"You have sent many requests. Try again in {wait} s.", {"Retry-After": str(wait)})


class TooSlow(ApiError):
    """The request did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "too_slow"

    def __init__(self) -> None:
        message = f"The request arrives too slowly: send at least {limits.SLOWEST_BYTES // 1024} kB a second."
        super().__init__(message, CLOSE)


class TooLarge(ApiError):
    """More bytes or pixels than the limits allow."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class UnknownModel(ApiError):
    """No model has this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_model"


class UnknownScene(ApiError):
    """The model has no starter scene of this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_scene"


class ModelUnavailable(ApiError):
    """The model is listed but cannot be used."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "model_unavailable"


class NoSegmenter(ApiError):
    """The model paints, but cannot label photos."""

    status = HTTPStatus.CONFLICT
    code = "no_segmenter"


class ProjectsOff(ApiError):
    """The server does not store projects."""

    status = HTTPStatus.CONFLICT
    code = "projects_off"

    def __init__(self) -> None:
        super().__init__(
            "This server keeps no projects: save to a file, or ask its operator to set OASIS_STUDIO_PROJECTS to a file."
        )


class UnknownProject(ApiError):
    """No project has this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_project"


class WrongKey(ApiError):
    """The key does not belong to the project."""

    status = HTTPStatus.FORBIDDEN
    code = "wrong_key"

    def __init__(self) -> None:
        super().__init__(
            "This project can only be changed with the key that came with its id, sent as "
            "'Authorization: Bearer KEY'. Save what you have as a project of your own."
        )


class ProjectChanged(ApiError):
    """The project is no longer what `If-Match` names."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "project_changed"

    def __init__(self) -> None:
        super().__init__(
            "The project was changed elsewhere since you loaded it: load it again, or send without If-Match."
        )


class NotZip(ApiError):
    """The content type of the body is not that of a zip file."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "not_zip"

    def __init__(self) -> None:
        super().__init__("A project is sent as the body of the request, with 'Content-Type: application/zip'.")


class ProjectsFull(ApiError):
    """There is no room for another project."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "projects_full"


class NotReady(ApiError):
    """Models are still being loaded."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("The models are still being loaded. Try again in a moment.", {"Retry-After": "1"})


class Busy(ApiError):
    """The queue is full."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"

    def __init__(self) -> None:
        super().__init__(
            f"The server has as much work as it takes on. Try again in {limits.RETRY_AFTER_S} seconds.",
            {"Retry-After": str(limits.RETRY_AFTER_S)},
        )


class DeadlineExceeded(ApiError):
    """The answer was not ready in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    code = "deadline"

    def __init__(self, deadline_s: float) -> None:
        super().__init__(f"The answer took longer than {deadline_s:g} seconds. Try a smaller label map, or later.")


class ClientDisconnected(ApiError):
    """The client closed the connection. 499 is nginx's status for it; it appears only in the metrics."""

    status = 499
    code = "client_left"

    def __init__(self) -> None:
        super().__init__("The client left before the answer was ready.")


def describe(error: Exception) -> tuple[str, str]:
    """The code and the message of any exception for the client; an unexpected one tells no details."""
    match error:
        case ApiError():
            return error.code, error.detail
        case HTTPException():
            return HTTPStatus(error.status_code).name.lower(), _sentence(error)
        case RequestValidationError():
            problems = "; ".join(f"{' '.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            return "bad_request", f"The request is not as /docs describes it: {printable(problems, SHOWN)}."
        case _:
            return "internal", "The server failed at this request; its log says why. Other requests are not affected."


def body(code: str, message: str) -> dict[str, dict[str, str]]:
    """The JSON of an error."""
    return {"error": {"code": code, "message": message}}


async def error_response(_: HTTPConnection, error: Exception) -> JSONResponse:
    """Exception handler for all errors."""
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    headers = None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    elif isinstance(error, RequestValidationError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return JSONResponse(body(*describe(error)), status, headers)


def _sentence(error: HTTPException) -> str:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return "There is nothing at this address: /docs lists what there is."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "This address does not answer that method: /docs lists what it answers."
        case _:
            return f"{error.detail.rstrip('.')}."
