"""The page's GIF writer, read by Pillow."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from tests.page.node import run

GIF = """
  const { Gif } = await load('formats/gif');
  const { Colors } = await load('formats/gif-colors');
  const { width, height, frames, delays } = argument;
  const pictures = frames.map(one => ({ data: unpacked(one), width, height }));
  const colors = new Colors();
  for (const picture of pictures) colors.count(picture);
  colors.choose(255);
  const gif = new Gif(width, height, colors.palette, false);
  pictures.forEach((picture, i) => gif.add(colors.indices(picture), delays[i]));
  return packed(await gif.end().arrayBuffer());
"""


def test_the_gif_writer_handles_noise_and_still_pictures() -> None:
    random = np.random.default_rng(0)
    noisy = random.integers(0, 256, (3, 90, 130, 4), dtype=np.uint8)
    noisy[..., 3] = 255
    plain = np.full((1, 90, 130, 4), 255, np.uint8)
    frames = np.concatenate([noisy, plain, plain, noisy[:1]])
    encoded = [base64.b64encode(one.tobytes()).decode() for one in frames]
    delays = [2, 5, 300, 7, 8, 9]
    data = run(GIF, {"width": 130, "height": 90, "frames": encoded, "delays": delays})
    gif = Image.open(io.BytesIO(base64.b64decode(data)))
    assert gif.size == (130, 90) and "loop" not in gif.info
    seen = []
    for i, delay in enumerate(delays):
        gif.seek(i)
        assert gif.info["duration"] == 10 * delay
        seen.append(np.array(gif.convert("RGB")).astype(int))
    error = np.abs(np.stack(seen) - frames[..., :3])
    assert error[:3].mean() < 20 and error[3].max() < 16
    assert np.array_equal(seen[3], seen[4]) and np.array_equal(seen[0], seen[5])
