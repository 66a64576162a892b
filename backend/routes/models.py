"""Routes that describe the models."""

from fastapi import APIRouter, Request, Response
from fastapi.staticfiles import StaticFiles

from backend.routes import ERRORS, ServiceDep
from backend.schemas import ModelDetail, ModelList, ModelSummary

router = APIRouter(prefix="/api/models", tags=["models"], responses=ERRORS)


@router.get("")
async def list_models(service: ServiceDep) -> ModelList:
    """All models of the zoo, with the reason where one cannot be used."""
    return ModelList(models=[ModelSummary.of(entry) for entry in service.models.entries])


@router.get("/{model_id}")
async def show_model(model_id: str, service: ServiceDep) -> ModelDetail:
    """One model with its training and its metrics."""
    return ModelDetail.of(service.models.entry(model_id))


@router.get(
    "/{model_id}/scenes/{scene_id}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "the label map"}, 304: {"description": "unchanged"}},
)
async def show_scene(request: Request, model_id: str, scene_id: str, service: ServiceDep) -> Response:
    """The label map of a starter scene: a PNG whose pixel value is the class id."""
    file = service.models.scene_file(model_id, scene_id)
    # Served as a static file: with ETag and Last-Modified, and 304 for a client that already has it.
    return StaticFiles().file_response(file, file.stat(), request.scope)
