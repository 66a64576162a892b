"""Project files as docs/projects.md describes them, read without the page."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.e2e.studio import Studio


class ProjectFile:
    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            self.members = {name: file.read(name) for name in file.namelist()}
        self.manifest = json.loads(self.members["manifest.json"])
        self.history = json.loads(self.members["history.json"])

    def pixels(self, name: str) -> np.ndarray:
        return np.array(Image.open(io.BytesIO(self.members[name])))

    def map(self, name: str) -> np.ndarray:
        """uint8 [H, W]; nothing but zeros where the member is missing."""
        size = self.manifest["size"]
        return self.pixels(name) if name in self.members else np.zeros((size["height"], size["width"]), np.uint8)

    def states(self, stack: str) -> list[dict[str, Any]]:
        """What undoing ("done") or redoing ("undone") leads to, step by step."""
        labels, regions = self.map("labels.png"), self.map("regions.png")
        states = []
        for step in reversed(self.history[stack]):
            if step["whole"]:
                labels, regions = (self.pixels(step["whole"][name]) for name in ("labels", "regions"))
            labels, regions = self.flipped(labels, step["labels"]), self.flipped(regions, step["regions"])
            kept = step["kept"] and [self.pixels(step["kept"][name]).tobytes() for name in ("picture", "cover")]
            states.append(
                {"name": step["name"], "labels": labels, "regions": regions, "noise": step["noise"], "kept": kept}
            )
        return states

    def flipped(self, before: np.ndarray, member: str | None) -> np.ndarray:
        if member is None:
            return before
        data = self.members[member]
        runs = int.from_bytes(data[:4], "little")
        starts, ends = np.frombuffer(data, "<u4", 2 * runs, 4).reshape(2, runs)
        flat, at = before.flatten(), 4 + 8 * runs
        for start, end in zip(starts, ends, strict=True):
            flat[start:end] ^= np.frombuffer(data, np.uint8, end - start, at)
            at += int(end - start)
        assert at == len(data)
        return flat.reshape(before.shape)

    def content(self) -> str:
        """All of it as text, save what differs each time: when it was saved, and how versions are numbered."""
        kept = self.manifest["kept"] and [self.pixels(self.manifest["kept"][name]) for name in ("picture", "cover")]
        return repr(
            [
                {name: value for name, value in self.manifest.items() if name not in ("saved", "kept")},
                [array.tobytes() for array in kept or []],
                *(
                    self.pixels(name).tobytes()
                    for name in sorted(self.members)
                    if "/" not in name and name.endswith("png")
                ),
                [
                    {name: value.tobytes() if isinstance(value, np.ndarray) else value for name, value in state.items()}
                    for stack in ("done", "undone")
                    for state in self.states(stack)
                ],
            ]
        )


def saved_project(studio: Studio) -> ProjectFile:
    return ProjectFile(studio.save("Control+p").read_bytes())


def open_project(studio: Studio, file: Path) -> None:
    with studio.page.expect_file_chooser() as chooser:
        studio.press("Control+Shift+O")
    chooser.value.set_files(file)
