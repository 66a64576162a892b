"""The one list of generator families: training, export, model directories and the predictor all choose from it.

A new family is a file with its network, an entry here, a recipe in training/recipes.py and its golden outputs in
tests/models/networks/test_kinds.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.errors import UserError, shorten
from models.maps import Padding
from models.networks.blocks import GeneratorConfig
from models.networks.layers import Upsampling
from models.networks.oasis import Generator
from models.networks.protocols import PainterConfig, PainterNetwork
from models.networks.spade import SpadeConfig, SpadeGenerator
from models.noise import NOISE_DIM

STYLE_DIM = 256  # of SPADE's image encoder (Park et al. 2019, app. A)


class FamilyError(UserError, ValueError):
    """A family that this version does not know."""


@dataclass(frozen=True)
class GeneratorOptions:
    """What a training run asks of a generator, whatever its family."""

    classes: int
    """Label classes N."""
    channels: tuple[int, ...]
    """Widths, coarse to fine."""
    noise: bool = True
    """Whether it takes 3D noise."""
    noise_planes: bool = False
    """Whether it takes a noise plane beside every normalization."""
    padding: Padding = "zeros"
    upsampling: Upsampling = "nearest"
    style: bool = False
    """Whether an image encoder gives it the style of a photo."""
    native_size: tuple[int, int] = (256, 256)
    """Height and width of the pictures it is trained to paint."""


@dataclass(frozen=True)
class Family:
    """One kind of generator.

    name: what --generator and recipes call it. summary: what --help says of it, a phrase. configure: makes its
    configuration of what a run asks for. takes_style: whether an image encoder can give it style. native: whether the
    native CPU engine (models/engine) knows a network of this configuration; all others run by the portable one.
    """

    name: str
    summary: str
    config: type[PainterConfig]
    network: type[PainterNetwork]
    configure: Callable[[GeneratorOptions], PainterConfig]
    takes_style: bool = False
    native: Callable[[Any], bool] = lambda config: False

    @property
    def kind(self) -> str:
        """What model.json calls its network."""
        return f"{self.name}-generator"

    def build(self, options: GeneratorOptions) -> PainterNetwork:
        """A generator with fresh weights. Raises ValueError for options that do not fit together."""
        return self.network(self.configure(options))


def _oasis(options: GeneratorOptions) -> GeneratorConfig:
    return GeneratorConfig(**_shared(options))


def _spade(options: GeneratorOptions) -> SpadeConfig:
    style_dim = STYLE_DIM if options.style else 0
    return SpadeConfig(**_shared(options), style_dim=style_dim, native_size=options.native_size)


def _shared(options: GeneratorOptions) -> dict[str, Any]:
    """What all families of OASIS's blocks have in common."""
    return {
        "classes": options.classes,
        "channels": options.channels,
        "noise_dim": NOISE_DIM if options.noise else 0,
        "noise_planes": options.noise_planes,
        "padding": options.padding,
        "upsampling": options.upsampling,
    }


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "oasis",
            "as published",
            GeneratorConfig,
            Generator,
            _oasis,
            native=lambda config: config.noise_dim == NOISE_DIM,
        ),
        Family(
            "spade",
            "with the extra block of SPADE and SPADE+",
            SpadeConfig,
            SpadeGenerator,
            _spade,
            takes_style=True,
        ),
    )
}


def find_family(name: str) -> Family:
    """The family of this name. Raises FamilyError, which lists the known ones."""
    if name not in FAMILIES:
        raise FamilyError(f"There is no generator family {shorten(name)}: choose one of {', '.join(FAMILIES)}.")
    return FAMILIES[name]


def family_of(network: PainterNetwork) -> Family:
    """The family that a generator belongs to. Raises FamilyError."""
    for family in FAMILIES.values():
        if type(network) is family.network:
            return family
    raise FamilyError(f"{type(network).__name__} is of no registered generator family: {', '.join(FAMILIES)}.")
