"""German: whole, without leftovers, and chosen by the browser or by the person."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio

SCRIPTS = Path(__file__).parents[2] / "frontend" / "static" / "js"
CODE = "\n".join(path.read_text() for path in sorted(SCRIPTS.rglob("*.js")) if path.parent.name != "lang")
QUOTED = r"""(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")"""
SAME = {*"Oasis Studio|Ellipse|Esc|Export|GIF|Lasso|Name|PNG|WebM|Zoom|{n} px|{n} of 64".split("|")}  # in German too
