"""Routes for monitoring: health, readiness and metrics."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

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


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(service: ServiceDep) -> Response:
    """Prometheus text: requests, latencies, queue."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
