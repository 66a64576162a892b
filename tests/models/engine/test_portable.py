"""The engine for machines without the kernels paints the same pictures."""

import copy
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from models.engine import generator_engine
from models.engine.generator import GeneratorEngine
from models.engine.portable import PortableEngine
from models.networks import patterns
from models.networks.oasis import Generator
from models.regions import Regions
from tests.models.engine.regions import GENERATORS, alive, painted, pictures, plain, regions_of
from tests.models.samples import random_labels


@pytest.fixture(scope="module", params=["odd widths", "one width", "noise planes", "borders replicated", "bilinear"])
def generator(request: pytest.FixtureRequest) -> Generator:
    torch.manual_seed(5)
    return alive(Generator(GENERATORS[request.param]))


@given(pictures())
@settings(max_examples=20)
def test_paints_what_the_native_engine_paints(generator: Generator, regions: Regions) -> None:
    portable, native = PortableEngine(generator).canvas(), GeneratorEngine(generator).canvas()
    torch.testing.assert_close(portable.paint(regions), native.paint(regions), atol=1e-5, rtol=0)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """What patterns were searched for in."""
    found: list[Tensor] = []
    original = patterns.find_patterns

    def noted(ids: Tensor, *how: Any) -> patterns.Patterns:
        found.append(ids)
        return original(ids, *how)

    monkeypatch.setattr(patterns, "find_patterns", noted)
    return found


def test_patterns_are_kept_while_only_noise_changes(generator: Generator, searches: list[Tensor]) -> None:
    labels, engine = random_labels(1, 1, 16, 24, 5)[0], PortableEngine(generator)
    rows = torch.zeros_like(labels)
    rows[4:, :10] = 1
    dabbed = labels.clone()
    dabbed[14, 20] = labels[0, 0]  # the same regions, elsewhere
    assert labels[14, 20] != labels[0, 0]
    canvas = engine.canvas()
    story = [(labels, [1, 2], True), (labels, [3, 2], False), (labels, [3, 4], False), (dabbed, [3, 4], True)]
    story += [(labels[:8], [3, 4], True), (labels, [3, 4], True)]
    for now, seeds, searched in story:
        regions = regions_of(now, rows[: len(now)], seeds)
        searches.clear()
        picture = canvas.paint(regions)
        assert bool(searches) == searched
        assert torch.equal(picture, engine.canvas().paint(regions))


def test_several_canvases(generator: Generator) -> None:
    engine = PortableEngine(generator)
    jobs = [painted(seed, 12, 20, 4, vectors=2, noise_grain=5) for seed in range(3)]
    together = engine.render([(engine.canvas(), regions) for regions in jobs])
    for picture, regions in zip(together, jobs, strict=True):
        assert torch.equal(picture, engine.canvas().paint(regions))


def test_sizes_that_do_not_fit_are_refused(generator: Generator) -> None:
    with pytest.raises(ValueError, match="10x8.*multiples of 4"):
        PortableEngine(generator).canvas().paint(painted(1, 8, 10, 3, 2, 4))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_a_captured_graph_paints_what_the_network_paints(generator: Generator) -> None:
    """In several sizes, more than are kept captured, and again in the first."""
    engine = generator_engine(copy.deepcopy(generator).to("cuda"))
    assert isinstance(engine, PortableEngine)
    canvas = engine.canvas()
    for height in (8, 12, 16, 20, 24, 28, 8):
        for seed in (1, 2):
            regions = painted(seed, height, 24, 5, vectors=3, noise_grain=6, blended=seed == 2)
            picture = canvas.paint(regions)
            assert picture.device.type == "cpu"
            # Convolutions on a GPU may round their inputs to TF32, to ten bits.
            torch.testing.assert_close(picture.double(), plain(generator, regions), atol=2e-2, rtol=0)
            with torch.inference_mode():
                labels = regions.classes[regions.map][None].cuda()
                z = regions.vectors[regions.vector_of][regions.map].permute(2, 0, 1)[None].cuda()
                planes = regions.batched().planes
                assert planes is not None
                condition = engine.generator.condition(labels, z, planes.to(torch.device("cuda")))
                (eager,) = engine.generator.paint(condition, (height, 24))
            torch.testing.assert_close(picture, eager.cpu(), atol=1e-4, rtol=0)
