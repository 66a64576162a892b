"""The authors' files as random weights, and their networks once more, straight from the description of the files."""

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.networks.variants import VARIANTS
from models.noise import NOISE_DIM
from training.weights.official import official_name

State = dict[str, Tensor]


def shapes(network: Generator | Discriminator) -> dict[str, torch.Size]:
    """Names and shapes of a published file, as we expect them."""
    return {official_name(name): tensor.shape for name, tensor in network.state_dict().items()}


@cache
def expected(preset: str) -> tuple[dict[str, torch.Size], dict[str, torch.Size]]:
    """Of the preset's generator and discriminator; no weights are made."""
    with torch.device("meta"):
        return shapes(Generator(VARIANTS[preset][0])), shapes(Discriminator(VARIANTS[preset][1]))


def generated(names: dict[str, torch.Size], seed: int = 0) -> State:
    """Random weights under official names. The stored u and v are not the singular vectors, so that code that iterates
    once more gets another sigma."""
    random = torch.Generator().manual_seed(seed)
    state: State = {}
    for name, shape in names.items():
        values = torch.empty(shape).normal_(generator=random)
        match name.rsplit(".", 1)[-1]:
            case "num_batches_tracked":
                state[name] = torch.tensor(7)
            case "running_var":
                state[name] = 4 + values.abs()
            case "weight" | "weight_orig":
                state[name] = values / values[0].numel() ** 0.5
            case _:
                state[name] = values * 0.1
    for name in [name for name in names if name.endswith("weight_orig")]:
        matrix = state[name].flatten(1)  # [out, in * k * k]
        v = F.normalize(torch.empty(matrix.shape[1]).normal_(generator=random), dim=0)
        stem = name.removesuffix("_orig")
        state[f"{stem}_v"], state[f"{stem}_u"] = v, F.normalize(matrix @ v, dim=0)
    return state


def plain_conv(state: State, name: str, x: Tensor) -> Tensor:
    weight = state.get(f"{name}.weight")
    if weight is None:
        matrix = state[f"{name}.weight_orig"]
        sigma = state[f"{name}.weight_u"] @ matrix.flatten(1) @ state[f"{name}.weight_v"]
        weight = matrix / sigma
    return F.conv2d(x, weight, state.get(f"{name}.bias"), padding=weight.shape[-1] // 2)


def plain_generator(state: State, labels: np.ndarray, z: np.ndarray) -> np.ndarray:
    """uint8 [H, W, 3] of labels [H, W] and z [64]."""
    classes = state["fc.weight"].shape[1] - NOISE_DIM
    hot = F.one_hot(torch.from_numpy(labels).long(), classes).permute(2, 0, 1)[None].float()  # [1, N, H, W]
    noise = torch.from_numpy(z).float()[None, :, None, None].expand(-1, -1, *labels.shape)
    condition = torch.cat([noise, hot], dim=1)

    def norm(name: str, x: Tensor) -> Tensor:
        at_size = F.interpolate(condition, x.shape[-2:])
        hidden = plain_conv(state, f"{name}.mlp_shared.0", at_size).relu()
        mean, variance = state[f"{name}.first_norm.running_mean"], state[f"{name}.first_norm.running_var"]
        normed = (x - mean[:, None, None]) / (variance[:, None, None] + 1e-5).sqrt()
        return normed * (1 + plain_conv(state, f"{name}.mlp_gamma", hidden)) + plain_conv(
            state, f"{name}.mlp_beta", hidden
        )

    x = plain_conv(state, "fc", F.interpolate(condition, (labels.shape[0] // 32, labels.shape[1] // 32)))
    for i in range(6):
        x = F.interpolate(x, scale_factor=2.0) if i else x
        name = f"body.{i}"
        learned = f"{name}.conv_s.weight_orig" in state
        shortcut = plain_conv(state, f"{name}.conv_s", norm(f"{name}.norm_s", x)) if learned else x
        x = plain_conv(state, f"{name}.conv_0", F.leaky_relu(norm(f"{name}.norm_0", x), 0.2))
        x = shortcut + plain_conv(state, f"{name}.conv_1", F.leaky_relu(norm(f"{name}.norm_1", x), 0.2))
    image = plain_conv(state, "conv_img", F.leaky_relu(x, 0.2)).tanh()[0]
    return ((image + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()


def plain_discriminator(state: State, photo: np.ndarray) -> np.ndarray:
    """Class ids [H, W], never the ignored 0, of uint8 [H, W, 3]."""
    x = torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 127.5 - 1
    encoded = []
    for i in range(6):
        name = f"body_down.{i}"
        has_shortcut = f"{name}.conv_s.weight_orig" in state
        shortcut = plain_conv(state, f"{name}.conv_s", x if i else F.avg_pool2d(x, 2)) if has_shortcut else x
        shortcut = F.avg_pool2d(shortcut, 2) if i else shortcut
        x = plain_conv(state, f"{name}.conv1.{min(i, 1)}", F.leaky_relu(x, 0.2) if i else x)
        x = shortcut + F.avg_pool2d(plain_conv(state, f"{name}.conv2.1", F.leaky_relu(x, 0.2)), 2)
        encoded.append(x)
    x = encoded.pop()
    for i in range(6):
        name = f"body_up.{i}"
        x = torch.cat([encoded.pop(), x], dim=1) if i else x
        shortcut = F.interpolate(x, scale_factor=2.0)
        if f"{name}.conv_s.weight_orig" in state:
            shortcut = plain_conv(state, f"{name}.conv_s", shortcut)
        x = plain_conv(state, f"{name}.conv1.2", F.interpolate(F.leaky_relu(x, 0.2), scale_factor=2.0))
        x = shortcut + plain_conv(state, f"{name}.conv2.1", F.leaky_relu(x, 0.2))
    return plain_conv(state, "layer_up_last", x)[0, 2:].argmax(dim=0).numpy() + 1


# Names and shapes
