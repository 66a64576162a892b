"""How torch is configured in the thread that runs the networks."""

import os

import torch

from backend import limits


def configure_torch() -> None:
    """Use no more threads than cores, and only algorithms that give the same bytes every time."""
    torch.set_num_threads(min(limits.CPU_THREADS, len(os.sched_getaffinity(0))))
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
