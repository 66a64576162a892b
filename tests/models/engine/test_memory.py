"""What an engine holds, counted through its tensors."""

import pytest
import torch
from torch import Tensor

from models.engine import arena, generator, levels, strips
from models.engine.arena import Arena
from models.engine.generator import GeneratorEngine
from models.networks.blocks import GeneratorConfig
from models.networks.oasis import Generator
from models.regions import Regions
from tests.models.engine.regions import alive, regions_of
from tests.models.samples import CLASSES

SIDE = 512
PIXELS = SIDE * SIDE
WIDE_HIDDEN = GeneratorConfig(CLASSES, (8, 8, 8, 8, 8, 8, 8), hidden=64, noise_planes=True)
LEVEL_BYTES = 2**20  # an eighth of what is allowed for as many pixels


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits for networks as narrow as these."""
    monkeypatch.setattr(levels, "LEVEL_BYTES", LEVEL_BYTES)
    monkeypatch.setattr(levels, "TAPS_BYTES", LEVEL_BYTES)
    monkeypatch.setattr(levels, "PRODUCTS", LEVEL_BYTES // 4)
    monkeypatch.setattr(strips, "FLOATS", LEVEL_BYTES // 4)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> GeneratorEngine:
    monkeypatch.setattr(generator, "SHARED", Arena())
    return GeneratorEngine(alive(Generator(WIDE_HIDDEN)))


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, engine: GeneratorEngine) -> list[int]:
    """Bytes of the arena and the canvas at the end of every block."""
    found: list[int] = []
    finish = levels.LevelTables.finish

    def counted(level: levels.LevelTables) -> None:
        found.append(engine._arena.nbytes + level.nbytes)
        finish(level)

    monkeypatch.setattr(levels.LevelTables, "finish", counted)
    return found


def noisy(seed: int, vectors: int = 1) -> Regions:
    """A random class, and a random one of some noise vectors, at every pixel."""
    random = torch.Generator().manual_seed(seed)

    def map_of(values: int) -> Tensor:
        return torch.randint(values, (SIDE, SIDE), generator=random)

    return regions_of(map_of(CLASSES), map_of(vectors), list(range(seed, seed + vectors)))


def calm() -> Regions:
    labels = torch.zeros(SIDE, SIDE, dtype=torch.int64)
    labels[100:200, 30:300] = 1
    return regions_of(labels, torch.zeros_like(labels), [1])


@pytest.mark.parametrize("vectors", [1, 255])
def test_the_worst_maps(engine: GeneratorEngine, held: list[int], vectors: int) -> None:
    """Tables of a map with a pattern at every pixel would take 1,200 bytes a pixel at the finest level."""
    canvas = engine.canvas()
    for seed in range(3):
        canvas.paint(noisy(seed, vectors))
        assert max(held) < 450 * PIXELS, "while painting"
        assert canvas.nbytes < 110 * PIXELS + 4 * LEVEL_BYTES, "afterwards"


def test_a_canvas_shrinks_when_its_map_becomes_calm(engine: GeneratorEngine) -> None:
    canvas, fresh = engine.canvas(), engine.canvas()
    fresh.paint(calm())
    canvas.paint(noisy(1))
    canvas.paint(calm())
    canvas.paint(calm())
    assert canvas.nbytes < 1.5 * fresh.nbytes


def test_a_large_arena_is_given_back(monkeypatch: pytest.MonkeyPatch, engine: GeneratorEngine) -> None:
    canvas = engine.canvas()
    before = canvas.paint(calm())
    assert engine._arena.nbytes > 0
    monkeypatch.setattr(arena, "KEPT_BYTES", engine._arena.nbytes - 1)
    assert torch.equal(canvas.paint(calm()), before)
    assert engine._arena.nbytes == 0
    assert torch.equal(canvas.paint(calm()), before)


def test_engines_share_their_memory() -> None:
    one, other = (GeneratorEngine(alive(Generator(WIDE_HIDDEN))) for _ in range(2))
    one.canvas().paint(calm())
    held = one._arena.nbytes
    other.canvas().paint(calm())
    assert other._arena is one._arena and one._arena.nbytes == held
