"""The rules of the house, held by tests."""

import re
import subprocess
import tomllib

import pytest
import yaml

from backend import limits
from backend.page_files import MINIFIERS, minified
from models.files.model_card import read_card
from models.predictor import load_model
from tests.rooms import ROOT

TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
FILES = [path for name in TRACKED.split("\0") if name and (path := ROOT / name).is_file()]
ZOO = sorted(path.parent for path in (ROOT / "models" / "zoo").glob("*/model.json"))


def test_compose_has_a_profile_for_each_kind_of_machine():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {profile for service in services.values() for profile in service["profiles"]} == {"cpu", "gpu"}
    assert services["gpu"]["deploy"]["resources"]["reservations"]["devices"][0]["capabilities"] == ["gpu"]


def test_the_container_may_keep_projects_in_a_volume():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    for service in compose["services"].values():
        assert service["volumes"] == ["projects:/var/lib/oasis-studio"] and "projects" in compose["volumes"]
        assert service["environment"] == ["OASIS_STUDIO_PROJECTS=${PROJECTS:-}"]
    assert "install -d -o nobody /var/lib/oasis-studio" in (ROOT / "Dockerfile").read_text()


def test_tracked_files_know_nothing_of_the_machine_they_were_written_on():
    marks = re.compile(rb"(?<![\w.])/(work|root|opt|home|Users)/\w")
    for path in FILES:
        content = path.read_bytes()
        if b"\0" not in content:
            found = marks.search(content)
            assert not found, f"{path}: {found}"


def test_the_page_stays_small():
    """What a browser gets of it, unpacked; languages come one at a time, so the largest counts."""
    code = [path for path in FILES if path.is_relative_to(ROOT / "frontend")]
    sizes = {path: len(minified(path, 0) if path.suffix in MINIFIERS else path.read_bytes()) for path in code}
    languages = [size for path, size in sizes.items() if path.parent.name == "lang"]
    assert len(code) > 50 and languages
    assert sum(sizes.values()) - sum(languages) + max(languages) < 352_000


def test_scripts_hold_nothing_that_stripping_would_spoil():
    """rjsmin takes spaces out of a pattern right after an arrow, and out of templates within templates."""
    for path in (path for path in FILES if path.suffix == ".js"):
        source = path.read_text()
        assert not re.search(r"=>\s*/(?![/*])[^\n/]* [^\n]*/", source), path
        assert not re.search(r"`[^`\n]*\$\{[^}`\n]*`[^`\n]* [^`\n]*`[^`\n]*\}", source), path


def test_lock_files_name_no_download_addresses():
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        assert "://" not in (ROOT / name).read_text()


def test_every_direct_dependency_is_pinned_as_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    pins = {line.lower().replace("_", "-") for line in locked.splitlines()}
    direct = {*project["dependencies"], *project["optional-dependencies"]["dev"]}
    assert len(direct) > 20
    assert direct <= pins


def test_every_limit_says_what_it_limits():
    source = (ROOT / "backend" / "limits.py").read_text()
    for name in (name for name in vars(limits) if name.isupper() and name != "MB"):
        assert re.search(rf'^{name} = .*\n"""\w', source, re.MULTILINE), name


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.name)
def test_shipped_models_are_whole_and_described(path):
    load_model(path)  # verifies every hash
    assert read_card(path).metrics
    assert (path / "README.md").is_file()
