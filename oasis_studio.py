"""The console command `oasis-studio`: the one place above backend and training, which do not know each other."""

import argparse
import importlib
import sys
from collections.abc import Callable
from importlib.metadata import version

import tyro
from rich.console import Console

from models.errors import UserError, printable


def serve(arguments: list[str]) -> None:
    """Start the server and the page."""
    from backend.serve import serve as run
    from backend.settings import read_settings

    run(read_settings(arguments))


def verify(arguments: list[str]) -> None:
    """Paint the pictures of project files again and compare; the exit status is 0 if they are the same."""
    from backend.projects.verify import VerifyConfig
    from backend.projects.verify import verify as run

    sys.exit(run(tyro.cli(VerifyConfig, args=arguments, prog="oasis-studio verify")))


def training_command(name: str, summary: str) -> Callable[[list[str]], None]:
    """The command whose module in training/ has its name; imported when it is run, as torch takes seconds."""

    def run(arguments: list[str]) -> None:
        importlib.import_module(f"training.{name.replace('-', '_')}").main(arguments)

    run.__doc__ = summary
    return run


TRAINING = {
    "check-data": "Look through a dataset before training on it; the exit status is 1 if anything is wrong.",
    "train": "Train a model: a recipe or a run to resume, and options that change it.",
    "export": "Make a model directory from a training run.",
    "import-checkpoint": "Make a model directory from the authors' published files.",
    "evaluate": "Measure a model: a table, JSON and pictures.",
    "synthesize": "Paint label maps into a data set to train on.",
    "refine-labels": "Take a coarse class of a data set apart by what a model sees in its photos.",
    "train-segmenter": "Train a small segmenter to judge pictures with.",
}

COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "serve": serve,
    **{name: training_command(name, summary) for name, summary in TRAINING.items()},
    "verify": verify,
}


def main() -> None:
    """Run a subcommand. Errors that name their remedy are printed without a traceback; the exit status is 1."""
    parser = argparse.ArgumentParser(
        prog="oasis-studio",
        description="Interactive semantic image editing with OASIS.",
        epilog="; ".join(f"{name}: {command.__doc__}" for name, command in COMMANDS.items()),
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('oasis-studio')}")
    parser.add_argument("command", choices=COMMANDS)
    options = parser.parse_args(sys.argv[1:2] or ["--help"])
    try:
        COMMANDS[options.command](sys.argv[2:])
    except UserError as error:
        # What files say may be part of the message, control characters and all.
        message = "\n".join(map(printable, f"error: {error}".splitlines()))
        Console(stderr=True).print(message, style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
