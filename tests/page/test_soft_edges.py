"""Rings of soft edges as sent to the server, compared with rings made in Python."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from models.noise import NoiseSpec, slerp
from tests.page.node import run

RINGS = """
const { wireContent } = await load('document/wire-noise');
const { noise, regions } = wireContent({ ...argument, regions: Uint8Array.from(argument.regions) });
return JSON.stringify({ noise, regions: [...regions] });
"""


def wire(regions: np.ndarray, noise: dict[str, Any]) -> tuple[NoiseSpec, dict[str, Any], np.ndarray]:
    """What the page would send of a region map [H, W]."""
    argument = {"width": regions.shape[1], "regions": regions.flatten().tolist(), "noise": noise}
    sent = json.loads(str(run(RINGS, argument)))
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


def test_rings_follow_the_distance_from_the_edge(maps: list[np.ndarray]) -> None:
    for regions in maps:
        feathers = {1: 5, 2: 0, 3: 64, 4: 1}
        ids = [int(id) for id in np.unique(regions) if id]
        noise = {"seed": 7, "regions": [{"id": id, "seed": id, "classId": None, "feather": feathers[id]} for id in ids]}
        spec, sent, ringed = wire(regions, noise)
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


def test_the_noise_of_rings_approaches_the_global_noise() -> None:
    regions = np.zeros((32, 32), np.uint8)
    regions[4:28, 4:28] = 9
    blend = [{"seed": 5, "t": 0.5}]
    region = {"id": 9, "seed": 3, "classId": None, "blend": blend, "feather": 6}
    spec, sent, _ = wire(regions, {"seed": 1, "regions": [region]})
    base, core, *rings = spec.vectors()
    assert len(rings) == 6
    for i, vector in enumerate(rings):
        np.testing.assert_allclose(vector, slerp(core, base, 1 - (i + 1) / 7), atol=1e-6)
    assert all(each["blend"][:1] == blend for each in sent["regions"])


def test_rings_share_the_free_ids() -> None:
    regions = np.zeros((64, 64), np.uint8)
    regions.flat[:250] = np.arange(1, 251)
    regions[20:60, 4:30] = 251
    regions[20:60, 34:60] = 252
    noise: dict[str, Any] = {"seed": 1, "regions": [{"id": id, "seed": id, "classId": None} for id in range(1, 253)]}
    for region in noise["regions"][-2:]:
        region["feather"] = 10
    spec, _, ringed = wire(regions, noise)
    assert len(spec.regions) == 254 and set(np.unique(ringed)) - set(range(253)) <= {253, 254, 255}


def test_without_soft_edges_maps_are_sent_unchanged(maps: list[np.ndarray]) -> None:
    noise = {"seed": 4, "regions": [{"id": 1, "seed": 2, "classId": 3, "name": "Lake", "locked": True}]}
    _, sent, same = wire(maps[0], noise)
    assert np.array_equal(same, maps[0])
    assert sent == {"seed": 4, "regions": [{"id": 1, "seed": 2, "blend": []}]}
