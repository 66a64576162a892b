"""What a run writes while it goes on, and how it is told to stop."""

import json
import signal
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from training.output.files import name_full_disk
from training.run.trainer import Trainer


class StopRequest:
    """Turns the first Ctrl+C or SIGTERM into a wish to end cleanly; a second one interrupts at once."""

    def __init__(self) -> None:
        self.wanted = False

    def __enter__(self) -> Self:
        self.previous = {number: signal.signal(number, self.request) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self.previous.items():
            signal.signal(number, handler)

    def request(self, number: int, frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True


class Log:
    """Losses as JSON lines and, if it is installed, to TensorBoard."""

    def __init__(self, out: Path) -> None:
        """Raises WriteError."""
        self.path = out / "losses.jsonl"
        with name_full_disk(self.path):
            out.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("a", buffering=1)
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            self.board: Any = None
        else:
            self.board = SummaryWriter(str(out / "tensorboard"))

    def write(self, trainer: Trainer, losses: dict[str, float], rate: float) -> None:
        record = {"step": trainer.steps, "images": trainer.images, "images_per_second": round(rate, 3), **losses}
        with name_full_disk(self.path):
            self.file.write(json.dumps(record) + "\n")
        if self.board is not None:
            for name, value in losses.items():
                self.board.add_scalar(name, value, trainer.images)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()
        if self.board is not None:
            self.board.close()
