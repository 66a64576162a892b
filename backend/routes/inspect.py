"""The route that lets the discriminator inspect a picture."""

from base64 import b64encode
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Request

from backend.disconnect import cancel_on_disconnect
from backend.images import encode_gray
from backend.routes import ERRORS, ClientDep, ServiceDep
from backend.schemas import ClassAgreement, InspectionMaps, InspectionOut
from backend.service import InspectionResult

router = APIRouter(prefix="/api/models", tags=["inspect"], responses=ERRORS)


@router.post("/{model_id}/inspect")
async def inspect(
    request: Request,
    model_id: str,
    client: ClientDep,
    service: ServiceDep,
    labels: Annotated[bytes, File(description="PNG whose pixel values are class ids")],
    picture: Annotated[bytes, File(description="PNG, JPEG or WebP of the same size")],
) -> InspectionOut:
    """How real each pixel of a picture looks to the discriminator, and how well it shows its class. Only hints."""
    return _report(await cancel_on_disconnect(request, service.inspect(client, model_id, labels, picture)))


def _report(result: InspectionResult) -> InspectionOut:
    return InspectionOut(
        realism=_share(result.realism),
        fidelity=None if result.fidelity is None else _share(result.fidelity),
        classes=[ClassAgreement(id=c.id, pixels=c.pixels, agreement=_share(c.fidelity)) for c in result.classes],
        maps=InspectionMaps(realism=_encoded(result.realism_map), fidelity=_encoded(result.fidelity_map)),
    )


def _share(value: float) -> float:
    return round(value, 4)


def _encoded(values: np.ndarray) -> str:
    return b64encode(encode_gray(values)).decode()
