"""Errors of the API: each has a status and a code, and one handler turns them into responses of one shape."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from backend import limits


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
            problems = (f"{' '.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
            return "bad_request", f"The request is not as /docs describes it: {'; '.join(problems)}."
        case _:
            return "internal", "The server failed at this request; its log says why. Other requests are not affected."


def body(code: str, message: str) -> dict[str, dict[str, str]]:
    """The JSON of an error."""
    return {"error": {"code": code, "message": message}}


async def error_response(request: Request, error: Exception) -> JSONResponse:
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
