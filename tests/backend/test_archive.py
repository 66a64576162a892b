"""Project files: what the page writes is read, and everything else is refused before it can do harm."""

import json
import warnings
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import limits
from backend.errors import ApiError, BadProject, TooLarge
from backend.projects.archive import read_project
from models.noise import NoiseSpec
from tests.backend.pictures import decode, encode, photo, stripes
from tests.backend.projects import NOISE, members, pack


@pytest.fixture(scope="module")
def files(tiny_zoo: Path) -> dict[str, bytes]:
    return members(tiny_zoo / "tiny")


def manifest(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """The same members with another manifest."""
    return files | {"manifest.json": json.dumps(json.loads(files["manifest.json"]) | changes).encode()}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_project_is_read(files, method):
    project = read_project(pack(files, method))
    assert project.manifest.model.id == "tiny" and project.noise == NoiseSpec.parse(NOISE)
    for found, name in ((project.labels, "labels"), (project.regions, "sent-regions"), (project.rendered, "rendered")):
        np.testing.assert_array_equal(found, decode(files[f"{name}.png"]))


def test_what_was_not_there_when_it_was_saved_is_none(files):
    names = ("rendered.png", "picture.png", "sent-regions.png", "regions.png")
    project = read_project(pack({name: data for name, data in manifest(files, sent=None).items() if name not in names}))
    assert (project.rendered, project.regions, project.noise) == (None, None, None)


def test_a_picture_with_an_alpha_channel_is_the_same(files):
    opaque = np.dstack([decode(files["rendered.png"]), np.full((64, 96), 255, np.uint8)])
    project = read_project(pack(files | {"rendered.png": encode(opaque)}))
    np.testing.assert_array_equal(project.rendered, decode(files["rendered.png"]))


@pytest.mark.parametrize("name", ["manifest.json", "labels.png", "history.json"])
def test_a_missing_member_is_named(files, name):
    with pytest.raises(BadProject, match=name):
        read_project(pack({other: data for other, data in files.items() if other != name}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": "zip"}, "no project of Oasis Studio"),
        ({"version": 2}, "version 2 of the format"),
        ({"size": {"width": 64, "height": 96}}, "not the size"),
        ({"size": None}, "size"),
        ({"model": {"id": "tiny"}}, "model.version"),
        ({"model": {"id": "tiny", "version": "1", "classes": [{"id": 0, "name": "a"}]}}, "id 1, which is no class"),
        ({"sent": {"noise": {"seed": -1}}}, "noise cannot be used: noise.seed"),
        ({"sent": {"noise": {"blend": {"seed": 1, "t": 10**400}}}}, "noise cannot be used: noise.blend.t is 1000"),
        ({"sent": {"noise": {"seed": 1}}}, "Region id 3"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(files, changes, says):
    with pytest.raises(BadProject, match=says):
        read_project(pack(manifest(files, **changes)))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"manifest.json": b"{"}, "manifest.json is not JSON"),
        ({"manifest.json": b"[" * 100_000}, "manifest.json is not JSON"),
        ({"manifest.json": b"[1]"}, "no project of Oasis Studio"),
        ({"labels.png": encode(stripes(64, 96))[:-30]}, "labels.png is damaged"),
        ({"labels.png": encode(photo(64, 96))}, "labels.png has 6144 pixels in colors that no class has"),
        ({"sent-regions.png": encode(stripes(32, 96))}, "region map is 96x32"),
        ({"rendered.png": encode(photo(64, 64))}, "rendered.png is 64x64"),
        ({"rendered.png": b"hello"}, "rendered.png is not a readable"),
        ({"../evil.png": b""}, "'../evil.png', which no project has"),
        ({"/etc/passwd": b""}, "which no project has"),
        ({"parts/../../evil.png": b""}, "which no project has"),
        ({"parts\\evil.png": b""}, "which no project has"),
        ({"setup.exe": b""}, "which no project has"),
        ({"x" * 300 + ".png": b""}, "which no project has"),
    ],
)
def test_a_member_that_cannot_be_used_is_named(files, changed, says):
    with pytest.raises(BadProject) as refused:
        read_project(pack(files | changed))
    assert says in refused.value.detail


def test_a_member_of_which_there_are_two_is_refused(files):
    file = BytesIO(pack(files))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("labels.png", files["labels.png"])
    with pytest.raises(BadProject, match=r"labels\.png twice"):
        read_project(file.getvalue())


def test_other_kinds_of_packing_are_refused(files):
    with pytest.raises(BadProject, match="packed in an unknown way"):
        read_project(pack(files, zipfile.ZIP_BZIP2))


def test_bombs_are_not_unpacked(files, monkeypatch):
    monkeypatch.setattr(limits, "PROJECT_UNPACKED_BYTES", 8 * limits.MB)
    with pytest.raises(TooLarge, match="unpacks to more"):
        read_project(pack(files | {"parts/1.bin": bytes(limits.PROJECT_UNPACKED_BYTES)}))
    with pytest.raises(TooLarge, match=r"manifest\.json has more"):
        read_project(pack(files | {"manifest.json": b" " * (limits.MANIFEST_BYTES + 1)}))
    with pytest.raises(BadProject, match="members"):
        read_project(pack(files | {f"parts/{i}.bin": b"" for i in range(limits.PROJECT_MEMBERS)}, zipfile.ZIP_STORED))


def test_what_is_packed_a_thousand_times_is_not_unpacked(files):
    assert read_project(pack(files | {"parts/1.bin": bytes(60 * limits.MB)}))
    bomb = pack(files | {f"parts/{i}.bin": bytes(20 * limits.MB) for i in range(6)})
    assert len(bomb) < limits.MB
    with pytest.raises(TooLarge, match=r"unpacks to more than 7\d MB: save it without undo steps"):
        read_project(bomb)


def test_a_project_zipped_again_with_its_folder_is_read(files):
    inside = {f"my work/{name}": data for name, data in files.items()}
    mac = {"my work/.DS_Store": b"?", "__MACOSX/my work/._manifest.json": b"?"}
    project = read_project(pack({"my work/": b""} | inside | mac))
    np.testing.assert_array_equal(project.labels, decode(files["labels.png"]))
    for other in ({"setup.exe": b""}, {"other/manifest.json": b"{}"}, {"other/x.exe": b""}):
        with pytest.raises(BadProject, match="which no project has"):
            read_project(pack(inside | other))


@pytest.mark.parametrize("digits", [30, 400, 4200, 10**5])
@pytest.mark.parametrize("place", ["version", "size", "seed", "t"])
def test_numbers_of_any_length_are_refused(files, place, digits):
    noise = {"seed": 7, "blend": {"seed": 1, "t": "LONG"}} if place == "t" else {"seed": "LONG"}
    places = {"version": "LONG", "size": {"width": "LONG", "height": 64}}
    changes = {place: places[place]} if place in places else {"sent": {"noise": noise}}
    text = manifest(files, **changes)["manifest.json"].replace(b'"LONG"', b"9" * digits)
    with pytest.raises(BadProject):
        read_project(pack(files | {"manifest.json": text}))


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(files):
    packed = bytearray(pack(files | {"parts/9.bin": bytes(1_234_567)}))
    true, lie = (1_234_567).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert packed.count(true) == 2  # before the member and in the directory
    with pytest.raises(BadProject, match="not a whole zip file"):
        read_project(bytes(packed.replace(true, lie)))


@settings(max_examples=200)
@given(st.data())
def test_mutilated_projects_never_do_more_than_be_refused(files, data):
    packed = bytearray(pack(files))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(packed) - 1))
        packed[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with suppress(ApiError):
        read_project(bytes(packed[: data.draw(st.integers(0, len(packed)))]))
