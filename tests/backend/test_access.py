"""Who may use the server: by which names, from which pages, with which token."""

import json
import socket

import httpx
import pytest
from starlette.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.access import check_host, check_page
from backend.addresses import host_name, is_local_name, is_loopback
from backend.errors import ForeignPage, UnknownHost
from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS
from tests.conftest import ELSEWHERE, PARTNER, PATIENCE_S

TOKEN = "a-token-of-many-letters"
EVIL = "https://evil.test"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8000", "localhost"),
        ("LocalHost.", "localhost"),
        ("[::1]:8000", "::1"),
        ("a@localhost", "localhost"),
        ("evil.test:80", "evil.test"),
        ("[::1", ""),
        ("", ""),
    ],
)
def test_the_name_in_a_host_header(host, name):
    assert host_name(host) == name


@pytest.mark.parametrize("name", ["localhost", "studio.localhost", "127.0.0.1", "192.168.1.7", "::1", "0.0.0.0"])
def test_local_names(name):
    assert is_local_name(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("localhost", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("192.168.1.7", False),
        ("0.0.0.0", False),
        ("a.b", False),
    ],
)
def test_names_of_the_machine_itself(name, expected):
    assert is_loopback(name) == expected


@pytest.mark.parametrize("name", ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "", "1", "0x7f.1"])
def test_names_that_others_can_own(name):
    assert not is_local_name(name)
    with pytest.raises(UnknownHost, match="--hosts"):
        check_host(Headers({"Host": f"{name}:8000"}), ["studio.test"])
    check_host(Headers({"Host": f"{name}:8000"}), ["*"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://studio.test:8000"},
        {"Origin": PARTNER},
        {"Origin": PARTNER, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://elsewhere.test", "Sec-Fetch-Site": "same-origin"},  # behind a proxy that rewrites Host
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_pages_that_may(headers):
    check_page(Headers({"Host": "studio.test:8000"} | headers), [PARTNER])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://studio.test:8001"},
        {"Origin": "http://studio.test:8000", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_pages_that_may_not(headers):
    with pytest.raises(ForeignPage):
        check_page(Headers({"Host": "studio.test:8000"} | headers), [PARTNER])


def test_another_name_is_refused_on_every_route(client, refusal):
    for method, path in (("GET", "/"), ("GET", "/api/models"), ("POST", SYNTHESIZE), ("GET", "/static/js/main.js")):
        message = refusal(client.request(method, path, headers={"Host": "evil.test"}), 421, "unknown_host")
        assert "evil.test" in message
    assert client.get("/", headers={"Host": ELSEWHERE}).is_success


def test_a_foreign_page_cannot_paint_nor_store(client, refusal):
    for path in (SYNTHESIZE, "/api/models/tiny/segment", "/api/models/tiny/inspect", "/api/projects"):
        refusal(client.post(path, headers={"Origin": EVIL}), 403, "foreign_page")
    for method in ("PUT", "DELETE"):
        refusal(client.request(method, "/api/projects/some", headers={"Origin": EVIL}), 403, "foreign_page")
    own = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post(SYNTHESIZE, files={"labels": LABELS}, headers=own).is_success


@pytest.mark.parametrize(
    ("host", "origin", "status", "code"), [("", EVIL, 403, "foreign_page"), ("evil.test", None, 421, "unknown_host")]
)
def test_a_foreign_page_gets_no_socket(live_server, host, origin, status, code):
    port = httpx.URL(live_server.url).port
    address = f"ws://{host or '127.0.0.1'}:{port}/api/live"
    to_server = socket.create_connection(("127.0.0.1", port))
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=origin, sock=to_server):
        pass
    response = refused.value.response
    assert (response.status_code, json.loads(response.body)["error"]["code"]) == (status, code)
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_its_own_page_gets_a_socket(live_server):
    with connect(live_server.url.replace("http", "ws") + "/api/live", origin=live_server.url):
        pass


def test_pages_of_an_allowed_site_may_read_the_answers(client):
    asked = {"Origin": PARTNER, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "If-Match"}
    preflight = client.options("/api/projects/some", headers=asked)
    assert preflight.is_success and preflight.headers["Access-Control-Allow-Origin"] == PARTNER
    answer = client.post(SYNTHESIZE, files={"labels": LABELS}, headers={"Origin": PARTNER})
    assert answer.is_success and answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "X-Model-Version" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/api/models", headers={"Origin": EVIL}).headers


def test_without_the_token_only_the_health_and_the_form(start_server, tiny_zoo, refusal):
    server = start_server(tiny_zoo, token=TOKEN, origins=PARTNER)
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        for path in ("/healthz", "/readyz", "/token", "/static/css/token.css"):
            assert client.get(path).is_success
        for headers in ({}, {b"X-Access-Token": TOKEN[:-1].encode()}, {b"Cookie": "oasis_access_token=é".encode()}):
            for path in ("/api/models", "/docs", "/openapi.json", "/"):
                refusal(client.get(path, headers=headers), 401, "access_denied")
        with pytest.raises(InvalidStatus) as refused, connect(f"{server.url.replace('http', 'ws')}/api/live"):
            pass
        assert refused.value.response.status_code == 401
        assert client.get("/api/models", headers={"X-Access-Token": TOKEN}).is_success
        preflight = {"Origin": PARTNER, "Access-Control-Request-Method": "POST"}
        assert client.options(SYNTHESIZE, headers=preflight).is_success

        wrong = client.post("/token", data={"token": "no"})
        assert wrong.status_code == 401 and "not the access token" in wrong.text and not wrong.cookies
        sent = client.get("/", headers={"Accept": "text/html"})
        assert (sent.status_code, sent.headers["Location"]) == (303, "token")
        entered = client.post("/token", data={"token": TOKEN})
        cookie = entered.headers["Set-Cookie"]
        assert entered.headers["Location"] == "./" and "HttpOnly" in cookie and "SameSite=strict" in cookie
        assert client.get("/api/models").is_success  # httpx keeps the cookie
        with connect(f"{server.url.replace('http', 'ws')}/api/live", additional_headers={"Cookie": cookie}):
            pass
