"""The authors' files become models: every name and shape, sigma as stored, through to pictures of the server."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch

from models.files.model_card import ModelError, read_card
from models.files.model_directory import load_networks
from models.networks.blocks import GeneratorConfig
from models.networks.oasis import Generator
from models.networks.unet import Discriminator, DiscriminatorConfig
from models.networks.variants import VARIANTS
from models.noise import NoiseSpec
from models.predictor import load_model
from models.testing import tiny_model, tiny_scenes
from tests.backend.pictures import decode, encode
from tests.conftest import ROOT
from tests.training.official_files import (
    State,
    expected,
    generated,
    plain_discriminator,
    plain_generator,
    shapes,
)
from tests.training.runs import no_file_above
from training.data.info import read_classes
from training.import_checkpoint import CLASSES, PUBLISHED, ImportConfig, import_checkpoint
from training.output.files import WriteError
from training.run.checkpoint import CheckpointError

REFERENCE = ROOT.parent / "shared" / "reference" / "oasis-checkpoint-keys.json"
PRESETS = {"ade20k": "ade20k", "coco-stuff": "coco", "cityscapes": "cityscapes"}  # ours and the reference's


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the list of published names is not here")
@pytest.mark.parametrize("preset", PRESETS)
def test_names_and_shapes_are_the_published_ones(preset: str) -> None:
    reference = json.loads(REFERENCE.read_text())[PRESETS[preset]]
    for names, key in zip(expected(preset), "GD", strict=True):
        assert {name: list(shape) for name, shape in names.items()} == reference[key]
    height, width = PUBLISHED[preset].native_size
    assert (width / height, width) == (reference["aspect_ratio"], reference["crop_size"])


@pytest.mark.parametrize(
    ("preset", "count", "ignored"), [("ade20k", 151, 0), ("coco-stuff", 183, 0), ("cityscapes", 35, None)]
)
def test_classes_have_the_official_order(preset: str, count: int, ignored: int | None) -> None:
    info = read_classes(CLASSES / f"{preset}.json")
    assert (len(info.classes), info.ignore_id) == (count, ignored)
    assert VARIANTS[preset][0].classes == count
    assert len({c.name for c in info.classes}) == len({c.color for c in info.classes}) == count
    known = {
        "ade20k": {0: "unlabeled", 1: "wall", 3: "sky", 49: "skyscraper", 150: "flag"},
        "coco-stuff": {0: "unlabeled", 1: "person", 12: "unused 12", 92: "banner", 157: "sky-other", 182: "wood"},
        "cityscapes": {0: "unlabeled", 7: "road", 23: "sky", 26: "car", 33: "bicycle", 34: "license plate"},
    }[preset]
    assert {i: info.classes[i].name for i in known} == known


# The whole way, once at full size


@dataclass(frozen=True)
class Files:
    """A generated pair and the model made of it."""

    generator: State
    discriminator: State
    model: Path


@pytest.fixture(scope="module")
def ade20k(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A pair of the published size, 74 M and 22 M parameters."""
    folder = tmp_path_factory.mktemp("official")
    generator, discriminator = (generated(names, seed) for seed, names in enumerate(expected("ade20k")))
    generator["conv_img.weight"] *= 0.2  # away from the ends of tanh
    torch.save(generator, folder / "best_EMA.pth")
    torch.save(discriminator, folder / "best_D.pth")
    config = ImportConfig(folder / "best_EMA.pth", "ade20k", folder / "zoo" / "ade20k", folder / "best_D.pth")
    import_checkpoint(config)
    assert [path.name for path in config.into.parent.iterdir()] == ["ade20k"]
    return Files(generator, discriminator, config.into)


def scene() -> np.ndarray:
    labels = np.full((64, 128), 3, np.uint8)
    labels[30:, 40:] = 5
    labels[50:] = 27
    return labels


def test_the_model_paints_and_segments_like_the_plain_networks(ade20k: Files, start_server: Callable[..., Any]) -> None:
    """In this process and by the server; the tolerance is that of fp16 weights."""
    picture = plain_generator(ade20k.generator, scene(), np.random.RandomState(3).standard_normal(64))
    photo = np.random.RandomState(0).randint(0, 256, (8, 8, 3)).repeat(32, 0).repeat(32, 1).astype(np.uint8)
    ids = plain_discriminator(ade20k.discriminator, photo)
    assert picture.std() > 20 and len(np.unique(ids)) > 3

    model = load_model(ade20k.model)
    painted, (segmented, _) = model.synthesize(scene(), NoiseSpec(3)), model.segment(photo)
    server = start_server(ade20k.model.parent)
    with httpx.Client(base_url=server.url, timeout=120) as client:
        (listed,) = client.get("/api/models").json()["models"]
        assert (listed["id"], listed["name"]) == ("ade20k", "OASIS ADE20K")
        at = "/api/models/ade20k"
        answer = client.post(f"{at}/synthesize", files={"labels": encode(scene())}, data={"noise": '{"seed": 3}'})
        assert answer.is_success, answer.text
        found = client.post(f"{at}/segment", files={"photo": encode(photo)})
        assert found.is_success, found.text
    for one in (painted, decode(answer.content)):
        assert np.abs(one.astype(int) - picture).mean() < 0.5
    for map_ in (segmented, decode(found.content)):
        assert (map_ == ids).mean() > 0.99


def test_the_directory_says_where_it_comes_from(ade20k: Files) -> None:
    card = read_card(ade20k.model)
    assert (card.family, card.native_size, card.ignore_id) == ("oasis", (256, 256), 0)
    assert (card.training["origin"], card.training["data"]) == ("imported checkpoint", "ADE20K")
    assert card.training["weights"] == "moving average" and "AGPL-3.0" in card.training["terms"]
    readme = (ade20k.model / "README.md").read_text()
    for file in card.training["files"].values():
        assert len(file["sha256"]) == 64 and file["sha256"] in readme
    assert decode((ade20k.model / "samples.png").read_bytes()).shape == (256 + 8, 5 * 256 + 6 * 4, 3)


# The rest with small networks under the same names


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ImportConfig:
    """A pair of small files, for the preset "ade20k" with a network of their size."""
    configs = GeneratorConfig(151, (8,) * 7, hidden=8), DiscriminatorConfig(151, (8,) * 6)
    monkeypatch.setitem(VARIANTS, "ade20k", configs)
    for name, network in (("best_EMA.pth", Generator(configs[0])), ("best_D.pth", Discriminator(configs[1]))):
        torch.save(generated(shapes(network)), tmp_path / name)
    return ImportConfig(tmp_path / "best_EMA.pth", "ade20k", tmp_path / "zoo" / "ade", tmp_path / "best_D.pth")


def changed(config: ImportConfig, change: Callable[[State], object], name: str = "changed_EMA.pth") -> ImportConfig:
    """With a generator file whose state went through `change`, which alters it or returns another content."""
    state = torch.load(config.checkpoint)
    content = change(state)
    torch.save(state if content is None else content, config.checkpoint.with_name(name))
    return replace(config, checkpoint=config.checkpoint.with_name(name))


def test_sigma_is_that_of_the_stored_vectors(small: ImportConfig) -> None:
    """Bit for bit what fp16 keeps of weight_orig / (u^T W v)."""
    import_checkpoint(small)
    state = torch.load(small.checkpoint)
    _, generator, _ = load_networks(small.into)
    for name in ("body.0.conv_0", "body.5.conv_1"):
        matrix = state[f"{name}.weight_orig"]
        sigma = torch.einsum("o,oi,i->", state[f"{name}.weight_u"], matrix.flatten(1), state[f"{name}.weight_v"])
        top = torch.linalg.matrix_norm(matrix.flatten(1), 2)
        assert sigma < 0.9 * top  # so that one more power iteration would show
        torch.testing.assert_close(
            generator.get_submodule(name).weight, (matrix / sigma).half().float(), rtol=1e-3, atol=0
        )
    torch.testing.assert_close(generator.get_parameter("fc.weight"), state["fc.weight"].half().float())


def test_the_prefix_of_data_parallel_and_other_float_types_are_accepted(small: ImportConfig) -> None:
    plain = import_checkpoint(small)
    prefixed = changed(small, lambda state: {f"module.{name}": tensor for name, tensor in state.items()})
    double = changed(
        small, lambda s: {n: t.double() if t.is_floating_point() else t for n, t in s.items()}, "double_EMA.pth"
    )
    for config in (prefixed, double):
        assert import_checkpoint(replace(config, overwrite=True)).generator == plain.generator


def test_a_file_without_counters_of_batches_is_accepted(small: ImportConfig) -> None:
    def paint(config: ImportConfig) -> np.ndarray:
        import_checkpoint(replace(config, discriminator=None, overwrite=True))
        return load_model(small.into).synthesize(np.zeros((64, 64), np.uint8), NoiseSpec())

    counted = paint(small)
    without = changed(small, lambda s: {name: s[name] for name in s if not name.endswith("num_batches_tracked")})
    assert np.array_equal(paint(without), counted)


def test_a_generator_without_averaging_is_noted(small: ImportConfig) -> None:
    config = changed(small, lambda state: None, "best_G.pth")
    assert "not its moving average" in import_checkpoint(config).training["weights"]


def test_without_a_discriminator_it_paints_and_says_that_it_cannot_segment(small: ImportConfig) -> None:
    card = import_checkpoint(replace(small, discriminator=None))
    assert card.segmenter is None and "discriminator" not in card.training["files"]
    assert "cannot segment photos" in (small.into / "README.md").read_text()
    assert load_model(small.into).synthesize(np.zeros((64, 64), np.uint8), NoiseSpec()).any()


class Trap:
    """What a malicious pickle does: runs something when it is read."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.marker),)


def test_code_in_a_file_is_refused_and_not_run(small: ImportConfig, tmp_path: Path) -> None:
    config = changed(small, lambda state: {"weight": Trap(tmp_path / "trapped")})
    with pytest.raises(CheckpointError, match="mkdir.*refused"):
        import_checkpoint(config)
    assert not (tmp_path / "trapped").exists() and not small.into.exists()


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", None])
def test_what_is_not_a_checkpoint_is_named(small: ImportConfig, content: bytes | None) -> None:
    whole = small.checkpoint.read_bytes()
    small.checkpoint.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(CheckpointError, match=r"best_EMA.pth is not a PyTorch checkpoint, or a damaged one"):
        import_checkpoint(small)


def test_a_missing_file_is_named(small: ImportConfig) -> None:
    with pytest.raises(CheckpointError, match="nowhere.pth cannot be read: No such file"):
        import_checkpoint(replace(small, discriminator=Path("nowhere.pth")))


def test_the_two_files_the_wrong_way_round(small: ImportConfig) -> None:
    assert small.discriminator is not None
    swapped = replace(small, checkpoint=small.discriminator, discriminator=small.checkpoint)
    with pytest.raises(CheckpointError, match=r"best_D.pth holds a discriminator .* where a generator"):
        import_checkpoint(swapped)
    with pytest.raises(CheckpointError, match=r"best_EMA.pth holds a generator .* where a discriminator"):
        import_checkpoint(replace(small, discriminator=small.checkpoint))


def test_another_presets_classes_are_recognized(small: ImportConfig) -> None:
    other = Generator(GeneratorConfig(183, (8,) * 7, hidden=8))
    with pytest.raises(CheckpointError, match="for 183 classes, the preset has 151: use --preset coco-stuff"):
        import_checkpoint(changed(small, lambda state: generated(shapes(other))))
    assert small.discriminator is not None
    discriminator = Discriminator(DiscriminatorConfig(36, (8,) * 6))
    torch.save(generated(shapes(discriminator)), small.discriminator)
    with pytest.raises(CheckpointError, match="for 36 classes, the preset has 151: no preset has that many"):
        import_checkpoint(small)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: {name: s[name] for name in s if name != "conv_img.bias"}, r"1 names are missing \(conv_img.bias\)"),
        (lambda s: s.update(extra=s["fc.bias"], more=s["fc.bias"]), r"2 are not expected \(extra, more\)"),
        (lambda s: {"generator": {}}, "no plain state dict"),
        (lambda s: list(s.values()), "no plain state dict"),
        (lambda s: {"a": s["fc.bias"]}, r"148 names are missing \(body.*, \.\.\.\) and 1 are not expected \(a\)"),
        (lambda s: s.update({"conv_img.bias": torch.zeros(4)}), r"conv_img.bias has the shape \[4\], expected \[3\]"),
        (lambda s: s.update({"fc.bias": s["fc.bias"] / 0}), "fc.bias has values that are not finite"),
        (lambda s: {"config": {}, "dataset": {}, "trainer": {}}, "oasis-studio export --run"),
    ],
)
def test_other_contents_say_what_is_wrong(small: ImportConfig, change: Callable[[State], object], message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        import_checkpoint(changed(small, change))


def test_only_an_imported_model_is_replaced_and_only_if_asked(small: ImportConfig) -> None:
    first = import_checkpoint(small)
    with pytest.raises(ModelError, match="exists.*--overwrite"):
        import_checkpoint(small)
    other = changed(small, lambda state: state.update({"conv_img.bias": torch.ones(3)}))
    second = import_checkpoint(replace(other, overwrite=True, name="Again"))
    assert first.version != second.version and load_model(small.into).card.name == "Again"
    shutil.rmtree(small.into)
    tiny_model(small.into)
    with pytest.raises(ModelError, match="not an imported model"):
        import_checkpoint(replace(small, overwrite=True))
    assert load_model(small.into).card.name == "Tiny test model"


def test_a_model_that_is_replaced_leaves_its_scenes(small: ImportConfig) -> None:
    import_checkpoint(small)
    tiny_scenes(small.into, size=256)
    before = {path.name: path.read_bytes() for path in (small.into / "scenes").iterdir()}
    import_checkpoint(replace(small, overwrite=True))
    assert {path.name: path.read_bytes() for path in (small.into / "scenes").iterdir()} == before
    shutil.rmtree(small.into / "scenes")
    tiny_scenes(small.into, size=64)
    with pytest.raises(ModelError, match="shore.png is 64x64, but the model paints 256x256"):
        import_checkpoint(replace(small, overwrite=True))
    assert len(list((small.into / "scenes").iterdir())) == 3


def test_a_failed_write_leaves_nothing_and_keeps_what_was(small: ImportConfig) -> None:
    with no_file_above(1000), pytest.raises(WriteError, match="ade cannot be written: File too large"):
        import_checkpoint(small)
    assert not list(small.into.parent.iterdir())
    written = import_checkpoint(small)
    with no_file_above(1000), pytest.raises(WriteError, match="cannot be written"):
        import_checkpoint(replace(small, overwrite=True))
    assert load_model(small.into).card.version == written.version and len(list(small.into.parent.iterdir())) == 1


def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    command = "import-checkpoint none_EMA.pth --preset ade20k --into zoo/ade20k"
    result = subprocess.run(
        [sys.executable, str(ROOT / "oasis_studio.py"), *command.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "none_EMA.pth cannot be read" in result.stderr and "Traceback" not in result.stderr
