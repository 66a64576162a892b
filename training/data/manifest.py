"""The manifest of a synthetic data set: what its pictures were made with and from.

One file of JSON lines a shard, "manifest.<i>-of-<n>.jsonl". The first line describes the whole data set and is the same
in all of them; each other line is a picture.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.data.info import DataError
from training.output.files import name_full_disk, write_whole

Head = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """One picture. Files are named from the folder of the data set."""

    stem: str
    """Of the label map it was painted from."""
    draw: int
    seed: int
    """Of its noise (models.noise.NoiseSpec)."""
    picture: str
    labels: str
    labels_sha256: str
    size: tuple[int, int]
    """Height and width."""
    resized_from: tuple[int, int] | None
    """Those of the label map if it was resized, by nearest neighbor."""


class Manifest:
    """The file of one shard, to be added to; made if it is not there yet."""

    def __init__(self, into: Path, shard: str, head: Head) -> None:
        """shard: 'i/n'. Raises DataError if the folder holds pictures that were made otherwise than `head` says."""
        self.finished = {
            (picture.stem, picture.draw)
            for picture in read_pictures(into, head)
            if (into / picture.picture).is_file() and (into / picture.labels).is_file()
        }
        """Stem and draw of what any shard has done."""
        self.path = into / f"manifest.{shard.replace('/', '-of-')}.jsonl"
        text = self.path.read_text() if self.path.is_file() else ""
        if not text.endswith("\n"):
            write_whole(self.path, (whole_lines(text) or json.dumps(head) + "\n").encode())

    def add(self, picture: Picture) -> None:
        """To be called when its files are whole. A kill or a full disk cuts the line short at worst.

        Raises DiskFullError.
        """
        with name_full_disk(self.path), self.path.open("ab") as file:
            file.write((json.dumps(asdict(picture)) + "\n").encode())


def read_head(into: Path) -> Head:
    """The description of a synthetic data set. Raises DataError if it has none."""
    for _, lines in read_shards(into):
        head: Head = lines[0]
        return head
    raise DataError(f"There is no manifest in {into}: expected a folder that 'oasis-studio synthesize' wrote.")


def read_pictures(into: Path, head: Head) -> list[Picture]:
    """What all shards have finished. Raises DataError if a part was made otherwise than `head` says."""
    expected: Head = json.loads(json.dumps(head))  # tuples become lists, as in the file
    pictures = []
    for path, (found, *lines) in read_shards(into):
        different = sorted(key for key in expected | found if expected.get(key) != found.get(key))
        if different:
            listed = "; ".join(f"{key}: {found.get(key)} there, {expected.get(key)} now" for key in different)
            raise DataError(
                f"{path} says that its pictures were made otherwise ({listed}): use the same model, label maps and "
                "options, or write into another folder."
            )
        pictures += [Picture(**line) for line in lines]
    return pictures


def read_shards(into: Path) -> Iterator[tuple[Path, list[Any]]]:
    """Each shard's file and its lines, one at least. Raises DataError."""
    for path in sorted(into.glob("manifest.*-of-*.jsonl")):
        try:
            lines = [json.loads(line) for line in whole_lines(path.read_text()).splitlines()]
        except (OSError, ValueError) as error:
            raise DataError(
                f"{path} cannot be read ({error}): remove it to have its pictures painted again."
            ) from error
        if lines:
            yield path, lines


def whole_lines(text: str) -> str:
    """Without a last line that a kill cut short."""
    return text[: text.rfind("\n") + 1]
