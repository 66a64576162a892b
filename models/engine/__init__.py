"""The exact inference engine: the same pictures as `models.networks.oasis` for a fraction of the work."""

from collections.abc import Callable

from torch import Tensor

from models.engine.discriminator import DiscriminatorEngine
from models.engine.generator import Canvas, GeneratorEngine
from models.engine.portable import PortableCanvas, PortableEngine
from models.kernels.library import available
from models.networks.families import family_of
from models.networks.oasis import Generator
from models.networks.protocols import PainterNetwork, SegmenterNetwork
from models.networks.unet import Discriminator

AnyEngine = GeneratorEngine | PortableEngine
AnyCanvas = Canvas | PortableCanvas


def native(device_type: str) -> bool:
    """Whether the native kernels serve this type of device."""
    return device_type == "cpu" and available()


def generator_engine(generator: PainterNetwork) -> AnyEngine:
    """The fastest engine for this generator where it lies. The native one has weights of its own; its family says
    whether the native one knows it."""
    device = next(generator.parameters()).device.type
    if isinstance(generator, Generator) and family_of(generator).native(generator.config) and native(device):
        return GeneratorEngine(generator)
    return PortableEngine(generator)


def segmenter_engine(segmenter: SegmenterNetwork) -> Callable[[Tensor], list[Tensor]]:
    """The fastest way to run this segmenter where it lies: itself, unless there is an engine for its kind."""
    device = next(segmenter.parameters()).device.type
    return DiscriminatorEngine(segmenter) if isinstance(segmenter, Discriminator) and native(device) else segmenter
