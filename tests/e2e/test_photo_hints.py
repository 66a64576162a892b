"""Hints from the discriminator: when they are requested, and how they are shown."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from tests.e2e.studio import BlockedRequests, Studio

ASK = """const { hints } = await load('server/hints');
  const model = { id: 'tiny' };
  const picture = new ImageData(4, 2);
  picture.data.fill(200);
  const found = await hints(model, { width: 4, labels: Uint8Array.of(1, 1, 2, 2, 1, 1, 2, 2) }, picture);
  const { realism, fidelity } = found.maps;
  return { ...found, classes: [...found.classes], maps: { realism: [...realism], fidelity: [...fidelity] } };"""


def gray(values: list[list[int]]) -> str:
    file = io.BytesIO()
    Image.fromarray(np.array(values, np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_hints_are_requested_with_labels_and_picture(studio: Studio) -> None:
    asked: list[bytes] = []
    answer = {
        "realism": 0.25,
        "fidelity": 0.75,
        "classes": [{"id": 2, "pixels": 4, "agreement": 0.5}, {"id": 1, "pixels": 4, "agreement": 1.0}],
        "maps": {"realism": gray([[0, 1, 2, 3], [4, 5, 6, 7]]), "fidelity": gray([[255] * 4, [9] * 4])},
    }

    def serve(route) -> None:
        asked.append(route.request.post_data_buffer)
        route.fulfill(json=answer)

    studio.page.route("**/api/models/tiny/inspect", serve)
    found = studio.run(ASK)
    assert found["realism"] == 0.25 and found["fidelity"] == 0.75
    assert found["classes"] == [[2, 0.5], [1, 1.0]]
    assert found["maps"] == {"realism": list(range(8)), "fidelity": [255] * 4 + [9] * 4}
    body = asked[0]
    assert b'name="labels"' in body and b'name="picture"' in body and body.count(b"\x89PNG") == 2


MAP = np.zeros((64, 64), np.uint8)
MAP[:10] = 255
ANSWER = {
    "realism": 0.25,
    "fidelity": 0.5,
    "classes": [{"id": 1, "pixels": 9, "agreement": 0.9}, {"id": 3, "pixels": 9, "agreement": 0.2}],
    "maps": {"realism": gray(MAP.tolist()), "fidelity": gray((255 - MAP).tolist())},
}
INSPECT = "**/api/models/tiny/inspect"


def legend(studio: Studio) -> Locator:
    return studio.page.locator("#legend")


def hints(studio: Studio) -> Locator:
    """The part of the panel, open."""
    studio.page.locator("#hints summary").click()
    return studio.page.locator("#hints")


def test_hints_lie_over_the_photo_with_a_legend(studio: Studio) -> None:
    studio.page.route(INSPECT, lambda route: route.fulfill(json=ANSWER))
    panel = hints(studio)
    panel.get_by_role("button", name="Realism").click()
    expect(legend(studio)).to_contain_text("Realism 25 %")
    overlay = studio.pixels("#overlay")
    assert (overlay[:10, :, 3] == 0).all() and (overlay[10:, :, 3] > 128).all(), "the worse the more of it"
    assert studio.page.locator("#photo-pane #overlay").is_visible()

    panel.get_by_role("button", name="Fidelity").click()
    expect(legend(studio)).to_contain_text("Label fidelity 50 %")
    overlay = studio.pixels("#overlay")
    assert (overlay[10:, :, 3] == 0).all() and (overlay[:10, :, 3] > 128).all()
    expect(panel.get_by_role("button", name="Realism")).to_have_attribute("aria-pressed", "false")
    panel.get_by_role("button", name="Fidelity").click()
    expect(legend(studio)).to_be_hidden()
    expect(studio.page.locator("#overlay")).to_be_hidden()


def test_classes_are_listed_least_recognized_first(studio: Studio) -> None:
    studio.page.route(INSPECT, lambda route: route.fulfill(json=ANSWER))
    rows = hints(studio).locator("li button")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("water")
    expect(rows.nth(0)).to_contain_text("20 %")
    expect(rows.nth(1)).to_contain_text("sky")
    rows.nth(0).click()
    expect(studio.page.locator(".class", has_text="water")).to_have_attribute("aria-pressed", "true")


def test_the_real_server_gives_hints(studio: Studio) -> None:
    hints(studio).get_by_role("button", name="Fidelity").click()
    expect(legend(studio)).to_contain_text(" %")
    assert studio.pixels("#overlay")[..., 3].any()


def test_hints_are_requested_for_the_newest_picture_and_late_answers_are_dropped(studio: Studio) -> None:
    held = BlockedRequests(studio, INSPECT)
    panel = hints(studio)
    panel.get_by_role("button", name="Realism").click()
    held.wait()
    expect(legend(studio)).to_contain_text("…")
    studio.choose_class("earth")
    with studio.page.expect_event("requestfailed"):
        studio.stroke((20, 20), (40, 40))
    studio.settle()
    held.waiting.pop(0).fulfill(json=ANSWER)
    held.wait()
    expect(legend(studio)).to_contain_text("…")
    held.waiting.pop(0).fulfill(json=ANSWER | {"realism": 0.75})
    expect(legend(studio)).to_contain_text("Realism 75 %")


def test_hints_of_an_older_picture_or_document_are_not_shown(studio: Studio) -> None:
    studio.page.route(INSPECT, lambda route: route.fulfill(json=ANSWER))
    panel = hints(studio)
    panel.get_by_role("button", name="Realism").click()
    expect(legend(studio)).to_contain_text("25 %")
    row = panel.get_by_role("button", name="water")
    row.focus()
    studio.press("p")
    studio.press("r")
    expect(legend(studio)).to_contain_text("…")
    expect(studio.page.locator("#overlay")).to_be_hidden()
    expect(row).to_contain_text("…")
    expect(row).to_be_focused()
    studio.page.evaluate("document.querySelector('[data-action=new-project]').click()")
    expect(panel.locator("li")).to_have_count(0)
    studio.press("p")
    expect(row).to_contain_text("20 %")
    studio.settle()


def test_hints_are_requested_only_while_displayed(studio: Studio) -> None:
    asked: list[Route] = []
    studio.page.route(INSPECT, lambda route: asked.append(route))
    studio.stroke((20, 20), (40, 40))
    studio.settle()
    studio.page.wait_for_timeout(800)
    assert asked == []


def test_a_failing_server_is_reported_once(studio: Studio) -> None:
    error = {"error": {"code": "busy", "message": "The segmenter is out."}}
    studio.page.route(INSPECT, lambda route: route.fulfill(status=500, json=error))
    hints(studio).get_by_role("button", name="Realism").click()
    studio.toast("The segmenter is out.")
    studio.page.get_by_role("button", name="Dismiss").click()
    with studio.page.expect_response(INSPECT):
        studio.press("r")
    studio.settle()
    studio.page.wait_for_timeout(200)
    assert studio.page.locator(".toast").count() == 0
    studio.errors.clear()
