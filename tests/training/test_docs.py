"""The commands of docs/training.md, run as they stand there."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from models.model_directory import load_model

ROOT = Path(__file__).parents[2]


def test_the_guide_works(pairs: Path, tmp_path: Path) -> None:
    shutil.copytree(pairs, tmp_path / "my-photos")
    (block,) = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "training.md").read_text(), re.DOTALL)
    for line in block.strip().splitlines():
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
