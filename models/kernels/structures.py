"""Arguments of the kernels: structures of pointers and numbers, as the sources declare them."""

import ctypes
from typing import TypeVar

from torch import Tensor

from models.errors import UserError

S = TypeVar("S", bound=type[ctypes.Structure])

_declared: list[type[ctypes.Structure]] = []
_loaded: ctypes.CDLL | None = None


class StructureError(UserError, TypeError):
    """A structure is not declared here as the kernels have it: a mistake in this program, not of the machine."""


def structure(name: str, pointers: str, integers: str, floats: str = "") -> type[ctypes.Structure]:
    """The structure of the same name in the sources, by the names of its fields. Raises StructureError."""
    fields: list[tuple[str, type]] = [(field, ctypes.c_void_p) for field in pointers.split()]
    fields += [(field, ctypes.c_int64) for field in integers.split()]
    fields += [(field, ctypes.c_float) for field in floats.split()]
    return declared(type(name, (ctypes.Structure,), {"_fields_": fields}))


def declared(kind: S) -> S:
    """Class decorator of a structure: its size is compared with that of the same name in the sources, now or when the
    kernels are loaded. Raises StructureError."""
    if _loaded is not None:
        check_size(_loaded, kind)
    _declared.append(kind)
    return kind


def check_sizes(kernels: ctypes.CDLL) -> None:
    """Compare all structures that are declared, now and later, with those of these kernels. Raises StructureError."""
    global _loaded
    for kind in _declared:
        check_size(kernels, kind)
    _loaded = kernels


def check_size(kernels: ctypes.CDLL, kind: type[ctypes.Structure]) -> None:
    """Compare a structure with what `size_of_NAME` of the kernels says. Raises StructureError."""
    name, here = kind.__name__.lstrip("_"), ctypes.sizeof(kind)
    try:
        size_of = kernels[f"size_of_{name}"]
    except AttributeError as error:
        raise StructureError(
            f"The kernels do not report the size of the struct {name}: add size_of_{name} beside it in models/kernels."
        ) from error
    size_of.restype = ctypes.c_int64
    if (there := size_of()) != here:
        fields = ", ".join(field[0] for field in kind._fields_)
        raise StructureError(
            f"The struct {name} has {there} bytes in models/kernels but {here} in {kind.__module__}, with the fields "
            f"{fields}: declare the same fields in the same order."
        )


def address(tensor: Tensor | None) -> int | None:
    """Where the numbers of a tensor begin; null for none."""
    return None if tensor is None else tensor.data_ptr()
