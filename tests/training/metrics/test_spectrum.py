"""Axis power and lattice peaks of noise in which bands, waves and a slope are hidden."""

import math

import pytest
import torch
from torch import Tensor

from training.metrics.spectrum import BANDS, Spectrum, axis_power, lattice_peak

HEIGHT, WIDTH, COUNT = 64, 96, 40


def noise(seed: int, count: int = COUNT) -> Tensor:
    """Gray values around 0 with a standard deviation of 20, [B, H, W]."""
    return 20 * torch.randn(count, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(seed))


def wave(fy: int, fx: int) -> Tensor:
    """A wave of height 1 in cycles per picture, [H, W]."""
    y, x = torch.arange(HEIGHT)[:, None] / HEIGHT, torch.arange(WIDTH) / WIDTH
    return torch.cos(2 * math.pi * (fy * y + fx * x) + 0.5)


def pictures(gray: Tensor) -> Tensor:
    """Gray values around 0, [B, H, W] -> uint8 [B, 3, H, W]."""
    return (gray + 128).round().clamp(0, 255).to(torch.uint8)[:, None].expand(-1, 3, -1, -1)


def spectrum(gray: Tensor) -> Spectrum:
    found = Spectrum(*gray.shape[-2:])
    found.update(pictures(gray))
    return found


PHOTOS = spectrum(noise(0))


def test_noise_is_like_noise():
    found = spectrum(noise(1))
    assert list(axis_power(PHOTOS, found).values()) == pytest.approx([1, 1, 1], abs=0.15)
    assert 1 < lattice_peak(PHOTOS, found).height < 2.2
    # An area of white noise has its variance as its power, whatever the window.
    assert found.mean().mean() == pytest.approx((20 / 255) ** 2, rel=0.05)


@pytest.mark.parametrize("across", [(HEIGHT, 1), (1, WIDTH)])
def test_bands_raise_their_axis_but_are_no_peak(across: tuple[int, int]):
    bands = 20 * torch.randn(COUNT, *across, generator=torch.Generator().manual_seed(2))
    found = spectrum(noise(1) + bands)
    assert min(axis_power(PHOTOS, found).values()) > 10
    assert lattice_peak(PHOTOS, found).height < 2.5


@pytest.mark.parametrize(("fy", "fx"), [(20, 11), (-20, 11), (5, 47), (30, 40), (32, 24)])
def test_a_lattice_is_a_peak_at_its_frequency(fy: int, fx: int):
    found = spectrum(noise(1) + 5 * wave(fy, fx))
    peak = lattice_peak(PHOTOS, found)
    assert peak.height > 10 and peak[1:] == (fy, fx)
    assert max(axis_power(PHOTOS, found).values()) < 1.15


def test_a_lattice_as_fine_as_pixels_is_a_peak():
    peak = lattice_peak(PHOTOS, spectrum(noise(1) + 5 * wave(9, WIDTH // 2)))
    assert (abs(peak.fy), peak.fx) == (9, WIDTH // 2)  # at the highest fx, fy and -fy are the same wave


def test_seams_of_random_height_are_peaks():
    """A grid that is as strong as chance has it in each column: a whole row of the spectrum, off its axis."""
    heights = 20 * torch.randn(COUNT, 1, WIDTH, generator=torch.Generator().manual_seed(2))
    peak = lattice_peak(PHOTOS, spectrum(noise(1) + heights * wave(16, 0)))
    assert peak.height > 10 and abs(peak.fy) == 16


def test_a_wave_along_an_axis_is_both():
    found = spectrum(noise(1) + 5 * wave(0, 24))
    assert lattice_peak(PHOTOS, found)[1:] == (0, 24)
    ratios = axis_power(PHOTOS, found)
    assert ratios["3/8 to 6/8"] > 1.5
    assert max(ratios["1/8 to 3/8"], ratios["6/8 to 1"]) < 1.15


@pytest.mark.parametrize("size", [(64, 96), (256, 64), (48, 48)])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    ("eighths", "band"),
    [(1, None), (2, "1/8 to 3/8"), (3, "1/8 to 3/8"), (4, "3/8 to 6/8"), (6, "3/8 to 6/8"), (7, "6/8 to 1")],
)
def test_bands_are_parts_of_the_highest_frequency(size: tuple[int, int], axis: int, eighths: int, band: str | None):
    texture = 20 * torch.randn(8, *size, generator=torch.Generator().manual_seed(0))
    pixels = torch.arange(size[axis])
    # The window spreads a wave by a cycle to each side: one below an edge, it stays within its band.
    cycles = eighths * size[axis] / 16 - 1
    line = 30 * torch.cos(2 * math.pi * cycles * pixels / size[axis])
    ratios = axis_power(spectrum(texture), spectrum(texture + (line[:, None] if axis == 0 else line)))
    assert {name for name in BANDS if ratios[name] > 2} == ({band} if band else set())


def test_stripes_of_single_rows_are_in_the_last_band():
    ratios = axis_power(PHOTOS, spectrum(noise(1) + 5 * wave(HEIGHT // 2, 0)))
    assert ratios["6/8 to 1"] > 1.5


def test_a_slope_across_the_picture_is_no_band():
    slope = torch.linspace(-60, 60, HEIGHT)[:, None]
    assert list(axis_power(PHOTOS, spectrum(noise(1) + slope)).values()) == pytest.approx([1, 1, 1], abs=0.15)


def test_contrast_raises_power_but_no_peak():
    found, stronger = spectrum(noise(1)), spectrum(2 * noise(1))
    for name, ratio in axis_power(PHOTOS, stronger).items():
        assert ratio == pytest.approx(4 * axis_power(PHOTOS, found)[name], rel=0.02)
    assert lattice_peak(PHOTOS, stronger).height == pytest.approx(lattice_peak(PHOTOS, found).height, rel=0.05)


def test_a_weak_bin_of_the_photos_is_no_peak():
    photos = spectrum(noise(0))
    photos.power[20, 11] = photos.power[-20, -11] = 0
    assert lattice_peak(photos, spectrum(noise(1))).height < 2.5


def test_pictures_add_up():
    whole, parts = spectrum(noise(1)), [Spectrum(HEIGHT, WIDTH) for _ in range(2)]
    for i, batch in enumerate(pictures(noise(1)).split([1, 16, 23])):
        parts[i % 2].update(batch)
    joined = Spectrum(HEIGHT, WIDTH)
    joined.power, joined.pictures = parts[0].power + parts[1].power, parts[0].pictures + parts[1].pictures
    assert joined.pictures == COUNT
    torch.testing.assert_close(joined.mean(), whole.mean())
    assert lattice_peak(PHOTOS, joined) == pytest.approx(lattice_peak(PHOTOS, whole))


def test_gray_is_the_mean_of_the_channels():
    in_one = Spectrum(HEIGHT, WIDTH)
    in_one.update(pictures(50 * wave(20, 11)[None]) * torch.tensor([0, 0, 1], dtype=torch.uint8)[:, None, None])
    in_all = spectrum(50 * wave(20, 11)[None])
    assert in_one.mean()[20, 11].item() == pytest.approx(in_all.mean()[20, 11].item() / 9, rel=0.01)


def test_sets_may_differ_in_number():
    assert list(axis_power(PHOTOS, spectrum(noise(1, 10))).values()) == pytest.approx([1, 1, 1], abs=0.2)


def test_plain_pictures_have_a_spectrum():
    plain = spectrum(torch.zeros(5, HEIGHT, WIDTH))
    assert list(axis_power(plain, plain).values()) == [1, 1, 1]
    assert lattice_peak(plain, plain).height == pytest.approx(1)
