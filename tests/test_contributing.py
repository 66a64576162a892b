"""CONTRIBUTING.md, docs/architecture.md and CHANGELOG.md: commands, options and files that they name are there."""

import re
import shlex
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from oasis_studio import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
BLOCKS = re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.strip().splitlines()]
PROSE = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
SPANS = re.findall(r"`([^`\n]+)`", PROSE)
OURS = re.compile(r"(make|\.venv/bin/\w+|\.ci/\w+) ")  # commands within a sentence
OTHERS = {"docker", "git", "pre-commit"}  # programs that are not ours


def words(command: str) -> list[str]:
    """A command without the variables before it and the comment after it."""
    found = shlex.split(command, comments=True)
    while found and re.match(r"[A-Z_]+=", found[0]):
        found.pop(0)
    return found


def check_pytest(arguments: list[str]) -> None:
    """Its paths exist, and what `-k` selects by name is there."""
    paths = [argument for argument in arguments if argument.startswith("tests/")]
    assert paths
    for path in paths:
        assert (ROOT / path).exists(), path
    if "-k" in arguments:
        name = arguments[arguments.index("-k") + 1]
        assert any(re.search(rf"def test_\w*{name}", (ROOT / path).read_text()) for path in paths), name


def check_oasis_studio(arguments: list[str]) -> None:
    """The subcommand and its options exist."""
    command, *rest = arguments
    assert command in {*COMMANDS, "--version"}
    options = {word for word in rest if word.startswith("--")}
    if options:
        call = [sys.executable, str(ROOT / "oasis_studio.py"), command, "--help"]
        assert options <= set(re.findall(r"--[\w.-]+", subprocess.check_output(call, text=True)))


@pytest.mark.parametrize(
    "line", [*LINES, *(span for span in SPANS if re.match(r"(make|\.venv/bin/\w+|\.ci/\w+) ", span))]
)
def test_commands_exist(line: str) -> None:
    match words(line):
        case ["make", *targets]:
            assert set(targets) <= TARGETS
        case [".venv/bin/pytest", *arguments]:
            check_pytest(arguments)
        case [".venv/bin/oasis-studio", *arguments]:
            check_oasis_studio(arguments)
        case [".venv/bin/python", "-m", module]:
            assert find_spec(module)
        case [program, *_]:
            assert program in OTHERS or (ROOT / program).is_file(), line


def test_files_exist() -> None:
    named = {span for span in SPANS if re.fullmatch(r"\.?[\w-]+(/[\w.-]+)*/?|[\w.-]+\.\w+", span)}
    files = {name for name in named if "/" in name or Path(name).suffix in {".md", ".toml", ".txt", ".yml", ".yaml"}}
    links = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", PROSE) if "://" not in link}
    assert len(files) > 20 and links
    made = {".venv", "node_modules", "static/js"}  # by make, and as a browser sees it
    assert {name for name in files | links if name not in made and not (ROOT / name).exists()} == set()


def test_the_architecture_names_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`((?:backend|benchmarks|frontend|models|tests|training)/[\w./-]*)`", text))
    assert len(named) > 40
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_variables_are_read() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py") if path.name != Path(__file__).name)
    for name in set(re.findall(r"OASIS_(?!STUDIO)[A-Z]+", GUIDE)):
        assert f'"{name}"' in sources, name


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    first = re.search(
        r"^## \[(.+?)\] - (unreleased|\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert first and first[1] == version
