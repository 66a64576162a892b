"""Arguments of the kernels: structures of pointers and numbers."""

import ctypes

from torch import Tensor


def structure(name: str, pointers: str, integers: str, floats: str = "") -> type[ctypes.Structure]:
    """The structure of the same name in the sources, by the names of its fields."""
    fields: list[tuple[str, type]] = [(field, ctypes.c_void_p) for field in pointers.split()]
    fields += [(field, ctypes.c_int64) for field in integers.split()]
    fields += [(field, ctypes.c_float) for field in floats.split()]
    return type(name, (ctypes.Structure,), {"_fields_": fields})


def address(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()
