"""What is evaluated against what, opened and checked before the long work begins."""

from dataclasses import dataclass

from models.predictor import Model, load_model
from training.data.info import DataError, check_same_classes, read_classes
from training.data.layouts import read_folder
from training.data.manifest import read_head
from training.data.pairs import Pairs, open_pairs
from training.evaluation.config import MIN_PICTURES, NEEDS_REFERENCE, EvaluateConfig
from training.metrics.diversity import ms_ssim_scales
from training.metrics.inception import InceptionV3, load_inception
from training.metrics.lpips import Lpips, load_lpips
from training.metrics.segmentation import Grouping, every_class, read_groups
from training.metrics.segmenters import NamedSegmenter, discriminator, load_segmenter
from training.run.distributed import World
from training.segmenting.synthetic_data import open_synthetic


@dataclass(frozen=True)
class Subject:
    """Everything an evaluation needs. Networks that no wanted metric asks for are None."""

    config: EvaluateConfig
    world: World
    model: Model
    pairs: Pairs
    """Of the split: label maps to paint from, photos to compare with."""
    reference: Pairs | None
    """Of the reference split; None if no metric needs it and it cannot be opened."""
    frequency: Pairs | None
    """Of the split that class frequencies are taken from; None if it cannot be opened."""
    grouping: Grouping
    """How classes are merged where label maps are compared."""
    own: NamedSegmenter | None
    """The model's discriminator, if it segments."""
    judge: NamedSegmenter | None
    inception: InceptionV3 | None
    lpips: Lpips | None
    notes: tuple[str, ...]
    """For the report: what had to be left out."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width at which everything is compared: what the model was trained at."""
        return self.model.card.native_size

    @property
    def paintings(self) -> int:
        """How many pictures are painted for all but diversity."""
        return self.config.samples or len(self.pairs)


def open_subject(config: EvaluateConfig, world: World) -> Subject:
    """Raises DataError, MetricError, ModelError, PretrainedError or SegmenterError for whatever cannot be used."""
    model = load_model(config.model, world.device)
    pairs = open_split(config, config.split)
    check_same_classes(pairs.info, model.card.classes, f"the model {model.card.id!r}")
    compared = sorted(config.wanted & set(NEEDS_REFERENCE))
    notes = []
    if model.card.segmenter is None:
        notes.append("The model was trained with a discriminator that cannot segment: it is not measured.")
    try:
        reference = open_split(config, config.reference_split)
    except DataError as error:
        if compared:
            raise DataError(
                f"{', '.join(compared)} compare with photos of the split {config.reference_split!r}, but: {error} "
                "Choose another by --reference-split, or other metrics by --metrics."
            ) from error
        reference = None
    try:
        frequency = open_split(config, config.frequency_split)
    except DataError:
        frequency = None
        notes.append(f"There is no split {config.frequency_split!r}, so nothing is grouped by class frequency.")
    for found in (pairs, reference):
        if found is not None and len(found) < MIN_PICTURES:
            raise DataError(
                f"A split of {found.info.name!r} has {len(found)} photos: "
                f"{MIN_PICTURES} at least are needed to measure anything."
            )
    if "diversity" in config.wanted:
        ms_ssim_scales(*model.card.native_size)
    if config.comparison is not None:
        open_synthetic(config.comparison, read_head(config.comparison.synthetic))
    return Subject(
        config,
        world,
        model,
        pairs,
        reference,
        frequency,
        grouping=every_class(pairs.info) if config.groups is None else read_groups(config.groups, pairs.info),
        own=None if model.card.segmenter is None else discriminator(model, pairs.info),
        judge=None if config.segmenter is None else load_segmenter(config.segmenter, pairs.info, world.device),
        inception=load_inception(config.inception).to(world.device) if compared else None,
        lpips=load_lpips("alex", config.lpips).to(world.device) if "diversity" in config.wanted else None,
        notes=tuple(notes),
    )


def open_split(config: EvaluateConfig, split: str) -> Pairs:
    """The pairs of a split, with the classes of --classes if it is given. Raises DataError."""
    if config.classes is None:
        return open_pairs(config.data, split, config.layout)
    found = read_folder(config.data, split, read_classes(config.classes))
    if not found.photos:
        raise DataError(f"There are no photos in {config.data / split / 'images'}.")
    return Pairs(found)
