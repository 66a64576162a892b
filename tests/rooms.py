"""The rooms of the house and the imports between them: `python -m tests.rooms` prints them.

A room is a folder of modules: of Python below models/, backend/ and training/, of JavaScript below frontend/static/js.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "frontend" / "static" / "js"
PYTHON = ("models", "backend", "training")
TYPES = PAGE / "base" / "types.js"
"""Names types only, those of the page's state among them, which come from every layer."""


def python_imports(room: str) -> dict[str, set[str]]:
    """The modules of the project that each module of a Python room imports, by dotted name."""
    known = {module_name(path): path for top in PYTHON for path in (ROOT / top).rglob("*.py")}
    found: dict[str, set[str]] = {}
    for path in (ROOT / room).rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
        named = {f"{node.module}.{alias.name}" for node in froms for alias in node.names}
        plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        name = module_name(path)
        found[name] = ({str(node.module) for node in froms} | named | plain) & known.keys() - {name}
    return found


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def page_imports(module: Path, *, types: bool = True) -> set[Path]:
    """The modules that one of the page imports.

    Args:
        types: With those that only its type comments name; `TYPES` has none that count.
    """
    source = module.read_text()
    found = re.findall(r"^(?:import|export)\b[^;]*?'(\.[^']+)';", source, re.MULTILINE)
    if types and module != TYPES:
        found += re.findall(r"import\('(\.[^']+)'\)", source)
    return {(module.parent / path).resolve() for path in found}


def folders() -> dict[str, set[str]]:
    """Each room, and the other rooms that it imports from."""
    rooms: dict[str, set[str]] = {}
    for top in PYTHON:
        for name, others in python_imports(top).items():
            rooms.setdefault(_python_room(name), set()).update(map(_python_room, others))
    for module in PAGE.rglob("*.js"):
        rooms.setdefault(_page_room(module), set()).update(map(_page_room, page_imports(module, types=False)))
    return {room: others - {room} for room, others in sorted(rooms.items())}


def _python_room(name: str) -> str:
    path = ROOT / name.replace(".", "/")
    return name.replace(".", "/") if path.is_dir() else str(Path(name.replace(".", "/")).parent)


def _page_room(module: Path) -> str:
    return f"page: {module.relative_to(PAGE).parts[0]}"


if __name__ == "__main__":
    for room, others in folders().items():
        print(f"{room:24}", ", ".join(sorted(others)) or "-")
    print(f"{len(folders())} rooms, {sum(map(len, folders().values()))} imports between them")
