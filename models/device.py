"""The device that networks run on, by name."""

import torch

from models.errors import UserError, shorten


class DeviceError(UserError, ValueError):
    """The chosen device is not there."""


def choose_device(name: str) -> torch.device:
    """The device called `name`; 'auto' is the GPU if there is one. Raises DeviceError."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"{shorten(name)} is not a device: choose auto, cpu, cuda or cuda:1.") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(f"This machine has no device {shorten(name)}: choose auto or cpu.")
    return device
