"""Exports of the timeline: GIF, WebM, and PNG frames with their labels and noise."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from playwright.sync_api import expect

from tests.e2e.studio import BlockedRequests, Studio
from tests.e2e.test_timeline import add_key, frame, keys, painted, slide

FRAMES = 8

PLAY = """async data => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = `data:video/webm;base64,${data}`;
  await new Promise((done, failed) => { video.onloadedmetadata = done; video.onerror = () => failed(video.error); });
  const { duration, videoWidth, videoHeight } = video;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [videoWidth, videoHeight];
  const ended = new Promise(done => (video.onended = done));
  await video.play();
  await ended;
  canvas.getContext('2d').drawImage(video, 0, 0);
  const pixels = Array.from(canvas.getContext('2d').getImageData(0, 0, videoWidth, videoHeight).data);
  return { duration, videoWidth, videoHeight, pixels };
}"""


@pytest.fixture
def film(studio: Studio) -> Studio:
    """Two key frames that differ in labels and noise, one second there and back in eight frames."""
    add_key(studio)
    studio.choose_class("earth")
    studio.stroke((8, 50), (56, 50))
    studio.settle()
    studio.press("r")
    add_key(studio)
    slide(studio, "film-seconds", 0.5)
    slide(studio, "film-fps", FRAMES)
    return studio


def written(studio: Studio, kind: str) -> bytes:
    with studio.page.expect_download() as download:
        studio.action(f"timeline-{kind}").click()
    assert download.value.suggested_filename == f"tiny-timeline.{kind}"
    return Path(download.value.path()).read_bytes()


def shown(studio: Studio) -> np.ndarray:
    """[frames, H, W, 3]"""
    return np.stack([frame(studio, i)[..., :3] for i in range(FRAMES)]).astype(int)


def opened(data: bytes) -> GifImageFile:
    gif = Image.open(io.BytesIO(data))
    assert isinstance(gif, GifImageFile)
    return gif


def test_a_gif_has_every_frame_at_its_time_in_its_colors(film: Studio) -> None:
    gif = opened(written(film, "gif"))
    assert gif.format == "GIF" and gif.size == (64, 64) and gif.n_frames == FRAMES and gif.info["loop"] == 0
    durations, frames = [], []
    for i in range(FRAMES):
        gif.seek(i)
        durations.append(gif.info["duration"])
        frames.append(np.array(gif.convert("RGB")).astype(int))
    assert sum(durations) == 1000 and set(durations) <= {120, 130}
    film_frames = shown(film)
    all_at_once = Image.fromarray(film_frames.reshape(-1, 64, 3).astype(np.uint8))
    pillow = np.array(all_at_once.quantize(255, dither=Image.Dither.NONE).convert("RGB")).astype(int)
    best = np.abs(pillow.reshape(film_frames.shape) - film_frames).mean()
    error = np.abs(np.stack(frames) - film_frames)
    assert error.mean() < best + 2, "the palette is as good as Pillow's, the pattern costs a little"
    assert np.abs((np.stack(frames) - film_frames).mean((1, 2))).max() < 3, "no color cast"


def test_a_webm_has_the_duration_of_the_film(film: Studio) -> None:
    data = written(film, "webm")
    assert data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:40] and b"V_VP9" in data
    page = film.page.context.new_page()
    video = page.evaluate(PLAY, base64.b64encode(data).decode())
    assert video["duration"] == pytest.approx(1)
    assert (video["videoWidth"], video["videoHeight"]) == (64, 64)
    last = np.array(video["pixels"]).reshape(64, 64, 4)[..., :3]
    frames = shown(film)
    error = [np.abs(last - one).mean() for one in frames]
    # The film goes there and back: the second frame is the last one again, but for a rounding.
    assert error[-1] < min(error) + 0.01
    # Coarse coding of noise costs up to 4; reading one color matrix as the other costs 12 in green.
    assert np.abs((last - frames[-1]).mean((0, 1))).max() < 6, "no color cast"


def test_png_frames_come_with_their_labels_and_noise(film: Studio, live_server) -> None:
    files = zipfile.ZipFile(io.BytesIO(written(film, "zip")))
    assert files.testzip() is None
    manifest = json.loads(files.read("manifest.json"))
    assert manifest["model"]["id"] == "tiny" and manifest["fps"] == FRAMES and len(manifest["frames"]) == FRAMES
    for one, seen in zip(manifest["frames"], shown(film), strict=True):
        picture = np.array(Image.open(io.BytesIO(files.read(one["file"]))).convert("RGB"))
        labels = np.array(Image.open(io.BytesIO(files.read(one["labels"]))))
        assert np.array_equal(picture, seen)
        assert np.array_equal(picture, painted(live_server, labels, one["noise"]))
    names = {one["labels"] for one in manifest["frames"]}
    assert 3 <= len(names) < FRAMES, "a map that comes again is there once"


def test_an_export_can_be_canceled(film: Studio) -> None:
    held = BlockedRequests(film, "**/synthesize*")
    film.action("timeline-webm").click()
    held.wait()
    expect(film.page.get_by_role("progressbar", name="Export")).to_be_visible()
    expect(film.action("timeline-gif")).to_be_hidden()
    film.action("timeline-cancel").click()
    expect(film.page.locator("#film-written")).to_be_hidden()
    expect(film.action("timeline-gif")).to_be_enabled()
    film.page.unroute_all()
    assert film.page.locator(".toast").count() == 0
    assert opened(written(film, "gif")).n_frames == FRAMES


def test_a_server_failing_midway_is_reported_and_nothing_is_lost(film: Studio) -> None:
    asked = []

    def some(route) -> None:
        asked.append(route)
        if len(asked) > 3:
            message = "The model is gone."
            route.fulfill(status=500, json={"error": {"code": "gone", "message": message}})
        else:
            route.continue_()

    film.page.route("**/synthesize*", some)
    film.action("timeline-gif").click()
    film.toast("The model is gone.")
    expect(film.action("timeline-gif")).to_be_enabled()
    expect(keys(film)).to_have_count(2)
    film.page.unroute_all()
    assert opened(written(film, "gif")).n_frames == FRAMES
    film.errors.clear()


def test_a_browser_without_an_encoder_says_so(film: Studio) -> None:
    film.page.evaluate("delete window.VideoEncoder")
    film.action("timeline-webm").click()
    film.toast("cannot write WebM")
    expect(film.action("timeline-gif")).to_be_enabled()
