"""The program in docs/server.md, run against a real server; and what the guide says of routes, codes and settings."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

from fastapi.routing import APIWebSocketRoute
from PIL import Image

from backend import errors, routes
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
    codes |= {"internal", "not_found", "method_not_allowed"}  # of errors that are none of ours
    missing = {code for code in codes - {"client_left"} if f"`{code}`" not in GUIDE}
    assert not missing
    assert all(f"OASIS_STUDIO_{name.upper()}" in GUIDE for name in Settings.model_fields)


def test_the_guide_names_every_route() -> None:
    """As `METHOD /path` or, for a socket, `/path`, whatever a parameter of the path is called there. The page is not in
    the schema; FastAPI's own pages and the static files belong to no module of routes."""
    named = {without_parameters(span) for span in re.findall(r"`([^`\n]+)`", GUIDE)}
    found = set()
    for module in pkgutil.iter_modules(routes.__path__):
        for route in importlib.import_module(f"{routes.__name__}.{module.name}").router.routes:
            if isinstance(route, APIWebSocketRoute):
                found.add(route.path)
            elif route.include_in_schema:
                found |= {f"{method} {route.path}" for method in route.methods}
    assert len(found) > 10
    assert {route for route in found if without_parameters(route) not in named} == set()


def without_parameters(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
