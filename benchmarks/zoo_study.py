"""Which choices of a recipe move FID most at equal compute: the table of docs/zoo.md.

    python -m benchmarks.zoo_study run [NAME ...] --data ../shared/data/landscapes256 --start MODEL [--images 1064]
        [--seeds 0 1 2]
    python -m benchmarks.zoo_study report

Every variant trains one change against its base, at 128x128, with the same seeds and at equal compute: its steps and
those of the base are timed in turn, and it sees as many images as cost what `--images` of the base do. What was
reached is exported and evaluated like any model. Each runs on one thread: with names of its own, a
second process may use another core. Variants with a result are skipped: another --images needs another --out. The
report has means over seeds and, of several, half of what lies between the least and the largest.
"""

import argparse
import json
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from benchmarks.training import BEFORE
from training.config import TrainConfig
from training.evaluate import evaluate
from training.evaluation.config import EvaluateConfig
from training.export import ExportConfig, export
from training.recipes import RECIPES
from training.run.distributed import World
from training.run.loop import Run
from training.run.schedule import Stage
from training.train import train

SIZE, BATCH = (128, 128), 8
CAPPED = (256, 256, 256, 256, 128, 64, 32)
WIDTH_24 = (384, 384, 384, 192, 96, 48, 24)
TIMED_STEPS = 6
FIGURES = {
    "fid": "FID",
    "kid": "KID x 1000",
    "lpips": "LPIPS",
    "axis_power": "power on axes",
    "lattice_peak": "worst peak",
}
SAMPLES = 600

ON, NEW = "goes on from a model", "begins from nothing"
# The published settings on pretrained features; what the recipe adds to them is what is studied.
BASE = replace(
    RECIPES["landscapes"],
    **BEFORE,
    stages=(Stage(SIZE, 10**6, BATCH),),
    noise="image",
    diversity_weight=0.0,
    reuse_fakes=False,
    encoder_rate=0.0,
    ema_decay=0.99,
)
NOW: dict[str, Any] = {"noise_planes": True, "discriminator": "conditioned"}
# Name: base and the one thing that is changed. A stage's number of images is what its share of the compute allows.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "base": (ON, {}),
    "rates x3": (ON, {"stages": (Stage(SIZE, 10**6, BATCH, rate=3.0),)}),
    "rate falls to 0": (ON, {"stages": (Stage(SIZE, 10**6, BATCH, falls=True),)}),
    "LabelMix 10": (ON, {"consistency_weight": 10.0}),
    "no LabelMix": (ON, {"consistency": "none"}),
    "noise region": (ON, {"noise": "region"}),
    "noise mixed": (ON, {"noise": "mix"}),
    "noise brushed": (ON, {"noise": "brushed"}),
    "diversity 1": (ON, {"diversity_weight": 1.0}),
    "diversity 4": (ON, {"diversity_weight": 4.0}),
    "color augmentation": (ON, {"augmentation": "color"}),
    "fakes reused": (ON, {"reuse_fakes": True}),
    "average 0.95": (ON, {"ema_decay": 0.95}),
    "average 0.998": (ON, {"ema_decay": 0.998}),
    "cleaner half": (ON, {"data": "clean"}),
    "width 16": (NEW, {}),
    "noise planes": (NEW, {"noise_planes": True}),
    "conditioned": (NEW, {"discriminator": "conditioned"}),
    "planes, conditioned": (NEW, NOW),
    "planes, conditioned, lazy": (NEW, NOW | {"lazy_interval": 2}),
    "planes, conditioned, diversity 1": (NEW, NOW | {"diversity_weight": 1.0}),
    "planes, conditioned, root weights": (NEW, NOW | {"generator_class_weights": "root"}),
    "planes, conditioned, rare classes": (NEW, NOW | {"sampling": "rare"}),
    "width 24": (NEW, {"generator_channels": WIDTH_24}),
    "capped widths": (NEW, {"generator_channels": CAPPED}),
    "discriminator width 128": (NEW, {"discriminator_widths": (128,)}),
    "plain OASIS": (NEW, {"discriminator": "oasis", "discriminator_widths": (32, 32, 64, 64, 128, 128)}),
    "64 to 128": (NEW, {"stages": (Stage((64, 64), 10**6, BATCH), Stage(SIZE, 10**6, BATCH))}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("run", "report"))
    parser.add_argument("names", nargs="*", help="variants; all without it")
    parser.add_argument("--data", type=Path, help="data set of the recipe 'landscapes'")
    parser.add_argument("--start", type=Path, help="model that half of the variants go on from")
    parser.add_argument("--images", type=int, default=1064, help="that the base sees")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--out", type=Path, default=Path("runs/study"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    if unknown := set(options.names) - VARIANTS.keys():
        parser.error(f"unknown variants {sorted(unknown)}: choose of {', '.join(VARIANTS)}")
    if options.task == "run":
        names = options.names or list(VARIANTS)
        if options.data is None or (options.start is None and any(VARIANTS[name][0] == ON for name in names)):
            parser.error("run needs --data and, for variants that go on, --start")
        for seed in options.seeds:
            for name in names:
                run(name, seed, options)
    print(table(options.out))


def run(name: str, seed: int, options: argparse.Namespace) -> None:
    """Train and evaluate one variant, unless that was done."""
    folder = options.out / f"{name.replace(',', '').replace(' ', '-')}-{seed}"
    if (folder / "result.json").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    base, changes = VARIANTS[name]
    start = options.start if base == ON else None
    config = replace(BASE, data=options.data, out=folder / "run", start=start, seed=seed)
    if changes.get("data") == "clean":
        changes = {"data": cleaner_half(options.data, folder / "data")}
    config = replace(config, checkpoint_every=10**9, ema_batches=20, **changes)
    share = options.images // len(config.stages)
    stages = tuple(fitted(config, stage, share) for stage in config.stages)
    config = replace(config, stages=stages)
    if train(config, console=Console(quiet=True)).images < config.schedule.total_images:
        raise SystemExit(f"{name!r} was stopped before its end: it starts over next time.")
    export(ExportConfig(config.out, folder / "model", name))
    report = evaluate(
        EvaluateConfig(
            folder / "model",
            options.data,
            split="train",
            samples=SAMPLES,
            metrics=("fid", "kid", "diversity", "spectrum"),
            draws=5,
            diversity_maps=20,
            out=folder / "evaluation",
        )
    )
    assert report is not None
    figures = json.loads((folder / "evaluation/report.json").read_text())["figures"]
    reached = {figure["key"]: figure["painted"] for figure in figures}
    result = {
        "name": name,
        "base": base,
        "seed": seed,
        "images": config.schedule.total_images,
        **{key: reached[key] for key in FIGURES},
    }
    (folder / "result.json").write_text(json.dumps(result, indent=1))
    (folder / "run/latest.pt").unlink()


def fitted(config: TrainConfig, stage: Stage, images: int) -> Stage:
    """The stage with as many images as cost what `images` of the base do: a median of ratios of steps timed in turn."""
    base = replace(BASE, data=config.data)
    steps = [timed_step(each) for each in (replace(config, stages=(stage,), start=None), base)]
    ratios = []
    for _ in range(TIMED_STEPS + 1):
        own, other = (step() for step in steps)
        ratios.append(other / own)
    return replace(stage, images=round(images * statistics.median(ratios[1:]) / stage.batch) * stage.batch)


def timed_step(config: TrainConfig) -> Callable[[], float]:
    """Takes two steps of a new run, as terms may be taken in every other one; returns their seconds of processor
    time."""
    run = Run(config, World(torch.device("cpu")), Console(quiet=True))
    stream = run.batches(config.stages[0], config.seed, 0)

    def step() -> float:
        started = time.process_time()
        for _ in range(2):
            run.trainer.step(list(islice(stream, config.accumulate)))
        return time.process_time() - started

    return step


def cleaner_half(data: Path, into: Path) -> Path:
    """The data set with the half of the training pairs whose label maps have the fewest components, as links."""
    quality = json.loads((data / "quality.json").read_text())
    column = quality["columns"].index("connected components")
    ranked = sorted(quality["train"], key=lambda stem: (quality["train"][stem][column], stem))
    kept = set(ranked[: len(ranked) // 2])
    for part in ("images", "labels"):
        (into / "train" / part).mkdir(parents=True)
        for file in (data / "train" / part).iterdir():
            if file.stem in kept:
                (into / "train" / part / file.name).symlink_to(file.resolve())
    (into / "val").symlink_to((data / "val").resolve())
    (into / "classes.json").symlink_to((data / "classes.json").resolve())
    return into


def table(out: Path) -> str:
    """All results as Markdown, those of each base together, the best FID first."""
    results = [json.loads(path.read_text()) for path in sorted(out.glob("*/result.json"))]
    lines = []
    for base in (ON, NEW):
        lines += [
            f"\n| {base} | seeds | images | {' | '.join(FIGURES.values())} |",
            "|---|--:|--:|" + "--:|" * len(FIGURES),
        ]
        runs: dict[str, list[dict[str, Any]]] = {}
        for result in results:
            if result["base"] == base:
                runs.setdefault(result["name"], []).append(result)
        for name, found in sorted(runs.items(), key=lambda item: statistics.mean(r["fid"] for r in item[1])):
            images = statistics.mean(r["images"] for r in found)
            figures = " | ".join(mean_and_spread([r[key] for r in found]) for key in FIGURES)
            lines.append(f"| {name} | {len(found)} | {images:,.0f} | {figures} |")
    return "\n".join(lines)


def mean_and_spread(values: list[float]) -> str:
    """With half of what lies between the least and the largest, if there are several."""
    mean, spread = statistics.mean(values), (max(values) - min(values)) / 2
    digits = 1 if mean > 5 else 2
    return f"{mean:.{digits}f}" if len(values) == 1 else f"{mean:.{digits}f} ± {spread:.{digits}f}"


if __name__ == "__main__":
    main()
