"""Errors: each knows its status and code; one function turns any of them into the one shape clients see."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from backend import limits


class StudioError(HTTPException):
    """An error a client may see; the message says what was wrong, what was expected and what to do.

    It is an HTTPException because the framework lets those, and only those, pass from within body parsing.
    """

    status: int = HTTPStatus.BAD_REQUEST
    code = "bad_request"

    def __init__(self, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, message, headers)


class BadLabels(StudioError):
    """The label map cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_labels"


class BadRegions(StudioError):
    """The region map cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_regions"


class BadNoise(StudioError):
    """The noise specification cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_noise"


class BadPhoto(StudioError):
    """The photo cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_photo"


class BadProject(StudioError):
    """The project file cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_project"


class BadFrame(StudioError):
    """A live frame that is not built as the protocol says."""

    code = "bad_frame"


class TooLarge(StudioError):
    """More bytes or pixels than the limits allow."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class UnknownModel(StudioError):
    """No model has this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_model"


class UnknownScene(StudioError):
    """The model has no starter scene of this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_scene"


class ModelUnavailable(StudioError):
    """The model is listed but cannot be used."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "model_unavailable"


class NoSegmenter(StudioError):
    """The model paints, but cannot label photos."""

    status = HTTPStatus.CONFLICT
    code = "no_segmenter"


class ProjectsOff(StudioError):
    """The server was not asked to keep projects."""

    status = HTTPStatus.CONFLICT
    code = "projects_off"

    def __init__(self) -> None:
        super().__init__(
            "This server keeps no projects: save to a file, or ask who runs it to set OASIS_STUDIO_PROJECTS to a file."
        )


class UnknownProject(StudioError):
    """No project has this id."""

    status = HTTPStatus.NOT_FOUND
    code = "unknown_project"


class WrongKey(StudioError):
    """The key does not belong to the project."""

    status = HTTPStatus.FORBIDDEN
    code = "wrong_key"

    def __init__(self) -> None:
        super().__init__(
            "Only who made this project can change it, with the key that came with its id, sent as "
            "'Authorization: Bearer KEY'. Keep what you have as a project of your own."
        )


class ProjectChanged(StudioError):
    """The project is not any more what the client believes."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "project_changed"

    def __init__(self) -> None:
        super().__init__(
            "The project was changed elsewhere since you loaded it: load it again, or send without If-Match."
        )


class NotZip(StudioError):
    """The body is not said to be a zip file."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "not_zip"

    def __init__(self) -> None:
        super().__init__("A project is sent as the body of the request, with 'Content-Type: application/zip'.")


class ProjectsFull(StudioError):
    """There is no room for another project."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "projects_full"


class NotReady(StudioError):
    """Models are still being loaded."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("The models are still being loaded. Try again in a moment.", {"Retry-After": "1"})


class Busy(StudioError):
    """Every waiting place is taken."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"

    def __init__(self) -> None:
        super().__init__(
            f"The server has as much work as it takes on. Try again in {limits.RETRY_AFTER_S} seconds.",
            {"Retry-After": str(limits.RETRY_AFTER_S)},
        )


class Late(StudioError):
    """The answer was not ready in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    code = "deadline"

    def __init__(self, deadline_s: float) -> None:
        super().__init__(f"The answer took longer than {deadline_s:g} seconds. Try a smaller label map, or later.")


class ClientLeft(StudioError):
    """The client closed the connection. 499 is nginx's number for it; only the metrics see it."""

    status = 499
    code = "client_left"

    def __init__(self) -> None:
        super().__init__("The client left before the answer was ready.")


def describe(error: Exception) -> tuple[str, str]:
    """The code and the message a client sees of any exception; nothing of an unexpected one."""
    match error:
        case StudioError():
            return error.code, error.detail
        case HTTPException():
            return HTTPStatus(error.status_code).name.lower(), _sentence(error)
        case RequestValidationError():
            problems = (f"{' '.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
            return "bad_request", f"The request is not as /docs describes it: {'; '.join(problems)}."
        case _:
            return "internal", "The server failed at this request; its log says why. Other requests are not affected."


def body(code: str, message: str) -> dict[str, dict[str, str]]:
    """The one error shape."""
    return {"error": {"code": code, "message": message}}


async def answer(request: Request, error: Exception) -> JSONResponse:
    """The one exception handler."""
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
