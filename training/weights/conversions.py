"""State dicts of the project's networks from published files: names mapped, batch norm folded into convolutions."""

import re
from collections.abc import Callable
from typing import Any

from torch import Tensor, from_numpy

from models.networks.efficientnet import BATCH_NORM_EPS, STAGES, EncoderName
from training.weights.foreign import read_numpy_pickle, read_state_dict, read_torchscript

Convert = Callable[[bytes], dict[str, Tensor]]

INCEPTION_EPS = 1e-3


def fold_batch_norm(
    weight: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, *, eps: float
) -> tuple[Tensor, Tensor]:
    """Weight [O, I, h, w] and bias [O] of a convolution that does the batch norm after it as well."""
    factor = scale / (variance + eps).sqrt()
    return (weight * factor[:, None, None, None]).contiguous(), shift - mean * factor


def convert_efficientnet(name: EncoderName, content: bytes) -> dict[str, Tensor]:
    """EfficientNet-Lite as a PyTorch state dict."""
    state = read_state_dict(content)
    folded: dict[str, Tensor] = {}

    def fold(target: str, convolution: str, norm: str) -> None:
        statistics = (state[f"{norm}.{name}"] for name in ("weight", "bias", "running_mean", "running_var"))
        weight, bias = fold_batch_norm(state[f"{convolution}.weight"], *statistics, eps=BATCH_NORM_EPS)
        folded[f"{target}.weight"], folded[f"{target}.bias"] = weight, bias

    fold("stem", "_conv_stem", "_bn0")
    block = 0
    for i, (_, _, expansion, _, repeats) in enumerate(STAGES[name]):
        for j in range(repeats):
            ours, theirs = f"stages.{i}.{j}", f"_blocks.{block}"
            if expansion > 1:
                fold(f"{ours}.expand", f"{theirs}._expand_conv", f"{theirs}._bn0")
            fold(f"{ours}.depthwise", f"{theirs}._depthwise_conv", f"{theirs}._bn1")
            fold(f"{ours}.project", f"{theirs}._project_conv", f"{theirs}._bn2")
            block += 1
    return folded


def convert_pytorch_trunk(content: bytes) -> dict[str, Tensor]:
    """The convolutions of AlexNet or a VGG as PyTorch publishes them (`features.<i>`)."""
    return {name: tensor for name, tensor in read_state_dict(content).items() if name.startswith("features.")}


def convert_flax_lpips(scope: str, convolutions: tuple[int, ...]) -> Convert:
    """A network with LPIPS heads from Flax. `convolutions`: where PyTorch has them in `features`, in order."""

    def convert(content: bytes) -> dict[str, Tensor]:
        layers: dict[str, Any] = read_numpy_pickle(content)
        state: dict[str, Tensor] = {}
        for i, position in enumerate(convolutions):
            layer = layers[scope][f"Conv_{i}"]
            state[f"features.{position}.weight"] = from_numpy(layer["kernel"]).permute(3, 2, 0, 1).contiguous()  # HWIO
            state[f"features.{position}.bias"] = from_numpy(layer["bias"])
        for i in range(5):
            state[f"heads.{i}"] = from_numpy(layers[f"NetLinLayer_{i}"]["Conv_0"]["kernel"]).flatten()
        return state

    return convert


def convert_pytorch_inception(content: bytes) -> dict[str, Tensor]:
    """The FID network as a PyTorch state dict with torchvision's names; without its classifier."""
    state = read_state_dict(content)
    folded: dict[str, Tensor] = {}
    for name in state:
        if name.endswith(".conv.weight"):
            theirs = name.removesuffix(".conv.weight")
            statistics = (state[f"{theirs}.bn.{key}"] for key in ("weight", "bias", "running_mean", "running_var"))
            weight, bias = fold_batch_norm(state[name], *statistics, eps=INCEPTION_EPS)
            folded[f"{theirs.lower()}.weight"], folded[f"{theirs.lower()}.bias"] = weight, bias
    return folded


def convert_torchscript_inception(content: bytes) -> dict[str, Tensor]:
    """The FID network as TorchScript with TensorFlow's names; its batch norms have no scale."""
    state = read_torchscript(content)
    folded: dict[str, Tensor] = {}
    for name, weight in state.items():
        if name.endswith(".weight"):
            theirs = name.removesuffix(".weight")
            shift, mean, variance = (state[f"{theirs}.{key}"] for key in ("beta", "mean", "var"))
            ours = _inception_name(theirs.removeprefix("net.layers."))
            weight, bias = fold_batch_norm(
                weight, weight.new_ones(len(weight)), shift, mean, variance, eps=INCEPTION_EPS
            )
            folded[f"{ours}.weight"], folded[f"{ours}.bias"] = weight, bias
    return folded


# TensorFlow numbers layers in the order they were made; PyTorch's names say what they are.
STEM = ("conv2d_1a_3x3", "conv2d_2a_3x3", "conv2d_2b_3x3", "conv2d_3b_1x1", "conv2d_4a_3x3")
MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
# kind of block: where its towers go, "{}" the number of the convolution in its tower
TOWERS_A = {"": "branch1x1", "tower": "branch5x5_{}", "tower_1": "branch3x3dbl_{}", "tower_2": "branch_pool"}
TOWERS_B = {"": "branch3x3", "tower": "branch3x3dbl_{}"}
TOWERS_C = {"": "branch1x1", "tower": "branch7x7_{}", "tower_1": "branch7x7dbl_{}", "tower_2": "branch_pool"}
TOWERS_D = {"tower": "branch3x3_{}", "tower_1": "branch7x7x3_{}"}
TOWERS = (TOWERS_A,) * 3 + (TOWERS_B,) + (TOWERS_C,) * 4 + (TOWERS_D,)
LAYERS_E = {
    "conv": "branch1x1",
    "tower_conv": "branch3x3_1",
    "tower_mixed_conv": "branch3x3_2a",
    "tower_mixed_conv_1": "branch3x3_2b",
    "tower_1_conv": "branch3x3dbl_1",
    "tower_1_conv_1": "branch3x3dbl_2",
    "tower_1_mixed_conv": "branch3x3dbl_3a",
    "tower_1_mixed_conv_1": "branch3x3dbl_3b",
    "tower_2_conv": "branch_pool",
}


def _inception_name(theirs: str) -> str:
    """`mixed_2.tower_1.conv_2` -> `mixed_5d.branch3x3dbl_3`."""
    block, _, layer = theirs.partition(".")
    number = _number(block)
    if block.startswith("conv"):
        return STEM[number]
    if number >= len(TOWERS):
        return f"mixed_{MIXED[number]}.{LAYERS_E[layer]}"
    tower, _, convolution = layer.rpartition(".")
    return f"mixed_{MIXED[number]}.{TOWERS[number][tower].format(_number(convolution) + 1)}"


def _number(name: str) -> int:
    """TensorFlow's number at the end of a name; the first has none."""
    found = re.search(r"_(\d+)$", name)
    return int(found[1]) if found else 0
