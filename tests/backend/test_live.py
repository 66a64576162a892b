"""Live painting: frames, errors, clients that come and go. What deltas do is in test_live_maps.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import BadFrame
from backend.live import LENGTH, build, parse
from tests.backend.conftest import visit
from tests.backend.live_client import frame, part, whole
from tests.backend.pictures import SLOW, stripes
from tests.conftest import wait_for


def test_a_picture_with_its_revision_and_timing(live):
    header, picture = live.ask(whole(41, stripes(64, 96), noise={"seed": 3}))
    assert header["revision"] == 41 and header["format"] == "raw"
    assert header["size"] == {"width": 96, "height": 64} and picture.shape == (64, 96, 3)
    assert header["ms"].keys() == {"read", "queue", "model", "encode"}


def test_webp_and_raw_show_the_same_pixels(live):
    header, packed = live.ask(whole(1, stripes(), format="webp"))
    assert header["format"] == "webp"
    np.testing.assert_array_equal(packed, live.ask(frame(2))[1])


def test_the_newest_edit_wins(live, live_server):
    live.send(whole(1, SLOW))
    wait_for(live_server, r"oasis_jobs 1\.0")
    for revision in range(2, 12):  # while the first is at work, each of these replaces the one before
        live.send(whole(revision, stripes()))
    answered: list[int] = []
    while not answered or answered[-1] < 11:
        answered.append(live.receive()[0]["revision"])
    assert answered[0] == 1 and answered == sorted(set(answered)) and len(answered) < 11


IDS = part(stripes())
ODD = part(stripes(60, 100))


@pytest.mark.parametrize(
    ("data", "revision", "code", "says"),
    [
        (b"", None, "bad_frame", "0 bytes"),
        (b"\x00\x00", None, "bad_frame", "2 bytes"),
        (b"\xff\xff\xff\xff{}", None, "bad_frame", "header"),
        (LENGTH.pack(1) + b"{", None, "bad_frame", "JSON"),
        (build({"noise": " " * 2**19}, b""), None, "bad_frame", "header has 524"),
        (build({"revision": 7, "model": "tiny", "x" * 100_000: 1}, b""), None, "bad_frame", "xxx"),
        (frame(2**53), None, "bad_frame", "revision"),
        (frame(7, size=(10**400, 1)), None, "bad_frame", "size.height"),
        ("hello", None, "bad_frame", "text"),
        (build({"revision": "1", "model": "tiny"}, b""), None, "bad_frame", "revision"),
        (frame(7, more=1), None, "bad_frame", "more"),
        (frame(7, format="png"), None, "bad_frame", "format"),
        (frame(7, labels=part(np.zeros((0, 5)))), None, "bad_frame", "labels.height"),
        (frame(7, labels=part(np.zeros((1, 1), np.uint8), left=-1)), None, "bad_frame", "labels.left"),
        (frame(7, size=(64, 64), labels=(IDS[0], b"\x01" * 5)), 7, "bad_frame", "5 bytes of ids but its header"),
        (whole(7, stripes()) + b"\x01", 7, "bad_frame", "4097 bytes of ids"),
        (frame(7, size=(64, 64), labels=part(stripes(), top=1)), 7, "bad_frame", "ends at 64, 65, but the maps are 64"),
        (frame(7, size=(64, 64), regions=part(stripes(), left=64)), 7, "bad_frame", "regions ends at 128, 64"),
        (frame(7, size=(60, 100), labels=ODD), 7, "bad_labels", "the nearest valid size is 96x64"),
        (frame(7, size=(2**40, 2**40)), 7, "too_large", "at most 1024"),
        (whole(7, stripes(classes=6)), 7, "bad_labels", "class id 5"),
        (whole(7, stripes(), model="huge"), 7, "unknown_model", "huge"),
        (frame(7), 7, "bad_frame", "no maps of the model 'tiny' to change"),
        (whole(7, stripes(), noise={"seed": -1}), 7, "bad_noise", "seed"),
        (whole(7, stripes(), noise=5), 7, "bad_noise", "object"),
        (whole(7, stripes(), noise={"blend": {"seed": 1, "t": 10**400}}), 7, "bad_noise", "blend.t is 1000"),
        (whole(7, stripes(), stripes()), 7, "bad_noise", "Region id 1 is in the region map"),
    ],
)  # fmt: skip
def test_a_bad_frame_is_answered_and_the_next_works(live, data, revision, code, says):
    header, picture = live.ask(data)
    assert picture is None and header["revision"] == revision
    assert header["error"]["code"] == code and says in header["error"]["message"]
    assert live.ask(whole(8, stripes()))[0]["revision"] == 8


def test_clients_come_and_go_while_others_paint(live, live_server):
    for _ in range(4):
        with visit(live_server) as guest:
            guest.send(whole(1, SLOW))
    for revision in range(3):
        header, picture = live.ask(whole(revision, stripes()))
        assert header["revision"] == revision and picture.shape == (64, 64, 3)


@given(data=st.binary(max_size=200))
def test_random_frames_are_refused(data):
    with pytest.raises(BadFrame):
        parse(data)
