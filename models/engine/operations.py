"""The kernels as operations on torch tensors, and the weights in the order they want.

Activations are float32 [pixels, channels], channels padded with zeros to a multiple of `lanes()`; a weight's padded
rows are zero, so the padding stays zero. Nothing is checked here: shapes are the callers' business.
"""

import ctypes
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.engine.arena import Arena
from models.kernels.library import lanes, library
from models.kernels.structures import address, structure

# The structures of the same names in models/kernels/.
_Convolution = structure(
    "Convolution",
    "input index weight bias residual output scratch",
    "batch height width top bottom input_top depth input_stride outputs output_stride residual_stride"
    " upsample residual_upsample pool streamed replicate",
    "slope",
)
_Product = structure("Product", "left weight bias into output", "rows depth columns left_stride output_stride")
_Sums = structure("Sums", "table rows which bias output", "first count width stride rectify")
_Pooling = structure("Pooling", "input output", "rows width channels input_stride output_stride")
_Upsampling = structure("Upsampling", "input output", "images height width channels top bottom")
_Modulation = structure(
    "Modulation", "input plane strength table index output", "height width channels upsample", "slope"
)


def panel() -> int:
    """Columns of a packed weight are padded to a multiple of this."""
    return ctypes.c_int.in_dll(library(), "panel").value


def padded(channels: int) -> int:
    return -(-channels // lanes()) * lanes()


def pad_rows(weight: Tensor, rows: int) -> Tensor:
    """Zero rows appended to weight [O, ...], up to `rows`."""
    return F.pad(weight, (*[0, 0] * (weight.dim() - 1), 0, rows - len(weight)))


def pad_inputs(weight: Tensor, parts: tuple[int, ...]) -> Tensor:
    """Zeros in weight [O, K, ...] where its inputs, `parts` channels side by side, are padded."""
    filled = [
        pad_rows(part.transpose(0, 1), padded(part.shape[1])).transpose(0, 1)
        for part in torch.split(weight, list(parts), 1)
    ]
    return torch.cat(filled, dim=1)


def pack(weight: Tensor) -> Tensor:
    """A matrix [..., O, K] -> panels [..., O / PANEL, K, PANEL], O padded."""
    outputs = weight.shape[-2]
    columns = -(-outputs // panel()) * panel()
    filled = F.pad(weight, (0, 0, 0, columns - outputs))
    panels = filled.view(*weight.shape[:-2], -1, panel(), weight.shape[-1])
    return panels.transpose(-1, -2).contiguous().float()


# Winograd F(4x4, 3x3) at the points 0, +-a, +-b, infinity of models/kernels/winograd.cpp.
_A, _B = 0.75, 1.5
STREAMED = 2 << 20  # transformed weights, in floats, that no cache holds


def _filter_transform() -> Tensor:
    """G [6, 3]: a kernel's three taps to its values at the six points, each over the point's Lagrange denominator."""
    a, b = _A * _A, _B * _B
    rows = [[1 / (a * b), 0.0, 0.0]]
    for point, denominator in ((_A, 2 * a * (a - b)), (_B, 2 * b * (b - a))):
        for x in (point, -point):
            rows.append([1 / denominator, x / denominator, x * x / denominator])
    return torch.tensor([*rows, [0.0, 0.0, 1.0]], dtype=torch.float64)


def pack_transformed(weight: Tensor) -> Tensor:
    """A 3x3 kernel [O, K, 3, 3] -> the weights of its 36 products [36, O / PANEL, K, PANEL]."""
    transform = _filter_transform()
    points = torch.einsum("ia,jb,okab->ijok", transform, transform, weight.double())
    return pack(points.flatten(0, 1))


def pack_taps(weight: Tensor) -> Tensor:
    """A 3x3 kernel [O, K, 3, 3] -> [9, O / PANEL, K, PANEL]."""
    return pack(weight.permute(2, 3, 0, 1).flatten(0, 1))


@dataclass(frozen=True)
class Convolution:
    """A 3x3 convolution that keeps the size, ready to run.

    weight: of pack_transformed or, if streamed, of pack_taps, transformed again every time; bias: [outputs]; replicate:
    beyond the borders stand the pixels at the borders, not zeros.
    """

    weight: Tensor
    bias: Tensor
    depth: int
    streamed: bool
    replicate: bool

    @classmethod
    def of(cls, weight: Tensor, bias: Tensor, *, replicate: bool = False) -> "Convolution":
        """From a kernel [O, K, 3, 3] and bias [O]."""
        outputs = padded(len(weight))
        if 36 * outputs * weight.shape[1] >= STREAMED:
            return cls.streamed_of(weight, bias, replicate=replicate)
        transformed = pack_transformed(pad_rows(weight, outputs))
        return cls(transformed, pad_rows(bias, outputs).float(), weight.shape[1], False, replicate)

    @classmethod
    def streamed_of(cls, weight: Tensor, bias: Tensor, *, replicate: bool = False) -> "Convolution":
        """The same in the form that takes a quarter of the memory."""
        outputs = padded(len(weight))
        taps = pack_taps(pad_rows(weight, outputs))
        return cls(taps, pad_rows(bias, outputs).float(), weight.shape[1], True, replicate)

    @property
    def outputs(self) -> int:
        return len(self.bias)

    def __call__(
        self,
        source: Tensor,
        output: Tensor,
        shape: tuple[int, int, int],
        scratch: Arena,
        *,
        index: Tensor | None = None,
        residual: Tensor | None = None,
        upsample: bool = False,
        residual_upsample: bool = False,
        pool: bool = False,
        slope: float = 1.0,
        rows: tuple[int, int] | None = None,
        input_top: int = 0,
    ) -> Tensor:
        """output [pixels, ...] of source [pixels, ...] (looked up by int32 index, if any) at shape (batch, height,
        width); pixels may be parts of longer ones. upsample: source has half the size; pool: the mean of 2x2 outputs;
        slope: of a leaky ReLU before. rows: of one picture only those from a multiple of 4 on to another or the end, of
        which output and residual consist; input_top: the row that source or index begins with. Returns output."""
        top, bottom = rows or (0, shape[1])
        job = _Convolution(
            source.data_ptr(),
            address(index),
            self.weight.data_ptr(),
            self.bias.data_ptr(),
            address(residual),
            output.data_ptr(),
            None,
            *shape,
            top,
            bottom,
            input_top,
            self.depth,
            source.stride(0),
            self.outputs,
            output.stride(0),
            0 if residual is None else residual.stride(0),
            upsample,
            residual_upsample,
            pool,
            self.streamed,
            self.replicate,
            slope,
        )
        job.scratch = scratch.floats("scratch", library().scratch_floats(ctypes.byref(job))).data_ptr()
        library().convolve(ctypes.byref(job))
        return output


@dataclass(frozen=True)
class Product:
    """A matrix product with a weight, that is a 1x1 convolution. weight: of pack; bias: [outputs] or None."""

    weight: Tensor
    bias: Tensor | None
    depth: int
    outputs: int

    @classmethod
    def of(cls, weight: Tensor, bias: Tensor | None = None) -> "Product":
        """From a matrix [O, K] and bias [O]."""
        outputs = padded(len(weight))
        filled = None if bias is None else pad_rows(bias, outputs).float()
        return cls(pack(pad_rows(weight, outputs)), filled, weight.shape[1], outputs)

    def __call__(self, left: Tensor, output: Tensor, into: Tensor | None = None) -> Tensor:
        """output [rows, outputs] of left [rows, >= depth]; returns output. into: int32, the rows of output to write."""
        job = _Product(
            left.data_ptr(),
            self.weight.data_ptr(),
            address(self.bias),
            address(into),
            output.data_ptr(),
            len(left),
            self.depth,
            self.outputs,
            left.stride(0),
            output.stride(0),
        )
        library().multiply(ctypes.byref(job))
        return output


def sum_rows(
    table: Tensor, rows: Tensor, bias: Tensor, output: Tensor, which: Tensor | range, *, rectify: bool = False
) -> None:
    """output[p] = bias + the sum over k of table[rows[p, k], k], for patterns p in `which`.

    table: [ids, 9 * width], or [ids, 9, width] as a part of a wider one; rows: int32 [P, 9], -1 = none; output:
    [P, width]; which: a range or int32 [n].
    """
    listed = None if isinstance(which, range) else which
    first = which.start if isinstance(which, range) else 0
    job = _Sums(
        table.data_ptr(),
        rows.data_ptr(),
        address(listed),
        bias.data_ptr(),
        output.data_ptr(),
        first,
        len(which),
        output.shape[1],
        table.stride(0) // 9,
        rectify,
    )
    library().sum_rows(ctypes.byref(job))


def modulate(
    source: Tensor,
    table: Tensor,
    index: Tensor | None,
    output: Tensor,
    size: tuple[int, int],
    *,
    plane: Tensor | None = None,
    strength: Tensor | None = None,
    upsample: bool = False,
    slope: float = 1.0,
) -> None:
    """output = leaky ReLU((source + plane * strength) * scale + shift), one image of `size`; [pixels, C] each.

    table: [rows, 2 C], scale then shift, the row of each pixel by int32 index, without which there is one a pixel.
    plane: [pixels] and strength: [C], both or neither.
    """
    job = _Modulation(
        source.data_ptr(),
        address(plane),
        address(strength),
        table.data_ptr(),
        address(index),
        output.data_ptr(),
        *size,
        output.shape[1],
        upsample,
        slope,
    )
    library().modulate(ctypes.byref(job))


def pool(source: Tensor, output: Tensor, width: int) -> Tensor:
    """output [pixels / 4, C] = the mean of 2x2 of source [pixels, C] with rows of 2 * width; returns output."""
    rows = len(output) // width
    channels, strides = output.shape[1], (source.stride(0), output.stride(0))
    job = _Pooling(source.data_ptr(), output.data_ptr(), rows, width, channels, *strides)
    library().pool(ctypes.byref(job))
    return output


def upsample_bilinear(
    source: Tensor, output: Tensor, shape: tuple[int, int, int], rows: tuple[int, int] | None = None
) -> Tensor:
    """output [pixels, C] = source [pixels / 4, C] in double size, bilinear. shape: images, height and width of the
    output; rows: only those from the first to before the second, of which output consists. Returns output."""
    job = _Upsampling(source.data_ptr(), output.data_ptr(), *shape, output.shape[1], *(rows or (0, shape[1])))
    library().upsample(ctypes.byref(job))
    return output
