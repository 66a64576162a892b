"""Which models there are."""

from fastapi import APIRouter

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
