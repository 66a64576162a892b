"""Every kernel against torch in double precision, and the same bytes whatever is computed beside a value.

Inputs and outputs are about one in size. TOLERANCE is twice what fp32 rounding was measured to do at worst, 2e-5 by
Winograd's transforms of 244 channels; a wrong tap, bias or neighbor is wrong by a tenth and more.
Tensors lie between columns of NaN, which must neither be read nor written.
"""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models.engine.arena import Arena
from models.engine.operations import (
    Convolution,
    Product,
    modulate,
    padded,
    pool,
    sum_rows,
    upsample_bilinear,
)
from models.kernels.library import lanes, library
from models.networks.layers import LEAK

TOLERANCE = 4e-5

Shape = tuple[int, int, int]


@pytest.fixture(autouse=True, params=[1, 2], ids=["one thread", "two threads"])
def _threads(request: pytest.FixtureRequest) -> None:
    library().set_threads(request.param)


def normal(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def part(values: Tensor) -> Tensor:
    """values [rows, C], padded with zeros to a multiple of the lanes, as a part of longer rows."""
    rows, channels = values.shape
    wide = torch.full((rows, padded(channels) + 2 * lanes()), torch.nan)
    wide[:, lanes() : -lanes()] = F.pad(values, (0, padded(channels) - channels))
    return wide[:, lanes() : -lanes()]


def empty(rows: int, channels: int) -> Tensor:
    return part(torch.full((rows, channels), torch.nan))


def assert_beside_untouched(view: Tensor) -> None:
    assert view._base is not None
    assert view._base[:, : lanes()].isnan().all() and view._base[:, -lanes() :].isnan().all()


def rows_of(image: Tensor) -> Tensor:
    """[B, C, h, w] -> [B h w, C]."""
    return image.permute(0, 2, 3, 1).flatten(0, 2)


def image_of(rows: Tensor, shape: Shape) -> Tensor:
    """[B h w, C] -> [B, C, h, w] in double precision."""
    return rows.double().view(*shape, -1).permute(0, 3, 1, 2)


def doubled(image: Tensor) -> Tensor:
    return F.interpolate(image, scale_factor=2, mode="nearest")


def kernel(seed: int, outputs: int, inputs: int) -> tuple[Tensor, Tensor]:
    """Weight [O, K, 3, 3] and bias [O] that keep the size of values."""
    return normal(seed, outputs, inputs, 3, 3) / (9 * inputs) ** 0.5, normal(seed + 1, outputs)


class Case:
    """A convolution of random values: how to run the kernel on some pictures of the batch, and what torch says."""

    def __init__(
        self,
        seed: int,
        shape: Shape,
        inputs: int,
        outputs: int,
        *,
        look_up: int = 0,
        residual: str = "none",
        upsample: bool = False,
        pool: bool = False,
        slope: float = 1.0,
        replicate: bool = False,
    ) -> None:
        self.shape, self.outputs = shape, outputs
        batch, height, width = shape
        self.input_shape = (batch, height // 2, width // 2) if upsample else shape
        self.output_shape = (batch, height // 2, width // 2) if pool else shape
        pixels = self._pixels(self.input_shape)
        self.weight, self.bias = kernel(seed, outputs, inputs)
        self.values = normal(seed + 2, look_up or pixels, inputs)
        random = torch.Generator().manual_seed(seed)
        self.index = torch.randint(look_up, (pixels,), generator=random).int() if look_up else None
        down, right = (n // 2 if residual == "upsampled" else n for n in self.output_shape[1:])
        self.residual_shape = (batch, down, right)
        self.residual = None if residual == "none" else normal(seed + 3, self._pixels(self.residual_shape), outputs)
        self.options = {
            "upsample": upsample,
            "pool": pool,
            "slope": slope,
            "residual_upsample": residual == "upsampled",
        }
        self.padding = "replicate" if replicate else "constant"
        self.convolution = Convolution.of(self.weight, self.bias, replicate=replicate)

    @staticmethod
    def _pixels(shape: Shape) -> int:
        return shape[0] * shape[1] * shape[2]

    def run(self, pictures: slice) -> Tensor:
        """[pixels, outputs] of these pictures of the batch."""
        count = len(range(self.shape[0])[pictures])

        def chosen(rows: Tensor, shape: Shape) -> Tensor:
            return rows.view(shape[0], -1, *rows.shape[1:])[pictures].flatten(0, 1)

        values, index = self.values, self.index
        if index is None:
            values = chosen(values, self.input_shape)
        else:
            index = chosen(index, self.input_shape)
        residual = None if self.residual is None else part(chosen(self.residual, self.residual_shape))
        output = empty(count * self.output_shape[1] * self.output_shape[2], self.outputs)
        shape = (count, *self.shape[1:])
        self.convolution(part(values), output, shape, Arena(), index=index, residual=residual, **self.options)  # type: ignore[arg-type]
        assert_beside_untouched(output)
        assert not output[:, self.outputs :].any()  # padding stays zero
        return output[:, : self.outputs]

    def reference(self) -> Tensor:
        """[pixels, outputs] in double precision."""
        values = self.values if self.index is None else self.values[self.index]
        x = F.leaky_relu(image_of(values, self.input_shape), self.options["slope"])
        x = doubled(x) if self.options["upsample"] else x
        y = F.conv2d(F.pad(x, (1, 1, 1, 1), self.padding), self.weight.double(), self.bias.double())
        y = F.avg_pool2d(y, 2) if self.options["pool"] else y
        if self.residual is not None:
            residual = image_of(self.residual, self.residual_shape)
            y = y + (doubled(residual) if self.options["residual_upsample"] else residual)
        return rows_of(y)


def draw_case(draw: st.DrawFn) -> Case:
    upsample, pooled = draw(st.booleans()), draw(st.booleans())
    residual = draw(st.sampled_from(["none", "same"] if pooled else ["none", "same", "upsampled"]))
    step = 2 if upsample or pooled or residual == "upsampled" else 1
    side = st.integers(1, 18 // step).map(lambda n: n * step)
    return Case(
        draw(st.integers(0, 2**31)),
        (draw(st.integers(1, 3)), draw(side), draw(side)),
        draw(st.integers(1, 40)),
        draw(st.integers(1, 40)),
        look_up=draw(st.sampled_from([0, 1, 30])),
        residual=residual,
        upsample=upsample,
        pool=pooled,
        slope=draw(st.sampled_from([1.0, LEAK])),
        replicate=draw(st.booleans()),
    )


@given(st.composite(draw_case)())
@settings(max_examples=100)
def test_convolutions(case: Case) -> None:
    computed = case.run(slice(None))
    torch.testing.assert_close(computed.double(), case.reference(), atol=TOLERANCE, rtol=0)
    pictures = computed.view(case.shape[0], -1, case.outputs)
    for i, picture in enumerate(pictures):
        assert torch.equal(picture, case.run(slice(i, i + 1)))


@given(st.integers(0, 2**31), st.integers(5, 30), st.booleans(), st.sampled_from([0, 30]), st.data())
@settings(max_examples=40)
def test_some_rows_of_a_convolution(seed: int, height: int, replicate: bool, look_up: int, data: st.DataObject) -> None:
    """The bytes that the whole has there, of no more of the input than one row on either side."""
    case = Case(seed, (1, height, 9), 20, 12, look_up=look_up, replicate=replicate, slope=LEAK)
    whole = case.run(slice(None))
    top = 4 * data.draw(st.integers(0, (height - 1) // 4), "top / 4")
    bottom = data.draw(st.sampled_from([*range(top + 4, height, 4), height]), "bottom")
    first, last = max(top - 1, 0), min(bottom + 1, height)
    source, index = case.values, case.index
    if index is None:
        source = source[9 * first : 9 * last]
    else:
        index = index[9 * first : 9 * last]
    output = empty(9 * (bottom - top), 12)
    rows = {"rows": (top, bottom), "input_top": first}
    case.convolution(part(source), output, (1, height, 9), Arena(), index=index, slope=LEAK, **rows)  # type: ignore[arg-type]
    assert torch.equal(output[:, :12], whole[9 * top : 9 * bottom])


OPTIONS = [
    {},
    {"look_up": 50, "slope": LEAK},
    {"upsample": True, "residual": "upsampled", "replicate": True},
    {"pool": True, "residual": "same"},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options) or "plain")
def test_convolutions_of_weights_too_large_for_a_cache(options: dict[str, Any]) -> None:
    """All workers share a block of 96 tiles then; here there are two blocks, and a picture ends within one."""
    case = Case(3, (2, 28, 30), 244, 250, **options)
    assert case.convolution.streamed
    computed = case.run(slice(None))
    torch.testing.assert_close(computed.double(), case.reference(), atol=TOLERANCE, rtol=0)
    assert torch.equal(computed[len(computed) // 2 :], case.run(slice(1, 2)))


# Around the rows kept in registers (6 or 12), around a worker's chunk (96), and several of those.
@pytest.mark.parametrize("rows", [1, 5, 6, 7, 11, 12, 13, 95, 96, 97, 200])
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (37, 21), (64, 48), (530, 510)])
def test_products(rows: int, with_bias: bool, inputs: int, outputs: int) -> None:
    left, weight = normal(rows, rows, inputs), normal(1, outputs, inputs) / inputs**0.5
    bias = normal(2, outputs) if with_bias else None
    product = Product.of(weight, bias)
    assert (product.weight.numel() >= 1 << 18) == (inputs == 530)  # then workers share panels, not rows
    computed = product(part(left), empty(rows, outputs))
    assert_beside_untouched(computed)
    assert not computed[:, outputs:].any()
    expected = F.linear(left.double(), weight.double(), None if bias is None else bias.double())
    torch.testing.assert_close(computed[:, :outputs].double(), expected, atol=TOLERANCE, rtol=0)
    for row in {0, rows // 2, rows - 1}:
        alone = product(part(left[row : row + 1]), empty(1, outputs))
        assert torch.equal(alone[0], computed[row])


def test_products_take_the_left_part_of_longer_rows() -> None:
    left, weight = normal(1, 30, 50), normal(2, 8, 20)
    computed = Product.of(weight)(left, empty(30, 8))[:, :8]
    torch.testing.assert_close(computed.double(), left[:, :20].double() @ weight.double().t(), atol=TOLERANCE, rtol=0)


@given(st.integers(0, 2**31), st.integers(1, 20), st.integers(1, 150), st.integers(1, 3), st.booleans(), st.data())
@settings(max_examples=60)
def test_sums_of_rows(seed: int, ids: int, patterns: int, vectors: int, rectify: bool, data: st.DataObject) -> None:
    width = vectors * lanes()
    table, bias = normal(seed, ids, 9 * width), normal(seed + 1, width)
    rows = torch.randint(-1, ids, (patterns, 9), generator=torch.Generator().manual_seed(seed)).int()
    if data.draw(st.booleans(), "a range"):
        start = data.draw(st.integers(0, patterns))
        which: Tensor | range = range(start, data.draw(st.integers(start, patterns)))
    else:
        which = torch.tensor(data.draw(st.lists(st.integers(0, patterns - 1), unique=True)), dtype=torch.int32)
    output = torch.full((patterns, width), torch.nan)
    sum_rows(table, rows, bias, output, which, rectify=rectify)

    padded_table = torch.cat([table.view(ids, 9, width), torch.zeros(1, 9, width)]).double()  # -1 finds the zeros
    sums = bias.double() + sum(padded_table[rows[:, k].long(), k] for k in range(9))
    done = torch.zeros(patterns, dtype=torch.bool)
    done[torch.as_tensor(which, dtype=torch.int64)] = True
    expected = sums.relu() if rectify else sums
    torch.testing.assert_close(output[done].double(), expected[done], atol=TOLERANCE, rtol=0)
    assert output[~done].isnan().all()

    wide = F.pad(table.view(ids, 9, width), (lanes(), lanes()), value=torch.nan)  # the same table as a part of another
    again = torch.full((patterns, width), torch.nan)
    sum_rows(wide[:, :, lanes() : -lanes()], rows, bias, again, which, rectify=rectify)
    assert torch.equal(again[done], output[done])


@given(st.integers(0, 2**31), st.integers(1, 20), st.integers(1, 20), st.integers(1, 3), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_modulation(seed: int, height: int, width: int, vectors: int, upsample: bool, look_up: bool) -> None:
    channels = vectors * lanes()
    step = 2 if upsample else 1
    size, small = (height * step, width * step), (height, width)
    pixels = size[0] * size[1]
    source = normal(seed, height * width, channels)
    table = normal(seed + 1, 30 if look_up else pixels, 2 * channels)
    random = torch.Generator().manual_seed(seed)
    index = torch.randint(30, (pixels,), generator=random).int() if look_up else None
    slope = LEAK if seed % 2 else 1.0
    output = torch.full((pixels, channels), torch.nan)
    modulate(source, table, index, output, size, upsample=upsample, slope=slope)

    x = image_of(source, (1, *small))
    x = rows_of(doubled(x) if upsample else x)
    scale, shift = (table if index is None else table[index]).double().chunk(2, dim=1)
    expected = F.leaky_relu(x * scale + shift, slope)
    torch.testing.assert_close(output.double(), expected, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("shape", [(1, 2, 2), (3, 6, 10), (2, 2, 14)])
@pytest.mark.parametrize("channels", [3, 20])
def test_pooling(shape: Shape, channels: int) -> None:
    batch, height, width = shape
    source = normal(1, batch * height * width, channels)
    computed = pool(part(source), empty(len(source) // 4, channels), width // 2)
    assert_beside_untouched(computed)
    expected = rows_of(F.avg_pool2d(image_of(source, shape), 2))
    torch.testing.assert_close(computed[:, :channels].double(), expected, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("shape", [(1, 2, 2), (2, 6, 4), (3, 10, 14)])
@pytest.mark.parametrize("channels", [1, 16, 40])
def test_bilinear_upsampling(shape: Shape, channels: int) -> None:
    batch, height, width = shape
    smaller = (batch, height // 2, width // 2)
    source = normal(1, batch * height * width // 4, channels)
    filled = F.pad(source, (0, padded(channels) - channels))
    computed = upsample_bilinear(filled, torch.empty(batch * height * width, padded(channels)), shape)
    expected = rows_of(F.interpolate(image_of(source, smaller), scale_factor=2, mode="bilinear"))
    torch.testing.assert_close(computed[:, :channels].double(), expected, atol=TOLERANCE, rtol=0)
    assert not computed[:, channels:].any()
    rows = (height - height // 2, height)
    some = torch.empty(batch * (rows[1] - rows[0]) * width, padded(channels))
    upsample_bilinear(filled, some, shape, rows)
    assert torch.equal(some.view(batch, -1), computed.view(batch, -1)[:, rows[0] * width * padded(channels) :])


def results() -> list[Tensor]:
    """Of every kernel, with enough work for several threads."""
    convolved = [Case(1, (2, 30, 34), 20, 24).run(slice(None)), Case(2, (1, 28, 30), 244, 250).run(slice(None))]
    products = [Product.of(normal(1, n, n))(normal(2, 500, n), torch.empty(500, padded(n))) for n in (64, 520)]
    sums = torch.empty(400, 32)
    rows = torch.randint(-1, 50, (400, 9), generator=torch.Generator().manual_seed(4)).int()
    sum_rows(normal(3, 50, 9 * 32), rows, normal(4, 32), sums, range(400))
    modulated = torch.empty(60 * 70, 32)
    modulate(normal(5, 60 * 70, 32), normal(6, 60 * 70, 64), None, modulated, (60, 70), slope=LEAK)
    pooled = pool(normal(7, 40 * 60, 16), torch.empty(20 * 30, 16), 30)
    upsampled = upsample_bilinear(normal(8, 20 * 30, 16), torch.empty(40 * 60, 16), (1, 40, 60))
    return [*convolved, *products, sums, modulated, pooled, upsampled]


def test_threads_change_no_byte() -> None:
    found = []
    for threads in (1, 2, 3):
        library().set_threads(threads)
        found.append(results())
    for values in zip(*found, strict=True):
        assert torch.equal(values[0], values[1]) and torch.equal(values[0], values[2])
