"""Every network there is: golden outputs, and no parameter that nothing depends on."""

from typing import Any

import pytest
import torch
from torch import Tensor

from models.networks.kinds import NETWORKS, build_config, build_network, describe_network
from models.networks.protocols import DiscriminatorOutput
from tests.models.samples import assert_all_gradients, fill, scene

UNET = {"classes": 4, "down": [6, 6, 8]}
SPADE = {"classes": 4, "channels": [8, 8, 8, 6, 4], "hidden": 6}

# Of each kind a small one, and the first of its answers at one place.
CASES: list[tuple[str, dict[str, Any], list[float]]] = [
    ("oasis-generator", {"classes": 4, "channels": [8, 8, 6, 4], "hidden": 6}, [0.3342, 0.67552, 0.70056]),
    (
        "oasis-generator",
        {"classes": 4, "channels": [8, 8, 6, 4], "hidden": 6, "noise_dim": 0},
        [0.49109, 0.78427, 0.81725],
    ),
    (
        "oasis-generator",
        {"classes": 4, "channels": [8, 8, 6, 4], "hidden": 6, "noise_planes": True},
        [-0.11459, 0.32902, 0.35837],
    ),
    ("spade-generator", SPADE, [0.51266, 0.79073, 0.81894]),
    ("spade-generator", SPADE | {"noise_dim": 5}, [0.50962, 0.78975, 0.81858]),
    ("spade-generator", SPADE | {"style_dim": 5, "native_size": [32, 64]}, [0.34687, 0.69988, 0.73812]),
    ("style-encoder", {"style_dim": 5, "widths": [4, 6], "size": 32}, [-0.58237, -0.8414, -0.83659, -0.53301, 0.11666]),
    ("oasis-discriminator", UNET, [-3.50282, 1.72365, 1.3841, -1.7929, 2.83637]),
    ("oasis-concat-discriminator", UNET, [-3.8967]),
    ("oasis-projection-discriminator", UNET, [4.72808]),
    ("patch-discriminator", {"classes": 4, "width": 4}, [-1.22393]),
    ("resnet-patch-discriminator", UNET, [-3.09909]),
    ("projected-discriminator", {"classes": 4, "width": 8}, [-2.63208, -0.98579, 1.08687, 2.65022, 3.00729]),
    ("conditioned-discriminator", {"classes": 4, "width": 8}, [-0.11028, 1.20213, 0.41091, 1.43697, -0.4633]),
]
IDS = [" ".join([kind, *config]) for kind, config, _ in CASES]


def answers(kind: str, network: Any, image: Tensor) -> list[Tensor]:
    """What the network makes of an image [B, 3, 32, 64], or of as many label maps."""
    batch, _, height, width = image.shape
    labels = scene(height, width).expand(batch, -1, -1)
    if kind.endswith("generator"):
        z = torch.linspace(-1, 1, network.config.z_dim).expand(batch, -1)
        return [network(labels, z, torch.arange(batch))]
    if kind == "style-encoder":
        return list(network(image))
    told = () if kind in ("oasis-discriminator", "projected-discriminator", "conditioned-discriminator") else (labels,)
    output = network.examine(image, *told)
    assert isinstance(output, DiscriminatorOutput)
    assert all(x.shape[0] == batch and x.dim() == 4 for x in output.logits + output.features)
    return output.logits


def test_every_kind_is_tested() -> None:
    assert {kind for kind, _, _ in CASES} == set(NETWORKS)


@pytest.mark.parametrize(("kind", "config", "golden"), CASES, ids=IDS)
def test_golden(kind: str, config: dict[str, Any], golden: list[float]) -> None:
    image = torch.sin(torch.arange(3 * 32 * 64).float()).reshape(1, 3, 32, 64)
    answer = answers(kind, fill(build_network(kind, config)), image)[0]
    found = answer[0, :, 1, 2] if answer.dim() == 4 else answer[0]
    torch.testing.assert_close(found, torch.tensor(golden), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("kind", "config", "golden"), CASES, ids=IDS)
def test_every_parameter_gets_a_gradient(kind: str, config: dict[str, Any], golden: list[float]) -> None:
    torch.manual_seed(0)
    network = build_network(kind, config)
    image = torch.randn(2, 3, 32, 64, requires_grad=True)
    torch.autograd.backward([answer.square().sum() for answer in answers(kind, network, image)])
    assert_all_gradients(network)
    if not kind.endswith("generator"):
        assert image.grad is not None and image.grad.abs().sum() > 0  # the generator learns through it


@pytest.mark.parametrize(("kind", "config", "golden"), CASES, ids=IDS)
def test_what_is_described_is_what_was_built(kind: str, config: dict[str, Any], golden: list[float]) -> None:
    found, described = describe_network(build_network(kind, config))
    assert found == kind and build_config(kind, described) == build_config(kind, config)
    assert build_config(kind, described).stride >= 1


@pytest.mark.parametrize(
    ("kind", "config", "message"),
    [
        ("spade-generator", {"classes": 4, "noise_dim": 64, "style_dim": 8}, "not both"),
        ("spade-generator", {"classes": 4, "style_dim": 8, "native_size": [256, 250]}, "multiples of the stride 32"),
        ("oasis-generator", {"classes": 4, "noise_dim": -1}, "generator needs"),
        ("oasis-generator", {"classes": 4, "noise_dim": 0, "noise_planes": True}, "beside 3D noise"),
        ("patch-discriminator", {"classes": 4, "layers": 1}, "2 to 16 layers"),
        ("style-encoder", {"size": 100}, "multiple of the stride 64"),
        ("style-encoder", {"style_dim": 0}, "positive style_dim"),
        ("patch-discriminator", {"classes": 4, "layers": 10**9}, "2 to 16 layers"),
        ("projected-discriminator", {"classes": 4, "width": 10**9}, "width of 2 to 1024"),
        ("oasis-generator", {"classes": "4"}, "classes of a network of kind 'oasis-generator'.*valid integer"),
        ("oasis-generator", {"classes": 4, "channels": [8, 8.0]}, "channels of .*valid integer"),
        ("oasis-generator", {"classes": 4, "channels": 8}, "channels of .*valid tuple"),
        ("oasis-generator", {"classes": 4, "noise_planes": None}, "noise_planes of .*valid boolean"),
        ("oasis-generator", {"classes": 4, "padding": "x" * 5000}, "padding of .*'zeros' or 'replicate'"),
        ("x" * 5000, {}, "Unknown network kind 'xxx"),
        ("spade-generator", {"classes": 4, "depth": 3}, "does not fit"),
    ],
)
def test_what_cannot_be_built_is_refused(kind: str, config: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        build_network(kind, config)
    assert len(str(refused.value)) < 600
