"""The rooms and their layers: what each may import, and that a newcomer finds things where their names say."""

import subprocess
from graphlib import TopologicalSorter

import pytest

import oasis_studio
from tests.rooms import PAGE, PYTHON, ROOT, page_imports, python_imports

MAY_IMPORT = {"models": {"models"}, "backend": {"backend", "models"}, "training": {"training", "models"}}
MODEL_LAYERS = (  # each may import from its own layer and those above it
    {"errors", "cache", "classes", "device", "kernels", "maps", "memory", "noise", "planes", "regions"},
    {"networks"},
    {"files"},
    {"engine"},
    {"predictor", "testing"},
)
PAGE_LAYERS = ("base", "maps", "formats", "document", "server", "editor", "tools", "panels", "page", "main.js")
NO_COMMANDS = {"__init__", "config", "recipes"}
CODE = {".py", ".js", ".css", ".cpp", ".h", ".html"}
LONGEST = 350


@pytest.mark.parametrize("room", PYTHON)
def test_rooms_import_downward_only(room: str) -> None:
    modules = python_imports(room)
    assert len(modules) > 20
    for name, others in modules.items():
        assert {other.split(".")[0] for other in others} <= MAY_IMPORT[room], name


@pytest.mark.parametrize("room", ["models", "training"])
def test_no_module_imports_itself_by_a_detour(room: str) -> None:
    inside = {
        name: {other for other in others if other.startswith(f"{room}.")}
        for name, others in python_imports(room).items()
    }
    assert len(list(TopologicalSorter(inside).static_order())) > 30  # raises CycleError


def test_the_layers_of_models_import_upward_only() -> None:
    layer = {folder: i for i, folders in enumerate(MODEL_LAYERS) for folder in folders}
    for name, others in python_imports("models").items():
        for other in others - {"models"} if name != "models" else ():
            assert layer[other.split(".")[1]] <= layer[name.split(".")[1]], f"{name} imports {other}"


def test_the_layers_of_the_page_import_upward_only() -> None:
    """Each from those before it in PAGE_LAYERS, for types too; a panel knows no other panel."""
    modules = list(PAGE.rglob("*.js"))
    assert len(modules) > 100
    for module in modules:
        layer, *inside = module.relative_to(PAGE).parts
        for other in page_imports(module):
            above, *there = other.relative_to(PAGE).parts
            assert PAGE_LAYERS.index(above) <= PAGE_LAYERS.index(layer), f"{module} imports {other}"
            if layer == above == "panels":
                assert inside[0] == there[0], f"{module} imports {other}"


def test_the_top_of_training_holds_its_commands() -> None:
    modules = {path.stem for path in (ROOT / "training").glob("*.py")} - NO_COMMANDS
    assert modules == {name.replace("-", "_") for name in oasis_studio.TRAINING}


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    """Catalogs of translations are lists, not code."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [path for name in tracked.split("\0") if (path := ROOT / name).suffix in CODE and path.is_file()]
    code = [path for path in paths if path.parent.name != "lang"]
    assert len(code) > 300
    assert {str(path): lines for path in code if (lines := len(path.read_text().splitlines())) > LONGEST} == {}
