"""Gives files to the page, as a user would."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from tests.e2e.studio import Studio

DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector('#photo-pane').dispatchEvent(event);
  }
}"""
PASTE = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
}"""


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def a_photo() -> Image.Image:
    """Sky over a dark wood over water, 300 x 200."""
    rows = np.linspace(0, 1, 200)[:, None, None]
    sky, wood, lake = np.array([120, 180, 240]), np.array([30, 100, 45]), np.array([60, 185, 190])
    plain = np.where(rows < 0.4, sky, np.where(rows < 0.6, wood, lake)) + np.zeros((200, 300, 3))
    grain = np.random.default_rng(0).normal(0, 12, plain.shape)
    return Image.fromarray(np.clip(plain + grain, 0, 255).astype(np.uint8))


def give(studio: Studio, how: str, name: str, kind: str, data: bytes) -> None:
    studio.page.evaluate(how, [name, kind, base64.b64encode(data).decode()])


def choose_file(studio: Studio, action: str, file: tuple[str, str, bytes]) -> None:
    """Chooses a file (name, type, content) in the file dialog of an action."""
    name, kind, data = file
    with studio.page.expect_file_chooser() as chooser:
        studio.page.evaluate("id => document.querySelector(`[data-action='${id}']`).click()", action)
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": data})
