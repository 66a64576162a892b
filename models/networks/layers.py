"""Parts that several networks share."""

from typing import Literal, TypeVar, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm

from models.maps import Padding, one_hot

LEAK = 0.2
Upsampling = Literal["nearest", "bilinear"]
UPSAMPLINGS: tuple[Upsampling, ...] = get_args(Upsampling)


def leaky(x: Tensor) -> Tensor:
    return F.leaky_relu(x, LEAK)


def conv(
    in_channels: int,
    out_channels: int,
    kernel: int,
    *,
    stride: int = 1,
    bias: bool = True,
    spectral: bool = True,
    padding: Padding | None = "zeros",
) -> nn.Conv2d:
    """A convolution that at stride 1 and an odd kernel keeps the size, with spectral norm unless told otherwise.
    padding: what stands beyond the borders; None if the map comes with a border."""
    around = 0 if padding is None else kernel // 2
    layer = nn.Conv2d(in_channels, out_channels, kernel, stride, around, bias=bias, padding_mode=padding or "zeros")
    init_xavier(layer)
    if spectral:
        spectral_norm(layer)
    return layer


def instance_normed(in_channels: int, out_channels: int, kernel: int, *, stride: int) -> nn.Sequential:
    """A convolution with spectral norm, then instance norm without affine, which would undo a bias (SPADE)."""
    layer = conv(in_channels, out_channels, kernel, stride=stride, bias=False)
    return nn.Sequential(layer, nn.InstanceNorm2d(out_channels))


def linear(in_features: int, out_features: int) -> nn.Linear:
    """A linear layer without spectral norm."""
    layer = nn.Linear(in_features, out_features)
    init_xavier(layer)
    return layer


def init_xavier(layer: nn.Conv2d | nn.Linear) -> None:
    """The published initialization: Xavier normal with gain 0.02, zero bias."""
    nn.init.xavier_normal_(layer.weight, gain=0.02)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


def fold_spectral_norm(network: nn.Module) -> None:
    """Replace every spectrally normalized weight by the weight it stands for, in place (inference only)."""
    network.eval()
    for module in network.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


Network = TypeVar("Network", bound=nn.Module)


def place(network: Network, device: str | torch.device) -> Network:
    """On the device, convolution weights channels last: the layout every picture here has."""
    # torch's stubs do not know this argument.
    return network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def count_parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@torch.no_grad()
def track_statistics(norm: nn.BatchNorm2d, mean: Tensor, variance: Tensor, count: int) -> None:
    """Running statistics as batch norm keeps them in training, of a batch with `count` values a channel; mean and
    variance: [C]. Without a momentum they are the plain average over the batches."""
    assert norm.running_mean is not None and norm.running_var is not None and norm.num_batches_tracked is not None
    norm.num_batches_tracked.add_(1)
    momentum = 1 / float(norm.num_batches_tracked) if norm.momentum is None else norm.momentum
    norm.running_mean.lerp_(mean, momentum)
    norm.running_var.lerp_(variance * count / (count - 1), momentum)


def with_labels(image: Tensor, labels: Tensor, classes: int) -> Tensor:
    """What a discriminator that is told the labels sees: int64 [B, H, W] as one-hot, then the image [B, 3, H, W];
    [B, N + 3, H, W]."""
    return torch.cat([one_hot(labels, classes).to(image), image], dim=1)
