"""All that is measured: which pictures are looked at by what, and which figures come of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from rich.console import Console
from safetensors.torch import load_file, save
from torch import Tensor

from models.cache import cache_dir
from training.data.pairs import Pairs
from training.evaluation.config import BESIDE_PHOTOS, NEEDS_REFERENCE, WHOLE, Metric
from training.evaluation.figures import (
    appearance_figures,
    diversity_figures,
    fid_figure,
    kid_figure,
    precision_recall_figures,
    segmentation_figures,
    spectrum_figures,
)
from training.evaluation.image_sources import (
    Paintings,
    Photos,
    Source,
    Statistic,
    fingerprint,
    share_of,
    show,
    spread,
    to_batch,
    to_images,
)
from training.evaluation.report import Figure
from training.evaluation.statistics import Appearance, Features, Segmentations, Spectra
from training.evaluation.subject import Subject
from training.metrics.diversity import ms_ssim_scales, pairwise_lpips, pairwise_ms_ssim
from training.metrics.segmentation import count_pixels, every_class
from training.metrics.segmenters import NamedSegmenter
from training.output.files import write_whole
from training.output.progress import progress_bar


def measure(subject: Subject) -> list[Figure]:
    """Every figure that was asked for; in processes other than the main one some may be missing."""
    return [*_sets(subject), *_diversity(subject)]


@dataclass(frozen=True)
class Seen:
    """What was measured on one set of pictures; None is what was not asked for."""

    features: Features | None
    judged: Segmentations | None
    own: Segmentations | None
    looks: Appearance | None
    spectra: Spectra | None


def _look(subject: Subject, source: Source, numbers: Sequence[int], what: str, *metrics: Metric) -> Seen:
    """Show a set of pictures, once, to what those of `metrics` need that are wanted."""
    wanted, device = subject.config.wanted & set(metrics), subject.world.device

    def segmentations(metric: Metric, segmenter: NamedSegmenter | None) -> Segmentations | None:
        return Segmentations(segmenter, subject.grouping, device) if segmenter and metric in wanted else None

    seen = Seen(
        features=Features(subject.inception, device) if subject.inception and wanted & set(NEEDS_REFERENCE) else None,
        judged=segmentations("segmenter", subject.judge),
        own=segmentations("discriminator", subject.own),
        looks=Appearance(every_class(subject.pairs.info)) if wanted & {"color", "texture"} else None,
        spectra=Spectra(*subject.size) if "spectrum" in wanted else None,
    )
    found: list[Statistic | None] = [seen.features, seen.judged, seen.own, seen.looks, seen.spectra]
    show(source, numbers, [m for m in found if m is not None], subject.world, subject.config.batch, what)
    return seen


def _sets(subject: Subject) -> list[Figure]:
    """All figures but those of diversity: the paintings are painted once for all of them."""
    config, pairs, reference = subject.config, subject.pairs, subject.reference
    paintings = Paintings(subject.model, pairs, config.first_seed)
    painted = _look(
        subject, paintings, range(subject.paintings), "painting", *NEEDS_REFERENCE, *BESIDE_PHOTOS, "segmenter"
    )
    photos = Photos(pairs, subject.size)
    real = _look(
        subject,
        photos,
        range(len(pairs)),
        _photos(subject),
        *BESIDE_PHOTOS,
        "segmenter",
        "discriminator",
    )
    figures: list[Figure] = []
    if painted.features is not None and reference is not None:
        figures += _distances(subject, reference, painted.features.rows)
    figures += _beside_photos(subject, real, painted)
    frequency = _frequency(subject) if real.judged or real.own else None
    for key, title, on_paintings, on_photos in (
        ("segmenter", "external segmenter", painted.judged, real.judged),
        ("discriminator", "discriminator", None, real.own),
    ):
        if on_photos is None:
            continue
        sets = _photos(subject) if on_paintings is None else f"paintings and {_photos(subject)}"
        scores = None if on_paintings is None else on_paintings.matrix.scores()
        figures += segmentation_figures(
            key,
            title,
            f"{sets}, by the {on_photos.segmenter.name}",
            scores,
            on_photos.matrix.scores(),
            frequency,
            config.frequency_groups,
        )
    return figures


def _photos(subject: Subject) -> str:
    split = subject.config.split
    return f"{len(subject.pairs)} photos" + ("" if split == WHOLE else f" of {split}")


def _distances(subject: Subject, reference: Pairs, fake: Tensor) -> list[Figure]:
    """FID, KID, precision and recall; between photos as well, unless the splits are the same."""
    config = subject.config
    real = _photo_features(subject, reference, config.reference_split)
    other = None
    if config.reference_split != config.split:
        other = _photo_features(subject, subject.pairs, config.split)
    if not subject.world.main:
        return []
    sets = f"to {len(reference)} photos of {config.reference_split}"
    figures = []
    if "fid" in config.wanted:
        figures.append(fid_figure(real, fake, other, sets))
    if "kid" in config.wanted:
        figures.append(kid_figure(real, fake, other, sets))
    if "pr" in config.wanted:
        figures += precision_recall_figures(real, fake, other, sets)
    return figures


def _photo_features(subject: Subject, pairs: Pairs, split: str) -> Tensor:
    """Inception features of all photos of a split, [photos, 2048], kept for the next evaluation.

    Complete in the main process only.
    """
    path = cache_dir() / "features" / f"inception-2015-12-05-{fingerprint(pairs, subject.size)[:16]}.safetensors"
    world = subject.world
    kept = torch.tensor(int(world.main and path.is_file()))
    if world.sum(kept):  # all processes go one way, though only one of them may see the file
        return load_file(path)["features"] if world.main else torch.zeros(0, 2048)
    assert subject.inception is not None
    features = Features(subject.inception, world.device)
    photos = Photos(pairs, subject.size)
    show(photos, range(len(pairs)), [features], world, subject.config.batch, f"features of {split}")
    if world.main:
        write_whole(path, save({"features": features.rows}))
    return features.rows


def _beside_photos(subject: Subject, real: Seen, painted: Seen) -> list[Figure]:
    """Those of BESIDE_PHOTOS; between photos of the two splits as well, with as many photos of the reference split."""
    config, reference, other = subject.config, subject.reference, None
    if reference is not None and config.reference_split != config.split:
        numbers = spread(len(subject.pairs), len(reference))
        photos = Photos(reference, subject.size)
        other = _look(subject, photos, numbers, f"photos of {config.reference_split}", *BESIDE_PHOTOS)
    sets = f"to {_photos(subject)}"
    figures: list[Figure] = []
    if real.looks and painted.looks:
        histograms = other.looks.histograms if other and other.looks else None
        figures += appearance_figures(config.wanted, real.looks.histograms, painted.looks.histograms, histograms, sets)
    if real.spectra and painted.spectra:
        spectrum = other.spectra.spectrum if other and other.spectra else None
        figures += spectrum_figures(real.spectra.spectrum, painted.spectra.spectrum, spectrum, sets)
    return figures


def _frequency(subject: Subject) -> Tensor | None:
    """Pixels of each group of classes in the split that frequencies are taken from, [G]; photos are not looked at."""
    if subject.frequency is None:
        return None
    world, labels = subject.world, subject.frequency.split.labels
    counts = torch.zeros(len(subject.grouping.names), dtype=torch.int64)
    mine = share_of(range(len(subject.frequency)), world)
    with progress_bar("label maps", Console(quiet=not world.main)) as bar:
        task = bar.add_task(f"classes of {subject.config.frequency_split}", total=len(mine))
        for number in mine:
            ids = labels.read(subject.frequency.stem(number)).astype(np.int64)
            counts += count_pixels(torch.from_numpy(ids), subject.grouping)
            bar.advance(task)
    return world.sum(counts)


@torch.inference_mode()
def _diversity(subject: Subject) -> list[Figure]:
    """Mean distance between draws from one label map (thesis sec. 4.3.1)."""
    if subject.lpips is None:
        return []
    config, world = subject.config, subject.world
    paintings = Paintings(subject.model, subject.pairs, config.first_seed)
    numbers = spread(config.diversity_maps, len(subject.pairs))
    mine = share_of(numbers, world)
    found = []
    with progress_bar("label maps", Console(quiet=not world.main)) as bar:
        task = bar.add_task("diversity", total=len(mine))
        for number in mine:
            draws = to_images(to_batch(paintings.draws(number, config.draws)), world.device)  # [K, 3, H, W]
            found.append([pairwise_lpips(draws, subject.lpips), pairwise_ms_ssim(draws)])
            bar.advance(task)
    both = world.gather(torch.tensor(found).reshape(-1, 2))
    sets = f"{config.draws} draws of each of {len(both)} label maps"
    return diversity_figures(both[:, 0], both[:, 1], sets, f"{ms_ssim_scales(*subject.size)} scales")
