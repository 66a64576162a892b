"""Routes that turn a label map into a picture."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, WebSocket

from backend.disconnect import cancel_on_disconnect
from backend.edits import parse_json
from backend.images import MEDIA_TYPES, Format
from backend.live import LiveSession
from backend.routes import ERRORS, ClientDep, ServiceDep

router = APIRouter(prefix="/api", tags=["synthesize"], responses=ERRORS)


@router.post(
    "/models/{model_id}/synthesize",
    response_class=Response,
    responses={200: {"content": {media: {} for media in MEDIA_TYPES.values()}, "description": "the picture"}},
)
async def synthesize(
    request: Request,
    model_id: str,
    client: ClientDep,
    service: ServiceDep,
    labels: Annotated[bytes, File(description="PNG whose pixel values are class ids")],
    noise: Annotated[str, Form(description="JSON: seed and regions")] = '{"seed": 0}',
    regions: Annotated[bytes | None, File(description="PNG of region ids, if the noise has regions")] = None,
    format: Format = "png",
) -> Response:
    """Paint a label map. The same labels, noise and model give the same bytes."""
    work = service.synthesize(client, model_id, labels, parse_json(noise), regions, format)
    picture = await cancel_on_disconnect(request, work)
    timing = ", ".join(f"{name};dur={value}" for name, value in picture.milliseconds.items())
    headers = {"X-Model-Version": picture.card.version, "Server-Timing": timing}
    return Response(picture.data, media_type=MEDIA_TYPES[format], headers=headers)


@router.websocket("/live")
async def live(socket: WebSocket, service: ServiceDep) -> None:
    """Paint while the client draws; the newest edit wins."""
    await LiveSession(socket, service).run()
