"""Settings: each is an option and a variable, and a wrong value is refused with what was expected."""

import re
import shutil
import subprocess
import sys

import httpx
import pytest

from backend.settings import Settings, option, read_settings, variable
from tests.conftest import PATIENCE_S, ROOT, wait_until


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


def test_every_setting_is_an_option(capsys):
    with pytest.raises(SystemExit) as ended:
        read_settings(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name, field in Settings.model_fields.items():
        assert f"{option(name)}" in text and re.sub(r"\s+", "", field.description or "?") in re.sub(r"\s+", "", text)


def test_an_option_wins_over_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("OASIS_STUDIO_PORT", "9000")
    monkeypatch.setenv("OASIS_STUDIO_WAITING", "3")
    monkeypatch.setenv("OASIS_STUDIO_ZOO", "")  # as if not set
    options = ["--port", "0", "--deadline-s", "2.5", "--projects", str(tmp_path / "p.db"), "--log-level", "debug"]
    chosen = read_settings(options)
    assert (chosen.port, chosen.waiting, chosen.deadline_s) == (0, 3, 2.5)
    assert chosen.projects == tmp_path / "p.db" and chosen.zoo == ROOT / "models" / "zoo"
    assert chosen.log_level == "debug" and not chosen.reload and read_settings(["--reload"]).reload


def test_exported_settings_are_read_again(monkeypatch):
    chosen = Settings(port=1, deadline_s=0.5, reload=True, device="cpu")
    for field in Settings.model_fields:
        monkeypatch.setenv(variable(field), "")  # taken back after the test
    chosen.export()
    assert Settings() == chosen


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "99999"], "--port (or OASIS_STUDIO_PORT) is '99999': Input should be less than or equal to 65535"),
        (["--port", "http"], "is 'http': Input should be a valid integer"),
        (["--waiting", "-1"], "greater than or equal to 0"),
        (["--deadline-s", "0"], "--deadline-s (or OASIS_STUDIO_DEADLINE_S) is '0': Input should be greater than 0"),
        (["--deadline-s", "inf"], "finite number"),
        (["--log-level", "loud"], "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_value_is_refused(monkeypatch, options, says):
    with pytest.raises(SystemExit) as ended:
        read_settings(options)
    assert says in str(ended.value.code)


def test_a_wrong_variable_is_refused(monkeypatch):
    monkeypatch.setenv("OASIS_STUDIO_WAITING", "many")
    with pytest.raises(SystemExit, match=r"OASIS_STUDIO_WAITING\) is 'many': Input should be a valid integer"):
        read_settings([])


def test_an_unknown_option_is_refused(capsys):
    with pytest.raises(SystemExit):
        read_settings(["--no-such-option"])
    assert "unrecognized arguments: --no-such-option" in capsys.readouterr().err


def test_reload_restarts_on_changes_and_serves_scripts_as_written(tiny_zoo, tmp_path):
    """In a copy of the sources, one of which is changed."""
    for room in ("backend", "models", "frontend"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("zoo", "__pycache__"))
    log = tmp_path / "server.log"
    command = [sys.executable, "-m", "backend.serve", "--reload", "--port", "0", "--zoo", str(tiny_zoo)]
    with log.open("wb") as output, subprocess.Popen(command, cwd=tmp_path, stdout=output, stderr=output) as server:
        url = wait_until(lambda: re.search(r"http://\S+", log.read_text()))[0]

        def side() -> int:
            try:
                found = httpx.get(f"{url}/api/models/tiny", timeout=PATIENCE_S).json()["limits"]
            except httpx.TransportError:  # between two processes
                return 0
            return found["side"] if found else 0  # the models are still being loaded

        wait_until(lambda: side() == 1024)
        script = "static/js/main.js"
        assert httpx.get(f"{url}/{script}", timeout=PATIENCE_S).content == (ROOT / "frontend" / script).read_bytes()
        limits = tmp_path / "backend" / "limits.py"
        limits.write_text(limits.read_text().replace("LABEL_SIDE = 1024", "LABEL_SIDE = 512"))
        wait_until(lambda: side() == 512)
        server.terminate()
