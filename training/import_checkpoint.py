"""`oasis-studio import-checkpoint`: from the authors' published files to a model directory."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import tyro
from rich.console import Console

from models.files.model_card import ModelCard, ModelError, NetworkEntry, read_card
from models.files.model_directory import write_model
from models.files.scenes import FOLDER
from models.networks.kinds import describe_network
from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.networks.variants import VARIANTS
from models.noise import NoiseSpec
from models.predictor import load_model
from training.data.info import DatasetInfo, read_classes
from training.data.scenes import copy_scenes, load_scenes
from training.output.files import sweep, whole_folder
from training.output.sample_grids import save_grid
from training.weights.official import load_official

ORIGIN = "imported checkpoint"
GRID = "samples.png"
GRID_DRAWS = 3
CLASSES = Path(__file__).parent / "data" / "classes"


@dataclass(frozen=True)
class Published:
    """What is known of a published model beside its weights."""

    native_size: tuple[int, int]
    """Height and width of its training pictures."""
    scores: dict[str, float]
    """FID and mIoU of OASIS in Table 1 of the paper (thesis: Table 4.1)."""
    terms: str
    """Of the data it was trained on."""
    scene: tuple[str, str, str, str]
    """Classes of the drawn sample, from the top: background, skyline, middle, front."""


PUBLISHED = {
    "ade20k": Published(
        (256, 256),
        {"FID": 28.3, "mIoU": 48.8},
        "ADE20K: photos for non-commercial research and education only",
        ("sky", "mountain", "tree", "water"),
    ),
    "coco-stuff": Published(
        (256, 256),
        {"FID": 17.0, "mIoU": 44.1},
        "COCO-Stuff: annotations CC BY 4.0, photos under the Flickr terms of use",
        ("sky-other", "mountain", "tree", "river"),
    ),
    "cityscapes": Published(
        (256, 512),
        {"FID": 47.7, "mIoU": 69.3},
        "Cityscapes: non-commercial use only",
        ("sky", "building", "vegetation", "road"),
    ),
}
WEIGHTS_TERMS = "weights published with the authors' code, which is AGPL-3.0"


@dataclass(frozen=True)
class ImportConfig:
    """Make a model directory of the authors' published files."""

    checkpoint: tyro.conf.Positional[Path]
    """The generator: best_EMA.pth (moving average). The file best_G.pth works too, with worse pictures."""
    preset: Literal["ade20k", "coco-stuff", "cityscapes"]
    """The dataset the files were trained on: shapes, class names and colors."""
    into: Path
    """Model directory to write; its name becomes the model's id."""
    discriminator: Path | None = None
    """The discriminator, best_D.pth. It segments photos; without it the model paints label maps only."""
    name: str = ""
    """Name shown to users; empty: OASIS and the dataset."""
    overwrite: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Replace an imported model that stands there, with everything in its folder but its starter scenes."""


def import_checkpoint(config: ImportConfig) -> ModelCard:
    """Weights, model.json, README.md and a picture to look at; returns the card written.

    The directory appears whole or not at all. Raises CheckpointError, DataError, WriteError or ModelError.
    """
    sweep(config.into.parent, config.into.name)
    _check_target(config)
    info = read_classes(CLASSES / f"{config.preset}.json")
    standing = config.into / FOLDER
    scenes = load_scenes(standing, info, PUBLISHED[config.preset].native_size)
    generator_config, discriminator_config = VARIANTS[config.preset]
    generator = load_official(config.checkpoint, Generator(generator_config))
    discriminator = None
    if config.discriminator is not None:
        discriminator = load_official(config.discriminator, Discriminator(discriminator_config))
    card = _card(config, info, generator, discriminator)
    with whole_folder(config.into) as made:
        written = write_model(made, card, generator, discriminator)
        found = _draw(made, info, PUBLISHED[config.preset])
        if scenes:
            copy_scenes(standing, made / FOLDER)
        (made / "README.md").write_text(_readme(written, found))
    return written


def _check_target(config: ImportConfig) -> None:
    """Only an imported model may be replaced, and only if asked. Raises ModelError."""
    if not config.into.exists():
        return
    try:
        imported = read_card(config.into).training.get("origin") == ORIGIN
    except ModelError:
        imported = False
    if not imported:
        raise ModelError(f"{config.into} exists and is not an imported model: choose another folder with --into.")
    if not config.overwrite:
        raise ModelError(f"{config.into} exists: choose another folder with --into, or replace it with --overwrite.")


def _card(
    config: ImportConfig, info: DatasetInfo, generator: Generator, discriminator: Discriminator | None
) -> ModelCard:
    published = PUBLISHED[config.preset]
    files = {"generator": _source(config.checkpoint)}
    if config.discriminator is not None:
        files["discriminator"] = _source(config.discriminator)
    return ModelCard(
        id=config.into.name,
        name=config.name or f"OASIS {info.name}",
        family="oasis",
        version=files["generator"]["sha256"][:8],
        native_size=published.native_size,
        classes=info.classes,
        ignore_id=info.ignore_id,
        generator=NetworkEntry(*describe_network(generator), ""),
        segmenter=None if discriminator is None else NetworkEntry(*describe_network(discriminator), ""),
        training={
            "data": info.name,
            "origin": ORIGIN,
            "weights": _averaging(config.checkpoint),
            "files": files,
            "terms": f"{WEIGHTS_TERMS}; {published.terms}",
            "imported": datetime.now(UTC).date().isoformat(),
        },
        metrics={"published": published.scores, "how": "by the authors (OASIS, Table 1); nothing was measured here"},
    )


def _source(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {"name": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _averaging(checkpoint: Path) -> str:
    """The two kinds have the same entries; only the name of the file tells them apart."""
    if checkpoint.stem.endswith("EMA"):
        return "moving average"
    if checkpoint.stem.endswith("G"):
        return "state of the last step, not its moving average: best_EMA.pth paints better"
    return "state of a step or a moving average: the name of the file does not tell"


def _scene(info: DatasetInfo, published: Published) -> np.ndarray:
    """A drawn label map, uint8 [H, W]: four classes behind wavy edges."""
    ids = {c.name: c.id for c in info.classes}
    background, *layers = (ids[name] for name in published.scene)
    height, width = published.native_size
    x, y = np.linspace(0, 9, width)[None], np.linspace(0, 1, height)[:, None]
    labels = np.full((height, width), background, np.uint8)
    edges = (0.40 + 0.08 * np.sin(x), 0.55 + 0.05 * np.sin(2.3 * x + 1), 0.72 + 0.01 * np.sin(x + 2))
    for layer, edge in zip(layers, edges, strict=True):
        labels[y > edge] = layer
    return labels


def _draw(path: Path, info: DatasetInfo, published: Published) -> float | None:
    """Write samples.png: a drawn map, painted by the model in `path` (its hashes are checked), and what its segmenter
    sees in the first draw. Returns the share of pixels whose class that finds again; None without a segmenter."""
    labels = _scene(info, published)
    model = load_model(path)
    draws = [model.synthesize(labels, NoiseSpec(seed)) for seed in range(GRID_DRAWS)]
    ids = None if model.card.segmenter is None else model.segment(draws[0])[0]
    save_grid([[info.palette[labels], *draws, *([] if ids is None else [info.palette[ids]])]], path / GRID)
    return None if ids is None else float((ids == labels).mean())


def _readme(card: ModelCard, found: float | None) -> str:
    """The model card for people. found: what _draw returned."""
    height, width = card.native_size
    training, scores = card.training, card.metrics["published"]
    files = "\n".join(
        f"- {role}: `{file['name']}`, SHA-256 `{file['sha256']}`" for role, file in training["files"].items()
    )
    if found is None:
        seen, segmenting = "", "The discriminator was not imported: this model cannot segment photos."
    else:
        seen = ", and the first draw as the discriminator segments it"
        segmenting = f"""\
In the first draw the discriminator finds the drawn class again at {found:.0%} of the pixels. The two networks were
trained against each other: noise in the picture or a share near zero means that the files do not belong together."""
    return f"""# {card.name}

OASIS as its authors published it (Schönfeld et al., ICLR 2021), trained on {training["data"]}:
{len(card.classes)} classes, pictures of {width}x{height}. Imported on {training["imported"]} from

{files}

The generator is the {training["weights"]}.
Spectral norm was folded in with the stored vectors and weights were rounded to fp16; nothing was trained or tuned.

![A drawn label map, {GRID_DRAWS} draws{seen}]({GRID})

{segmenting}

The authors' figures on the validation set (Table 1): {", ".join(f"{name} {value}" for name, value in scores.items())}.

Terms: {training["terms"]}.
"""


def main(arguments: list[str]) -> None:
    """Run the command."""
    config = tyro.cli(ImportConfig, args=arguments, prog="oasis-studio import-checkpoint")
    card = import_checkpoint(config)
    able = "" if card.segmenter else "\nIt cannot segment photos: --discriminator best_D.pth --overwrite adds that."
    Console().print(f"Wrote the model {card.id!r} ({card.training['weights']}). Look at {config.into / GRID}.{able}")
