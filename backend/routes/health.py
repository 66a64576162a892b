"""How the server is."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from backend.errors import NotReady
from backend.routes import ERRORS, StudioOf
from backend.schemas import Status

router = APIRouter(tags=["health"], responses=ERRORS)


@router.get("/healthz")
async def healthz() -> Status:
    """The process answers."""
    return Status(status="ok")


@router.get("/readyz")
async def readyz(studio: StudioOf) -> Status:
    """Every model of the zoo was loaded or found unusable."""
    if not studio.registry.ready:
        raise NotReady
    return Status(status="ready")


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(studio: StudioOf) -> Response:
    """Prometheus text: requests, latencies, queue."""
    return Response(studio.metrics.text(), media_type=CONTENT_TYPE_LATEST)
