"""Zip files of the page, exchanged with Python in both directions; damage is detected."""

from __future__ import annotations

import base64
import io
import random
import zipfile

import pytest

from tests.page.node import run

PACK = """
  const { packZip } = await load('formats/zip');
  const blob = await packZip(argument.map(([name, data]) => ({ name, data: unpacked(data) })));
  return packed(await blob.arrayBuffer());
"""
UNPACK = """
  const { unpackZip } = await load('formats/zip');
  const answers = [];
  for (const each of argument) {
    try {
      answers.push([...await unpackZip(unpacked(each))].map(([name, data]) => [name, packed(data)]));
    } catch (error) {
      answers.push(error.message);
    }
  }
  return answers;
"""
NOISE = random.Random(0).randbytes(3000)
FILES = {
    "manifest.json": b'{"a": 1}' * 500,
    "empty": b"",
    "history/0.bin": NOISE,
    "Gr\u00fc\u00dfe \u6d77.txt": b"x" * 9,
}


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unpack(*files: bytes) -> list[dict[str, bytes] | str]:
    """What the page makes of each: its files, or what it says."""
    answers = run(UNPACK, [text(file) for file in files])
    return [
        each if isinstance(each, str) else {name: base64.b64decode(data) for name, data in each} for each in answers
    ]


def packed(method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        file.writestr("folder/", b"")
        for name, data in FILES.items():
            file.writestr(name, data)
        file.comment = comment
    return buffer.getvalue()


def test_zips_are_exchanged_with_python() -> None:
    ours = base64.b64decode(run(PACK, [[name, text(data)] for name, data in FILES.items()]))
    with zipfile.ZipFile(io.BytesIO(ours)) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == FILES
        small, stored = file.getinfo("manifest.json"), file.getinfo("history/0.bin")
        assert small.compress_type == zipfile.ZIP_DEFLATED and small.compress_size < 200
        assert stored.compress_type == zipfile.ZIP_STORED, "what does not get smaller is not deflated"

    theirs = packed(), packed(zipfile.ZIP_STORED), packed(comment=b"PK\x05 what a comment" * 50)
    assert unpack(ours, *theirs) == [FILES] * 4


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_damage_is_always_detected(method: int) -> None:
    good, chance = packed(method), random.Random(1)
    flipped = [good[:i] + bytes([good[i] ^ 1 << chance.randrange(8)]) + good[i + 1 :] for i in range(0, len(good), 11)]
    cut = [good[: chance.randrange(len(good))] for _ in range(20)]
    for answer in unpack(*flipped, *cut):
        if isinstance(answer, str):
            assert "zip file" in answer, answer
        else:  # dates, names and the like: nothing to check them by
            assert set(answer.values()) <= set(FILES.values())


def test_invalid_and_oversized_zips_are_refused() -> None:
    bomb = bytearray(packed())
    at = bomb.index(b"PK\x01\x02", bomb.index(b"PK\x01\x02") + 1)  # of the first file: the folder is before it
    bomb[at + 24 : at + 28] = (10).to_bytes(4, "little")
    huge = bytearray(packed())
    huge[at + 24 : at + 28] = b"\xff" * 4
    answers = unpack(b"", b"no zip at all, not even a beginning", bytes(bomb), bytes(huge))
    assert answers == [
        "This is not a zip file, or it is damaged.",
        "This is not a zip file, or it is damaged.",
        "This zip file is damaged: 'manifest.json' cannot be unpacked.",
        "This zip file unpacks to more than 1 GB and was not opened.",
    ]
