"""The model so far, rewritten at every checkpoint of a run, in files small enough to transfer."""

from pathlib import Path

import torch

from training.export import ExportConfig, export
from training.output.files import scratch_folder, write_whole

PART = 15 * 2**20  # bytes


def publish(run: Path, into: Path, device: torch.device) -> None:
    """The last checkpoint of a run as a model directory, with the partner. A file of more than 15 MiB is written as
    NAME.part00, NAME.part01, ...: `cat NAME.part* > NAME` puts them together. Every file is replaced as a whole.

    Raises as export does.
    """
    with scratch_folder(run / into.name) as scratch:
        made = scratch / into.name
        export(ExportConfig(run, made, into.name, partner=True), device)
        for file in sorted(made.iterdir()):
            content = file.read_bytes()
            parts = [content[start : start + PART] for start in range(0, len(content), PART)]
            names = [f"{file.name}.part{number:02}" for number in range(len(parts))] if parts[1:] else [file.name]
            for name, part in zip(names, parts, strict=True):
                write_whole(into / name, part)
            for older in {*into.glob(f"{file.name}.part*")} - {into / name for name in names}:
                older.unlink()
    if (run / "losses.jsonl").exists():
        write_whole(into / "losses.jsonl", (run / "losses.jsonl").read_bytes())
