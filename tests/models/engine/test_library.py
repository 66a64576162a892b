"""Building the kernels: into an empty cache, once, and what happens where it cannot be done."""

import importlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from models import engine
from models.engine.generator import GeneratorEngine
from models.engine.portable import PortableEngine
from models.kernels.library import LibraryError, lanes
from models.networks.oasis import Generator
from models.networks.unet import Discriminator, DiscriminatorConfig
from tests.models.engine.regions import GENERATORS, alive, painted, plain

library = importlib.import_module("models.kernels.library")  # `models.kernels.library` is the function in it


@pytest.fixture
def width() -> int:
    """Floats in a register here; before any other kernels are built."""
    return lanes()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Kernels are rebuilt, into this folder; afterwards they come from the user's cache again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget()
    yield tmp_path / "oasis-studio"
    forget()


def forget() -> None:
    """That there are kernels."""
    library.library.cache_clear()
    library.available.cache_clear()


def test_kernels_for_another_processor_are_built_once(
    width: int, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With registers of the other width: the compiler can split or leave out what this processor has."""
    other = "-D__AVX512F__" if width == 8 else "-U__AVX512F__"
    monkeypatch.setattr(library, "FLAGS", (*library.FLAGS, other))
    assert lanes() == 24 - width
    assert len(list(empty_cache.iterdir())) == 1  # the kernels and nothing left over from building them

    for config in GENERATORS.values():
        generator = alive(Generator(config))
        regions = painted(1, 20, 36, 5, vectors=3, noise_grain=7)
        picture = GeneratorEngine(generator).canvas().paint(regions)
        torch.testing.assert_close(picture.double(), plain(generator, regions), atol=1e-5, rtol=0)

    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("These kernels were built before.")

    monkeypatch.setattr(subprocess, "run", refuse)
    library.library.cache_clear()
    assert lanes() == 24 - width


def test_a_compiler_that_fails_is_quoted_and_done_without(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(library, "FLAGS", ("--no-such-flag",))
    with pytest.raises(LibraryError, match="do not compile.*no-such-flag"):
        library.library()
    assert list(empty_cache.iterdir()) == []

    generator = alive(Generator(GENERATORS["odd widths"]))
    segmenter = alive(Discriminator(DiscriminatorConfig(4, (6, 6))))
    assert isinstance(engine.generator_engine(generator), PortableEngine)
    assert engine.segmenter_engine(segmenter) is segmenter
    assert [record.levelname for record in caplog.records] == ["WARNING"]  # once is enough
    assert "no-such-flag" in caplog.text


def test_a_cache_that_cannot_be_written(tmp_path: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(LibraryError, match="cannot be built in .*file"):
        library.library()


def test_kernels_that_cannot_be_loaded(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = empty_cache / "broken.so"
    empty_cache.mkdir()
    broken.write_text("not a library")
    monkeypatch.setattr(library, "_built", lambda: broken)
    with pytest.raises(LibraryError, match="cannot be loaded.*broken"):
        library.library()


def test_the_kernels_serve_the_cpu_only() -> None:
    assert engine.native("cpu") and not engine.native("cuda")
