"""German: whole, without leftovers, and chosen by the browser or by the person."""

from __future__ import annotations

from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "frontend" / "static" / "js"
CODE = "\n".join(path.read_text() for path in sorted(SCRIPTS.rglob("*.js")) if path.parent.name != "lang")
QUOTED = r"""(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")"""
SAME = {*["Oasis Studio", "Ellipse", "Esc", "Export", "GIF", "Lasso", "Name", "PNG", "WebM", "Zoom", "{n} px", "{n} of 64"]}  # in German too
