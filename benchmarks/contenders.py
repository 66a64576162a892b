"""What can compute a picture: PyTorch as it is, three compilers for inference, and this project's engine."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.networks import Subject
from benchmarks.scenes import EDITS, Batch, Scene, Task
from models.engine import segmenter_engine
from models.engine.generator import Canvas, GeneratorEngine
from models.networks.layers import fold_spectral_norm
from models.networks.oasis import Generator
from models.networks.protocols import SegmenterNetwork

Output = tuple[Tensor, ...]


class Left(Exception):
    """Why a contender is left out; the message is fit for the report."""


def nothing(_base: Task) -> None:
    """A contender without state has nothing to prepare."""


@dataclass(frozen=True)
class Contender:
    """paint: what the clock measures. prepare: paints the round's base before that, unmeasured.
    task: the one task it is measured on, or None if its time does not depend on the task. compared: whether its
    pictures should be those of the plain network."""

    name: str
    paint: Callable[[Task], Output]
    task: str | None = None
    prepare: Callable[[Task], None] = nothing
    compared: bool = True


def contenders(subject: Subject, threads: int) -> tuple[list[Contender], list[str]]:
    """All that can run here, "plain" first, and a line for each that cannot."""
    if subject.pictures > 1:
        return batch_contenders(subject), []
    found: list[Contender] = []
    left: list[str] = []
    for name, build in FOREIGN.items():
        try:
            found.append(Contender(name, build(subject, threads)))
        except Left as reason:
            left.append(f"{name}: {reason}")
    return found + ours(subject), left


def plain(subject: Subject, _threads: int) -> Callable[[Task], Output]:
    return lambda task: outputs(subject.plain(*task.dense()))


def plain_bf16(subject: Subject, _threads: int) -> Callable[[Task], Output]:
    has = torch.cpu.get_capabilities()
    if not (has.get("avx512_bf16") or has.get("amx_bf16")):
        raise Left("this processor has no bf16 arithmetic")

    def paint(task: Task) -> Output:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return outputs(subject.plain(*task.dense()))

    return paint


def folded(subject: Subject, _threads: int) -> Callable[[Task], Output]:
    """The fastest that eager PyTorch offers without touching the network's code."""
    return lambda task: outputs(subject.folded(*task.dense()))


def compiled(subject: Subject, _threads: int) -> Callable[[Task], Output]:
    compiler = os.environ.get("CXX", "g++")
    if shutil.which(compiler) is None:
        raise Left(f"it needs a C++ compiler and {compiler} is not installed")
    network: Callable[..., Tensor] = torch.compile(subject.folded)
    return lambda task: outputs(network(*task.dense()))


def onnx_runtime(subject: Subject, threads: int) -> Callable[[Task], Output]:
    onnxruntime = optional("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        session = onnxruntime.InferenceSession(exported(subject, Path(folder)), options)
    names = [value.name for value in session.get_inputs()]

    def paint(task: Task) -> Output:
        feed = {name: tensor.numpy() for name, tensor in zip(names, task.dense(), strict=True)}
        return tuple(torch.from_numpy(array) for array in session.run(None, feed))

    return paint


def open_vino(subject: Subject, threads: int) -> Callable[[Task], Output]:
    openvino = optional("openvino")
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    with tempfile.TemporaryDirectory() as folder:
        model = openvino.Core().compile_model(exported(subject, Path(folder)), "CPU", settings)

    def paint(task: Task) -> Output:
        found = model([tensor.numpy() for tensor in task.dense()])
        return tuple(torch.from_numpy(found[i].copy()) for i in range(len(found)))

    return paint


FOREIGN: dict[str, Callable[[Subject, int], Callable[[Task], Output]]] = {
    "plain": plain,
    "plain, bf16": plain_bf16,
    "folded, channels last": folded,
    "torch.compile": compiled,
    "ONNX Runtime": onnx_runtime,
    "OpenVINO": open_vino,
}


class Ours:
    """The engine with one canvas per picture, as a person's edits find it: the round's base is painted."""

    def __init__(self, generator: Generator) -> None:
        self.engine = GeneratorEngine(generator)
        self.classes = generator.config.classes
        self.canvases: list[Canvas] = []

    def prepare(self, base: Task, count: int = 1) -> None:
        assert isinstance(base, Scene)
        self.canvases = [self.engine.canvas() for _ in range(count)]
        for canvas in self.canvases:
            canvas.paint(base.regions(self.classes))

    def paint(self, task: Task) -> Output:
        assert isinstance(task, Scene)
        return (self.canvases[0].paint(task.regions(self.classes))[None],)

    def one_by_one(self, task: Task) -> Output:
        assert isinstance(task, Batch)
        jobs = zip(self.canvases, task.scenes, strict=True)
        return (torch.stack([canvas.paint(scene.regions(self.classes)) for canvas, scene in jobs]),)

    def together(self, task: Task) -> Output:
        assert isinstance(task, Batch)
        scenes = (scene.regions(self.classes) for scene in task.scenes)
        return (self.engine.render(list(zip(self.canvases, scenes, strict=True))),)


def ours(subject: Subject) -> list[Contender]:
    if not isinstance(subject.folded, Generator):
        assert isinstance(subject.folded, SegmenterNetwork)
        segment = segmenter_engine(subject.folded)
        return [Contender("ours", lambda task: outputs(segment(*task.dense())))]
    us = Ours(subject.folded)
    found = [Contender(f"ours: {task}", us.paint, task, us.prepare) for task in EDITS]
    if subject.folded.config.noise_planes:
        bare = Ours(without_planes(subject.folded))
        found += [
            Contender(f"ours without planes: {task}", bare.paint, task, bare.prepare, compared=False) for task in EDITS
        ]
    return found


def without_planes(generator: Generator) -> Generator:
    """The same generator, but for its noise planes: other pictures in what should be nearly the same time."""
    plain = Generator(replace(generator.config, noise_planes=False))
    fold_spectral_norm(plain)
    plain.load_state_dict({key: value for key, value in generator.state_dict().items() if "plane" not in key})
    return plain


def batch_contenders(subject: Subject) -> list[Contender]:
    """Several pictures as one batch and one by one."""
    assert isinstance(subject.folded, Generator)
    us = Ours(subject.folded)
    prepare = partial(us.prepare, count=subject.pictures)

    def one_by_one(task: Task) -> Output:
        assert isinstance(task, Batch)
        return (torch.cat([subject.plain(*scene.dense()) for scene in task.scenes]),)

    return [
        Contender("plain, one by one", one_by_one),
        Contender("plain, together", plain(subject, 0)),
        Contender("ours, one by one", us.one_by_one, None, prepare),
        Contender("ours, together", us.together, None, prepare),
    ]


def optional(module: str) -> Any:
    """A module of the extra `bench`, which the export needs as well. Raises Left if any is not installed."""
    missing = [name for name in (module, "onnx", "onnxscript") if find_spec(name) is None]
    if missing:
        raise Left(f"{' and '.join(missing)} not installed (pip install -e '.[bench]')")
    return import_module(module)


def exported(subject: Subject, folder: Path) -> Path:
    """The network as an ONNX file of the shape of its first task."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it warns of operators of packages we do not have
    path = folder / "network.onnx"
    inputs = next(iter(next(subject.rounds).tasks.values())).dense()
    torch.onnx.export(subject.folded, inputs, path, dynamo=True, verbose=False)
    return path


def outputs(result: Tensor | list[Tensor]) -> Output:
    return (result,) if isinstance(result, Tensor) else tuple(result)
