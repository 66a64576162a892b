"""How the thread that runs the networks is set up."""

import os

import torch

from backend import limits


def prepare() -> None:
    """Settings of the thread that runs the networks: no more threads than cores, the same bytes every time."""
    torch.set_num_threads(min(limits.CPU_THREADS, len(os.sched_getaffinity(0))))
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
