"""The native engine paints what the plain network paints, and a canvas what a new one would paint, byte for byte."""

import copy
import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from models.engine import levels, operations, patterns, slots
from models.engine.generator import Canvas, GeneratorEngine
from models.networks.oasis import Generator
from models.noise import NOISE_DIM
from models.regions import Regions, find_regions
from tests.models.engine.regions import GENERATORS, alive, painted, pictures, plain, regions_of
from tests.models.engine.rules import LIMITS, RULES, Limits, limits, ruled, rules
from tests.models.samples import CLASSES, GOLDEN_PIXEL, SMALL, fill, random_labels, scene

# Of the range [-1, 1], where 1e-4 is promised: fp32 rounding through these networks was measured at 3e-6.
TOLERANCE = 1e-5


@pytest.fixture(scope="module", params=GENERATORS)
def generator(request: pytest.FixtureRequest) -> Generator:
    torch.manual_seed(5)
    return alive(Generator(GENERATORS[request.param]))


@pytest.fixture(scope="module")
def engine(generator: Generator) -> GeneratorEngine:
    return GeneratorEngine(generator)


@pytest.fixture(scope="module")
def one_engine() -> GeneratorEngine:
    """For what does not depend on the shape of the network."""
    torch.manual_seed(5)
    return GeneratorEngine(alive(Generator(GENERATORS["odd widths"])))


@given(pictures(), rules, limits)
@settings(max_examples=40)
def test_equals_the_plain_network(
    generator: Generator, engine: GeneratorEngine, regions: Regions, rule: str, limit: Limits
) -> None:
    with ruled(rule, limit):
        picture = engine.canvas().paint(regions)
    torch.testing.assert_close(picture.double(), plain(generator, regions), atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "corner",
    [
        lambda labels: labels.fill_(1),
        lambda labels: labels[[0, -1]].fill_(2),
        lambda labels: labels[:, [0, -1]].fill_(2),
        lambda labels: labels[0, 0].fill_(2),
        lambda labels: labels[-1, -1].fill_(3),
        lambda labels: labels[12, 20].fill_(4),
        lambda labels: labels[3:5, 7:9].fill_(4),
    ],
)
def test_edges_corners_and_single_pixels(
    generator: Generator, engine: GeneratorEngine, corner: Callable[[Tensor], Tensor], rule: str
) -> None:
    labels = torch.zeros(16, 28, dtype=torch.int64)
    corner(labels)
    regions = regions_of(labels, torch.zeros_like(labels), [1])
    with ruled(rule):
        picture = engine.canvas().paint(regions)
    torch.testing.assert_close(picture.double(), plain(generator, regions), atol=TOLERANCE, rtol=0)


def test_two_hundred_regions_and_their_blends(generator: Generator, engine: GeneratorEngine) -> None:
    for regions in (painted(1, 40, 48, 3, vectors=120, noise_grain=4), painted(2, 32, 64, 3, 2, 1, blended=True)):
        assert len(regions.classes) >= 200
        picture = engine.canvas().paint(regions)
        torch.testing.assert_close(picture.double(), plain(generator, regions), atol=TOLERANCE, rtol=0)


def test_weights_too_large_for_a_cache(monkeypatch: pytest.MonkeyPatch, generator: Generator) -> None:
    monkeypatch.setattr(operations, "STREAMED", 0)
    engine, regions = GeneratorEngine(generator), painted(1, 20, 36, 5, vectors=3, noise_grain=7)
    picture = engine.canvas().paint(regions)
    torch.testing.assert_close(picture.double(), plain(generator, regions), atol=TOLERANCE, rtol=0)
    several = engine.render([(engine.canvas(), painted(2, 20, 36, 3, 1, 1)), (engine.canvas(), regions)])
    assert torch.equal(several[1], picture)


def test_golden_picture() -> None:
    """The same values as the plain network."""
    engine = GeneratorEngine(fill(Generator(SMALL)))
    labels = scene(8, 12)[0]
    z = torch.linspace(-1, 1, NOISE_DIM)[None]
    picture = engine.canvas().paint(find_regions(labels, z, torch.zeros_like(labels), 4))
    torch.testing.assert_close(picture[:, 4, 6], GOLDEN_PIXEL, atol=1e-5, rtol=0)


class Painter:
    """Someone who edits a picture: labels, and noise by regions with seeds from a few, so that they come back."""

    def __init__(self) -> None:
        self.seeds = [0, 1, 2]
        self.resize(1)

    def resize(self, seed: int) -> None:
        height, width = 4 * (1 + seed % 6), 4 * (1 + seed // 6 % 7)
        self.labels = random_labels(seed, 1, height, width, 1 + seed % 9)[0]
        self.rows = torch.zeros_like(self.labels)
        self.rows[: height // 2, width // 3 :] = 1
        self.rows[height // 2 :, : width // 2] = 2

    def relabel(self, seed: int) -> None:
        height, width = self.labels.shape
        self.labels = random_labels(seed, 1, height, width, 1 + seed % 9)[0]

    def dab(self, seed: int) -> None:
        y, x = seed % self.labels.shape[0], seed // 7 % self.labels.shape[1]
        radius = 1 + seed % 3
        self.labels[max(0, y - radius) : y + radius, max(0, x - radius) : x + radius] = seed % CLASSES

    def reroll_all(self, seed: int) -> None:
        self.seeds = [seed % 11, *self.seeds[1:]]

    def reroll_one(self, seed: int) -> None:
        self.seeds[1 + seed % 2] = seed % 5  # often the seed of another region

    def move_noise(self, seed: int) -> None:
        self.rows = torch.roll(self.rows, seed % 5, dims=seed % 2)

    def nothing(self, seed: int) -> None:
        pass

    def regions(self) -> Regions:
        return regions_of(self.labels.clone(), self.rows.clone(), self.seeds)


EDITS = [Painter.relabel, Painter.dab, Painter.dab, Painter.reroll_all, Painter.reroll_one, Painter.move_noise]
EDITS += [Painter.resize, Painter.nothing]
edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 2**31)), min_size=1, max_size=12)
# (patterns.MANY, slots.SPARE): as they are, forgetting what can be forgotten, forgetting at every edit, starting over.
memories = st.sampled_from([(patterns.MANY, slots.SPARE), (0, 0), (-(2**31), slots.SPARE), (patterns.MANY, -(2**31))])


@given(edits, memories, rules, limits)
@settings(max_examples=150)
def test_a_canvas_paints_what_a_new_one_would(
    one_engine: GeneratorEngine,
    edits: list[Any],
    memory: tuple[int, int],
    rule: str,
    limit: Limits,
) -> None:
    painter, canvas, before = Painter(), one_engine.canvas(), []
    with pytest.MonkeyPatch.context() as patch, ruled(rule):
        patch.setattr(patterns, "MANY", memory[0])
        patch.setattr(slots, "SPARE", memory[1])
        for edit, seed in edits:
            edit(painter, seed)
            fresh = one_engine.canvas().paint(painter.regions())
            with ruled(rule, limit):
                picture = canvas.paint(painter.regions())
            assert torch.equal(picture, fresh), edit
            before.append((picture, picture.clone()))
    assert all(torch.equal(picture, copied) for picture, copied in before)  # later edits leave earlier pictures alone


@pytest.mark.parametrize(
    "seeds", [[(1, 1), (1, 2)], [(1, 1), (2, 3)], [(1, 2), (2, 2), (2, 3), (1, 3)], [(1, 2), (2, 1)]]
)
def test_noise_regions_of_one_seed_part_and_meet(one_engine: GeneratorEngine, seeds: list[tuple[int, int]]) -> None:
    labels = torch.zeros(8, 8, dtype=torch.int64)
    rows = (torch.arange(8) // 4).expand(8, -1)
    canvas = one_engine.canvas()
    for pair in seeds:
        regions = regions_of(labels, rows, pair)
        assert torch.equal(canvas.paint(regions), one_engine.canvas().paint(regions))


def test_noise_alone_keeps_the_patterns(one_engine: GeneratorEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new vector for one region computes rows for patterns in which it occurs, and none where it does not."""
    computed: list[int] = []
    original = operations.sum_rows

    def counted(
        table: Tensor, rows: Tensor, bias: Tensor, output: Tensor, which: Tensor | range, **options: Any
    ) -> None:
        computed.append(len(which))
        original(table, rows, bias, output, which, **options)

    monkeypatch.setattr(levels, "sum_rows", counted)
    labels = random_labels(3, 1, 48, 48, 9)[0]
    rows = torch.zeros_like(labels)
    rows[:4, :4] = 1
    with ruled("tables"):
        canvas = one_engine.canvas()
        canvas.paint(regions_of(labels, rows, [1, 2]))
        all_rows = sum(computed)
        computed.clear()
        canvas.paint(regions_of(labels, rows, [1, 3]))
        assert 0 < sum(computed) < all_rows / 3
        computed.clear()
        canvas.paint(regions_of(labels, rows, [1, 3]))
        assert sum(computed) == 0
        labels = labels.clone()
        labels[44:46, 44:46] = (labels[45, 45] + 1) % CLASSES
        canvas.paint(regions_of(labels, rows, [1, 3]))
        assert 0 < sum(computed) < all_rows / 3


def test_a_batch_changes_no_byte(engine: GeneratorEngine) -> None:
    jobs = [painted(seed, 16, 24, 1 + 4 * seed, vectors=1 + seed, noise_grain=5) for seed in range(4)]
    together = engine.render([(engine.canvas(), regions) for regions in jobs])
    assert together.shape == (4, 3, 16, 24)
    for picture, regions in zip(together, jobs, strict=True):
        assert torch.equal(picture, engine.canvas().paint(regions))


@pytest.mark.parametrize("limit", LIMITS[1:], ids=["strips", "tight", "mixed"])
@pytest.mark.parametrize("rule", RULES)
def test_strips_change_no_byte(engine: GeneratorEngine, rule: str, limit: Limits) -> None:
    jobs = [painted(seed, 44, 28, 1 + 6 * seed, vectors=1 + 30 * seed, noise_grain=3) for seed in range(3)]
    with ruled(rule):
        expected = [engine.canvas().paint(regions) for regions in jobs]
    with ruled(rule, limit):
        for regions, picture in zip(jobs, expected, strict=True):
            assert torch.equal(engine.canvas().paint(regions), picture)
        together = engine.render([(engine.canvas(), regions) for regions in jobs])
    assert torch.equal(together, torch.stack(expected))


def test_threads_change_no_byte(engine: GeneratorEngine) -> None:
    regions, found = painted(1, 32, 44, 5, vectors=3, noise_grain=7), []
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(engine.canvas().paint(regions))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(*found)


def test_engines_do_not_disturb_each_other(generator: Generator, engine: GeneratorEngine) -> None:
    """Another model, several canvases, several threads at once, each with its own idea of how many to use."""
    other = GeneratorEngine(copy.deepcopy(generator).apply(_louder))
    jobs = [painted(seed, 20, 24, 6, vectors=2, noise_grain=5) for seed in range(8)]
    expected = [(engine.canvas().paint(regions), other.canvas().paint(regions)) for regions in jobs]

    def paint(number: int) -> bool:
        torch.set_num_threads(1 + number % 2)  # for this thread
        one, two, twin = engine.canvas(), other.canvas(), engine.canvas()
        return all(
            torch.equal(one.paint(jobs[i]), expected[i][0])
            and torch.equal(two.paint(jobs[i]), expected[i][1])
            and torch.equal(twin.paint(jobs[-1 - i]), expected[-1 - i][0])
            for i in range(number, len(jobs))
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(paint, range(8)))
    assert not torch.equal(*expected[0])


def test_an_engine_keeps_its_weights(generator: Generator) -> None:
    trained, regions = copy.deepcopy(generator), painted(1, 12, 20, 5, vectors=2, noise_grain=5)
    engine = GeneratorEngine(trained)
    canvas = engine.canvas()
    before = canvas.paint(regions)
    trained.apply(_louder)
    for picture in (canvas.paint(regions), engine.canvas().paint(regions)):
        assert torch.equal(picture, before)
    torch.testing.assert_close(
        GeneratorEngine(trained).canvas().paint(regions).double(), plain(trained, regions), atol=TOLERANCE, rtol=0
    )


@torch.no_grad()
def _louder(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d) and module.bias is not None:
        module.bias.add_(0.1)
    if isinstance(module, nn.BatchNorm2d):
        assert module.running_mean is not None
        module.running_mean.add_(0.1)


def test_many_strokes_do_not_pile_up(one_engine: GeneratorEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before an edit at most twice the patterns in use are remembered (and MANY), and an edit adds no more than it
    uses; a table has room for half as many again. So it is with slots."""
    many, spare = 10, 5
    monkeypatch.setattr(patterns, "MANY", many)
    monkeypatch.setattr(slots, "SPARE", spare)
    painter, canvas = Painter(), one_engine.canvas()
    painter.resize(35)
    peaks: dict[tuple[int, int], int] = {}
    for stroke in range(300):
        (painter.dab if stroke % 5 else painter.reroll_all)(7919 * stroke)
        painter.seeds[1:] = [stroke, 2 * stroke] if stroke % 3 == 0 else painter.seeds[1:]
        canvas.paint(painter.regions())
        for level in canvas.levels:
            kinds = (level.patterns.small, level.patterns.large)
            peaks[level.size] = max(peaks.get(level.size, 0), *(kind.used for kind in kinds))
            limit = 3 * peaks[level.size] + many
            assert all(kind.count <= limit for kind in kinds)
            parts: list[Any] = [*level._region_tables(), *level._spades.values()]
            tables = [part.rows for part in parts]
            assert all(len(table(0)) <= 1.5 * limit for table in tables)
            slots_limit = 3 * len(painter.seeds) * CLASSES + spare
            assert all(len(part._taps(0)) <= 1.5 * slots_limit for part in level._region_tables())


def test_sizes_that_do_not_fit_are_refused(one_engine: GeneratorEngine) -> None:
    canvas, regions = one_engine.canvas(), painted(1, 8, 12, 3, 2, 4)
    before = canvas.paint(regions)
    with pytest.raises(ValueError, match="10x8.*multiples of 4"):
        canvas.paint(painted(1, 8, 10, 3, 2, 4))
    with pytest.raises(ValueError, match=r"one size.*\(8, 12\).*\(12, 8\)"):
        one_engine.render([(canvas, regions), (one_engine.canvas(), painted(1, 12, 8, 3, 2, 4))])
    assert torch.equal(canvas.paint(regions), before)


def test_a_canvas_goes_with_its_last_user(one_engine: GeneratorEngine) -> None:
    canvas = one_engine.canvas()
    canvas.paint(painted(1, 8, 12, 3, 2, 4))
    gone = weakref.ref(canvas)
    assert isinstance(gone(), Canvas)
    del canvas
    gc.collect()
    assert gone() is None
