"""The exact inference engine: the same pictures as `models.oasis` for a fraction of the work."""

import logging

from models.engine.generator import Canvas, GeneratorEngine
from models.engine.library import LibraryError, library
from models.engine.portable import PortableCanvas, PortableEngine
from models.oasis import Generator

log = logging.getLogger(__name__)

AnyEngine = GeneratorEngine | PortableEngine
AnyCanvas = Canvas | PortableCanvas


def native(device_type: str) -> bool:
    """Whether the native kernels serve this type of device; says in the log why not."""
    if device_type != "cpu":
        return False
    try:
        library()
    except LibraryError as error:
        log.warning("Painting will be several times slower: %s", error)
        return False
    return True


def generator_engine(generator: Generator) -> AnyEngine:
    """The fastest engine for this generator where it lies. The native one has weights of its own."""
    kind = next(generator.parameters()).device.type
    return GeneratorEngine(generator) if native(kind) else PortableEngine(generator)
