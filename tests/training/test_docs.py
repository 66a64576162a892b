"""The commands of docs/training.md, run as they stand there."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from models.predictor import load_model

ROOT = Path(__file__).parents[2]


def test_the_guide_works(pairs: Path, tmp_path: Path) -> None:
    photos = tmp_path / "my-photos"
    shutil.copytree(pairs, photos, ignore=shutil.ignore_patterns("train"))
    for split in ("train", "val"):
        for kind in ("images", "labels"):
            (photos / split / kind).mkdir(parents=True)
            for file in (pairs / "train" / kind).iterdir():
                for copy in "ab":  # fewer than five pictures would not be measured
                    shutil.copy(file, photos / split / kind / f"{copy}-{file.name}")
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "training.md").read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.strip().splitlines()]
    assert {shlex.split(line)[1] for line in lines} >= {"check-data", "train", "export", "evaluate", "synthesize"}
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "oasis-studio"
        command = [sys.executable, str(ROOT / "oasis_studio.py"), *arguments]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
    assert load_model(tmp_path / "models" / "zoo" / "my-photos").card.training["images"] == 48


def test_errors_are_one_line_without_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "oasis_studio.py"), "train", "--data", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "classes.json is missing" in result.stderr and "Traceback" not in result.stderr
