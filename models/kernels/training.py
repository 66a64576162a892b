"""The kernels of training as operations on torch tensors (training.cpp). Nothing is checked here but whether they can
be used at all."""

import ctypes
from typing import Any

import torch
from torch import Tensor

from models.kernels.library import available, kernel_threads, lanes, library
from models.kernels.structures import address, structure

_Normalization = structure(
    "Normalization",
    "input given output plane strength table index mean factor sums table_sums",
    "images height width channels rows parts border input_half given_half output_half",
    "slope",
)
_Spreading = structure("Spreading", "given rows table", "patterns width")


def usable(x: Tensor, channels: int) -> bool:
    """Whether the kernels take tensors of the kind of x with so many channels."""
    known = x.device.type == "cpu" and x.dtype in (torch.float32, torch.bfloat16)
    return known and available() and channels % lanes() == 0


def mean_and_variance(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Of each channel of [B, h, w, C], [C] each."""
    with kernel_threads():
        sums = torch.empty(library().sum_parts(), 3, pixels.shape[-1])
        library().normalization_sums(_normalization(pixels, sums=sums))
    count = pixels.numel() // pixels.shape[-1]
    first, second = sums.double().sum(0)[:2] / count  # around the first pixel
    mean = first + pixels.flatten(0, 2)[0].double()
    return mean.float(), (second - first.square()).clamp(min=0).float()


def normalize(pixels: Tensor, output: Tensor, border: bool, slope: float, **given: Tensor | None) -> None:
    """output = leaky ReLU(n + n * gamma + beta) of n = (pixels - mean) * factor + plane * strength.

    pixels: [B, h, w, C]; output: the same or, with a border that repeats what is nearest, [B, h + 2, w + 2, C]. given:
    table [P, 2 C] of gamma and beta, index [B, h, w], mean and factor [C], plane [B, h, w] and strength [C] or None.
    """
    with kernel_threads():
        library().normalize(_normalization(pixels, output=output, border=border, slope=slope, **given))


def normalize_backward(
    pixels: Tensor, gradient: Tensor, border: bool, slope: float, **given: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """From the gradient of the output, those of pixels, of table and of strength; mean and factor are those of the
    pixels. given: as to `normalize`."""
    table, output = given["table"], torch.empty_like(pixels)
    assert table is not None
    with kernel_threads():
        parts = library().sum_parts()
        sums, table_sums = torch.empty(parts, 3, pixels.shape[-1]), torch.zeros(parts, *table.shape)
        given |= {"given": gradient, "output": output, "sums": sums, "table_sums": table_sums}
        job = _normalization(pixels, border=border, slope=slope, **given)
        library().normalize_sums_backward(job)
        total = sums.sum(0)  # [3, C]
        sums[0] = total / (pixels.numel() // pixels.shape[-1])
        library().normalize_backward(job)
    return output, table_sums[0], total[2]


def _normalization(pixels: Tensor, *, border: bool = False, slope: float = 1.0, **tensors: Tensor | None) -> Any:
    """A kernel's arguments, by the names of the structure."""
    images, height, width, channels = pixels.shape
    table, sums = tensors.get("table"), tensors.get("sums")
    halves = {"input": pixels, "given": tensors.get("given"), "output": tensors.get("output")}
    return ctypes.byref(
        _Normalization(
            input=address(pixels),
            **{name: address(tensor) for name, tensor in tensors.items()},
            images=images,
            height=height,
            width=width,
            channels=channels,
            rows=0 if table is None else len(table),
            parts=library().sum_parts() if sums is None else len(sums),
            border=border,
            **{f"{name}_half": t is not None and t.dtype == torch.bfloat16 for name, t in halves.items()},
            slope=slope,
        )
    )


def spread_rows(gradient: Tensor, rows: Tensor, ids: int) -> Tensor:
    """table [ids, 9, width] with table[rows[p, k], k] += gradient[p]. gradient: float32 [P, width], width a multiple of
    lanes(); rows: int64 [P, 9], each less than ids."""
    table = torch.zeros(ids, 9, gradient.shape[1])
    with kernel_threads():
        job = _Spreading(address(gradient), address(rows), address(table), len(gradient), gradient.shape[1])
        library().spread_rows(ctypes.byref(job))
    return table
