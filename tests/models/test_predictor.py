"""A loaded model: pictures on numpy arrays, the same whatever was painted before, and refusals that say why."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import predictor
from models.files.model_directory import load_networks, write_model
from models.networks.kinds import build_network
from models.networks.projected import ProjectedDiscriminator, ProjectedDiscriminatorConfig
from models.networks.protocols import PainterNetwork, SegmenterNetwork
from models.noise import NoiseError, NoiseSpec
from models.planes import Planes
from models.predictor import Model, class_probabilities, load_model, to_pixels
from models.testing import tiny_model
from tests.models.samples import CLASSES, random_labels


@pytest.fixture(scope="module")
def model(tiny_zoo: Path) -> Model:
    return load_model(tiny_zoo / "tiny")


@pytest.fixture(scope="module")
def networks(tiny_zoo: Path) -> tuple[PainterNetwork, SegmenterNetwork]:
    """The same weights without an engine."""
    _, generator, segmenter = load_networks(tiny_zoo / "tiny")
    assert segmenter is not None
    return generator, segmenter


def labels_of(seed: int, height: int = 64, width: int = 64) -> np.ndarray:
    return random_labels(seed, 1, height, width, 3 + seed % 13)[0].numpy().astype(np.uint8)


def noise_of(seed: int, labels: np.ndarray) -> tuple[NoiseSpec, np.ndarray | None]:
    """Of every kind there is; one seed in three has no regions."""
    if seed % 3 == 0:
        return NoiseSpec(seed % 4), None
    regions = np.zeros_like(labels)
    regions[: len(regions) // 2, 7:] = 1
    regions[-9:, : 5 + seed % 20] = 2
    data = {
        "seed": seed % 4,
        "regions": [
            {"id": 1, "seed": seed % 5, "blend": {"seed": 3, "t": seed % 7 / 6}},
            {"id": 2, "seed": seed % 4, "channels": [0, 5, 63]},
        ],
    }
    return NoiseSpec.parse(data), regions


steps = st.tuples(
    st.integers(0, 2), st.sampled_from([32, 64]), st.sampled_from([32, 64, 96]), st.integers(0, 59)
)  # few label maps and sizes, so that they come back


@given(st.lists(steps, min_size=1, max_size=6))
@settings(max_examples=25)
def test_a_picture_is_the_same_whatever_was_painted_before(
    model: Model, steps: list[tuple[int, int, int, int]]
) -> None:
    canvas, pictures = model.canvas(), []
    for seed, height, width, noise_seed in steps:
        labels = labels_of(seed, height, width)
        noise, regions = noise_of(noise_seed, labels)
        picture = canvas.paint(labels, noise, regions)
        assert picture.dtype == np.uint8 and picture.shape == (height, width, 3)
        expected = model.canvas().paint(labels, noise, regions)
        assert np.array_equal(picture, expected)
        assert np.array_equal(picture, model.synthesize(labels, noise, regions))
        pictures.append((picture, expected))
    assert all(np.array_equal(picture, expected) for picture, expected in pictures)  # nor by what came after


def test_a_large_canvas_is_not_kept(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = labels_of(1, 96, 96)
    before = model.synthesize(labels, NoiseSpec())
    kept = model._canvas
    assert kept.nbytes > 0
    monkeypatch.setattr(predictor, "KEPT_BYTES", kept.nbytes)
    model.synthesize(labels, NoiseSpec())
    assert model._canvas is kept
    monkeypatch.setattr(predictor, "KEPT_BYTES", kept.nbytes - 1)
    assert (model.synthesize(labels, NoiseSpec()) == before).all()
    assert model._canvas.nbytes == 0


@pytest.mark.parametrize("seed", range(6))
def test_pictures_are_those_of_the_network(
    model: Model, networks: tuple[PainterNetwork, SegmenterNetwork], seed: int
) -> None:
    """Within rounding: at most one of 255 steps, and almost nowhere."""
    labels = labels_of(seed)
    noise, regions = noise_of(seed, labels)
    rows = noise.rows(regions, (64, 64))
    z = torch.from_numpy(noise.vectors()[rows]).permute(2, 0, 1)[None]
    planes = Planes(torch.from_numpy(rows)[None], *map(torch.from_numpy, noise.mixes()))
    generator = networks[0]
    with torch.inference_mode():
        condition = generator.condition(torch.from_numpy(labels.astype(np.int64))[None], z, planes)
        (expected,) = generator.paint(condition, (64, 64))
    difference = np.abs(model.synthesize(labels, noise, regions).astype(int) - to_pixels(expected))
    assert difference.max() <= 1 and difference.mean() < 0.01
    assert to_pixels(expected).std() > 5


def test_pixels_are_rounded_and_clamped() -> None:
    values = torch.tensor([-2.0, -1.0, -0.999, -0.995, 0.0, 0.995, 0.999, 1.0, 2.0])
    assert to_pixels(values.expand(3, 1, -1))[0, :, 0].tolist() == [0, 0, 0, 1, 128, 254, 255, 255, 255]


def test_segmenting_is_that_of_the_network(model: Model, networks: tuple[PainterNetwork, SegmenterNetwork]) -> None:
    photo = np.random.RandomState(1).randint(0, 256, (64, 128, 3)).astype(np.uint8)
    ids, confidence = model.segment(photo)
    with torch.inference_mode():
        (logits,) = networks[1](torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 127.5 - 1)
    expected, classes = class_probabilities(logits, model.card.ignore_id, (64, 128))[0].max(dim=0)
    np.testing.assert_allclose(confidence, expected.numpy(), atol=1e-5)
    assert (ids == classes.numpy()).mean() > 0.999  # two classes may tie within rounding


@pytest.mark.parametrize(("height", "width"), [(64, 128), (96, 64)])
def test_inspecting_is_the_share_of_fake_and_of_the_painted_class(
    model: Model, networks: tuple[PainterNetwork, SegmenterNetwork], height: int, width: int
) -> None:
    picture = np.random.RandomState(2).randint(0, 256, (height, width, 3)).astype(np.uint8)
    labels = labels_of(1, height, width)
    found = model.inspect(picture, labels)
    wide = np.pad(picture, ((0, -height % 64), (0, 0), (0, 0)), mode="edge")  # the tiny segmenter's stride is 64
    with torch.inference_mode():
        (logits,) = networks[1](torch.from_numpy(wide).permute(2, 0, 1)[None].float() / 127.5 - 1)
    logits = logits[0, :, :height].double().numpy()
    shares = np.exp(logits) / np.exp(logits).sum(axis=0)
    np.testing.assert_allclose(found.realism, 1 - shares[0], atol=1e-5)
    rows, columns = np.indices(labels.shape)
    # Neither "fake" nor the ignored class 0 takes part, and pixels painted with that have nothing to agree with.
    expected = shares[labels + 1, rows, columns] / shares[2:].sum(axis=0)
    np.testing.assert_allclose(found.fidelity, np.where(labels == 0, 1, expected), atol=1e-5)
    with pytest.raises(ValueError, match="differ in size"):
        model.inspect(picture, labels[:32])


def test_the_partner_judges_realism_and_the_segmenter_fidelity(tmp_path: Path) -> None:
    card = tiny_model(tmp_path / "tiny")
    torch.manual_seed(7)
    generator = build_network(card.generator.network, card.generator.config)
    segmenter, partner = (ProjectedDiscriminator(ProjectedDiscriminatorConfig(5, width=8)) for _ in range(2))
    models = []
    for name, sees, kept in (("without", segmenter, None), ("with", segmenter, partner), ("alone", partner, None)):
        write_model(tmp_path / name, replace(card, id=name), generator, sees, kept)
        models.append(load_model(tmp_path / name))
    picture = np.random.RandomState(3).randint(0, 256, (64, 64, 3)).astype(np.uint8)
    without, both, alone = (model.inspect(picture, labels_of(1)) for model in models)
    assert np.array_equal(both.fidelity, without.fidelity) and not np.array_equal(both.fidelity, alone.fidelity)
    assert np.array_equal(both.realism, alone.realism) and not np.array_equal(both.realism, without.realism)
    assert np.array_equal(models[0].segment(picture)[0], models[1].segment(picture)[0])


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.int64])
def test_any_integers_and_layout_will_do(model: Model, kind: type[np.integer[Any]]) -> None:
    labels = labels_of(1, 64, 32)
    expected = model.synthesize(labels, NoiseSpec(1))
    assert np.array_equal(model.synthesize(np.asfortranarray(labels.astype(kind)), NoiseSpec(1)), expected)
    assert np.array_equal(model.synthesize(labels.astype(kind)[::-1][::-1], NoiseSpec(1)), expected)


def test_labels_changed_in_place_are_seen(model: Model) -> None:
    """The page's server reuses its arrays."""
    labels, canvas = labels_of(1), model.canvas()
    regions = np.zeros_like(labels)
    noise = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2}]})
    canvas.paint(labels, noise, regions)
    labels[10:30, 10:30] = 3
    assert np.array_equal(canvas.paint(labels, noise, regions), model.canvas().paint(labels, noise, regions))
    regions[40:] = 1
    assert np.array_equal(canvas.paint(labels, noise, regions), model.canvas().paint(labels, noise, regions))


HALF = np.zeros((32, 64), np.uint8)
REGION = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2}]})


@pytest.mark.parametrize(
    ("labels", "noise", "regions", "error", "message"),
    [
        (np.zeros((32, 32, 1), np.uint8), NoiseSpec(), None, ValueError, r"\[H, W\].*0 to 4"),
        (np.full((32, 32), CLASSES, np.uint8), NoiseSpec(), None, ValueError, r"class ids from 0 to 4"),
        (np.full((32, 32), -1), NoiseSpec(), None, ValueError, r"class ids from 0 to 4"),
        (np.zeros((32, 48), np.uint8), NoiseSpec(), None, ValueError, "48x32.*multiples of 32"),
        (HALF, REGION, None, NoiseError, "no region map"),
        (HALF, REGION, HALF.T, NoiseError, "region map is 32x64.*64x32"),
        (HALF, REGION, HALF + 7, NoiseError, "Region id 7"),
    ],
)
def test_what_cannot_be_painted_is_refused_and_changes_nothing(
    model: Model, labels: np.ndarray, noise: NoiseSpec, regions: np.ndarray | None, error: type[Exception], message: str
) -> None:
    canvas, before = model.canvas(), labels_of(1)
    picture = canvas.paint(before, NoiseSpec(1))
    with pytest.raises(error, match=message):
        canvas.paint(labels, noise, regions)
    assert np.array_equal(canvas.paint(before, NoiseSpec(1)), picture)
