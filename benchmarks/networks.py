"""The networks that are timed: the published and smaller shapes with random weights, and the shipped model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.scenes import Round, batches, edits, photos, read_labels, read_photo, spread
from models.files.model_directory import load_networks
from models.networks.kinds import build_network, describe_network
from models.networks.layers import count_parameters, fold_spectral_norm, place
from models.networks.oasis import Generator
from models.networks.unet import Discriminator
from models.networks.variants import VARIANTS
from models.testing import enliven, settle

ZOO = Path(__file__).resolve().parent.parent / "models" / "zoo"
MAPS = 6
BATCH = 4


@dataclass(frozen=True)
class Subject:
    """A network and what it is asked.

    plain: as training leaves it, spectral norm computed in every forward (a shipped model has it folded already).
    folded: the same function from plain weights, channels last: where every preparation for inference starts.
    """

    title: str
    plain: nn.Module
    folded: nn.Module
    rounds: Iterator[Round]
    judged: Callable[[Tensor], Tensor] = lambda picture: picture  # what of an output is compared
    pictures: int = 1  # in a task


def probabilities(logits: Tensor) -> Tensor:
    return logits.softmax(dim=1)


def variant_generator(variant: str, data: Path, *, noise_planes: bool = False) -> Subject:
    config = replace(VARIANTS[variant][0], noise_planes=noise_planes)
    generator = Generator(config)
    enliven(generator)
    settle(generator, config.classes, 128)
    shuffled = torch.randperm(config.classes)  # ids all over the range, whatever the maps' own range
    rounds = edits([shuffled[labels] for labels in read_maps(data)], config.classes)
    expose(generator, generator.conv_img, 0.5, next(rounds).base.dense())
    named = f"{variant} generator{' with noise planes' if noise_planes else ''}"
    return Subject(title(named, generator), generator, folded(generator), rounds)


def variant_discriminator(variant: str, data: Path) -> Subject:
    discriminator = Discriminator(VARIANTS[variant][1])
    enliven(discriminator)
    rounds = photos(read_photos(data))
    expose(discriminator.eval(), discriminator.layer_up_last, 3.0, next(rounds).base.dense())
    named = title(f"{variant} segmenter", discriminator)
    return Subject(named, discriminator, folded(discriminator), rounds, probabilities)


def shipped_generator(name: str, data: Path) -> Subject:
    generator, prepared = (load_networks(ZOO / name)[1] for _ in range(2))
    rounds = edits(read_maps(data), generator.config.classes)
    return Subject(title(f"{name} generator (shipped)", generator), as_built(generator), prepared, rounds)


def shipped_segmenter(name: str, data: Path) -> Subject:
    segmenter, prepared = (load_networks(ZOO / name)[2] for _ in range(2))
    assert segmenter is not None and prepared is not None
    rounds = photos(read_photos(data))
    return Subject(
        title(f"{name} segmenter (shipped)", segmenter), as_built(segmenter), prepared, rounds, probabilities
    )


def variations(subject: Subject, data: Path) -> Subject:
    """The same network, asked for several pictures at once."""
    titled = f"{subject.title}, {BATCH} pictures at once"
    return replace(subject, title=titled, rounds=batches(read_maps(data), BATCH), pictures=BATCH)


SUBJECTS: dict[str, Callable[[Path], Subject]] = {
    "ade20k": lambda data: variant_generator("ade20k", data),
    "width-32": lambda data: variant_generator("width-32", data),
    "width-16": lambda data: variant_generator("width-16", data),
    "width-16-planes": lambda data: variant_generator("width-16", data, noise_planes=True),
    "landscapes": lambda data: shipped_generator("landscapes", data),
    "ade20k-segmenter": lambda data: variant_discriminator("ade20k", data),
    "landscapes-segmenter": lambda data: shipped_segmenter("landscapes", data),
    "landscapes-variations": lambda data: variations(shipped_generator("landscapes", data), data),
}


def title(name: str, network: nn.Module) -> str:
    classes = describe_network(network)[1]["classes"]
    return f"{name}, {classes} classes, {count_parameters(network) / 1e6:.1f} M"


def folded(network: nn.Module) -> nn.Module:
    """A copy with every weight as one tensor, laid out as for inference."""
    copy = build_network(*describe_network(network))
    copy.load_state_dict(network.state_dict())
    fold_spectral_norm(copy)
    return place(copy, "cpu").requires_grad_(False)


def as_built(network: nn.Module) -> nn.Module:
    """Weights in the layout a network is built with; shipped ones come channels last."""
    return network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload, no-any-return]


@torch.no_grad()
def expose(network: nn.Module, last: nn.Conv2d, spread: float, inputs: tuple[Tensor, ...]) -> None:
    """Scale the last convolution so that each of its outputs has mean 0 and this standard deviation: pictures that
    neither saturate nor vanish, classes that win and lose, as of a trained network."""
    captured: list[Tensor] = []
    hook = last.register_forward_hook(lambda _module, _inputs, output: captured.append(output))
    network(*inputs)
    hook.remove()
    assert last.bias is not None
    mean, factor = captured[0].mean(dim=(0, 2, 3)), spread / captured[0].std(dim=(0, 2, 3))
    last.weight *= factor[:, None, None, None]
    last.bias.sub_(mean).mul_(factor)


def read_maps(data: Path) -> list[Tensor]:
    return [read_labels(file) for file in spread(data / "labels", MAPS)]


def read_photos(data: Path) -> list[Tensor]:
    return [read_photo(data / "images" / f"{file.stem}.jpg") for file in spread(data / "labels", MAPS)]
