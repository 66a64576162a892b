"""Errors that are meant for people are printed without a traceback, so all have one base class; those of the API have
another, for they are answered, not printed."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import backend
import models
import oasis_studio
import training
from backend.errors import ApiError
from models.errors import UserError
from models.files.model_card import ModelError

RUNS_ON_IMPORT = "__main__"


def modules(package: ModuleType) -> list[ModuleType]:
    """All modules of a package."""
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in names if not name.endswith(RUNS_ON_IMPORT)]


@pytest.mark.parametrize("package", [backend, models, training], ids=lambda package: package.__name__)
def test_every_error_of_ours_is_meant_for_people(package: ModuleType) -> None:
    """A TypeError is exempt: it reports a mistake in the program, which a traceback helps to find."""
    defined = {
        value
        for module in modules(package)
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Exception) and value.__module__ == module.__name__
    }
    assert len(defined) > 3
    for error in defined:
        assert issubclass(error, UserError | ApiError | TypeError) and error.__doc__, error


def test_the_command_prints_what_is_meant_for_people_and_no_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(error: Exception) -> None:
        def fail(arguments: list[str]) -> None:
            raise error

        monkeypatch.setattr("sys.argv", ["oasis-studio", "verify"])
        monkeypatch.setitem(oasis_studio.COMMANDS, "verify", fail)
        oasis_studio.main()

    with pytest.raises(SystemExit) as stop:
        run(ModelError("the model is broken: fetch it again"))
    assert stop.value.code == 1 and capsys.readouterr().err == "error: the model is broken: fetch it again\n"
    with pytest.raises(SystemExit):
        run(ModelError("the model \x1b[2J is\r\nbroken"))
    assert capsys.readouterr().err == "error: the model  [2J is\nbroken\n"
    with pytest.raises(ZeroDivisionError):
        run(ZeroDivisionError())
