"""The device that inference runs on."""

import os

import torch

from backend import limits


class DeviceError(ValueError):
    """The chosen device is not there; the message is fit for the person who chose it."""


def choose(name: str) -> torch.device:
    """The device called `name`; 'auto' is the GPU if there is one. Raises DeviceError."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"{name!r} is not a device: choose auto, cpu, cuda or cuda:1.") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(f"This machine has no device {name!r}: choose auto or cpu.")
    return device


def prepare() -> None:
    """Settings of the thread that runs the networks: no more threads than cores, the same bytes every time."""
    torch.set_num_threads(min(limits.CPU_THREADS, len(os.sched_getaffinity(0))))
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
