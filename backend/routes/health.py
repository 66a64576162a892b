"""Routes for monitoring: health and readiness."""

from fastapi import APIRouter

from backend.errors import NotReady
from backend.routes import ERRORS, ServiceDep
from backend.schemas import Status

router = APIRouter(tags=["health"], responses=ERRORS)


@router.get("/healthz")
async def healthz() -> Status:
    """The process is alive."""
    return Status(status="ok")


@router.get("/readyz")
async def readyz(service: ServiceDep) -> Status:
    """Every model of the zoo was loaded or found unusable."""
    if not service.models.ready:
        raise NotReady
    return Status(status="ready")
