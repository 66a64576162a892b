"""`oasis-studio verify`: the same picture, nearly the same, another one, and files that cannot be compared."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from backend.projects.verify import OutputUnusable, VerifyConfig
from backend.projects.verify import verify as verify_files
from models.files.model_card import read_card, write_card
from models.testing import tiny_model
from tests.backend.pictures import decode, encode
from tests.backend.projects import members, pack
from tests.conftest import ROOT
from tests.png_files import PALETTE, chunk, png


@pytest.fixture
def files(tiny_zoo: Path) -> dict[str, bytes]:
    return members(tiny_zoo / "tiny")


@pytest.fixture
def verify(tmp_path, monkeypatch, capsys):
    """Exit status and output of the command for these files."""
    monkeypatch.setenv("COLUMNS", "1000")
    threads = torch.get_num_threads()

    def run(projects: dict[str, dict[str, bytes] | bytes], zoo: Path, **options: Any) -> tuple[int, str]:
        paths = [tmp_path / name for name in projects]
        for path, content in zip(paths, projects.values(), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else pack(content))
        status = verify_files(VerifyConfig(paths[0], tuple(paths[1:]), zoo, device="cpu", **options))
        return status, capsys.readouterr().out

    yield run
    torch.set_num_threads(threads)  # the command takes as many as the server does


def changed(files: dict[str, bytes], by: int, size: int = 4) -> dict[str, bytes]:
    """The project with a corner of its picture lighter or darker."""
    picture = decode(files["rendered.png"]).astype(int)
    corner = picture[:size, :size]
    picture[:size, :size] = np.where(corner < 128, corner + by, corner - by)
    return files | {"rendered.png": encode(picture.astype(np.uint8))}


def test_the_same_picture_and_one_within_the_tolerance(verify, files, tiny_zoo):
    status, said = verify({"a.oasis": files, "b.oasis": changed(files, 2)}, tiny_zoo)
    assert status == 0 and "exact" in said and "within tolerance" in said
    assert "2/255" in said and f"{16 / (64 * 96):.2%}" in said


def test_another_picture_is_different_and_shown(verify, files, tiny_zoo, tmp_path):
    projects = {"same.oasis": files, "other.oasis": changed(files, 3)}
    status, said = verify(projects, tiny_zoo, out=tmp_path / "out")
    assert status == 1 and "different" in said and "3/255" in said
    same, other = (decode((tmp_path / "out" / f"{name}-difference.png").read_bytes()) for name in ("same", "other"))
    assert same.shape == (64, 3 * 96, 3) and not same[:, 192:].any()
    assert (other[:4, 192:196] == 24).all() and not other[4:, 192:].any()
    assert verify(projects, tiny_zoo, tolerance=3)[0] == 0


def test_an_out_that_is_no_folder_is_named(verify, files, tiny_zoo, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(OutputUnusable, match="taken.*File exists.*another --out"):
        verify({"same.oasis": files}, tiny_zoo, out=tmp_path / "taken")


def test_a_broken_file_outweighs_the_others(verify, files, tiny_zoo):
    projects = {"a.oasis": files, "b[red].oasis": b"hello", "c.oasis": changed(files, 99)}
    status, said = verify(projects, tiny_zoo)
    assert status == 2 and "not a whole zip file" in said and "exact" in said and "b[red].oasis" in said
    no_regions = {name: data for name, data in files.items() if name != "sent-regions.png"}
    assert "no region map" in verify({"a.oasis": no_regions}, tiny_zoo)[1]


def test_nothing_of_a_file_reaches_the_terminal_but_text(verify, files, tiny_zoo):
    about = json.loads(files["manifest.json"])
    about["model"] |= {"id": "a\x1b[2Jb\r\x07c", "hash": None}
    evil = files | {"manifest.json": json.dumps(about).encode()}
    member = pack(files | {"\x1b]0;title\x07.png": b""})
    status, said = verify({"a.oasis": files, "b\x1b[2J.oasis": evil, "c.oasis": member}, tiny_zoo)
    assert status == 2 and "exact" in said and "there is no model" in said
    assert not any(ord(letter) < 32 for letter in said.replace("\n", ""))


def test_odd_pictures_and_numbers_leave_the_table_whole(verify, files, tiny_zoo):
    odd = png(decode(files["labels.png"]), PALETTE, chunks=(chunk(b"PLTE", bytes(15)), chunk(b"tRNS", bytes(300))))
    about = json.loads(files["manifest.json"]) | {"sent": {"noise": {"seed": 1, "blend": {"seed": 1, "t": 10**400}}}}
    broken = [files | {"rendered.png": odd}, files | {"manifest.json": json.dumps(about).encode()}]
    status, said = verify({"a.oasis": files} | {f"{i}.oasis": each for i, each in enumerate(broken)}, tiny_zoo)
    assert status == 2 and "exact" in said and said.count("broken") == len(broken)


def test_the_model_is_found_by_its_hash_under_any_name_else_by_its_id(verify, files, tiny_zoo, tmp_path):
    zoo = tmp_path / "zoo"
    shutil.copytree(tiny_zoo / "tiny", zoo / "renamed")
    write_card(zoo / "renamed", replace(read_card(zoo / "renamed"), id="renamed"))
    (zoo / "garbled").mkdir()
    (zoo / "garbled" / "model.json").write_text("{")
    status, said = verify({"a.oasis": files}, zoo)
    assert status == 0 and "renamed" in said and "exact" in said
    tiny_model(zoo / "renamed", seed=1)
    status, said = verify({"a.oasis": files}, zoo)
    assert status == 1 and "there is no model 'tiny'" in said and "only renamed" in said
    tiny_model(zoo / "tiny", seed=1)
    status, said = verify({"a.oasis": files}, zoo)
    assert status == 1 and "other weights" in said and "different" in said


def test_what_the_model_here_cannot_paint_is_not_compared(verify, files, tmp_path):
    about = json.loads(files["manifest.json"])
    about["model"]["hash"] = None
    tiny_model(tmp_path / "zoo" / "tiny", classes=4)
    files["manifest.json"] = json.dumps(about).encode()
    status, said = verify({"a.oasis": files}, tmp_path / "zoo")
    assert status == 1 and "not compared" in said and "class id 4" in said and "which weights" in said


def test_a_project_saved_before_its_picture_came_cannot_be_verified(verify, files, tiny_zoo):
    del files["rendered.png"]
    status, said = verify({"a.oasis": files}, tiny_zoo)
    assert status == 1 and "nothing to compare" in said


def test_the_command_ends_with_that_status(files, tiny_zoo, tmp_path):
    (tmp_path / "a.oasis").write_bytes(pack(files)[:-9])
    command = [sys.executable, "-m", "oasis_studio", "verify", str(tmp_path / "a.oasis"), "--zoo", str(tiny_zoo)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2 and "broken" in ended.stdout and not ended.stderr
