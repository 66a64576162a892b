"""The route that turns a photo into a label map."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, File, Request, Response

from backend.disconnect import cancel_on_disconnect
from backend.images import encode_gray, encode_labels
from backend.routes import ERRORS, ClientDep, ServiceDep
from backend.schemas import SegmentationOut

router = APIRouter(prefix="/api/models", tags=["segment"], responses=ERRORS)


@router.post(
    "/{model_id}/segment",
    response_model=SegmentationOut,
    responses={200: {"content": {"image/png": {}}, "description": "the label map; JSON if confidence is asked for"}},
)
async def segment(
    request: Request,
    model_id: str,
    client: ClientDep,
    service: ServiceDep,
    photo: Annotated[bytes, File(description="PNG, JPEG or WebP of any size and aspect within the limits")],
    confidence: bool = False,
) -> Response | SegmentationOut:
    """Label a photo at the model's native size: a PNG whose pixel values are class ids."""
    found = await cancel_on_disconnect(request, service.segment(client, model_id, photo))
    labels = encode_labels(found.labels, [info.color for info in found.card.classes])
    if not confidence:
        return Response(labels, media_type="image/png", headers={"X-Model-Version": found.card.version})
    maps = (labels, encode_gray(found.confidence))
    return SegmentationOut(**dict(zip(("labels", "confidence"), (b64encode(m).decode() for m in maps), strict=True)))
