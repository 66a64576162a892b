"""Which models there are."""

from fastapi import APIRouter, Request, Response
from fastapi.staticfiles import StaticFiles

from backend.routes import ERRORS, StudioOf
from backend.schemas import ModelDetail, ModelList, ModelSummary

router = APIRouter(prefix="/api/models", tags=["models"], responses=ERRORS)


@router.get("")
async def list_models(studio: StudioOf) -> ModelList:
    """All models of the zoo, with the reason where one cannot be used."""
    return ModelList(models=[ModelSummary.of(entry) for entry in studio.registry.entries])


@router.get("/{model_id}")
async def show_model(model_id: str, studio: StudioOf) -> ModelDetail:
    """One model with its training and its metrics."""
    return ModelDetail.of(studio.registry.entry(model_id))


@router.get(
    "/{model_id}/scenes/{scene_id}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "the label map"}, 304: {"description": "unchanged"}},
)
async def show_scene(request: Request, model_id: str, scene_id: str, studio: StudioOf) -> Response:
    """The label map of a starter scene: a PNG whose pixel value is the class id."""
    file = studio.registry.scene_file(model_id, scene_id)
    # As the page's own files are served: with ETag and Last-Modified, 304 for who has it already.
    return StaticFiles().file_response(file, file.stat(), request.scope)
