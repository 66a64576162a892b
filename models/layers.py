"""Parts that several networks share."""

from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm

LEAK = 0.2


def leaky(x: Tensor) -> Tensor:
    return F.leaky_relu(x, LEAK)


def conv(in_channels: int, out_channels: int, kernel: int, *, bias: bool = True, spectral: bool = True) -> nn.Conv2d:
    """A convolution that keeps the size, with spectral norm unless told otherwise."""
    layer = nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2, bias=bias)
    init_xavier(layer)
    if spectral:
        spectral_norm(layer)
    return layer


def init_xavier(layer: nn.Conv2d) -> None:
    """The published initialisation: Xavier normal with gain 0.02, zero bias."""
    nn.init.xavier_normal_(layer.weight, gain=0.02)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


def fold_spectral_norm(network: nn.Module) -> None:
    """Replace every spectrally normalised weight by the weight it stands for, in place (inference only)."""
    network.eval()
    for module in network.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


Network = TypeVar("Network", bound=nn.Module)


def place(network: Network, device: str | torch.device) -> Network:
    """On the device, convolution weights channels last: the layout every picture here has."""
    # torch's stubs do not know this argument.
    return network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def check_size(what: str, height: int, width: int, stride: int) -> None:
    """Raises ValueError unless both sides are multiples of a network's stride."""
    if height % stride or width % stride or not height or not width:
        raise ValueError(f"A {what} of {width}x{height} does not fit: both sides must be multiples of {stride}.")


def count_parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def one_hot(ids: Tensor, classes: int) -> Tensor:
    """int64 [B, H, W] -> float [B, classes, H, W]."""
    return F.one_hot(ids, classes).permute(0, 3, 1, 2).to(torch.get_default_dtype())
