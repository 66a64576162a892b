"""The form that asks for the access token, which a cookie then holds."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from backend.access import COOKIE, is_token
from backend.routes.page import templates
from backend.settings import Settings

router = APIRouter(include_in_schema=False)
YEAR_S = 31_536_000


@router.get("/token")
async def ask(request: Request) -> Response:
    """The form."""
    return _form(request, HTTPStatus.OK)


@router.post("/token")
async def enter(request: Request, token: Annotated[str, Form(max_length=1024)]) -> Response:
    """Store a token that is right in a cookie, and open the page."""
    settings: Settings = request.app.state.settings
    if settings.secret is not None and not is_token(token, settings.secret):
        return _form(request, HTTPStatus.UNAUTHORIZED)
    # Relative, and without a path for the cookie: a proxy may serve the page below a path of its own.
    response = RedirectResponse("./", HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE, token, YEAR_S, path=None, secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )
    return response


def _form(request: Request, status: HTTPStatus) -> Response:
    context = {"static": request.app.state.page_files.refresh(), "wrong": status == HTTPStatus.UNAUTHORIZED}
    # With no referrer at all, browsers would not say that the form is ours.
    headers = {"Referrer-Policy": "same-origin"}
    return templates.TemplateResponse(request, "token.html", context, status, headers)
