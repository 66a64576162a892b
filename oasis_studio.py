"""The console command `oasis-studio`: the one place above backend and training, which do not know each other."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import tyro
from rich.console import Console

from models.errors import UserError

if TYPE_CHECKING:
    from training.config import TrainConfig


def serve(arguments: list[str]) -> None:
    """Start the server and the page."""
    from backend.serve import serve as run
    from backend.settings import Settings

    settings = Settings()
    parser = argparse.ArgumentParser(prog="oasis-studio serve", description="Start the server and the page.")
    parser.add_argument("--host", default=settings.host, help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=settings.port, help="port to listen on (default %(default)s)")
    parser.add_argument("--zoo", type=Path, default=settings.zoo, help="folder of model directories")
    parser.add_argument(
        "--projects", type=Path, default=settings.projects, help="SQLite file of shared projects (default: none)"
    )
    options = parser.parse_args(arguments)
    run(settings.model_copy(update=vars(options)))


def train(arguments: list[str]) -> None:
    """Train a model: a recipe or a run to resume, and options that change it."""
    from training.loop import train as run

    config, resume = training_config(arguments)
    run(config, resume=resume)


def training_config(arguments: list[str]) -> tuple["TrainConfig", bool]:
    """The configuration that 'train' is asked for, and whether it resumes a run."""
    from training.checkpoint import config_from_dict, load_checkpoint
    from training.config import TrainConfig
    from training.recipes import RECIPES

    parser = argparse.ArgumentParser(prog="oasis-studio train", add_help=False)
    parser.add_argument("--recipe", choices=RECIPES, default="oasis")
    parser.add_argument("--resume", type=Path)
    start, rest = parser.parse_known_args(arguments)
    if start.resume is None:
        base = RECIPES[start.recipe]
    else:  # the folder may have moved since
        base = replace(config_from_dict(load_checkpoint(start.resume)["config"]), out=start.resume)
    description = (
        f"Options of 'oasis-studio train'. --recipe {{{','.join(RECIPES)}}} chooses the defaults below; "
        "--resume RUN goes on with a run under its own settings; further options change either."
    )
    config = tyro.cli(TrainConfig, args=rest, default=base, prog="oasis-studio train", description=description)
    return config, start.resume is not None


def check_data(arguments: list[str]) -> None:
    """Look through a dataset before training on it; the exit status is 1 if anything is wrong."""
    from training.check_data import CheckConfig
    from training.check_data import check_data as run

    if not run(tyro.cli(CheckConfig, args=arguments, prog="oasis-studio check-data")):
        sys.exit(1)


def export(arguments: list[str]) -> None:
    """Make a model directory from a training run."""
    from training.export import ExportConfig
    from training.export import export as run

    card = run(tyro.cli(ExportConfig, args=arguments, prog="oasis-studio export"))
    Console().print(f"Wrote the model {card.id!r}: {card.training['images']} images at {card.native_size}.")


def evaluate(arguments: list[str]) -> None:
    """Measure a model: a table, JSON and pictures."""
    from training.evaluate import evaluate as run
    from training.evaluation.config import EvaluateConfig

    run(tyro.cli(EvaluateConfig, args=arguments, prog="oasis-studio evaluate"))


def synthesize(arguments: list[str]) -> None:
    """Paint label maps into a data set to train on."""
    from training.synthesize import SynthesizeConfig
    from training.synthesize import synthesize as run

    config = tyro.cli(SynthesizeConfig, args=arguments, prog="oasis-studio synthesize")
    Console().print(f"Painted {run(config)} pictures into {config.into}.")


def refine_labels(arguments: list[str]) -> None:
    """Take a coarse class of a data set apart by what a model sees in its photos."""
    from training.refine_labels import RefineConfig
    from training.refine_labels import refine_labels as run

    config = tyro.cli(RefineConfig, args=arguments, prog="oasis-studio refine-labels")
    Console().print(f"Wrote {run(config)} label maps into {config.into}.")


def import_checkpoint(arguments: list[str]) -> None:
    """Make a model directory from the authors' published files."""
    from training.import_checkpoint import GRID, ImportConfig
    from training.import_checkpoint import import_checkpoint as run

    config = tyro.cli(ImportConfig, args=arguments, prog="oasis-studio import-checkpoint")
    card = run(config)
    able = "" if card.segmenter else "\nIt cannot segment photos: --discriminator best_D.pth --overwrite adds that."
    Console().print(f"Wrote the model {card.id!r} ({card.training['weights']}). Look at {config.into / GRID}.{able}")


def train_segmenter(arguments: list[str]) -> None:
    """Train a small segmenter to judge pictures with."""
    from training.segmenting.fitting import TrainSegmenterConfig
    from training.segmenting.fitting import train_segmenter as run

    config = tyro.cli(TrainSegmenterConfig, args=arguments, prog="oasis-studio train-segmenter")
    scores = run(config)
    Console().print(
        f"Wrote the segmenter {config.into}: mIoU {scores.miou:.3f}, pixel accuracy {scores.pixel_accuracy:.3f} on "
        f"{config.evaluation_split!r} of {config.data} at {config.fit.size[1]}x{config.fit.size[0]}."
    )


def verify(arguments: list[str]) -> None:
    """Paint the pictures of project files again and compare; the exit status is 0 if they are the same."""
    from backend.projects.verify import VerifyConfig
    from backend.projects.verify import verify as run

    sys.exit(run(tyro.cli(VerifyConfig, args=arguments, prog="oasis-studio verify")))


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "serve": serve,
    "check-data": check_data,
    "train": train,
    "export": export,
    "import-checkpoint": import_checkpoint,
    "evaluate": evaluate,
    "synthesize": synthesize,
    "refine-labels": refine_labels,
    "train-segmenter": train_segmenter,
    "verify": verify,
}


def main() -> None:
    """Run a subcommand. Errors that name their remedy are printed without a traceback; the exit status is 1."""
    parser = argparse.ArgumentParser(
        prog="oasis-studio",
        description="Interactive semantic image editing with OASIS.",
        epilog="; ".join(f"{name}: {command.__doc__}" for name, command in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS)
    options = parser.parse_args(sys.argv[1:2] or ["--help"])
    try:
        COMMANDS[options.command](sys.argv[2:])
    except UserError as error:
        Console(stderr=True).print(f"error: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
