"""PNG files of kinds that Pillow does not write."""

from __future__ import annotations

import struct
import zlib

import numpy as np

GRAY, RGB, PALETTE, GRAY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GRAY: 1, RGB: 3, PALETTE: 1, GRAY_ALPHA: 2, RGB_ALPHA: 4}
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    samples: np.ndarray, kind: int = GRAY, *, depth: int = 8, interlaced: bool = False, chunks: tuple[bytes, ...] = ()
) -> bytes:
    """A PNG file.

    samples: integers [H, W] or [H, W, channels] below 2^depth; kind: its color type; chunks: what comes before the
    pixels, such as a palette.
    """
    height, width = samples.shape[:2]
    pixels = samples.reshape(height, width, CHANNELS[kind])
    data = b""
    for left, top, across, down in PASSES if interlaced else ((0, 0, 1, 1),):
        part = pixels[top::down, left::across]
        if part.size:
            data += b"".join(b"\0" + packed(row.ravel(), depth) for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    parts = (chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def packed(row: np.ndarray, depth: int) -> bytes:
    """The first sample in the highest bits."""
    bits = row.astype(np.int64)[:, None] >> np.arange(depth)[::-1] & 1
    return np.packbits(bits.astype(np.uint8).ravel()).tobytes()
