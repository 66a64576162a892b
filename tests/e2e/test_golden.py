"""The main states of the page look as the pictures in golden/ do, at half size; small differences of fonts pass.

After a change that is meant to be seen: `OASIS_GOLDEN=renew .venv/bin/pytest tests/e2e/test_golden.py`; look at them.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.studio import Studio

GOLDEN = Path(__file__).parent / "golden"
DESKTOP, PHONE = (1280, 800), (390, 844)
STATES = {
    "desktop-light": (DESKTOP, "light", []),
    "desktop-dark": (DESKTOP, "dark", ["n"]),
    "phone-light": (PHONE, "light", []),
    "phone-dark": (PHONE, "dark", ["o"]),
    "shortcuts": (DESKTOP, "light", ["?"]),
    "commands": (DESKTOP, "dark", ["Control+k", "r", "e"]),
    "timeline": (DESKTOP, "light", ["t"]),
}
FAR = 40  # of 255: more than a font's smoothing makes at half size
SHARE = 0.02


def picture(studio: Studio) -> Image.Image:
    """What is on screen, without the time that painting took, at half size."""
    png = studio.page.screenshot(
        mask=[studio.status], mask_color="#888888", animations="disabled", caret="hide", scale="css"
    )
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    return whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.BOX)


@pytest.mark.parametrize("name", STATES)
def test_the_page_looks_as_it_did(new_studio, tmp_path: Path, name: str) -> None:
    (width, height), theme, keys = STATES[name]
    studio = new_studio(viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce")
    studio.open()
    for key in keys:
        studio.press(key)
    studio.page.mouse.move(1, height - 1)
    studio.next_frame()
    studio.settle()
    seen = picture(studio)
    path = GOLDEN / f"{name}.png"
    if os.environ.get("OASIS_GOLDEN") == "renew":
        GOLDEN.mkdir(exist_ok=True)
        seen.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
        pytest.skip("renewed")
    golden = np.array(Image.open(path).convert("RGB")).astype(int)
    far = (np.abs(np.array(seen) - golden) > FAR).any(axis=2)
    seen.save(tmp_path / "seen.png")
    assert far.mean() <= SHARE, f"{far.mean():.1%} of {name} differ: see {tmp_path / 'seen.png'}"
