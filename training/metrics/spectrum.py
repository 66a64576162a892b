"""What painted pictures have more of than photos in their spectrum: power on its axes (bands), lone peaks (lattices).

An upsampling network can leave stripes and lattices too faint for InceptionV3's features, which the eye sees in skies
and walls. Frequencies are in cycles per picture or as parts of the highest, the Nyquist frequency.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

BANDS = {"1/8 to 3/8": (1 / 8, 3 / 8), "3/8 to 6/8": (3 / 8, 6 / 8), "6/8 to 1": (6 / 8, 1.0)}
"""Lowest frequency, left out, and highest, counted, in Nyquist frequencies: 16, 48, 96 and 128 cycles of 256 px."""
AXIS_REACH = 1
"""Cycles per picture beside an axis that belong to it: as far as the Hann window spreads a wave."""
PEAKS_FROM = 1 / 16
"""In Nyquist frequencies; below it few bins hold the whole composition of a picture."""
AROUND = 9
"""Bins across the neighborhood that a peak must stand out of."""
ROUNDING = 1 / 12 / 255**2
"""Power that rounding to 8 bits leaves in each bin. Less than it says nothing about a picture."""


class Spectrum:
    """Mean power of a set of gray pictures; summing `power` and `pictures` over processes joins their shares."""

    def __init__(self, height: int, width: int) -> None:
        window = torch.outer(*(torch.hann_window(n, dtype=torch.float64) for n in (height, width)))
        # Without the window the jump from each border to the opposite one would be power on the axes. White noise has
        # its variance as its power in every bin.
        self.window = window / window.square().sum().sqrt()  # [H, W]
        self.power = torch.zeros(height, width, dtype=torch.float64)  # summed over pictures; fy, fx in FFT order
        self.pictures = torch.zeros((), dtype=torch.int64)

    def update(self, pictures: Tensor) -> None:
        """Add pictures, uint8 [B, 3, H, W]."""
        gray = pictures.double().mean(1) / 255  # [B, H, W] in 0..1
        gray -= gray.mean((-2, -1), keepdim=True)
        self.power += torch.fft.fft2(gray * self.window).abs().square().sum(0)
        self.pictures += len(pictures)

    def mean(self) -> Tensor:
        """Mean power over the pictures, [H, W] with fy and fx in FFT order, at least ROUNDING."""
        return (self.power / self.pictures).clamp(min=ROUNDING)


class Peak(NamedTuple):
    """The bin that stands out most."""

    height: float
    """Times what is around it; about 1 where nothing stands out."""
    fy: int
    """In cycles per picture, from -H/2 to H/2. (-fy, -fx) is the same wave."""
    fx: int
    """From 0 to W/2."""


def axis_power(photos: Spectrum, painted: Spectrum) -> dict[str, float]:
    """Power of the paintings on the axes of the spectrum over that of the photos, by the names of BANDS; 1 is best."""
    real, fake = photos.mean(), painted.mean()
    cycles_y, cycles_x = _cycles(real)
    on_axis = (cycles_y <= AXIS_REACH) | (cycles_x <= AXIS_REACH)
    frequency = _frequency(real)
    ratios = {}
    for name, (low, high) in BANDS.items():
        bins = on_axis & (frequency > low) & (frequency <= high)
        ratios[name] = (fake[bins].mean() / real[bins].mean()).item()
    return ratios


def lattice_peak(photos: Spectrum, painted: Spectrum) -> Peak:
    """Where the power of the paintings over that of the photos stands out most of what is around it.

    That is the median of the square of AROUND bins, so that a spectrum which is too strong as a whole has no peaks. On
    an axis a peak must also stand out of the bins along it: bands raise all of them, and axis_power sees those.
    """
    real = photos.mean()
    # A single weak bin of the photos should not make a peak.
    smooth = F.avg_pool2d(_wrapped(real, 1)[None], 3, stride=1)[0]
    ratio = painted.mean() / smooth
    middle = AROUND // 2
    around = _wrapped(ratio, middle).unfold(0, AROUND, 1).unfold(1, AROUND, 1)  # [H, W, AROUND, AROUND]
    neighbors = (around.flatten(-2), around[..., middle, :], around[..., middle])
    square, row, column = (bins.median(-1).values for bins in neighbors)
    cycles_y, cycles_x = _cycles(real)
    expected = torch.where(cycles_y <= AXIS_REACH, torch.maximum(square, row), square)
    expected = torch.where(cycles_x <= AXIS_REACH, torch.maximum(square, column), expected)
    heights = (ratio / expected).masked_fill(_frequency(real) < PEAKS_FROM, 0)
    height, width = heights.shape
    half = heights[:, : width // 2 + 1]  # the other half mirrors it
    fy, fx = divmod(int(half.argmax()), half.shape[1])
    return Peak(half[fy, fx].item(), fy if fy <= height // 2 else fy - height, fx)


def _cycles(spectrum: Tensor) -> tuple[Tensor, Tensor]:
    """|fy| [H, 1] and |fx| [W] of a spectrum [H, W], in cycles per picture."""
    cycles_y, cycles_x = (torch.fft.fftfreq(n, 1 / n, dtype=torch.float64).abs() for n in spectrum.shape)
    return cycles_y[:, None], cycles_x


def _frequency(spectrum: Tensor) -> Tensor:
    """The higher of |fy| and |fx| in Nyquist frequencies, [H, W] in 0..1: near an axis, the distance from 0."""
    height, width = spectrum.shape
    cycles_y, cycles_x = _cycles(spectrum)
    return torch.maximum(cycles_y / (height / 2), cycles_x / (width / 2))


def _wrapped(spectrum: Tensor, margin: int) -> Tensor:
    """[H, W] -> [H + 2 margin, W + 2 margin]: a spectrum goes on from its other side."""
    return F.pad(spectrum[None], [margin] * 4, mode="circular")[0]
