"""The route of the page."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from backend.settings import ROOT

router = APIRouter(include_in_schema=False)
FRONTEND = ROOT / "frontend"
templates = Jinja2Templates(FRONTEND / "templates")


@router.get("/")
async def page(request: Request) -> Response:
    """The page. It lists all its modules, so that a browser loads them at once instead of import by import."""
    modules = sorted(path.relative_to(FRONTEND).as_posix() for path in (FRONTEND / "static" / "js").rglob("*.js"))
    # A language is loaded when it is chosen; theme-first.js is not a module.
    own = [module for module in modules if "/lang/" not in module and not module.endswith("theme-first.js")]
    return templates.TemplateResponse(request, "index.html", {"modules": own})
