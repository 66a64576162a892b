"""Hints of the discriminator: what is asked, how the answer is read and shown."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from tests.e2e.studio import Studio

ASK = """const { hints } = await load('hints');
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


def test_hints_are_read_from_the_answer_and_asked_with_labels_and_picture(studio: Studio) -> None:
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
