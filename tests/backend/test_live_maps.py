"""What a live client changes in its maps: pictures as if all of them had been sent, whatever was dropped or refused."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.errors import BadLabels
from backend.maps import Maps
from backend.schemas import LiveHeader, Rectangle, Size
from models.classes import ClassInfo
from models.files.model_card import read_card
from models.testing import tiny_model
from tests.backend.conftest import SYNTHESIZE, visit
from tests.backend.live_client import frame, part, whole
from tests.backend.pictures import SLOW, decode, encode, stripes
from tests.conftest import wait_for

PLAIN = {"seed": 0}
TWO = {"seed": 1, "regions": [{"id": 1, "seed": 2}, {"id": 2, "seed": 3}]}


def by_http(client, labels, regions=None, noise=PLAIN, url=SYNTHESIZE):
    """The picture of whole maps."""
    files = {"labels": encode(labels)} | ({} if regions is None else {"regions": encode(regions)})
    response = client.post(url, files=files, data={"noise": json.dumps(noise)})
    assert response.is_success, response.text
    return decode(response.content)


def test_changes_paint_what_whole_maps_paint(live, client):
    labels, regions = stripes(), np.zeros((64, 64), np.uint8)
    regions[10:20] = 1
    np.testing.assert_array_equal(
        live.ask(whole(1, labels, regions, noise=TWO))[1], by_http(client, labels, regions, TWO)
    )
    labels[5:9, 60:64] = 4
    dab = part(labels[5:9, 60:64], left=60, top=5)
    np.testing.assert_array_equal(live.ask(frame(2, labels=dab, noise=TWO))[1], by_http(client, labels, regions, TWO))
    regions[0, 0:9] = 2
    line = part(regions[0:1, 0:9])
    labels[63, 63] = 0
    point = part(labels[63:, 63:], left=63, top=63)
    np.testing.assert_array_equal(
        live.ask(frame(3, labels=point, regions=line, noise=TWO))[1], by_http(client, labels, regions, TWO)
    )
    other = {**TWO, "seed": 9}
    np.testing.assert_array_equal(live.ask(frame(4, noise=other))[1], by_http(client, labels, regions, other))


def test_a_size_alone_is_a_map_of_the_first_class(live, client):
    live.ask(whole(1, stripes()))
    np.testing.assert_array_equal(live.ask(frame(2, size=(32, 96)))[1], by_http(client, np.zeros((32, 96), np.uint8)))


def test_frames_that_are_never_answered_change_the_maps_all_the_same(live, live_server, client):
    labels = SLOW.copy()
    live.send(whole(1, labels))
    wait_for(live_server, r"oasis_jobs 1\.0")
    for revision in range(2, 12):
        spot = np.s_[10 * revision : 10 * revision + 7, 5:300]
        labels[spot] = revision % 5
        live.send(frame(revision, labels=part(labels[spot], left=5, top=10 * revision)))
    answered = [live.receive()]
    while answered[-1][0]["revision"] < 11:
        answered.append(live.receive())
    assert len(answered) < 11
    np.testing.assert_array_equal(answered[-1][1], by_http(client, labels))


def test_a_refused_change_leaves_no_maps_until_all_are_sent(live, client):
    live.ask(whole(1, stripes()))
    bad = frame(2, labels=part(np.full((2, 2), 200, np.uint8)))
    good = frame(3, labels=part(np.full((2, 2), 2, np.uint8), left=30))
    live.ask(bad)
    header, picture = live.ask(good)  # it builds on the change that was refused
    assert picture is None and "send their size and all of them first" in header["error"]["message"]
    np.testing.assert_array_equal(live.ask(whole(4, stripes()))[1], by_http(client, stripes()))


def test_a_picture_that_could_not_be_painted_leaves_the_maps_changed(live, client):
    labels = stripes()
    live.ask(whole(1, labels))
    labels[:8] = 3
    header, _ = live.ask(frame(2, labels=part(labels[:8]), noise={"seed": -1}))
    assert header["error"]["code"] == "bad_noise"
    np.testing.assert_array_equal(live.ask(frame(3))[1], by_http(client, labels))


def test_clients_do_not_share_maps(live, live_server, client):
    live.ask(whole(1, stripes()))
    with visit(live_server) as guest:
        assert "error" in guest.ask(frame(1))[0]
        guest.ask(whole(2, stripes()[::-1]))
        np.testing.assert_array_equal(live.ask(frame(3))[1], by_http(client, stripes()))


def test_another_model_needs_maps_of_its_own(start_server, tmp_path):
    for seed, name in enumerate(("tiny", "other")):
        tiny_model(tmp_path / "zoo" / name, seed=seed)
    server = start_server(tmp_path / "zoo")
    with visit(server) as live:
        first = live.ask(whole(1, stripes()))[1]
        assert "no maps of the model 'other'" in live.ask(frame(2, model="other"))[0]["error"]["message"]
        other = live.ask(whole(3, stripes(), model="other"))[1]
        assert other is not None and (other != first).any()
        np.testing.assert_array_equal(live.ask(whole(4, stripes()))[1], first)


def test_models_of_many_classes_have_ids_of_two_bytes(tiny_zoo):
    classes = tuple(ClassInfo(i, f"class {i}", "#000000") for i in range(300))
    model: Any = SimpleNamespace(card=replace(read_card(tiny_zoo / "tiny"), classes=classes))
    ids = np.array([[299, 1], [0, 256]], np.uint16)
    where = part(ids, left=4, top=2)[0]
    header = LiveHeader(revision=1, model="tiny", labels=Rectangle(**where))
    maps = Maps.blank(model, Size(width=64, height=32)).changed(header, ids.astype("<u2").tobytes())
    expected = np.zeros((32, 64), np.uint16)
    expected[2:4, 4:6] = ids
    np.testing.assert_array_equal(maps.labels, expected)
    with pytest.raises(BadLabels, match="300"):
        maps.changed(header, np.full((2, 2), 300, "<u2").tobytes())


@st.composite
def rectangles(draw, height, width, values):
    top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    bottom, right = draw(st.integers(top + 1, height)), draw(st.integers(left + 1, width))
    return np.s_[top:bottom, left:right], draw(st.integers(0, values - 1))


@st.composite
def conversations(draw):
    """Edits as (kind, details); every one of them says what the client believes the server to have."""
    steps, (height, width) = [], (64, 64)
    for kind in ["whole", *draw(st.lists(st.sampled_from(["whole", "labels", "regions", "noise", "bad"]), max_size=7))]:
        if kind == "whole":
            height, width = draw(st.sampled_from([(64, 64), (32, 96)]))
            steps.append((kind, (height, width, draw(st.integers(0, 2**16)))))
        elif kind in {"labels", "regions"}:
            steps.append((kind, draw(rectangles(height, width, 5 if kind == "labels" else 3))))
        else:
            steps.append((kind, draw(st.integers(0, 3))))
    return steps


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=conversations(), hurried=st.booleans())
def test_any_conversation_shows_what_http_shows(live_server, client, steps, hurried):
    """`hurried` sends everything at once, so that frames are dropped."""
    labels, regions, noise = np.zeros(0, np.uint8), np.zeros(0, np.uint8), TWO
    expected: dict[int, Any] = {}
    with visit(live_server) as live:
        answers: list[Any] = []
        for revision, (kind, detail) in enumerate(steps):
            match kind, detail:
                case "whole", (height, width, seed):
                    labels = np.random.RandomState(seed).randint(0, 5, (height // 8, width // 8)).astype(np.uint8)
                    labels = labels.repeat(8, 0).repeat(8, 1)
                    regions = np.zeros_like(labels)
                    data = whole(revision, labels, noise=noise)
                case "labels" | "regions", (spot, value):
                    changed = labels if kind == "labels" else regions
                    changed[spot] = value
                    rectangle = part(changed[spot], spot[1].start, spot[0].start)
                    change: dict[str, Any] = {kind: rectangle}
                    data = frame(revision, noise=noise, **change)
                case "noise", seed:
                    noise = {**TWO, "seed": seed}
                    data = frame(revision, noise=noise)
                case "bad", _:
                    live.send(frame(-1, labels=part(np.full((1, 1), 99, np.uint8))))
                    data = whole(revision, labels, regions, noise=noise)
            expected[revision] = (labels.copy(), regions.copy(), noise)
            live.send(data)
            while not hurried and (not answers or answers[-1][0]["revision"] != revision):
                answers.append(live.receive())
        while not answers or answers[-1][0]["revision"] != len(steps) - 1:
            answers.append(live.receive())
    for header, picture in answers:
        if header["revision"] >= 0:
            assert picture is not None, header
            np.testing.assert_array_equal(picture, by_http(client, *expected[header["revision"]]))
