"""Small real photos with label maps, as a training folder."""

import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from training.config import TrainConfig
from training.run.schedule import Stage

CLASSES = [("ignored", "#000000"), ("dark", "#224466"), ("middle", "#66aa44"), ("bright", "#eeddaa")]


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four crops of a free photo, labeled by brightness; the border of each is ignored."""
    root = tmp_path_factory.mktemp("data")
    for kind in ("images", "labels"):
        (root / "train" / kind).mkdir(parents=True)
    astronaut = skimage.data.astronaut()
    photo = Image.fromarray(astronaut).resize((192, 192))
    for i in range(4):
        crop = photo.crop((96 * (i % 2), 96 * (i // 2), 96 * (i % 2) + 96, 96 * (i // 2) + 96))
        crop.save(root / "train" / "images" / f"{i}.png")
        ids = 1 + np.digitize(np.asarray(crop.convert("L").resize((12, 12)).resize((96, 96), 0)), [80, 160])
        ids[:4] = 0
        Image.fromarray(ids.astype(np.uint8)).save(root / "train" / "labels" / f"{i}.png")
    classes = [{"id": i, "name": name, "color": color} for i, (name, color) in enumerate(CLASSES)]
    (root / "classes.json").write_text(json.dumps({"classes": classes, "ignore_id": 0}))
    return root


@pytest.fixture
def config(pairs: Path, tmp_path: Path) -> TrainConfig:
    """Tiny networks on the real code paths."""
    return TrainConfig(
        data=pairs,
        out=tmp_path / "run",
        stages=(Stage((32, 32), 40, 4),),
        generator_channels=(12, 12, 8, 8),
        discriminator_widths=(8, 8, 12),
        ema_decay=0.9,
        ema_batches=2,
        checkpoint_every=20,
        device="cpu",
    )
