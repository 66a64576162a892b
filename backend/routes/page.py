"""The page itself."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from backend.settings import ROOT

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "frontend" / "templates")


@router.get("/")
async def page(request: Request) -> Response:
    """The studio."""
    return templates.TemplateResponse(request, "index.html", {"version": request.app.version})
