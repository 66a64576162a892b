"""What the discriminator sees in a picture."""

from base64 import b64encode
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Request

from backend.images import encode_gray
from backend.presence import while_connected
from backend.routes import ERRORS, StudioOf
from backend.schemas import ClassAgreement, InspectionMaps, InspectionOut
from backend.studio import Inspected

router = APIRouter(prefix="/api/models", tags=["inspect"], responses=ERRORS)


@router.post("/{model_id}/inspect")
async def inspect(
    request: Request,
    model_id: str,
    studio: StudioOf,
    labels: Annotated[bytes, File(description="PNG whose pixel values are class ids")],
    picture: Annotated[bytes, File(description="PNG, JPEG or WebP of the same size")],
) -> InspectionOut:
    """How real each pixel of a picture looks to the discriminator, and how well it shows its class. Only hints."""
    return _report(await while_connected(request, studio.inspect(model_id, labels, picture)))


def _report(seen: Inspected) -> InspectionOut:
    realism, fidelity = seen.found.realism, seen.found.fidelity
    pixels = np.bincount(seen.labels.ravel(), minlength=len(seen.card.classes))
    sums = np.bincount(seen.labels.ravel(), fidelity.ravel(), minlength=len(seen.card.classes))
    if seen.card.ignore_id is not None:
        pixels[seen.card.ignore_id] = sums[seen.card.ignore_id] = 0
    present = np.flatnonzero(pixels).tolist()
    return InspectionOut(
        realism=_share(realism.mean()),
        fidelity=_share(sums.sum() / pixels.sum()) if present else None,
        classes=[ClassAgreement(id=i, pixels=pixels[i], agreement=_share(sums[i] / pixels[i])) for i in present],
        maps=InspectionMaps(realism=_encoded(spread(realism)), fidelity=_encoded(fidelity)),
    )


def spread(shares: np.ndarray) -> np.ndarray:
    """Shares 0..1 in their order, those near 0 and 1 drawn apart: a third of the log-odds, as a share again.

    A discriminator that was trained on alone finds hardly any pixel of ours half real, and eight bits would show them
    all alike.
    """
    odds = np.log(np.clip(shares, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(shares, 1e-6, 1 - 1e-6))
    spread: np.ndarray = 1 / (1 + np.exp(-odds / 3))
    return spread


def _share(value: float) -> float:
    return round(float(value), 4)


def _encoded(values: np.ndarray) -> str:
    return b64encode(encode_gray(values)).decode()
