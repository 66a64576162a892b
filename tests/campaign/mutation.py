"""Seeded damage to files, JSON and requests: what a broken program or an attacker might send."""

import json
import math
from random import Random
from typing import Any

NUMBERS = (0, -1, 1, 255, 256, 2**16, 2**31, 2**32, 2**53, 2**64, 10**20, 10**400, 0.5, -0.5, 1e308)
VALUES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    "",
    "é\0\n\x1b]0;x\a",
    "x" * 5000,
    [[[[[[]]]]]],
    math.nan,
    math.inf,
    *NUMBERS,
)
TOKENS = (
    b"\0" * 8,
    b"\xff" * 8,
    b"\xff\xda",
    b"IDAT",
    b"tRNS\0",
    b"iCCP",
    b"PK\x01\x02",
    b"\r\n",
    b"\r\n\r\n",
    b"%s%n",
)


def damaged(data: bytes, random: Random) -> bytes:
    """A file with one to four changes: bits flipped, parts cut out, doubled, moved or replaced, or its end missing."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at, size = random.randrange(len(data) + 1), random.choice((1, 4, 16, 256))
        part = data[at : at + size]
        match random.randrange(6):
            case 0:
                flipped = bytes(each ^ 1 << random.randrange(8) for each in part[:1])
                data = data[:at] + flipped + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + size :]
            case 2:
                data = data[:at] + part * random.choice((2, 3, 100)) + data[at + size :]
            case 3:
                data = data[:at] + random.choice(TOKENS) + data[at:]
            case 4:
                data = data[:at] + random.randbytes(len(part)) + data[at + size :]
            case 5:
                data = data[: max(1, at)]
    return data


def changed(value: Any, random: Random) -> Any:
    """Decoded JSON with one value, name or member exchanged, dropped or doubled somewhere in it."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = random.choice(list(value))
        match random.randrange(4):
            case 0:
                return {key: each for key, each in value.items() if key != name}
            case 1:
                return value | {random.choice((name.upper(), "x" * 1000, "")): value[name]}
            case _:
                return value | {name: changed(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        match random.randrange(3):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * random.choice((1, 300))
            case _:
                return [*value[:at], changed(value[at], random), *value[at + 1 :]]
    return random.choice(VALUES)


def as_json(value: Any) -> bytes:
    """JSON of any decoded value, in which NaN, infinities and lone surrogates stay as they are."""
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")
