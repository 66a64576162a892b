"""The folders of models/ and training/ mean something, and imports run one way through them."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import oasis_studio

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (  # of models/: each may import what stands in its own layer or above
    {"errors", "cache", "classes", "device", "kernels", "maps", "noise", "planes", "regions"},
    {"networks"},
    {"files"},
    {"engine"},
    {"predictor", "testing"},
)
NO_COMMANDS = {"__init__", "config", "recipes"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(room: str) -> dict[str, set[str]]:
    """The modules of a room, and which of them each imports."""
    paths = {module_name(path): path for path in (ROOT / room).rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        named = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
        found[name] = ({node.module for node in nodes if node.module} | named) & paths.keys() - {name, room}
    return found


@pytest.mark.parametrize("room", ["models", "training"])
def test_no_module_imports_itself_by_a_detour(room: str) -> None:
    assert len(list(TopologicalSorter(imports(room)).static_order())) > 30  # raises CycleError


def test_the_layers_of_models_import_upward_only() -> None:
    layer = {folder: i for i, folders in enumerate(LAYERS) for folder in folders}
    for name, others in imports("models").items():
        for other in others if name != "models" else ():
            assert layer[other.split(".")[1]] <= layer[name.split(".")[1]], f"{name} imports {other}"


def test_the_top_of_training_holds_its_commands() -> None:
    modules = {path.stem for path in (ROOT / "training").glob("*.py")} - NO_COMMANDS
    assert modules == {name.replace("-", "_") for name in oasis_studio.TRAINING}


@pytest.mark.parametrize("room", ["models", "training", "tests/models", "tests/training"])
def test_no_file_is_longer_than_a_reader_keeps_in_mind(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 350, path
