"""The server in a process of its own, forked from one that has imported it: importing torch takes seconds."""

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

from backend.serve import serve
from backend.settings import Settings, variable

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])


def start(log: Path, settings: dict[str, str]) -> BaseProcess:
    """Start a server that writes to `log`, with these settings and none of the environment's."""
    os.environ["OMP_NUM_THREADS"] = "1"  # for the process that is forked, which starts with the first server
    log.write_bytes(b"")  # so that nobody takes an earlier server's words for this one's
    process = CONTEXT.Process(target=_run, args=(log, settings), daemon=True)
    process.start()
    return process


def _run(log: Path, settings: dict[str, str]) -> None:
    with log.open("wb", buffering=0) as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    for field in Settings.model_fields:
        os.environ.pop(variable(field), None)
    os.environ |= {variable(field): value for field, value in settings.items()}
    serve(Settings())
