"""The native kernels: compiled for this processor on first use, kept in the cache, called through ctypes."""

import ctypes
import hashlib
import importlib.metadata
import logging
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import torch

from models.cache import cache_dir
from models.errors import UserError
from models.kernels.structures import check_sizes

log = logging.getLogger(__name__)

SOURCES = Path(__file__).parent
# Multiplications and additions may fuse; nothing else that changes the order of additions is allowed, so that a
# value is the same bytes whatever is computed with it.
FLAGS = ("-shared", "-fPIC", "-O3", "-march=native", "-ffp-contract=fast", "-std=c++17")
NO_RUNTIME = ("-fno-exceptions", "-fno-rtti", "-nostdlib++")


class LibraryError(UserError, RuntimeError):
    """The kernels cannot be built or loaded here."""


@cache
def library() -> ctypes.CDLL:
    """The kernels, built if they are not in the cache. Raises LibraryError, StructureError."""
    try:
        kernels = ctypes.CDLL(str(_built()))
    except OSError as error:
        raise LibraryError(f"The kernels cannot be loaded: {error}") from error
    check_sizes(kernels)
    kernels.set_threads.argtypes = (ctypes.c_int,)
    for function in (kernels.scratch_floats, kernels.sum_parts, kernels.number_ids):
        function.restype = ctypes.c_int64
    kernels.number_ids.argtypes = (ctypes.c_void_p, ctypes.c_int64, *[ctypes.c_void_p] * 3)
    kernels.update.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    kernels.update.restype = ctypes.c_bool
    kernels.forget.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    return kernels


@cache
def available() -> bool:
    """Whether the kernels can be had here; says in the log why not."""
    try:
        library()
    except LibraryError as error:
        log.warning("Painting will be several times slower, and training slower: %s", error)
        return False
    return True


def lanes() -> int:
    """Floats in a register."""
    return ctypes.c_int.in_dll(library(), "lanes").value


_turn = threading.RLock()
_inside = False


@contextmanager
def kernel_threads() -> Iterator[None]:
    """Meanwhile the kernels are this thread's alone and have as many threads as torch, and torch has one: its idle
    threads go on spinning for a while, on the cores that the kernels need."""
    global _inside
    with _turn:
        if _inside:
            yield
            return
        count = torch.get_num_threads()
        library().set_threads(count)
        torch.set_num_threads(1)
        _inside = True
        try:
            yield
        finally:
            _inside = False
            torch.set_num_threads(count)


def _built() -> Path:
    sources = sorted([*SOURCES.glob("*.cpp"), *SOURCES.glob("*.h")])
    identity = hashlib.sha256()
    try:
        compiler = importlib.metadata.version("ziglang")
    except importlib.metadata.PackageNotFoundError as error:
        raise LibraryError("The kernels need a compiler: pip install ziglang.") from error
    for part in (*FLAGS, *NO_RUNTIME, _processor(), compiler):
        identity.update(part.encode() + b"\0")
    for source in sources:
        identity.update(source.read_bytes())
    built = cache_dir() / f"kernels-{identity.hexdigest()[:16]}.so"
    if not built.exists():
        _build([source for source in sources if source.suffix == ".cpp"], built)
    return built


def _processor() -> str:
    """What '-march=native' depends on, for caches that several machines share."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), platform.machine())


def _build(sources: list[Path], target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            compiled = Path(folder) / target.name
            command = [sys.executable, "-m", "ziglang", "c++", *FLAGS, *NO_RUNTIME, *map(str, sources)]
            result = subprocess.run(
                [*command, "-o", str(compiled)],
                env={**os.environ, "ZIG_LOCAL_CACHE_DIR": folder, "ZIG_GLOBAL_CACHE_DIR": folder},
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode != 0:
                raise LibraryError(f"The kernels do not compile here: {result.stderr[-2000:]}")
            compiled.replace(target)  # whole or not at all, also when two processes build at once
    except OSError as error:
        raise LibraryError(f"The kernels cannot be built in {target.parent}: {error}") from error
