"""The perceptual loss: taps of VGG, weights, and where gradients go."""

import io
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from training.loss.perceptual import VGG16_TAPS, VGG19_TAPS, load_vgg, perceptual_loss
from training.weights.conversions import convert_pytorch_trunk
from training.weights.pretrained import PretrainedError
from training.weights.trunks import VGG16_BLOCKS, VGG19_BLOCKS, vgg


@pytest.mark.parametrize(("blocks", "taps"), [(VGG16_BLOCKS, VGG16_TAPS), (VGG19_BLOCKS, VGG19_TAPS)])
def test_taps_are_the_first_rectified_layer_of_each_block(blocks, taps) -> None:
    network = vgg([[width // 32 for width in block] for block in blocks], taps)
    for tap in taps:
        assert isinstance(network.features[tap], nn.ReLU) and isinstance(network.features[tap - 1], nn.Conv2d)
        assert tap == 1 or isinstance(network.features[tap - 2], nn.MaxPool2d)
    shapes = [tuple(f.shape) for f in network(torch.zeros(2, 3, 48, 32))]
    assert shapes == [(2, block[0] // 32, 48 >> i, 32 >> i) for i, block in enumerate(blocks)]


def test_input_is_normalized_as_for_imagenet() -> None:
    network = load_vgg("vgg16")
    photo = torch.rand(1, 3, 16, 16)
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    normal = (photo - mean) / std
    first = network.features[0]
    assert isinstance(first, nn.Conv2d)
    expected = F.relu(F.conv2d(normal, first.weight, first.bias, padding=1))
    torch.testing.assert_close(network(photo * 2 - 1)[0], expected, rtol=1e-4, atol=1e-4)


def test_gradients_reach_the_fake_picture_only() -> None:
    network = load_vgg("vgg16")
    fake, real = (torch.rand(1, 3, 32, 32).mul(2).sub(1).requires_grad_() for _ in range(2))
    perceptual_loss(network(fake), network(real)).backward()
    assert fake.grad is not None and (fake.grad != 0).float().mean() > 0.99
    assert real.grad is None and not any(p.requires_grad for p in network.parameters())
    assert not network.training


def test_following_the_gradient_brings_pictures_closer() -> None:
    network = load_vgg("vgg16")
    real = network(torch.rand(1, 3, 32, 32) * 2 - 1)
    fake = torch.zeros(1, 3, 32, 32).requires_grad_()
    optimizer = torch.optim.Adam([fake], 0.05)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = perceptual_loss(network(fake), real)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.9 * losses[0]


def test_layers_are_weighted() -> None:
    fake = [torch.full((1, 2, 2, 2), float(i)) for i in range(5)]
    real = [torch.zeros(1, 2, 2, 2) for _ in range(5)]
    assert perceptual_loss(fake, real).item() == pytest.approx(1 / 16 + 2 / 8 + 3 / 4 + 4)
    assert perceptual_loss(real, real).item() == 0


def test_convolutions_come_from_the_published_format() -> None:
    """`features.<i>`, also of layers beyond the last tap, and a classifier."""
    blocks = [[4] * len(block) for block in VGG19_BLOCKS]
    theirs, ours = vgg(blocks, (36,)), vgg(blocks, VGG19_TAPS)
    buffer = io.BytesIO()
    torch.save(theirs.state_dict() | {"classifier.0.weight": torch.zeros(4, 4)}, buffer)
    ours.load_convolutions(convert_pytorch_trunk(buffer.getvalue()))
    picture = torch.rand(1, 3, 16, 16)
    assert torch.equal(ours(picture)[-1], theirs.features[:30]((picture - ours.shift) / ours.scale))


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vgg19.pth").write_bytes(b"not VGG")
    with pytest.raises(PretrainedError, match=r"vgg19-dcbb9e9d.pth \(dcbb9e9d…\).*--vgg"):
        load_vgg("vgg19", tmp_path / "vgg19.pth")
