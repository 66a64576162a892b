"""The program in docs/server.md, run against a real server; and what the guide says of codes and settings."""

import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

from backend import errors
from backend.settings import Settings
from tests.conftest import LiveServer

GUIDE = (Path(__file__).resolve().parent.parent / "docs" / "server.md").read_text()


def test_the_program_paints_and_segments(live_server: LiveServer, tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    program = program.replace("http://127.0.0.1:8000", live_server.url)
    result = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "classes found" in result.stdout
    pictures = []
    for seed in range(3):
        with Image.open(tmp_path / f"lake-{seed}.png") as picture:
            pictures.append(picture.tobytes())
    assert len(set(pictures)) == 3


def test_the_guide_names_every_code_and_setting() -> None:
    codes = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "code")}
    # 499 is only ever seen by the metrics: its client is gone.
    missing = {code for code in codes - {"client_left"} if f"`{code}`" not in GUIDE}
    assert not missing
    assert all(f"OASIS_STUDIO_{name.upper()}" in GUIDE for name in Settings.model_fields)
