"""Networks and label maps that several tests use."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.networks.blocks import GeneratorConfig
from models.networks.layers import Network
from models.networks.unet import DiscriminatorConfig

CLASSES = 5

# Networks filled by `fill`, and a pixel of what they answer in the golden tests.
SMALL = GeneratorConfig(4, (8, 8, 6, 4), hidden=6)
SMALL_JUDGE = DiscriminatorConfig(4, (6, 6, 8))
GOLDEN_PIXEL = torch.tensor([0.3855, 0.73959, 0.78809])
GOLDEN_LOGITS = torch.tensor([4.09715, -2.46972, -1.98186, 5.79905, -1.46321])


def fill(network: Network) -> Network:
    """Weights by a formula, so that golden outputs do not hang on a random stream."""
    state = {}
    for name, tensor in network.state_dict().items():
        wave = torch.sin(torch.arange(tensor.numel(), dtype=torch.float64) * 0.7 + len(name))
        if name.endswith("running_var"):
            wave = wave.abs() + 0.5
        elif tensor.dim() > 1:
            wave = wave * (2 / tensor[0].numel()) ** 0.5
        state[name] = wave.reshape(tensor.shape).to(tensor.dtype)
    for name in [name for name in state if name.endswith("0._u")]:
        # As after many power iterations: the singular vectors of the largest singular value.
        u, _, v = torch.linalg.svd(state[name.replace("0._u", "original")].flatten(1), full_matrices=False)
        state[name], state[name[:-1] + "v"] = u[:, 0], v[0]
    network.load_state_dict(state)
    return network.eval()


def scene(height: int, width: int) -> Tensor:
    """Four classes in slanted blocks: int64 [1, H, W]."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return ((x // 3 + y // 5) % 4)[None]


def random_labels(seed: int, batch: int, height: int, width: int, grain: int) -> Tensor:
    """Blocks of `grain` pixels with one-pixel specks of other classes: int64 [B, H, W]."""
    random = torch.Generator().manual_seed(seed)
    coarse = torch.randint(CLASSES, (batch, -(-height // grain), -(-width // grain)), generator=random)
    labels = coarse.repeat_interleave(grain, 1).repeat_interleave(grain, 2)[:, :height, :width].clone()
    specks = torch.rand(labels.shape, generator=random) < 0.02
    labels[specks] = torch.randint(CLASSES, (int(specks.sum()),), generator=random)
    return labels


def neighborhoods(ids: Tensor, outside: int, padding: str = "zeros") -> Tensor:
    """The nine ids around each pixel of [B, H, W], row by row: [B, H, W, 9]."""
    if padding == "zeros":
        padded = F.pad(ids, (1, 1, 1, 1), value=outside)
    else:
        padded = F.pad(ids.double(), (1, 1, 1, 1), mode=padding).to(ids)
    height, width = ids.shape[1:]
    return torch.stack([padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)], dim=-1)


def assert_all_gradients(network: nn.Module) -> None:
    """None that is trained is without one."""
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name
