"""Training runs: alone in this process, and as processes of their own."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from PIL import Image

from training.config import TrainConfig
from training.run.distributed import World

CPU = torch.device("cpu")
ALONE = World(CPU)
ROOT = Path(__file__).parents[2]
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")


def options(config: TrainConfig, images: int) -> list[str]:
    """The command line of a configuration with one stage, which is to see `images`."""
    values = {
        "data": config.data,
        "out": config.out,
        "generator-channels": config.generator_channels,
        "discriminator-widths": config.discriminator_widths,
        "noise": config.noise,
        "consistency": config.consistency,
        "accumulate": config.accumulate,
        "generator-rate": config.generator_rate,
        "discriminator-rate": config.discriminator_rate,
        "ema-decay": config.ema_decay,
        "ema-batches": config.ema_batches,
        "checkpoint-every": config.checkpoint_every,
        "device": config.device,
        "stages.0.size": config.stages[0].size,
        "stages.0.batch": config.stages[0].batch,
        "stages.0.images": images,
    }
    result = ["--recipe", "oasis"]
    for name, value in values.items():
        result += [f"--{name}", *(map(str, value) if isinstance(value, tuple) else [str(value)])]
    return result


def environment(threads: int) -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": str(threads)}


def start_training(arguments: list[str]) -> subprocess.Popen[bytes]:
    """`oasis-studio train`. It computes with as many threads as this process: sums in another order would differ."""
    command = [sys.executable, "-m", "oasis_studio", "train", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment(torch.get_num_threads()))


def torchrun(processes: int, *program: str) -> subprocess.CompletedProcess[str]:
    """A program in several processes that know each other; the last of `program` are its arguments."""
    command = [sys.executable, *TORCHRUN, str(processes), *program]
    return subprocess.run(command, cwd=ROOT, env=environment(1), capture_output=True, text=True)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Writing more fails, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def run_until_killed(program: str, *arguments: object) -> None:
    """A Python program in a process of its own, which must end by killing itself."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, env=environment(1), capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def kill_while_writing(path: Path) -> None:
    """What a process leaves that is killed while it replaces this file."""
    run_until_killed(
        """
import os, signal, sys
from pathlib import Path
from training.output.files import whole_file

with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
""",
        path,
    )


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height."""
    with Image.open(path) as picture:
        return picture.size


def assert_equal(one: object, other: object, where: str = "") -> None:
    """Bit-identical trees of tensors and values."""
    if isinstance(one, torch.Tensor):
        assert isinstance(other, torch.Tensor) and torch.equal(one, other), where
    elif isinstance(one, dict):
        assert isinstance(other, dict) and one.keys() == other.keys(), where
        for key in one:
            assert_equal(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list | tuple):
        assert isinstance(other, list | tuple) and len(one) == len(other), where
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_equal(a, b, f"{where}[{i}]")
    else:
        assert one == other, where


def assert_similar(one: torch.Tensor, other: torch.Tensor) -> None:
    """Not equal: the singular values that were folded in are those that training had found so far."""
    assert torch.cosine_similarity(one.flatten(), other.flatten(), dim=0) > 0.99
