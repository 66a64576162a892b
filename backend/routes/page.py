"""The page itself."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from backend.settings import ROOT

router = APIRouter(include_in_schema=False)
FRONTEND = ROOT / "frontend"
templates = Jinja2Templates(FRONTEND / "templates")


@router.get("/")
async def page(request: Request) -> Response:
    """The studio. It names all its modules, or the browser would learn of each only from the one that imports it."""
    modules = sorted(path.relative_to(FRONTEND).as_posix() for path in (FRONTEND / "static" / "js").rglob("*.js"))
    # Languages come when they are chosen; the theme is no module.
    own = [module for module in modules if "/lang/" not in module and not module.endswith("theme-first.js")]
    return templates.TemplateResponse(request, "index.html", {"modules": own})
