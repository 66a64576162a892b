"""The memory that engines work in."""

import torch
from torch import Tensor

KEPT_BYTES = 320 * 2**20  # more than this is given back after a picture; one of 1024x1024 takes some 250 MB


class Arena:
    """Memory for what lives no longer than a picture, kept from picture to picture."""

    def __init__(self) -> None:
        self._buffers: dict[str, Tensor] = {}

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return sum(buffer.nbytes for buffer in self._buffers.values())

    def floats(self, name: str, count: int) -> Tensor:
        """float32 [count], holding anything; the same memory for the same name."""
        if name not in self._buffers or len(self._buffers[name]) < count:
            self._buffers.pop(name, None)  # before more is taken
            self._buffers[name] = torch.empty(count)
        return self._buffers[name][:count]

    def pixels(self, name: str, pixels: int, channels: int) -> Tensor:
        """float32 [pixels, channels], holding anything."""
        return self.floats(name, pixels * channels).view(pixels, channels)

    def release(self) -> int:
        """Give the memory back if it is much; returns how many bytes."""
        held = self.nbytes
        if held <= KEPT_BYTES:
            return 0
        self._buffers.clear()
        return held


SHARED = Arena()
"""That of all engines in this process, to be used within `kernel_threads`: only one of them works at a time."""
