"""Color and texture distances against scipy, and on pictures whose difference is known."""

import numpy as np
import pytest
import skimage.data
import torch
from scipy.stats import wasserstein_distance
from skimage.color import lab2rgb, rgb2lab

from training.metrics.color_texture import COLOR_BINS, LAB_BIN, ColorTexture, color_distance, texture_distance
from training.metrics.segmentation import LEFT_OUT, Grouping

GROUPING = Grouping(("left", "right"), (LEFT_OUT, 0, 1))
PHOTO = skimage.data.astronaut()[:64, 100:196]
LABELS = torch.ones(64, 96, dtype=torch.int64)
LABELS[:, 48:] = 2


def histograms(*pictures: np.ndarray, labels: torch.Tensor = LABELS) -> ColorTexture:
    found = ColorTexture(GROUPING)
    for picture in pictures:
        found.update(picture, labels)
    return found


def plain(lightness: float) -> np.ndarray:
    lab = np.full((64, 96, 3), (lightness, 0.0, 0.0))
    return (lab2rgb(lab) * 255).round().astype(np.uint8)


def test_nothing_is_as_near_as_the_same():
    one, two = histograms(PHOTO), histograms(PHOTO, PHOTO)
    for distance in (color_distance, texture_distance):
        assert distance(one, two).mean == pytest.approx(0)
        assert set(distance(one, two).by_class) == {"left", "right"}


def test_a_shift_in_lightness_costs_its_size():
    found = color_distance(histograms(plain(40)), histograms(plain(70)))
    assert found.mean == pytest.approx(30 / 3, abs=LAB_BIN)  # a and b are as they were; the mean is over L, a and b


def test_colors_as_scipy_measures_them():
    other = PHOTO[:, ::-1].copy()
    found = color_distance(histograms(PHOTO), histograms(other)).by_class["left"]
    real, fake = (rgb2lab(p)[:, :48].reshape(-1, 3) for p in (PHOTO, other))
    exact = np.mean([wasserstein_distance(real[:, i], fake[:, i]) for i in range(3)])
    assert found == pytest.approx(exact, rel=0.02)  # up to the width of the bins


def test_every_color_has_a_bin():
    corners = np.array(np.meshgrid(*[[0, 255]] * 3)).reshape(3, -1).T.astype(np.uint8)  # [8, 3]
    picture = np.tile(corners, (64, 12, 1))
    found = histograms(picture)
    assert found.color.sum() == 3 * picture.shape[0] * picture.shape[1]
    assert not found.color[..., [0, COLOR_BINS - 1]].any()


def test_textures_see_roughness_but_not_light():
    rough = np.random.default_rng(0).integers(100, 120, (64, 96, 1)).repeat(3, 2).astype(np.uint8)
    flat = plain(50)
    assert texture_distance(histograms(rough), histograms(rough + 60)).mean == pytest.approx(0)
    assert texture_distance(histograms(rough), histograms(flat)).mean > 0.6


def test_a_class_that_one_set_lacks_does_not_count():
    only_left = histograms(PHOTO, labels=torch.ones_like(LABELS))
    assert set(color_distance(only_left, histograms(plain(50))).by_class) == {"left"}
    nothing = histograms(PHOTO, labels=torch.zeros_like(LABELS))
    with pytest.raises(ValueError, match="no class in common"):
        texture_distance(nothing, only_left)
