"""`oasis-studio train`: train a model by a recipe, or go on with a run."""

import argparse
from dataclasses import replace
from pathlib import Path

import tyro
from rich.console import Console

from training.config import TrainConfig
from training.recipes import RECIPES
from training.run.checkpoint import config_from_dict, load_checkpoint
from training.run.distributed import join_world
from training.run.loop import Run
from training.run.trainer import Trainer


def train(config: TrainConfig, *, resume: bool = False, console: Console | None = None) -> Trainer:
    """Train until all stages are done, the time budget is spent or a stop is asked for; ends with a checkpoint.

    Processes started by torchrun train together; how many there are may change from one resumption to the next.

    Args:
        config: of the run.
        resume: go on from the checkpoint in config.out, on one CPU machine bit-identically.
        console: to print on; without it the terminal.

    Returns:
        The trainer in its last state.

    Raises:
        UserError: DataError, ConfigError, CheckpointError, ModelError, PretrainedError or NonFiniteLoss.
    """
    with join_world(config.device) as world:
        return Run(config, world, console or Console(quiet=not world.main)).train(resume)


def training_config(arguments: list[str]) -> tuple[TrainConfig, bool]:
    """The configuration that 'train' is asked for, and whether it resumes a run."""
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


def main(arguments: list[str]) -> None:
    """Run the command."""
    config, resume = training_config(arguments)
    train(config, resume=resume)
