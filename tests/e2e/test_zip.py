"""Zip files of the page: other programs read them, it reads theirs, and no damage passes for content."""

from __future__ import annotations

import base64
import io
import random
import zipfile

import pytest

from tests.e2e.studio import Studio

PACK = """
  const { packZip } = await load('formats/zip');
  const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const blob = await packZip(argument.map(([name, data]) => ({ name, data: bytes(data) })));
  const packed = new Uint8Array(await blob.arrayBuffer());
  return Array.from(packed, byte => byte.toString(16).padStart(2, '0')).join('');
"""
UNPACK = """
  const { unpackZip } = await load('formats/zip');
  const answers = [];
  for (const each of argument) {
    try {
      const files = await unpackZip(Uint8Array.from(atob(each), letter => letter.charCodeAt(0)));
      const text = data => btoa(Array.from(data, byte => String.fromCharCode(byte)).join(''));
      answers.push([...files].map(([name, data]) => [name, text(data)]));
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


def unpack(studio: Studio, *files: bytes) -> list[dict[str, bytes] | str]:
    """What the page makes of each: its files, or what it says."""
    answers = studio.run(UNPACK, [text(file) for file in files])
    assert isinstance(answers, list)
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


def test_zips_go_both_ways(studio: Studio) -> None:
    ours = bytes.fromhex(str(studio.run(PACK, [[name, text(data)] for name, data in FILES.items()])))
    with zipfile.ZipFile(io.BytesIO(ours)) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == FILES
        small, stored = file.getinfo("manifest.json"), file.getinfo("history/0.bin")
        assert small.compress_type == zipfile.ZIP_DEFLATED and small.compress_size < 200
        assert stored.compress_type == zipfile.ZIP_STORED, "what does not get smaller is not deflated"

    theirs = packed(), packed(zipfile.ZIP_STORED), packed(comment=b"PK\x05 what a comment" * 50)
    assert unpack(studio, ours, *theirs) == [FILES] * 4


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_no_damage_passes_for_content(studio: Studio, method: int) -> None:
    good, chance = packed(method), random.Random(1)
    flipped = [good[:i] + bytes([good[i] ^ 1 << chance.randrange(8)]) + good[i + 1 :] for i in range(0, len(good), 11)]
    cut = [good[: chance.randrange(len(good))] for _ in range(20)]
    for answer in unpack(studio, *flipped, *cut):
        if isinstance(answer, str):
            assert "zip file" in answer, answer
        else:  # dates, names and the like: nothing to check them by
            assert set(answer.values()) <= set(FILES.values())


def test_what_is_no_zip_or_too_much_is_refused_in_plain_words(studio: Studio) -> None:
    bomb = bytearray(packed())
    at = bomb.index(b"PK\x01\x02", bomb.index(b"PK\x01\x02") + 1)  # of the first file: the folder is before it
    bomb[at + 24 : at + 28] = (10).to_bytes(4, "little")
    huge = bytearray(packed())
    huge[at + 24 : at + 28] = b"\xff" * 4
    answers = unpack(studio, b"", b"no zip at all, not even a beginning", bytes(bomb), bytes(huge))
    assert answers == [
        "This is no zip file, or it is damaged.",
        "This is no zip file, or it is damaged.",
        "This zip file is damaged: 'manifest.json' cannot be unpacked.",
        "This zip file unpacks to more than 1 GB; that is not opened.",
    ]
