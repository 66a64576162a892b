"""The exact inference engine: the same pictures as `models.networks.oasis` for a fraction of the work."""

from collections.abc import Callable

from torch import Tensor, nn

from models.engine.discriminator import DiscriminatorEngine
from models.engine.generator import Canvas, GeneratorEngine
from models.engine.portable import PortableCanvas, PortableEngine
from models.kernels.library import available
from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.noise import NOISE_DIM

AnyEngine = GeneratorEngine | PortableEngine
AnyCanvas = Canvas | PortableCanvas


def native(device_type: str) -> bool:
    """Whether the native kernels serve this type of device."""
    return device_type == "cpu" and available()


def generator_engine(generator: Generator) -> AnyEngine:
    """The fastest engine for this generator where it lies. The native one has weights of its own; it knows the
    published OASIS generator with its noise, no other."""
    kind = next(generator.parameters()).device.type
    known = type(generator) is Generator and generator.config.noise_dim == NOISE_DIM
    return GeneratorEngine(generator) if known and native(kind) else PortableEngine(generator)


def segmenter_engine(segmenter: nn.Module) -> Callable[[Tensor], list[Tensor]]:
    """The fastest way to run this segmenter where it lies: itself, unless there is an engine for its kind."""
    kind = next(segmenter.parameters()).device.type
    return DiscriminatorEngine(segmenter) if isinstance(segmenter, Discriminator) and native(kind) else segmenter
