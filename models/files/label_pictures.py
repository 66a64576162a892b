"""Class ids in the pixels of PNG files, by the same rules for the server, the trainer and project files.

frontend/static/js/formats/labels.js has these rules, too.
"""

from collections.abc import Mapping

import numpy as np
from PIL import Image

from models.files.picture_files import PictureError, load_pixels

DEPTH, COLOR_TYPE = 24, 25
"""Offsets of the bits per sample and of the color type in a PNG file: the header is always the first chunk."""
GRAY, PALETTE, GRAY_ALPHA, RGB_ALPHA = 0, 3, 4, 6
"""Color types."""


def read_ids(image: Image.Image, data: bytes, classes: Mapping[int, str]) -> np.ndarray:
    """Class ids of a label map. Whether a gray value or a palette index is a class is not checked.

    The values of gray are ids. Those of a palette are, too, unless it has the class colors in another order. A picture
    in colors has the colors of classes, or else ids in three equal channels, as painting programs save gray. An alpha
    channel must be opaque.

    Args:
        image: A PNG, opened, not decoded.
        data: Its file.
        classes: Colors '#rrggbb' by class id.

    Returns:
        uint8 or uint16 [H, W].

    Raises:
        PictureError: It is damaged, or no label map.
    """
    depth, kind = data[DEPTH], data[COLOR_TYPE]
    if depth == 16 and kind != GRAY:
        raise PictureError("has 16 bits a sample in color: save it as gray, or with 8 bits a sample")
    load_pixels(image)
    if kind == GRAY:
        return stored_values(image, depth)
    values: np.ndarray = np.asarray(image)
    if kind == PALETTE:
        return ids_of_palette(values, image, classes)
    if kind in (GRAY_ALPHA, RGB_ALPHA) and values[..., -1].min() < 255:
        raise PictureError("has transparent pixels, which belong to no class: fill them, and save it without alpha")
    if kind == GRAY_ALPHA:
        gray: np.ndarray = values[..., 0]
        return gray
    return ids_of_colors(values[..., :3], classes)


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
    palette = pack(np.array(image.getpalette("RGB")).reshape(-1, 3))  # [P]
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


def ids_of_colors(colors: np.ndarray, classes: Mapping[int, str]) -> np.ndarray:
    """Class ids of a picture in the colors of the classes, or with an id in three equal channels.

    Args:
        colors: uint8 [H, W, 3].
        classes: Colors '#rrggbb' by class id.

    Returns:
        uint8 or uint16 [H, W].

    Raises:
        PictureError: It has other colors, or those that several classes share.
    """
    if not classes:
        raise PictureError("has colors, but its classes have none: save one gray or palette channel of class ids")
    ids = np.array(sorted(classes, key=lambda id: int(classes[id][1:], 16)), np.uint16)  # [N], by color
    palette = np.array([int(classes[id][1:], 16) for id in ids.tolist()])  # [N]
    packed = pack(colors)  # [H, W]
    place = np.searchsorted(palette, packed).clip(max=len(palette) - 1)
    unknown = palette[place] != packed
    shared = np.flatnonzero(np.diff(palette) == 0)
    if not unknown.any() and not len(shared):
        found: np.ndarray = ids[place]
        return found
    red: np.ndarray = colors[..., 0]
    if (colors == red[..., None]).all() and np.isin(np.unique(red), ids).all():
        return red
    if len(shared):
        one, other = sorted(ids[shared[0] : shared[0] + 2].tolist())
        raise PictureError(
            f"has colors, but the classes {one} and {other} share {classes[one]}: give each class a color of its own, "
            "or save class ids"
        )
    y, x = np.argwhere(unknown)[0].tolist()
    rgb = np.array([[id >> 16, id >> 8 & 255, id & 255] for id in palette.tolist()])  # [N, 3]
    nearest = int(ids[((rgb - colors[y, x]) ** 2).sum(1).argmin()])
    raise PictureError(
        f"has {unknown.sum()} pixels in colors that no class has, first #{packed[y, x]:06x} at x={x}, y={y} (nearest: "
        f"{classes[nearest]}, class {nearest}): save one gray or palette channel whose value is the class id, or "
        "exactly the colors of the classes, drawn without smoothing"
    )


def pack(colors: np.ndarray) -> np.ndarray:
    """[..., 3] of 0..255 -> int64 [...]: red, green and blue as one number."""
    packed: np.ndarray = colors.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return packed
