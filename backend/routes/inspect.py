"""The route that lets the discriminator inspect a picture."""

from base64 import b64encode
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Request

from backend.disconnect import cancel_on_disconnect
from backend.images import encode_gray
from backend.routes import ERRORS, ServiceDep
from backend.schemas import ClassAgreement, InspectionMaps, InspectionOut
from backend.service import InspectionResult

router = APIRouter(prefix="/api/models", tags=["inspect"], responses=ERRORS)


@router.post("/{model_id}/inspect")
async def inspect(
    request: Request,
    model_id: str,
    service: ServiceDep,
    labels: Annotated[bytes, File(description="PNG whose pixel values are class ids")],
    picture: Annotated[bytes, File(description="PNG, JPEG or WebP of the same size")],
) -> InspectionOut:
    """How real each pixel of a picture looks to the discriminator, and how well it shows its class. Only hints."""
    return _report(await cancel_on_disconnect(request, service.inspect(model_id, labels, picture)))


def _report(result: InspectionResult) -> InspectionOut:
    realism, fidelity = result.found.realism, result.found.fidelity
    pixels = np.bincount(result.labels.ravel(), minlength=len(result.card.classes))
    sums = np.bincount(result.labels.ravel(), fidelity.ravel(), minlength=len(result.card.classes))
    if result.card.ignore_id is not None:
        pixels[result.card.ignore_id] = sums[result.card.ignore_id] = 0
    present = np.flatnonzero(pixels).tolist()
    return InspectionOut(
        realism=_share(realism.mean()),
        fidelity=_share(sums.sum() / pixels.sum()) if present else None,
        classes=[ClassAgreement(id=i, pixels=pixels[i], agreement=_share(sums[i] / pixels[i])) for i in present],
        maps=InspectionMaps(realism=_encoded(spread(realism)), fidelity=_encoded(fidelity)),
    )


def spread(shares: np.ndarray) -> np.ndarray:
    """Shares in 0..1, mapped monotonically so that those near 0 and 1 differ more: a third of the log-odds, as a share.

    A discriminator that was trained further without its generator rates nearly all painted pixels close to 0, where
    eight bits could not tell them apart.
    """
    odds = np.log(np.clip(shares, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(shares, 1e-6, 1 - 1e-6))
    spread: np.ndarray = 1 / (1 + np.exp(-odds / 3))
    return spread


def _share(value: float) -> float:
    return round(float(value), 4)


def _encoded(values: np.ndarray) -> str:
    return b64encode(encode_gray(values)).decode()
