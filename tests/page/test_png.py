"""Label maps as PNG, exchanged with other programs in both directions."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from tests.page.node import run


def test_png_of_any_depth_decodes_to_its_ids() -> None:
    draw = np.random.default_rng(2)
    files, expected = [], []
    for bits, mode in [(1, "P"), (2, "P"), (4, "P"), (8, "P"), (8, "L")]:
        for width, height in [(1, 1), (7, 5), (64, 33)]:
            ids = draw.integers(0, 2**bits, (height, width), dtype=np.uint8)
            picture = Image.fromarray(ids)
            if mode == "P":
                picture = Image.frombytes("P", (width, height), ids.tobytes())
                picture.putpalette([channel for i in range(2**bits) for channel in (i, 255 - i, 9)])
            buffer = io.BytesIO()
            picture.save(buffer, "PNG", bits=bits)
            files.append(base64.b64encode(buffer.getvalue()).decode())
            expected.append(ids.ravel().tolist())
    decoded = run(
        """const { decodePng } = await load('formats/png');
        return Promise.all(argument.map(async file => [...(await decodePng(unpacked(file))).ids]));""",
        files,
    )
    assert decoded == expected


def test_png_written_by_the_page_reads_back_everywhere() -> None:
    draw = np.random.default_rng(3)
    for height, width in [(1, 1), (3, 200), (64, 64)]:
        ids = draw.integers(0, 256, (height, width), dtype=np.uint8)
        written = run(
            """const { encodePng, decodePng } = await load('formats/png');
            const png = await encodePng(Uint8Array.from(argument.ids), argument.width);
            const again = await decodePng(png);
            return { png: packed(png), again: [...again.ids] };""",
            {"ids": ids.ravel().tolist(), "width": width},
        )
        picture = Image.open(io.BytesIO(base64.b64decode(written["png"])))
        assert picture.mode == "L" and np.array_equal(np.array(picture), ids)
        assert written["again"] == ids.ravel().tolist()
