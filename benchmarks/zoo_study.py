"""Which choices of a recipe move FID most at equal compute: the table of docs/zoo.md.

    python benchmarks/zoo_study.py run --data ../shared/data/landscapes256 --start MODEL [--minutes 4] [NAME ...]
    python benchmarks/zoo_study.py report

Every variant trains one change against its base, at 128x128, with the same seed and the same processor time: its steps
are timed first, then it sees as many images as fit. What was reached is exported and evaluated like any model. One
thread each, so that two processes may share the work of a machine with two cores; finished variants are skipped.
"""

import argparse
import json
import shutil
import statistics
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from training.config import Stage, TrainConfig
from training.distributed import join_world
from training.evaluate import evaluate
from training.evaluation.config import EvaluateConfig
from training.export import ExportConfig, export
from training.loop import Run, train
from training.recipes import RECIPES

SIZE, BATCH = (128, 128), 8
CAPPED = (256, 256, 256, 256, 128, 64, 32)
WIDTH_24 = (384, 384, 384, 192, 96, 48, 24)
TIMED_STEPS = 5
SAMPLES = 600

ON, NEW = "goes on from a model", "begins from nothing"
BASES: dict[str, TrainConfig] = {
    ON: replace(RECIPES["landscapes"], ema_decay=0.99, stages=(Stage(SIZE, 1, BATCH),)),
    NEW: replace(RECIPES["landscapes"], ema_decay=0.99, stages=(Stage(SIZE, 1, BATCH),)),
}
# Name: base and the one thing that is changed. A stage's number of images is what its share of the time allows.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "base": (ON, {}),
    "rates x3": (ON, {"stages": (Stage(SIZE, 1, BATCH, rate=3.0),)}),
    "rate falls to 0": (ON, {"stages": (Stage(SIZE, 1, BATCH, falls=True),)}),
    "LabelMix 10": (ON, {"consistency_weight": 10.0}),
    "no LabelMix": (ON, {"consistency": "none"}),
    "noise region": (ON, {"noise": "region"}),
    "noise mixed": (ON, {"noise": "mix"}),
    "noise brushed": (ON, {"noise": "brushed"}),
    "diversity 1": (ON, {"diversity_weight": 1.0}),
    "diversity 4": (ON, {"diversity_weight": 4.0}),
    "colour augmentation": (ON, {"augmentation": "color"}),
    "fakes reused": (ON, {"reuse_fakes": True}),
    "average 0.95": (ON, {"ema_decay": 0.95}),
    "average 0.998": (ON, {"ema_decay": 0.998}),
    "cleaner half": (ON, {"data": "clean"}),
    "width 16": (NEW, {}),
    "width 24": (NEW, {"generator_channels": WIDTH_24}),
    "capped widths": (NEW, {"generator_channels": CAPPED}),
    "discriminator width 128": (NEW, {"discriminator_widths": (128,)}),
    "plain OASIS": (NEW, {"discriminator": "oasis", "discriminator_widths": (32, 32, 64, 64, 128, 128)}),
    "64 to 128": (NEW, {"stages": (Stage((64, 64), 1, BATCH), Stage(SIZE, 1, BATCH))}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("run", "report"))
    parser.add_argument("names", nargs="*", help="variants; all without it")
    parser.add_argument("--data", type=Path, help="data set of the recipe 'landscapes'")
    parser.add_argument("--start", type=Path, help="model that half of the variants go on from")
    parser.add_argument("--minutes", type=float, default=4.0, help="processor time of each")
    parser.add_argument("--out", type=Path, default=Path("runs/study"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.task == "run":
        for name in options.names or VARIANTS:
            run(name, options)
    print(table(options.out))


def run(name: str, options: argparse.Namespace) -> None:
    """Train and evaluate one variant, unless that was done."""
    folder = options.out / name.replace(" ", "-")
    if (folder / "result.json").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    base, changes = VARIANTS[name]
    config = replace(BASES[base], data=options.data, out=folder / "run", start=options.start if base == ON else None)
    if changes.get("data") == "clean":
        changes = {"data": cleaner_half(options.data, folder / "data")}
    config = replace(config, checkpoint_every=10**9, ema_batches=20, **changes)
    share = options.minutes * 60 / len(config.stages)
    stages = tuple(fitted(config, stage, share) for stage in config.stages)
    config = replace(config, stages=stages)
    started = time.process_time()
    train(config, console=Console(quiet=True))
    seconds = time.process_time() - started
    export(ExportConfig(config.out, folder / "model", name))
    report = evaluate(
        EvaluateConfig(
            folder / "model",
            options.data,
            split="train",
            samples=SAMPLES,
            metrics=("fid", "kid", "diversity"),
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
        "images": config.total_images,
        "cpu_minutes": round(seconds / 60, 2),
        **{key: reached[key] for key in ("fid", "kid", "lpips")},
    }
    (folder / "result.json").write_text(json.dumps(result, indent=1))
    (folder / "run/latest.pt").unlink()


def fitted(config: TrainConfig, stage: Stage, seconds: float) -> Stage:
    """The stage with as many images as fit into the seconds of processor time."""
    with join_world("cpu") as world:
        timed = Run(replace(config, stages=(replace(stage, images=10**6),), start=None), world, Console(quiet=True))
        stream = timed.batches(stage, config.seed, 0)
        times = []
        for _ in range(TIMED_STEPS + 1):
            started = time.process_time()
            timed.trainer.step(list(islice(stream, config.accumulate)))
            times.append(time.process_time() - started)
    return replace(stage, images=round(seconds / statistics.median(times[1:])) * stage.batch)


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
    for base in BASES:
        lines += [f"\n| {base} | images | CPU min | FID | KID x 1000 | LPIPS |", "|---|--:|--:|--:|--:|--:|"]
        for r in sorted((r for r in results if r["base"] == base), key=lambda r: r["fid"]):
            figures = f"{r['fid']:.1f} | {r['kid']:.1f} | {r['lpips']:.3f}"
            lines.append(f"| {r['name']} | {r['images']:,} | {r['cpu_minutes']:.1f} | {figures} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
