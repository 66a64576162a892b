import json
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from websockets.sync.client import connect

from backend.errors import BadFrame
from backend.live import LENGTH, build, parse
from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS, decode, encode, slow_labels
from tests.conftest import PATIENCE_S, wait_for


class Live:
    """A live client: sends edits, receives pictures and errors."""

    def __init__(self, socket):
        self.socket = socket

    def send(self, revision, labels=LABELS, regions=b"", **header):
        lengths = {"labels": len(labels), "regions": len(regions)}
        self.socket.send(build({"revision": revision, "model": "tiny"} | lengths | header, labels + regions))

    def receive(self):
        """(header, picture as it was sent or None)."""
        answer = self.socket.recv(PATIENCE_S)
        if isinstance(answer, str):
            return json.loads(answer), None
        start = LENGTH.size + LENGTH.unpack_from(answer)[0]
        return json.loads(answer[LENGTH.size : start]), answer[start:]


@contextmanager
def visit(server):
    with connect(server.url.replace("http", "ws") + "/api/live", max_size=None, compression=None) as socket:
        yield Live(socket)


@pytest.fixture
def live(live_server):
    with visit(live_server) as client:
        yield client


def test_a_picture_with_its_revision_and_timing(live):
    live.send(41, noise={"seed": 3}, format="webp")
    header, picture = live.receive()
    assert header["revision"] == 41 and header["format"] == "webp"
    assert header["ms"].keys() == {"queue", "model", "encode"}
    assert Image.open(BytesIO(picture)).format == "WEBP"


def test_live_and_http_paint_the_same(live, client):
    regions = np.zeros((64, 64), np.uint8)
    regions[10:20] = 1
    noise = {"seed": 3, "regions": [{"id": 1, "seed": 4}]}
    live.send(1, regions=encode(regions), noise=noise, format="png")
    files = {"labels": LABELS, "regions": encode(regions)}
    response = client.post(SYNTHESIZE, files=files, data={"noise": json.dumps(noise)})
    assert live.receive()[1] == response.content


def test_the_newest_edit_wins(live, live_server):
    live.send(1, slow_labels())
    wait_for(live_server.url, r"oasis_jobs 1\.0")
    for revision in range(2, 12):  # while the first is at work, each of these replaces the one before
        live.send(revision)
    answered = []
    while not answered or answered[-1] < 11:
        answered.append(live.receive()[0]["revision"])
    assert answered[0] == 1 and answered == sorted(set(answered)) and len(answered) < 11


@pytest.mark.parametrize(
    ("frame", "revision", "code"),
    [
        (b"", None, "bad_frame"),
        (b"\x00\x00", None, "bad_frame"),
        (b"\xff\xff\xff\xff{}", None, "bad_frame"),
        (LENGTH.pack(1) + b"{", None, "bad_frame"),
        ("hello", None, "bad_frame"),
        (build({"revision": 1, "model": "tiny", "labels": 5}, b""), None, "bad_frame"),
        (build({"revision": "1", "model": "tiny", "labels": 0}, b""), None, "bad_frame"),
        (build({"revision": 1, "model": "tiny", "labels": 0, "more": 1}, b""), None, "bad_frame"),
        (build({"revision": 1, "model": "tiny", "labels": 0, "format": "gif"}, b""), None, "bad_frame"),
        (build({"revision": 7, "model": "tiny", "labels": 0}, b""), 7, "bad_labels"),
        (build({"revision": 7, "model": "huge", "labels": 0}, b""), 7, "unknown_model"),
        (build({"revision": 7, "model": "tiny", "labels": len(LABELS), "noise": {"seed": -1}}, LABELS), 7, "bad_noise"),
        (build({"revision": 7, "model": "tiny", "labels": len(LABELS), "noise": 5}, LABELS), 7, "bad_noise"),
    ],
)
def test_a_bad_frame_is_answered_and_the_next_works(live, frame, revision, code):
    live.socket.send(frame)
    header, picture = live.receive()
    assert picture is None and header["revision"] in {revision, None}
    assert header["error"]["code"] == code and header["error"]["message"]
    live.send(8)
    assert live.receive()[0]["revision"] == 8


def test_clients_come_and_go_while_others_paint(live, live_server):
    for _ in range(4):
        with visit(live_server) as guest:
            guest.send(1, slow_labels())
    for revision in range(3):
        live.send(revision)
        header, picture = live.receive()
        assert header["revision"] == revision and decode(picture).shape == (64, 64, 3)


@given(data=st.binary(max_size=200))
def test_random_frames_are_refused(data):
    with pytest.raises(BadFrame):
        parse(data)
