import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS, decode, encode, save, stripes


def synthesize(client, noise=None, regions=None, labels=LABELS, **query):
    files = {"labels": labels} | ({} if regions is None else {"regions": encode(regions)})
    data = {} if noise is None else {"noise": json.dumps(noise)}
    response = client.post(SYNTHESIZE, files=files, data=data, params=query)
    assert response.is_success, response.text
    return response


def test_a_picture_with_version_and_timing(client):
    response = synthesize(client)
    assert decode(response.content).shape == (64, 64, 3)
    assert response.headers["content-type"] == "image/png" and response.headers["x-model-version"] == "1"
    names = [entry.split(";")[0] for entry in response.headers["server-timing"].split(", ")]
    assert names == ["queue", "model", "encode"]


def test_webp_and_png_show_the_same_pixels(client):
    webp = synthesize(client, format="webp")
    assert webp.headers["content-type"] == "image/webp"
    np.testing.assert_array_equal(decode(webp.content), decode(synthesize(client, format="png").content))


def test_other_sizes_than_native(client):
    assert decode(synthesize(client, labels=encode(stripes(96, 160))).content).shape == (96, 160, 3)


def with_palette(indices: np.ndarray, colors: list[str]) -> bytes:
    image = Image.fromarray(indices, "P")
    image.putpalette(bytes.fromhex("".join(color[1:] for color in colors)))
    return save(image)


def test_palette_and_gray_labels_are_the_same(client):
    """Also a palette that another program has sorted: then its colors tell the classes."""
    gray = synthesize(client).content
    colors = [each["color"] for each in client.get("/api/models/tiny").json()["classes"]]
    assert synthesize(client, labels=with_palette(stripes(), colors)).content == gray
    assert synthesize(client, labels=with_palette(4 - stripes(), colors[::-1])).content == gray
    assert synthesize(client, labels=with_palette(stripes(), ["#ff00ff"] * 5)).content == gray


def test_same_request_same_bytes_also_in_parallel(client):
    noise = {"seed": 7, "regions": [{"id": 3, "seed": 9, "blend": {"seed": 1, "t": 0.3}, "channels": [0, 5]}]}
    regions = np.zeros((64, 64), np.uint8)
    regions[20:40, 10:50] = 3
    first = synthesize(client, noise, regions).content
    with ThreadPoolExecutor(6) as pool:
        rest = list(pool.map(lambda _: synthesize(client, noise, regions).content, range(6)))
    assert set(rest) == {first}


def test_seed_and_labels_change_the_picture(client):
    default = synthesize(client).content
    assert synthesize(client, {"seed": 0}).content == default
    assert synthesize(client, {"seed": 1}).content != default
    assert synthesize(client, labels=encode(stripes()[::-1])).content != default


def test_a_region_has_noise_of_its_own(client):
    regions = np.zeros((64, 64), np.uint8)
    regions[:, :32] = 1
    noise = {"seed": 1, "regions": [{"id": 1, "seed": 2}]}
    mixed = decode(synthesize(client, noise, regions).content)
    plain = decode(synthesize(client, {"seed": 1}).content)
    assert (mixed[:, :16] != plain[:, :16]).any()


def test_an_empty_region_map_is_no_region_map(client):
    assert synthesize(client, {"seed": 0}, np.zeros((64, 64), np.uint8)).content == synthesize(client).content
