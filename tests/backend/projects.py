"""Project files as the page writes them (docs/projects.md), with whatever a test wants wrong."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from models.noise import NoiseSpec
from models.predictor import load_model
from tests.backend.pictures import encode, stripes

NOISE = {"seed": 7, "regions": [{"id": 3, "seed": 9, "blend": {"seed": 1, "t": 0.3}}]}


def members(model: Path, **manifest: Any) -> dict[str, bytes]:
    """The members of a project made with the model in this directory; further arguments change its manifest."""
    loaded, labels = load_model(model), stripes(64, 96)
    regions = np.zeros_like(labels)
    regions[20:40, 10:50] = 3
    rendered = encode(loaded.synthesize(labels, NoiseSpec.parse(NOISE), regions))
    card = loaded.card.to_public() | {"hash": loaded.card.hash}
    about = {
        "format": "oasis-project",
        "version": 1,
        "name": "Stripes",
        "model": {name: card[name] for name in ("id", "name", "version", "hash", "classes", "ignore_id")},
        "size": {"width": 96, "height": 64},
        "noise": NOISE,
        "sent": {"noise": NOISE},
        "kept": None,
        "link": None,
    }
    return {
        "manifest.json": json.dumps(about | manifest).encode(),
        "labels.png": encode(labels),
        "regions.png": encode(regions),
        "sent-regions.png": encode(regions),
        "rendered.png": rendered,
        "picture.png": rendered,
        "history.json": b'{"at": 1, "done": [], "undone": []}',
        "parts/abc-1.bin": b"\0\0\0\0",
    }


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these members; the same ones give the same bytes."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()
