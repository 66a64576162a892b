"""How many costly requests a client may send a minute: a token bucket for each address."""

from collections.abc import Callable
from time import monotonic

from backend.addresses import client_key

ADDRESSES = 10_000
"""Addresses that are remembered; those that have rested are forgotten first."""


class Rates:
    """Tokens by address: each request takes one, and they come back evenly.

    Args:
        per_minute: Tokens a minute, and the most that an address can have.
        now: The clock, in seconds.
    """

    def __init__(self, per_minute: int, now: Callable[[], float] = monotonic) -> None:
        self._most = per_minute
        self._per_second = per_minute / 60
        self._now = now
        self._tokens: dict[str, tuple[float, float]] = {}  # how many there were, and when

    def take(self, address: str) -> float:
        """Take a token of an address; 0, or the seconds until there is one."""
        key, now = client_key(address), self._now()
        left, since = self._tokens.pop(key, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._per_second)
        enough = left >= 1
        self._tokens[key] = (left - 1 if enough else left), now  # at the end: dictionaries keep the order
        if len(self._tokens) > ADDRESSES:
            del self._tokens[next(iter(self._tokens))]
        return 0.0 if enough else (1 - left) / self._per_second
