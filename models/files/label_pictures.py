"""Class ids in the pixels of PNG files, by the same rules for the server, the trainer and project files."""

from collections.abc import Mapping

import numpy as np
from PIL import Image

DEPTH = 24
"""Offset of the bits per sample in a PNG file: the header is always the first chunk."""


def stored_values(image: Image.Image, depth: int) -> np.ndarray:
    """The values of a gray or palette picture [H, W] as the file has them.

    Args:
        image: Decoded by Pillow, which stretches gray of less than 8 bits to 0..255.
        depth: Bits per sample in the file.
    """
    values: np.ndarray = np.asarray(image)
    if image.mode == "P" or depth >= 8:
        return values
    levels: np.ndarray = values.astype(np.uint8) * (255 if depth == 1 else 1) // (255 // (2**depth - 1))
    return levels


def ids_of_palette(values: np.ndarray, image: Image.Image, classes: Mapping[int, str]) -> np.ndarray:
    """Class ids of a palette picture: its indices, unless its palette has the class colors in another order.

    Label maps are saved with a palette of class colors. Programs that save one again may sort or shorten the palette,
    which changes the indices and nothing to be seen; then the colors tell the classes. In a palette of any other color,
    the indices are the ids.

    Args:
        values: Palette indices, uint8 [H, W].
        image: The picture, of mode "P".
        classes: Colors '#rrggbb' by class id.

    Returns:
        uint8 [H, W], or uint16 for more than 256 classes.
    """
    palette = _pack(np.array(image.getpalette("RGB"), np.int64).reshape(-1, 3))  # [P]
    colors = {id: int(color[1:], 16) for id, color in classes.items()}
    owners = {color: id for id, color in colors.items()}
    used = np.unique(values).tolist()
    if used[-1] >= len(palette):
        return values
    shown = palette[used].tolist()
    as_written = [colors.get(index) for index in used] == shown
    # Sorting keeps colors apart: a palette that shows several indices alike is not one of classes.
    sorted_again = len(owners) == len(colors) and owners.keys() >= set(shown) and len(set(shown)) == len(shown)
    # One color alone says little, unless the palette was shortened to it.
    telling = len(used) > 1 or len(palette) == 1
    if as_written or not (sorted_again and telling):
        return values
    table = np.arange(256, dtype=np.uint8 if len(colors) <= 256 else np.uint16)
    table[used] = [owners[color] for color in shown]
    ids: np.ndarray = table[values]
    return ids


def _pack(colors: np.ndarray) -> np.ndarray:
    """[..., 3] of 0..255 -> int64 [...]: red, green and blue as one number."""
    packed: np.ndarray = colors @ np.array([1 << 16, 1 << 8, 1])
    return packed
