"""The route of the page."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from backend.page_files import PageFiles
from backend.settings import ROOT

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "frontend" / "templates")


@router.get("/")
async def page(request: Request) -> Response:
    """The page. It lists all its modules, so that a browser loads them at once instead of import by import."""
    files: PageFiles = request.app.state.page_files
    return templates.TemplateResponse(request, "index.html", {"static": files.refresh(), "modules": files.modules()})
