"""A normalization says itself how it modulates: one that looks scales and shifts up by class works in every form."""

import pytest
import torch
from torch import Tensor, nn

from models.networks import blocks
from models.networks.blocks import ConditionalNorm, GeneratorConfig
from models.networks.conditioning import Condition, DenseCondition, Level, RegionCondition, SplitCondition
from models.networks.oasis import Generator
from models.noise import NOISE_DIM
from tests.models.samples import CLASSES, assert_all_gradients, random_labels

CONFIG = GeneratorConfig(CLASSES, (16, 16, 16), hidden=7)
SIZE = (16, 24)


class ClassNorm(ConditionalNorm):
    """gamma by class and noise, beta by class: nothing of it is a convolution."""

    def build(self, channels: int, config: GeneratorConfig) -> None:
        self.gamma = nn.Parameter(torch.randn(NOISE_DIM + CLASSES, channels) / 8)
        self.beta = nn.Parameter(torch.randn(CLASSES, channels))

    def modulation(self, level: Level) -> Level:
        return level.pointwise(lambda values: values @ self.gamma, lambda values: values[..., NOISE_DIM:] @ self.beta)


class ByClass(Generator):
    norm = ClassNorm


def forms(generator: Generator) -> tuple[Tensor, list[Condition]]:
    """Labels, and the same condition as a dense map, as tables and split."""
    labels = random_labels(3, 2, *SIZE, 5)
    z = torch.randn(2, NOISE_DIM, generator=torch.Generator().manual_seed(1))
    everywhere = z[:, :, None, None].expand(-1, -1, *SIZE)
    found = [generator.condition(labels, everywhere), generator.condition(labels, z)]
    return labels, [*found, generator.condition(labels, z, dense=True)]


def test_every_form_of_the_condition_gives_the_same_picture() -> None:
    torch.manual_seed(0)
    generator = ByClass(CONFIG).eval()
    _, conditions = forms(generator)
    assert [type(condition) for condition in conditions] == [DenseCondition, RegionCondition, SplitCondition]
    pictures = [generator.paint(condition, SIZE) for condition in conditions]
    for picture in pictures[1:]:
        torch.testing.assert_close(picture, pictures[0], atol=1e-5, rtol=0)
    pictures[0].square().sum().backward()
    assert_all_gradients(generator)


def test_in_training_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the fused operation serves, which takes the tables as they are."""
    torch.manual_seed(0)
    generator = ByClass(CONFIG).train()
    for parameter in generator.parameters():
        parameter.data *= 10
    _, (_, tables, _) = forms(generator)
    state = {name: value.clone() for name, value in generator.state_dict().items()}
    fused = generator.paint(tables, SIZE)
    monkeypatch.setattr(blocks, "serves", lambda *_: False)
    generator.load_state_dict(state)
    torch.testing.assert_close(generator.paint(tables, SIZE), fused, atol=1e-4, rtol=0)
