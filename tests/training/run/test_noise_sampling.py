"""The noise of training pictures."""

import pytest
import torch

from models.networks.blocks import GeneratorConfig
from models.networks.conditioning import Condition, RegionCondition
from models.networks.oasis import Generator
from tests.training.runs import ALONE
from training.run.noise_sampling import NoiseSampler


def test_brushed_noise_has_two_vectors_an_image_on_patches_of_any_size() -> None:
    generator = Generator(GeneratorConfig(3, (8, 8, 8)))
    labels = torch.randint(0, 3, (32, 16, 16), generator=torch.Generator().manual_seed(0))
    sampler = NoiseSampler("brushed", ALONE, torch.Generator().manual_seed(0))
    condition = generator.condition(labels, sampler.draw(generator.config, labels))
    assert isinstance(condition, RegionCondition)
    noise, classes = condition.features[condition.region_map].split([64, 3], -1)  # [B, H, W, 64]
    assert torch.equal(classes.argmax(-1), labels)
    patches = [picture.flatten(0, 1).unique(dim=0, return_counts=True)[1] for picture in noise]
    shares = [counts.min().item() / 256 if len(counts) == 2 else 0.0 for counts in patches]
    assert all(len(counts) in (1, 2) for counts in patches)
    assert sum(share > 0 for share in shares) > 20 and max(shares) > 0.3
    assert len(noise.flatten(0, 2).unique(dim=0)) > 50  # no image shares a vector with another


def test_twins_share_their_noise_planes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else does."""
    generator = Generator(GeneratorConfig(3, (8, 8, 8), noise_planes=True))
    seen: list[Condition] = []
    monkeypatch.setattr(generator, "paint", lambda condition, size: seen.append(condition))
    sampler = NoiseSampler("brushed", ALONE, torch.Generator().manual_seed(0))
    sampler.paint(generator, torch.zeros(5, 16, 16, dtype=torch.int64), twins=2)
    (condition,) = seen
    assert condition.planes is not None
    plane = condition.planes.at(0, (16, 16))
    assert torch.equal(plane[3:], plane[:2])
    assert len(plane[:3].flatten(1).unique(dim=0)) == 3
