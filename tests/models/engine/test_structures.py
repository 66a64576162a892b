"""Structures that Python and the kernels declare alike, and what happens if they do not."""

import ctypes
import re

import pytest

import models.planes  # noqa: F401  declares a structure
from models.engine.generator import GeneratorEngine  # noqa: F401  declares most structures
from models.kernels import structures
from models.kernels.library import SOURCES, library
from models.kernels.structures import StructureError, check_sizes, structure

DECLARED = {kind.__name__.lstrip("_"): kind for kind in structures._declared}


@pytest.fixture(autouse=True)
def loaded() -> None:
    library()


def test_every_struct_that_reports_its_size_is_declared() -> None:
    reported = {
        name for source in SOURCES.glob("*.cpp") for name in re.findall(r"size_of_(\w+)\(\)", source.read_text())
    }
    assert reported == DECLARED.keys() and len(reported) == 11


def test_sizes_are_those_of_the_kernels() -> None:
    check_sizes(library())


def test_a_wrong_size_is_refused_by_name() -> None:
    with pytest.raises(StructureError, match=r"Product has 80 bytes in models/kernels but 72 in .*: declare the same"):
        structure("Product", "left weight bias into output", "rows depth columns left_stride")
    assert len(structures._declared) == len(DECLARED), "what was refused is not remembered"


def test_a_struct_that_the_kernels_do_not_know_is_refused() -> None:
    with pytest.raises(StructureError, match="add size_of_Nothing"):
        structure("Nothing", "input", "")


def test_a_wrong_size_is_refused_when_the_kernels_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type("_Product", (ctypes.Structure,), {"_fields_": [("rows", ctypes.c_int32)]})
    monkeypatch.setattr(structures, "_declared", [kind])
    with pytest.raises(StructureError, match="Product has 80 bytes in models/kernels but 4 in"):
        check_sizes(library())
