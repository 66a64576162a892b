"""Model directories: what is written is what is loaded, and what is damaged is named."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.engine import generator_engine
from models.engine.generator import GeneratorEngine
from models.files.model_card import ModelError, read_card, write_card
from models.files.model_directory import load_networks, write_model
from models.networks.kinds import build_network, describe_network
from models.networks.oasis import Generator
from models.networks.projected import ProjectedDiscriminator, ProjectedDiscriminatorConfig
from models.noise import NoiseError, NoiseSpec
from models.predictor import Model, load_model
from models.testing import enliven, settle, tiny_model

LABELS = np.repeat(np.arange(4, dtype=np.uint8), 1024).reshape(64, 64)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    tiny_model(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_card_survives(directory: Path) -> None:
    card = read_card(directory)
    assert (card.id, card.native_size, card.stride, card.ignore_id) == ("tiny", (64, 64), 32, 0)
    assert [c.name for c in card.classes][:3] == ["unlabeled", "sky", "tree"]


def test_the_hash_names_the_networks_and_nothing_else(directory: Path, tmp_path: Path) -> None:
    card = read_card(directory)
    assert re.fullmatch("[0-9a-f]{64}", card.hash)
    assert tiny_model(tmp_path / "copy").hash == card.hash  # as written, and under another name
    assert replace(card, name="Other", version="2", metrics={"fid": 1}).hash == card.hash
    other_config = replace(card.generator, config=card.generator.config | {"hidden": 16})
    others = [
        tiny_model(tmp_path / "other", seed=1),
        replace(card, segmenter=None),
        replace(card, generator=other_config),
        replace(card, generator=replace(card.generator, sha256="0" * 64)),
    ]
    assert len({card.hash, *(other.hash for other in others)}) == 5


def test_synthesis_reacts_and_repeats(directory: Path) -> None:
    model = load_model(directory)
    first = model.synthesize(LABELS, NoiseSpec(1))
    assert first.shape == (64, 64, 3) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, load_model(directory).synthesize(LABELS, NoiseSpec(1)))
    assert (first != model.synthesize(LABELS, NoiseSpec(2))).any()
    assert (first != model.synthesize(LABELS[::-1].copy(), NoiseSpec(1))).any()


def test_a_region_with_the_global_seed_changes_nothing(directory: Path) -> None:
    model = load_model(directory)
    regions = np.zeros((64, 64), np.uint8)
    regions[20:40, 10:50] = 3
    spec = NoiseSpec.parse({"seed": 5, "regions": [{"id": 3, "seed": 5}]})
    plain = model.synthesize(LABELS, NoiseSpec(5)).astype(int)
    assert np.abs(model.synthesize(LABELS, spec, regions) - plain).max() <= 1


def test_photos_are_segmented_in_the_ways_the_card_says(directory: Path) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (64, 128, 3), dtype=np.uint8)
    plain = load_model(directory)
    one = plain.segment(photo)[1]

    def by(**segmenting: object) -> Model:
        data = json.loads((directory / "model.json").read_text())
        (directory / "model.json").write_text(json.dumps(data | {"segmenting": segmenting}))
        return load_model(directory)

    flipped = by(flip=True, scales=[1.0])
    assert not np.allclose(flipped.segment(photo)[1], one, atol=1e-4)
    mirrored = flipped.segment(np.ascontiguousarray(photo[:, ::-1]))
    for there, here in zip(mirrored, flipped.segment(photo), strict=True):
        np.testing.assert_allclose(there[:, ::-1], here, atol=1e-5)  # a photo and its mirror image are one
    ids, confidence = by(flip=False, scales=[1.0, 1.6]).segment(photo)
    assert ids.shape == confidence.shape == (64, 128) and not np.allclose(confidence, one, atol=1e-4)
    assert plain.card.hash == flipped.card.hash


def test_segmenting_never_answers_the_ignored_class(directory: Path) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    ids, confidence = load_model(directory).segment(photo)
    assert ids.dtype == np.uint8 and ids.shape == confidence.shape == (64, 64)
    assert 0 not in ids and ids.max() < 5
    assert confidence.min() > 0 and confidence.max() <= 1


def test_synthesis_refuses_what_does_not_fit(directory: Path) -> None:
    model = load_model(directory)
    with pytest.raises(ValueError, match="0 to 4"):
        model.synthesize(np.full((64, 64), 5), NoiseSpec())
    with pytest.raises(ValueError, match="multiples of 32"):
        model.synthesize(np.zeros((64, 60), np.uint8), NoiseSpec())


def test_damaged_weights_are_named(directory: Path) -> None:
    path = directory / "segmenter.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"segmenter.safetensors is damaged.*SHA-256"):
        load_model(directory)
    path.unlink()
    with pytest.raises(ModelError, match=r"segmenter.safetensors cannot be read"):
        load_model(directory)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "format 1"),
        ({"id": "Not An Id"}, "lower-case"),
        ({"ignore_id": 9}, "ignore_id 9"),
        ({"native_size": [64, 65]}, "multiples of the stride 32"),
        ({"classes": []}, "two at least"),
        ({"generator": {"network": "oasis-generator"}}, "incomplete"),
        ({"noise": 3}, "noise of version 3, but its generator takes version 2"),
        ({"segmenting": {"flip": False, "scales": []}}, "1 to 8 scales"),
        ({"segmenting": {"flip": False, "scales": [1e6]}}, "1 to 8 scales above 0 and up to 2"),
        ({"segmenting": {"flop": False}}, "incomplete"),
        ({"native_size": [64, 1088]}, "multiples of the stride 32 up to 1024"),
        ({"native_size": [64.0, 64]}, "native_size.0: Input should be a valid integer"),
        ({"version": "1\r\nSet-Cookie: a"}, "version: Value error, must be 1 to 64 printable ASCII"),
        ({"version": "Fassung zwölf"}, "version: Value error, must be 1 to 64 printable ASCII"),
        ({"name": "\x1b[2J"}, "it needs a name to be shown"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"family": 3}, "family: Input should be a valid string"),
        ({"metrics": None}, "metrics: Input should be an object"),
        ({"metrics": {"fid": float("nan")}}, "not JSON"),
        ({"metrics": {"fid": 10**400}}, "metrics: .*number 1000"),
        ({"training": {"deep": [[[[]]]] * 3, "step": 2**60}}, "training: .*which JSON does not carry"),
        ({"training": []}, "training: Input should be an object"),
    ],
)
def test_bad_cards_say_what_is_wrong(directory: Path, change: dict[str, object], message: str) -> None:
    data = json.loads((directory / "model.json").read_text())
    (directory / "model.json").write_text(json.dumps(data | change))
    with pytest.raises(ModelError, match=message) as refused:
        load_model(directory)
    assert str(refused.value).isprintable()


def test_a_card_that_could_not_be_read_again_is_not_written(directory: Path) -> None:
    card = read_card(directory)
    for change in ({"version": "v\n2"}, {"metrics": {"fid": float("nan")}}, {"training": {"text": ["x" * 2**20]}}):
        with pytest.raises(ModelError, match=r"model\.json"):
            write_card(directory, replace(card, **change))
    assert read_card(directory) == card


def test_networks_for_other_classes_or_sizes_are_refused(directory: Path) -> None:
    data = json.loads((directory / "model.json").read_text())

    def refused(role: str, **config: object) -> str:
        changed = data[role] | {"config": data[role]["config"] | config}
        (directory / "model.json").write_text(json.dumps(data | {role: changed}))
        with pytest.raises(ModelError) as error:
            load_model(directory)
        return str(error.value)

    assert "generator of the model 'tiny' is for 6 classes, but the model has 5" in refused("generator", classes=6)
    assert "segmenter of the model 'tiny' is for 6 classes" in refused("segmenter", classes=6)
    assert "multiples of the stride 128 of the segmenter" in refused("segmenter", down=[8] * 7)
    assert "larger than the weights" in refused("generator", channels=[10**5] * 7)
    assert "larger than the weights" in refused("segmenter", down=[10**5] * 6)
    assert "do not fit model.json" in refused("generator", hidden=2**31)
    assert "has a list of 33" in refused("generator", channels=[1] * 33)


@pytest.mark.parametrize("name", ["model.json", "generator.safetensors"])
@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "loop"])
def test_only_files_of_the_folder_are_read(directory: Path, name: str, kind: str) -> None:
    path = directory / name
    outside = path.rename(directory.parent / name)
    match kind:
        case "link":
            path.symlink_to(outside)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(name)
    expected = {"link": "leads out of its folder", "loop": "symbolic links"}.get(kind, "not a regular file")
    with pytest.raises(ModelError, match=f"{name} cannot be read: .*{expected}"):
        load_model(directory)


def test_links_within_the_folder_and_to_it_are_followed(directory: Path, tmp_path: Path) -> None:
    weights = directory / "generator.safetensors"
    weights.symlink_to(weights.rename(directory / "weights").name)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tiny").symlink_to(directory)
    assert load_model(tmp_path / "other" / "tiny").card == read_card(directory)


def test_weights_of_another_shape_are_refused(directory: Path) -> None:
    data = json.loads((directory / "model.json").read_text())
    data["generator"]["config"]["hidden"] = 9
    (directory / "model.json").write_text(json.dumps(data))
    with pytest.raises(ModelError, match="do not fit model.json"):
        load_model(directory)
    data["generator"]["network"] = "stylegan"
    (directory / "model.json").write_text(json.dumps(data))
    with pytest.raises(ModelError, match="Unknown network kind 'stylegan'"):
        load_model(directory)


def test_half_precision_on_disk_is_close(tmp_path: Path) -> None:
    """fp16 weights change a picture by less than 1/255 on average."""
    card = tiny_model(tmp_path / "tiny")
    torch.manual_seed(1)
    generator = build_network(card.generator.network, card.generator.config)
    assert isinstance(generator, Generator)
    segmenter = ProjectedDiscriminator(ProjectedDiscriminatorConfig(5, width=8))
    written = write_model(tmp_path / "tiny", card, generator, segmenter)
    assert written.segmenter and written.segmenter.network == "projected-discriminator"
    _, from_disk, _ = load_networks(tmp_path / "tiny")
    labels, z = torch.from_numpy(LABELS.astype(np.int64))[None], torch.randn(1, 64)
    with torch.no_grad():
        stored, precise = (network(labels, z, torch.tensor([1])) for network in (from_disk, generator.eval()))
        difference = (stored - precise).abs().mean()
    assert difference < 2 / 255
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    seen = load_model(tmp_path / "tiny").inspect(picture, LABELS)
    for values in (seen.realism, seen.fidelity[LABELS > 0]):
        assert values.shape[0] > 0 and 0 <= values.min() < values.max() <= 1


def test_registry_describes_what_it_builds() -> None:
    config = {"classes": 5, "down": [6, 8]}
    kind, described = describe_network(build_network("oasis-discriminator", config))
    assert (kind, described) == ("oasis-discriminator", {"classes": 5, "down": (6, 8)})
    with pytest.raises(ValueError, match="does not fit"):
        build_network("oasis-discriminator", {"width": 5})


WIDTHS = {"classes": 5, "channels": [8] * 8, "hidden": 8}
REGIONS = np.repeat(np.arange(2, dtype=np.uint8), 2048).reshape(64, 64)
REGION = NoiseSpec.parse({"seed": 1, "regions": [{"id": 1, "seed": 2}]})


def write_generator(path: Path, kind: str, config: dict[str, object]) -> None:
    """A model of this generator without a segmenter, its card that of the tiny model."""
    card = tiny_model(path)
    torch.manual_seed(1)
    generator = build_network(kind, config)
    assert isinstance(generator, Generator)
    enliven(generator)
    settle(generator, 5, 64)
    write_model(path, card, generator, None)


@pytest.mark.parametrize(
    ("kind", "config", "noise"),
    [
        ("oasis-generator", {"classes": 5, "channels": [8] * 7, "hidden": 8, "noise_dim": 0}, "none"),
        ("oasis-generator", {"classes": 5, "channels": [8] * 7, "hidden": 8, "noise_dim": 80}, "local"),
        ("spade-generator", WIDTHS, "none"),
        ("spade-generator", WIDTHS | {"noise_dim": 64}, "local"),
        ("spade-generator", WIDTHS | {"style_dim": 16, "native_size": [64, 64]}, "style"),
    ],
)
def test_any_generator_paints(tmp_path: Path, kind: str, config: dict[str, object], noise: str) -> None:
    write_generator(tmp_path / "tiny", kind, config)
    model = load_model(tmp_path / "tiny")
    _, generator, _ = load_networks(tmp_path / "tiny")
    assert model.card.stride == 32 and not isinstance(generator_engine(generator), GeneratorEngine)

    one, other = (model.synthesize(LABELS, NoiseSpec(seed)) for seed in (1, 2))
    assert one.shape == (64, 64, 3) and one.std() > 5
    assert np.array_equal(one, other) == (noise == "none")
    assert np.array_equal(one, model.canvas().paint(LABELS, NoiseSpec(1)))
    z = torch.from_numpy(NoiseSpec(1).vectors(generator.config.z_dim))
    with torch.inference_mode():
        (expected,) = generator(torch.from_numpy(LABELS.astype(np.int64))[None], z)
    pixels = ((expected.permute(1, 2, 0) + 1) * 127.5).numpy()
    assert np.abs(one - pixels).max() < 1

    if noise == "style":
        with pytest.raises(NoiseError, match="one style for the whole picture"):
            model.synthesize(LABELS, REGION, REGIONS)
    else:
        changed = model.synthesize(LABELS, REGION, REGIONS)
        assert np.array_equal(changed, one) == (noise == "none")


def test_a_model_without_a_segmenter(tmp_path: Path) -> None:
    write_generator(tmp_path / "tiny", "spade-generator", WIDTHS)
    model = load_model(tmp_path / "tiny")
    assert model.card.segmenter is None and model.card.to_public()["segmenter"] is None
    with pytest.raises(ValueError, match="'tiny' cannot segment.*only tells real from fake"):
        model.segment(np.zeros((64, 64, 3), np.uint8))


def test_a_discriminator_does_not_paint(directory: Path) -> None:
    data = json.loads((directory / "model.json").read_text())
    data["generator"], data["native_size"], data["noise"] = data["segmenter"], [64, 64], 1
    (directory / "model.json").write_text(json.dumps(data))
    with pytest.raises(ModelError, match="'oasis-discriminator' .* does not paint"):
        load_model(directory)
