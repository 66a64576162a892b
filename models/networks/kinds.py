"""All kinds of networks that model.json may name: the generators of every family, encoders and discriminators."""

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from torch import nn

from models.errors import shorten
from models.networks.conditional import ConcatDiscriminator, ProjectionDiscriminator
from models.networks.families import FAMILIES
from models.networks.patchgan import PatchConfig, PatchDiscriminator, ResNetPatchDiscriminator
from models.networks.projected import ConditionedDiscriminator, ProjectedDiscriminator, ProjectedDiscriminatorConfig
from models.networks.protocols import NetworkConfig
from models.networks.spade import StyleEncoder, StyleEncoderConfig
from models.networks.unet import Discriminator, DiscriminatorConfig


@dataclass(frozen=True)
class NetworkKind:
    config: type
    network: type[nn.Module]


NETWORKS: dict[str, NetworkKind] = {
    **{family.kind: NetworkKind(family.config, family.network) for family in FAMILIES.values()},
    "style-encoder": NetworkKind(StyleEncoderConfig, StyleEncoder),
    "oasis-discriminator": NetworkKind(DiscriminatorConfig, Discriminator),
    "oasis-concat-discriminator": NetworkKind(DiscriminatorConfig, ConcatDiscriminator),
    "oasis-projection-discriminator": NetworkKind(DiscriminatorConfig, ProjectionDiscriminator),
    "patch-discriminator": NetworkKind(PatchConfig, PatchDiscriminator),
    "resnet-patch-discriminator": NetworkKind(DiscriminatorConfig, ResNetPatchDiscriminator),
    "projected-discriminator": NetworkKind(ProjectedDiscriminatorConfig, ProjectedDiscriminator),
    "conditioned-discriminator": NetworkKind(ProjectedDiscriminatorConfig, ConditionedDiscriminator),
}


def build_network(kind: str, config: dict[str, Any]) -> nn.Module:
    """A network with fresh weights from plain values. Raises ValueError naming what does not fit."""
    values = build_config(kind, config)
    return NETWORKS[kind].network(values)


def build_config(kind: str, config: dict[str, Any]) -> NetworkConfig:
    """A network's configuration from plain values. Raises ValueError naming what does not fit."""
    if kind not in NETWORKS:
        raise ValueError(f"Unknown network kind {shorten(kind)}: expected one of {', '.join(NETWORKS)}.")
    # JSON has lists where configs have tuples.
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
    try:
        for name in values.keys() & _types(kind).keys():
            _types(kind)[name].validate_python(values[name], strict=True)
        built: NetworkConfig = NETWORKS[kind].config(**values)
        return built
    except ValidationError as error:
        raise ValueError(f"{name} of a network of kind {kind!r}: {error.errors()[0]['msg']}.") from error
    except TypeError as error:
        raise ValueError(
            f"The configuration {shorten(config)} does not fit a network of kind {kind!r}: {shorten(str(error))}."
        ) from error


@cache
def _types(kind: str) -> dict[str, TypeAdapter[Any]]:
    """What checks the type of each value of a configuration."""
    return {name: TypeAdapter(type_) for name, type_ in get_type_hints(NETWORKS[kind].config).items()}


def describe_network(network: nn.Module) -> tuple[str, dict[str, Any]]:
    """Kind and configuration as plain values: the inverse of build_network."""
    for kind, entry in NETWORKS.items():
        if type(network) is entry.network:
            return kind, asdict(network.config)  # type: ignore[call-overload]
    raise ValueError(f"{type(network).__name__} is not a registered network.")
