"""Soft edges: they change the region and nothing outside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.e2e.studio import Studio
from tests.e2e.test_noise import brush_region, changed
from tests.e2e.wire import Sent


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
    seed = int(studio.page.get_by_label("Global seed", exact=True).input_value())
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


def test_a_slider_dragged_back_changes_nothing_and_leaves_no_step_open(studio: Studio) -> None:
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
