"""The authors' checkpoint files: plain state dicts under names of their own, with spectral norm in its legacy form."""

import re
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.networks.variants import VARIANTS
from models.noise import NOISE_DIM
from training.run.checkpoint import CheckpointError

RENAMES = (  # ours -> theirs; a number is a layer's place among the activation, upsampling and convolution of its block
    (r"\.batch_norm\.", ".first_norm."),
    (r"\.mlp_shared\.", ".mlp_shared.0."),
    (r"^(body_down\.0\.conv1)\.", r"\1.0."),
    (r"^(body_down\.[1-9]\d*\.conv1)\.", r"\1.1."),
    (r"^(body_up\.\d+\.conv1)\.", r"\1.2."),
    (r"^(body_(?:down|up)\.\d+\.conv2)\.", r"\1.1."),
    (r"\.parametrizations\.weight\.original$", ".weight_orig"),
    (r"\.parametrizations\.weight\.0\._([uv])$", r".weight_\1"),
)
PRESETS_BY_CLASSES = {VARIANTS[preset][0].classes: preset for preset in ("ade20k", "coco-stuff", "cityscapes")}
SHOWN = 3  # names listed in a message

Network = TypeVar("Network", Generator, Discriminator)


def official_name(name: str) -> str:
    """What the authors' files call an entry of our generator's or discriminator's state dict."""
    for ours, theirs in RENAMES:
        name = re.sub(ours, theirs, name)
    return name


def load_official(path: Path, network: Network) -> Network:
    """Fill `network` from a published file; it then stands in evaluation mode.

    Spectral norm keeps the stored u and v: the effective weight is weight_orig / sigma, sigma = u^T W v with W as
    [out, -1], as in the authors' evaluation. Raises CheckpointError if the file is not one, or another network's.
    """
    state = read_state(path)
    _check_kind(path, state, network)
    own = network.state_dict()
    expected = {official_name(name): (name, tensor.shape) for name, tensor in own.items()}
    for theirs, (name, _) in expected.items():
        if theirs.endswith(".num_batches_tracked"):  # paints nothing, and some programs leave it out
            state.setdefault(theirs, own[name])
    _check_names(path, set(state), set(expected))
    for theirs, (_, shape) in expected.items():
        if state[theirs].shape != shape:
            found, wanted = list(state[theirs].shape), list(shape)
            raise CheckpointError(
                f"{path}: {theirs} has the shape {found}, expected {wanted}: it is another network's."
            )
        if not state[theirs].isfinite().all():
            raise CheckpointError(f"{path}: {theirs} has values that are not finite: download the file again.")
    network.load_state_dict({name: state[theirs] for theirs, (name, _) in expected.items()})
    return network.eval()


def read_state(path: Path) -> dict[str, Tensor]:
    """The tensors of a published file by their official names; nothing in the file is executed.

    The "module." of nn.DataParallel is taken off. Raises CheckpointError.
    """
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # torch raises many kinds for a file that is not one
        code = re.search(r"GLOBAL (\S+)", str(error))
        if code:
            raise CheckpointError(
                f"{path} asks for the Python object {code[1]}, which weights never need. It was refused and nothing in "
                "it was run: give the file the authors published."
            ) from error
        raise CheckpointError(
            f"{path} is not a PyTorch checkpoint, or a damaged one: download it again. Expected is a file like "
            "best_EMA.pth from the authors' archive, unpacked."
        ) from error
    if isinstance(content, dict) and {"config", "trainer"} <= content.keys():
        raise CheckpointError(
            f"{path} is a checkpoint of this program's own trainer: make a model of it with "
            f"'oasis-studio export --run {path.parent}'."
        )
    if not isinstance(content, dict) or not content or not all(isinstance(t, Tensor) for t in content.values()):
        raise CheckpointError(
            f"{path} holds no plain state dict (names and tensors): expected a file like best_EMA.pth."
        )
    return {str(name).removeprefix("module."): tensor for name, tensor in content.items()}


def _check_kind(path: Path, state: dict[str, Tensor], network: Generator | Discriminator) -> None:
    """Of the right kind and for the right classes? Raises CheckpointError."""
    generator, discriminator = state.get("fc.weight"), state.get("layer_up_last.weight")
    expects_generator = isinstance(network, Generator)
    if (generator is None) == expects_generator and (discriminator is None) != expects_generator:
        kinds = ("a discriminator (*_D.pth)", "a generator (*_EMA.pth)")
        raise CheckpointError(
            f"{path} holds {kinds[not expects_generator]} where {kinds[expects_generator]} is expected: the generator "
            "comes first, the discriminator after --discriminator."
        )
    marker, wanted = (generator if expects_generator else discriminator), network.config.classes
    if marker is None or marker.dim() != 4:
        return  # what is missing is said with the names
    classes = marker.shape[1] - NOISE_DIM if expects_generator else marker.shape[0] - 1
    if classes != wanted:
        known = PRESETS_BY_CLASSES.get(classes)
        remedy = f"use --preset {known}" if known else "no preset has that many"
        raise CheckpointError(f"{path} is for {classes} classes, the preset has {wanted}: {remedy}.")


def _check_names(path: Path, found: set[str], expected: set[str]) -> None:
    """Raises CheckpointError with the first names that differ."""
    problems = [
        f"{len(names)} {what} ({', '.join(sorted(names)[:SHOWN])}{', ...' if len(names) > SHOWN else ''})"
        for what, names in (("names are missing", expected - found), ("are not expected", found - expected))
        if names
    ]
    if problems:
        raise CheckpointError(f"{path} is not a published OASIS network: of its entries {' and '.join(problems)}.")
