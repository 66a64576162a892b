"""Folders of pairs: read, checked, augmented reproducibly."""

import json
import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from training.data.batches import AugmentedPairs, augment, batches
from training.data.info import DataError, read_info
from training.data.pairs import open_pairs, rare_class_shares

CPU = torch.device("cpu")


@pytest.fixture
def broken(pairs: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(pairs, tmp_path / "copy"))


def test_reads_classes_and_pairs(pairs: Path) -> None:
    folder = open_pairs(pairs, "train")
    assert len(folder) == 4 and folder.info.ignore_id == 0
    assert folder.info.palette.tolist()[1] == [0x22, 0x44, 0x66]


def test_augmentation_keeps_photo_and_labels_together() -> None:
    ids = np.arange(40 * 30, dtype=np.uint8).reshape(40, 30) % 7
    photo = Image.fromarray(np.stack([ids * 36] * 3, axis=-1)).resize((300, 400), Image.Resampling.NEAREST)
    label = Image.fromarray(ids).resize((300, 400), Image.Resampling.NEAREST)
    for seed in range(10):
        image, labels = augment(photo, label, (256, 192), np.random.default_rng(seed))
        assert image.shape == (3, 256, 192) and labels.shape == (256, 192)
        assert labels.min() >= 0 and labels.max() < 7
        wanted = labels.float() * 36 / 127.5 - 1
        assert (image[0] - wanted).abs().median() < 0.02


def test_a_crop_shows_most_of_a_wide_photo_as_measuring_and_the_server_do() -> None:
    columns = np.tile(np.arange(400, dtype=np.uint16)[None] // 2, (100, 1)).astype(np.uint8)
    photo, label = Image.fromarray(np.stack([columns] * 3, axis=-1)), Image.fromarray(columns)
    for seed in range(5):
        _, labels = augment(photo, label, (64, 64), np.random.default_rng(seed))
        assert int(labels.max() - labels.min()) == pytest.approx(200 * 256 / 286, abs=6)


def test_without_resizing_photos_are_trained_on_as_they_are() -> None:
    random = np.random.default_rng(0)
    pixels, ids = random.integers(0, 256, (64, 96, 3), np.uint8), random.integers(0, 9, (64, 96), np.uint8)
    wanted, seen = torch.from_numpy(pixels).permute(2, 0, 1).float() / 127.5 - 1, set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        image, labels = augment(Image.fromarray(pixels), Image.fromarray(ids), (64, 96), rng, resize_ratio=1)
        flipped = torch.equal(image, wanted.flip(2))
        assert flipped or torch.equal(image, wanted)
        assert np.array_equal(labels, ids[:, ::-1] if flipped else ids)
        seen.add(flipped)
    assert seen == {True, False}


def test_batches_depend_on_seed_and_position_alone(pairs: Path) -> None:
    folder = open_pairs(pairs, "train")
    through = list(islice(batches(folder, (32, 32), 2, 5, 0, 0, CPU), 6))
    resumed = list(islice(batches(folder, (32, 32), 2, 5, 8, 0, CPU), 2))
    for one, other in zip(through[4:], resumed, strict=True):
        assert torch.equal(one.images, other.images) and torch.equal(one.labels, other.labels)
    other_seed = next(batches(folder, (32, 32), 2, 6, 0, 0, CPU))
    assert not torch.equal(other_seed.images, through[0].images)


def test_an_epoch_sees_every_pair_once(pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_pairs(pairs, "train")
    seen: list[int] = []
    load = folder.load

    def recorded(index: int) -> tuple[Image.Image, Image.Image]:
        seen.append(index)
        return load(index)

    monkeypatch.setattr(folder, "load", recorded)
    data = AugmentedPairs(folder, (32, 32), 0, upscale=False, shares=None)
    for position in range(8):
        data[position]
    assert sorted(seen[:4]) == sorted(seen[4:]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": [{"id": 1, "name": "a", "color": "#000000"}]}, "0, 1, 2"),
        ({"classes": "no"}, "cannot be read"),
        ({"classes": []}, "two at least"),
        ({"ignore_id": 7}, "ignore_id 7"),
        ({"classes": [{"id": i, "name": "a", "color": "red"} for i in range(2)]}, "color 'red'"),
    ],
)
def test_bad_class_lists_say_what_is_wrong(broken: Path, change: dict[str, object], message: str) -> None:
    data = json.loads((broken / "classes.json").read_text())
    (broken / "classes.json").write_text(json.dumps(data | change))
    with pytest.raises(DataError, match=message):
        read_info(broken)


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"classes": [{}]}'])
def test_unreadable_class_lists_are_told_their_form(broken: Path, text: str) -> None:
    (broken / "classes.json").write_text(text)
    with pytest.raises(DataError, match="classes.json cannot be read .*: write it as"):
        read_info(broken)


def test_missing_partners_and_folders_are_named(broken: Path) -> None:
    with pytest.raises(DataError, match="no photos of the split 'test'"):
        open_pairs(broken, "test")
    (broken / "train" / "labels" / "2.png").unlink()
    with pytest.raises(DataError, match=r"first '2' in .*2\.png"):
        open_pairs(broken, "train")
    (broken / "classes.json").unlink()
    with pytest.raises(DataError, match="classes.json is missing"):
        open_pairs(broken, "train")


def test_bad_pairs_are_named(broken: Path) -> None:
    labels = broken / "train" / "labels"
    Image.fromarray(np.full((96, 96), 9, np.uint8)).save(labels / "0.png")
    Image.fromarray(np.full((96, 96, 3), 7, np.uint8)).save(labels / "1.png")
    Image.fromarray(np.zeros((50, 96), np.uint8)).save(labels / "2.png")
    (labels / "3.png").write_bytes((labels / "3.png").read_bytes()[:60])
    folder = open_pairs(broken, "train")
    for index, message in enumerate(
        ["id 9, but .* end at 3", "9216 pixels in colors", "must be of one size", "3.png is damaged"]
    ):
        with pytest.raises(DataError, match=message):
            folder.load(index)


def test_two_photos_of_one_stem_are_named(broken: Path) -> None:
    Image.new("RGB", (96, 96)).save(broken / "train" / "images" / "2.jpg")
    with pytest.raises(DataError, match=r"2\.jpg and .*2\.png have the same stem"):
        open_pairs(broken, "train")


def label_of(root: Path, picture: Image.Image) -> np.ndarray:
    """What the folder's first label map reads as when it is this picture."""
    picture.save(root / "train" / "labels" / "0.png")
    Image.new("RGB", picture.size).save(root / "train" / "images" / "0.png")
    return np.asarray(open_pairs(root, "train").load(0)[1])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ids=arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(0, 3)),
    kind=st.sampled_from(["gray", "palette", "colors", "opaque", "deep"]),
)
def test_every_form_of_a_label_map_reads_the_same(broken: Path, ids: np.ndarray, kind: str) -> None:
    palette = read_info(broken).palette
    if kind == "palette":
        picture = Image.fromarray(ids, "P")
        picture.putpalette(np.random.default_rng(0).integers(0, 255, 768).tolist())  # the value counts, not its color
    elif kind == "colors":
        picture = Image.fromarray(palette[ids])
    elif kind == "opaque":
        picture = Image.fromarray(palette[ids]).convert("RGBA")
    else:
        picture = Image.fromarray(ids.astype(np.uint16) if kind == "deep" else ids)
    assert np.array_equal(label_of(broken, picture), ids)


def test_more_than_256_classes_are_read_from_16_bits(broken: Path) -> None:
    classes = [{"id": i, "name": f"c{i}", "color": f"#{i:06x}"} for i in range(400)]
    (broken / "classes.json").write_text(json.dumps({"classes": classes}))
    ids = np.arange(400, dtype=np.uint16).reshape(20, 20)
    assert np.array_equal(label_of(broken, Image.fromarray(ids)), ids)
    assert np.array_equal(label_of(broken, Image.fromarray(open_pairs(broken, "train").info.palette[ids])), ids)
    photo, label = open_pairs(broken, "train").load(0)
    labels = augment(photo, label, (16, 16), np.random.default_rng(0))[1]
    assert labels.dtype == torch.int64 and labels.max() > 255


def test_a_color_without_class_is_placed_and_given_a_neighbor(broken: Path) -> None:
    colors = read_info(broken).palette[np.zeros((5, 7), int)]
    colors[3, 2] = 0x22, 0x44, 0x67
    with pytest.raises(DataError, match=r"0\.png has 1 pixels .*#224467 at x=2, y=3 .*#224466, class 1"):
        label_of(broken, Image.fromarray(colors))
    see_through = Image.fromarray(colors).convert("RGBA")
    see_through.putalpha(128)
    with pytest.raises(DataError, match="has transparent pixels"):
        label_of(broken, see_through)
    data = json.loads((broken / "classes.json").read_text())
    data["classes"][3]["color"] = "#224466"
    (broken / "classes.json").write_text(json.dumps(data))
    with pytest.raises(DataError, match=r"classes 1 and 3 share #224466"):
        label_of(broken, Image.fromarray(colors))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.dictionaries(st.integers(0, 400), st.integers(0, 255), max_size=5), length=st.integers(0, 600))
@example(edits={}, length=26)  # in the middle of the header
def test_damaged_files_are_named(broken: Path, edits: dict[int, int], length: int) -> None:
    path = broken / "train" / "labels" / "1.png"
    original = path.read_bytes()
    damaged = bytearray(original[:length])
    for place, value in edits.items():
        if place < len(damaged):
            damaged[place] = value
    path.write_bytes(damaged)
    message = "1.png"  # the edits may not matter
    try:
        open_pairs(broken, "train").load(1)
    except DataError as error:
        message = str(error)
    path.write_bytes(original)
    assert "1.png" in message


def test_photos_smaller_than_the_size_are_refused_or_enlarged(pairs: Path) -> None:
    folder = open_pairs(pairs, "train")
    assert next(batches(folder, (96, 96), 2, 0, 0, 0, CPU)).images.shape == (2, 3, 96, 96)
    with pytest.raises(DataError, match=r"\d\.png is 96x96, smaller than the 96x128 .* allow --upscale"):
        next(batches(folder, (128, 96), 2, 0, 0, 0, CPU))
    assert next(batches(folder, (128, 96), 2, 0, 0, 0, CPU, upscale=True)).labels.shape == (2, 128, 96)


def test_rare_classes_are_drawn_more_often(broken: Path) -> None:
    """Of four photos one shows class 3 on an eighth of its pixels, the others only class 1; class 0 is ignored."""
    for i in range(4):
        ids = np.ones((96, 96), np.uint8)
        ids[:12] = 3 if i == 2 else 0
        ids[50, 50] = 2  # too little of it to count
        Image.fromarray(ids).save(broken / "train" / "labels" / f"{i}.png")
    folder = open_pairs(broken, "train")
    shares = rare_class_shares(folder)
    expected = ((1 / 32) / (7 / 8)) ** -0.5
    assert shares / shares[0] == pytest.approx([1, 1, expected, 1], rel=0.01)
    data = AugmentedPairs(folder, (32, 32), 0, upscale=False, shares=shares)
    drawn = np.bincount([data.index(position) for position in range(4000)], minlength=4) / 4000
    assert drawn == pytest.approx(shares / shares.sum(), abs=0.03)
    assert [data.index(position) for position in range(5)] == [data.index(position) for position in range(5)]


def test_processes_deal_out_the_positions_of_one(pairs: Path) -> None:
    folder = open_pairs(pairs, "train")
    alone = islice(batches(folder, (32, 32), 4, 0, 0, 0, CPU), 3)
    shares = [islice(batches(folder, (32, 32), 2, 0, 2 * rank, 0, CPU, stride=4), 3) for rank in range(2)]
    for batch, one, other in zip(alone, *shares, strict=True):
        assert torch.equal(batch.images, torch.cat([one.images, other.images]))
        assert torch.equal(batch.labels, torch.cat([one.labels, other.labels]))


def test_errors_of_loader_processes_arrive_without_traceback(broken: Path) -> None:
    for path in (broken / "train" / "labels").iterdir():
        path.write_bytes(b"no picture")
    with pytest.raises(DataError) as caught:
        next(batches(open_pairs(broken, "train"), (32, 32), 2, 0, 0, 1, CPU))
    assert "\n" not in str(caught.value) and "cannot be read" in str(caught.value)
