"""Weight files in formats of others, read as data: no format here can make the reader run code of the file."""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor


def read_state_dict(content: bytes) -> dict[str, Tensor]:
    """A state dict saved by torch.save."""
    state: dict[str, Tensor] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return state


def read_numpy_pickle(content: bytes) -> Any:
    """A pickle of plain containers and numpy arrays. Raises pickle.UnpicklingError for anything else in it."""
    return _NumpyUnpickler(io.BytesIO(content)).load()


def read_torchscript(content: bytes) -> dict[str, Tensor]:
    """The float32 tensors of a TorchScript archive by their dotted attribute names; its code is not looked at.

    Raises pickle.UnpicklingError for an archive with anything but modules, plain values and such tensors.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (pickled,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        root = _TorchScriptUnpickler(archive, pickled).load()
    return dict(_tensors(root, ""))


class _DataUnpickler(pickle.Unpickler):
    """Finds what `names` has by (module, name), and nothing else."""

    names: ClassVar[Mapping[tuple[str, str], Any]]

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.names:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")
        return self.names[module, name]


class _NumpyUnpickler(_DataUnpickler):
    names = MappingProxyType(
        {
            # numpy hands it out so; importing it by the name in old pickles warns
            ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
        }
    )


class _Record:
    """A module of the archive: its attributes and nothing else."""


def _rebuild_tensor(storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Tensor:
    return storage.as_strided(size, stride, offset)


class _TorchScriptUnpickler(_DataUnpickler):
    names = MappingProxyType(
        {
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
            ("torch.jit._pickle", "build_intlist"): list,
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): torch.float32,
        }
    )

    def __init__(self, archive: zipfile.ZipFile, pickled: str) -> None:
        super().__init__(io.BytesIO(archive.read(pickled)))
        self.archive, self.folder = archive, pickled.removesuffix(".pkl")

    def find_class(self, module: str, name: str) -> Any:
        return _Record if module.startswith("__torch__.") else super().find_class(module, name)

    def persistent_load(self, pid: Any) -> Tensor:
        _, dtype, key, _, _ = pid  # ("storage", type, file, device, count)
        return torch.frombuffer(bytearray(self.archive.read(f"{self.folder}/{key}")), dtype=dtype)


def _tensors(record: _Record, prefix: str) -> Iterator[tuple[str, Tensor]]:
    for name, value in vars(record).items():
        if isinstance(value, Tensor):
            yield prefix + name, value
        elif isinstance(value, _Record):
            yield from _tensors(value, f"{prefix}{name}.")
