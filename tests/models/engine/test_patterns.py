"""Patterns kept from edit to edit describe exactly the map as it is now."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models.engine.patterns import LevelPatterns, PatternRows, number
from tests.models.samples import neighborhoods, random_labels

Size = tuple[int, int]


def assert_describes(patterns: LevelPatterns, ids: Tensor, padding: str = "zeros") -> None:
    """ids: int32 [h, w], the map at the resolution of the patterns."""
    below = ids
    for kind in (patterns.small, patterns.large):
        index = kind.index.view(patterns.size)
        assert torch.equal(kind.rows[index.long()], neighborhoods(below[None], -1, padding)[0])
        assert len(kind.rows) == kind.count == len(torch.unique(kind.rows, dim=0))  # none twice
        assert kind.used == len(torch.unique(index))
        below = index


def assert_forgets(patterns: LevelPatterns) -> None:
    kinds = (patterns.small, patterns.large)
    rows, index = [kind.rows.clone() for kind in kinds], [kind.index.clone() for kind in kinds]
    kept = patterns.forget()
    for kind, old_rows, old_index, keep in zip(kinds, rows, index, kept, strict=True):
        assert torch.equal(keep.long(), torch.unique(old_index).long())  # in their former order
        assert len(keep) == kind.count == kind.used
        assert torch.equal(keep[kind.index.long()], old_index)
        if kind is patterns.large:
            old_rows = torch.searchsorted(kept[0], old_rows).where(old_rows >= 0, -1)  # by their members' new numbers
        assert torch.equal(kind.rows, old_rows[keep.long()].int())


@st.composite
def stories(draw: st.DrawFn) -> tuple[Size, int, list[Tensor | None]]:
    """A size, a step, and maps of step times this size, int32, each an edit of the one before; None: forget."""
    size, step = (draw(st.integers(1, 12)), draw(st.integers(1, 12))), draw(st.sampled_from([1, 2, 4]))
    height, width = size[0] * step, size[1] * step
    ids = torch.zeros(height, width, dtype=torch.int32)
    story: list[Tensor | None] = []
    for _ in range(draw(st.integers(1, 12))):
        edit = draw(st.sampled_from(["rectangle", "rectangle", "pixel", "noise", "before", "forget"]))
        if edit == "forget" and story:
            story.append(None)
            continue
        before = [earlier for earlier in story if earlier is not None]
        if edit == "before" and before:
            ids = draw(st.sampled_from(before)).clone()
        elif edit == "noise":
            random = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
            ids = torch.randint(draw(st.integers(1, 6)), (height, width), generator=random).int()
        else:
            ids = ids.clone()
            top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
            bottom, right = (
                (top + step, left + step)
                if edit == "pixel"
                else (draw(st.integers(top + 1, height)), draw(st.integers(left + 1, width)))
            )
            ids[top:bottom, left:right] = draw(st.integers(0, 300))
        story.append(ids)
    return size, step, story


@given(stories(), st.booleans())
@settings(max_examples=300)
def test_patterns_after_any_edits(story: tuple[Size, int, list[Tensor | None]], replicate: bool) -> None:
    size, step, maps = story
    patterns = LevelPatterns(size, replicate=replicate)
    for ids in maps:
        if ids is None or patterns.small.crowded or patterns.large.crowded:
            assert_forgets(patterns)
        if ids is None:
            continue
        before = [kind.rows.clone() for kind in (patterns.small, patterns.large)]
        patterns.update(ids)
        assert_describes(patterns, ids[::step, ::step], "replicate" if replicate else "zeros")
        for kind, rows in zip((patterns.small, patterns.large), before, strict=True):
            assert torch.equal(kind.rows[: len(rows)], rows)  # a number means the same until it is forgotten


def test_a_map_like_the_one_before_brings_nothing_new() -> None:
    patterns = LevelPatterns((24, 24))
    first, second = (random_labels(seed, 1, 24, 24, grain=8)[0].int() for seed in (1, 2))
    patterns.update(first)
    patterns.update(second)
    counts = patterns.small.count, patterns.large.count
    for ids in (first, second, first):
        patterns.update(ids)
    assert (patterns.small.count, patterns.large.count) == counts


@pytest.mark.parametrize("size", [(1, 1), (5, 9), (16, 16)])
def test_there_is_room_when_every_pixel_has_a_pattern_of_its_own(size: Size) -> None:
    patterns = LevelPatterns(size)
    pixels = patterns.pixels

    def room(kind: PatternRows) -> int:
        return len(kind._rows)

    for edit in range(40):
        if patterns.small.crowded or patterns.large.crowded:
            patterns.forget()
        ids = (torch.arange(pixels) + edit * pixels).view(size).int()
        patterns.update(ids)
        assert_describes(patterns, ids)
        assert patterns.small.count <= room(patterns.small) and patterns.large.count <= room(patterns.large)
    assert patterns.small.used == patterns.large.used == pixels
    assert edit * pixels > room(patterns.small)  # it would not have been enough without forgetting


@given(st.lists(st.integers(-1, 9)))
def test_distinct_ids_are_numbered_in_order(ids: list[int]) -> None:
    values, numbers = number(torch.tensor(ids, dtype=torch.int32), 10)
    assert values.tolist() == list(dict.fromkeys(each for each in ids if each >= 0))
    assert [int(values[n]) if n >= 0 else -1 for n in numbers.tolist()] == ids
