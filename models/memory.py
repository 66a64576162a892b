"""Memory that was freed, given back to the system."""

import ctypes

MUCH = 2**25  # freed bytes that are worth a look through what the C library holds


def trim(freed: int = MUCH) -> None:
    """Give back what the C library holds for later, if this many bytes that were freed are much; glibc holds blocks of
    up to 32 MB for as long as anything stands behind them. Others give memory back by themselves."""
    libc = ctypes.CDLL(None)
    if freed >= MUCH and hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
