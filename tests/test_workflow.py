"""The CI workflow and the hooks run the project's own commands, on the versions of Python that it names."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
HOOKS: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()


def assert_ours(command: str) -> None:
    """It is `make` with a target that there is, or a script of the project."""
    program, *arguments = command.split()
    if program == "make":
        targets = [argument for argument in arguments if not argument.startswith("-")]
        assert targets and all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in targets), command
    else:
        assert os.access(ROOT / program, os.X_OK), command


def test_the_workflow_runs_what_ci_runs() -> None:
    jobs = WORKFLOW["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    for command in commands:
        if not command.startswith("git config"):
            assert_ours(command)
    assert ".ci/run" in [step.get("run") for step in jobs["test"]["steps"]]
    assert "exec make test" in (ROOT / ".ci" / "run").read_text()


def test_the_workflow_tests_every_supported_python() -> None:
    tested = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert [f"Programming Language :: Python :: {version}" for version in tested] == PROJECT["classifiers"]
    oldest = tested[0]
    assert PROJECT["requires-python"] == f">={oldest}"
    assert WORKFLOW["jobs"]["style"]["container"].startswith(f"python:{oldest}-")
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert tools["mypy"]["python_version"] == oldest
    assert tools["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"


def test_hooks_use_the_projects_own_tools() -> None:
    (local,) = HOOKS["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        assert_ours(hook["entry"])
        assert hook["language"] == "system" and not hook["pass_filenames"]
    assert {hook["entry"].split()[-1] for hook in local["hooks"]} == {"style", "types"}
    assert re.search(r"^lint: style types\b", MAKEFILE, re.MULTILINE)
