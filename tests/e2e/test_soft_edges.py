"""Soft edges: the rings that travel, against rings made in Python; and the picture outside, which stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.noise import NoiseSpec, slerp
from tests.e2e.studio import Studio
from tests.e2e.test_noise import brush_region, changed
from tests.e2e.wire import Sent

RINGS = """
const { wireContent } = await load('document/wire-noise');
const { noise, regions } = wireContent({ ...argument, regions: Uint8Array.from(argument.regions) });
return JSON.stringify({ noise, regions: [...regions] });
"""


def wire(studio: Studio, regions: np.ndarray, noise: dict[str, Any]) -> tuple[NoiseSpec, dict[str, Any], np.ndarray]:
    """What the page would send of a region map [H, W]."""
    argument = {"width": regions.shape[1], "regions": regions.flatten().tolist(), "noise": noise}
    sent = json.loads(str(studio.run(RINGS, argument)))
    return NoiseSpec.parse(sent["noise"]), sent["noise"], np.array(sent["regions"], np.uint8).reshape(regions.shape)


def depths(regions: np.ndarray) -> np.ndarray:
    """The chamfer distance to the nearest 0, by comparing all with all."""
    outside = np.argwhere(regions == 0)
    depth = np.full(regions.shape, 1e6)  # no edge, no end
    for y, x in np.argwhere(regions != 0) if len(outside) else []:
        steps = np.abs(outside - (y, x))
        depth[y, x] = (steps.max(1) - steps.min(1) + 1.4 * steps.min(1)).min()
    depth[regions == 0] = 0
    return depth


@pytest.fixture(scope="module")
def maps() -> list[np.ndarray]:
    """Region maps [H, W] of discs and boxes with the ids 1 to 4."""
    random, made = np.random.RandomState(0), []
    for width, height in [(48, 40), (33, 64), (64, 16), (24, 24)]:
        regions = np.zeros((height, width), np.uint8)
        rows, columns = np.mgrid[:height, :width]
        for id in range(1, 5):
            y, x, radius = random.uniform((0, 0, 3), (height, width, 18))
            far = np.hypot if id % 2 else np.maximum
            regions[far(np.abs(rows - y), np.abs(columns - x)) < radius] = id
        made.append(regions)
    return [*made, np.ones((8, 8), np.uint8)]


def test_rings_are_those_of_the_distance_from_the_edge(studio: Studio, maps: list[np.ndarray]) -> None:
    for regions in maps:
        feathers = {1: 5, 2: 0, 3: 64, 4: 1}
        ids = [int(id) for id in np.unique(regions) if id]
        noise = {"seed": 7, "regions": [{"id": id, "seed": id, "classId": None, "feather": feathers[id]} for id in ids]}
        spec, sent, ringed = wire(studio, regions, noise)
        assert len({region.id for region in spec.regions}) == len(spec.regions)
        spec.rows(ringed, (regions.shape[0], regions.shape[1]))
        depth = depths(regions)
        own = {region["id"]: region for region in sent["regions"]}
        for id in ids:
            inside = regions == id
            rings = [each for each in sent["regions"] if each["seed"] == id and each["id"] != id]
            breadth = min(feathers[id], depth[inside].max() - 1)
            assert len(rings) == max(0, min(8, int(breadth)))
            assert set(np.unique(ringed[inside])) <= {id, *(ring["id"] for ring in rings)}
            if not rings:
                continue
            place = (depth - 0.5) * len(rings) / breadth
            certain = inside & (np.abs(place - place.round()) > 1e-3)
            for at, ring in enumerate(rings):
                np.testing.assert_array_equal((ringed == ring["id"])[certain], (np.floor(place) == at)[certain])
                assert ring["blend"] == [{"t": pytest.approx(1 - (at + 1) / (len(rings) + 1))}]
            assert (ringed[certain] == id).sum() == (place[certain] >= len(rings)).sum()
        assert np.array_equal(ringed == 0, regions == 0) and set(own) >= set(ids)


def test_the_noise_nears_that_of_everything_step_by_step(studio: Studio) -> None:
    regions = np.zeros((32, 32), np.uint8)
    regions[4:28, 4:28] = 9
    blend = [{"seed": 5, "t": 0.5}]
    region = {"id": 9, "seed": 3, "classId": None, "blend": blend, "feather": 6}
    spec, sent, _ = wire(studio, regions, {"seed": 1, "regions": [region]})
    base, core, *rings = spec.vectors()
    assert len(rings) == 6
    for i, vector in enumerate(rings):
        np.testing.assert_allclose(vector, slerp(core, base, 1 - (i + 1) / 7), atol=1e-6)
    assert all(each["blend"][:1] == blend for each in sent["regions"])


def test_rings_share_the_ids_that_are_left(studio: Studio) -> None:
    regions = np.zeros((64, 64), np.uint8)
    regions.flat[:250] = np.arange(1, 251)
    regions[20:60, 4:30] = 251
    regions[20:60, 34:60] = 252
    noise: dict[str, Any] = {"seed": 1, "regions": [{"id": id, "seed": id, "classId": None} for id in range(1, 253)]}
    for region in noise["regions"][-2:]:
        region["feather"] = 10
    spec, _, ringed = wire(studio, regions, noise)
    assert len(spec.regions) == 254 and set(np.unique(ringed)) - set(range(253)) <= {253, 254, 255}


def test_without_soft_edges_the_maps_travel_as_they_are(studio: Studio, maps: list[np.ndarray]) -> None:
    noise = {"seed": 4, "regions": [{"id": 1, "seed": 2, "classId": 3, "name": "Lake", "locked": True}]}
    _, sent, same = wire(studio, maps[0], noise)
    assert np.array_equal(same, maps[0])
    assert sent == {"seed": 4, "regions": [{"id": 1, "seed": 2, "blend": []}]}


def test_a_soft_edge_changes_the_region_and_nothing_outside(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    sent = Sent(studio)
    studio.open()
    before = studio.photo()
    region = brush_region(studio)
    hard = studio.photo()
    edge = studio.page.get_by_label("Soft edge")
    edge.focus()
    for _ in range(6):
        studio.press("ArrowRight")
    studio.settle()
    assert [len(noise["regions"]) for noise in sent.noises][-1] == 7
    soft = studio.photo()
    assert changed(hard, soft)[region].any() and not changed(before, soft)[~region].any()
    for _ in range(6):
        studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), hard)


def test_render_paints_the_same_soft_edge_as_the_live_picture(studio: Studio) -> None:
    """Variations, exports and timelines ask by HTTP."""
    studio.press("k")
    brush_region(studio)
    edge = studio.page.get_by_label("Soft edge")
    edge.focus()
    for _ in range(5):
        studio.press("ArrowRight")
    studio.settle()
    seed = int(studio.page.get_by_label("Seed of everything", exact=True).input_value())
    own = int(studio.page.get_by_label("Seed of Region 1", exact=True).input_value())
    rows, columns = np.mgrid[:64, :64] + 0.5
    disc = (np.clip(columns, 24, 40) - columns) ** 2 + (rows - 30) ** 2 <= 9**2 + 1e-9
    content = {
        "width": 64,
        "labels": studio.labels().flatten().tolist(),
        "regions": disc.astype(int).flatten().tolist(),
        "noise": {"seed": seed, "regions": [{"id": 1, "seed": own, "classId": None, "feather": 5}]},
    }
    pixels = studio.run(
        "const { render } = await load('server/render');"
        "const { labels, regions, ...rest } = argument;"
        "const maps = { labels: Uint8Array.from(labels), regions: Uint8Array.from(regions) };"
        "return [...(await render({ id: 'tiny' }, { ...rest, ...maps })).data];",
        content,
    )
    assert np.array_equal(np.array(pixels, np.uint8).reshape(64, 64, 4), studio.photo())


def test_a_slider_that_comes_back_has_changed_nothing_and_leaves_nothing_open(studio: Studio) -> None:
    brush_region(studio)
    before = studio.labels()
    box = studio.page.get_by_label("Soft edge").bounding_box()
    assert box
    mouse, y = studio.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 5, y)
    mouse.down()
    mouse.move(box["x"] + 60, y, steps=3)
    mouse.move(box["x"] + 5, y, steps=3)
    mouse.up()
    studio.choose_class("earth")
    studio.press("b")
    studio.stroke((10, 10))
    assert studio.labels()[10, 10] == 4
    studio.press("Control+z")
    assert np.array_equal(studio.labels(), before)
    studio.press("Control+z")
    assert studio.page.locator("#regions li").count() == 0, "there is no empty step"
