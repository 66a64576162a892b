"""How the server behaves as a server: health, load, headers, start and stop."""

import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from backend import limits
from backend.page_files import PageFiles
from tests.backend.conftest import SEGMENT, SYNTHESIZE
from tests.backend.pictures import LABELS, PHOTO, SLOW, encode
from tests.conftest import PATIENCE_S, ROOT, wait_for


def paint(url, labels=LABELS):
    return httpx.post(f"{url}{SYNTHESIZE}", files={"labels": labels}, timeout=PATIENCE_S)


def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_metrics_count_requests_by_route(client, live_server):
    client.post(SYNTHESIZE, files={"labels": LABELS})
    client.post(SEGMENT, files={"photo": PHOTO})
    client.get("/no/such/address")
    text = httpx.get(live_server.metrics_url).text
    route = 'route="/api/models/{model_id}/synthesize"'
    assert re.search(rf'oasis_requests_total{{method="POST",{route},status="200"}} [1-9]', text)
    assert "/no/such/address" not in text and 'status="404"' in text
    assert "oasis_jobs 0.0" in text
    for name in ("oasis_request_seconds", "oasis_queue_seconds", "oasis_model_seconds"):
        assert f"# TYPE {name} histogram" in text


def test_metrics_do_not_grow_with_the_names_of_methods(client, live_server):
    for i in range(5):
        client.request(f"MADE-UP-{i}", "/api/models")
    text = httpx.get(live_server.metrics_url).text
    assert "MADE-UP" not in text and re.search(r'oasis_requests_total{method="other",.*} 5', text)


def test_head_is_get_without_a_body(client):
    for path in ("/", "/healthz", "/readyz", "/api/models", "/api/models/tiny/scenes/shore.png", "/static/js/main.js"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == 200 and head.content == b"" and get.content
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers["content-length"] == get.headers["content-length"]
    assert client.head("/none").status_code == 404


def test_an_address_with_a_slash_more_is_not_redirected(client, refusal):
    refusal(client.get("/api/models/"), 404, "not_found")


def test_the_page_and_its_files(client):
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html") and "Oasis Studio" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    files = set(re.findall(r'(?:src|href)="(static/[^"#?]+)', page.text))
    assert len(files) > 100
    for path in files:
        response = client.get(f"/{path}")
        assert response.is_success and response.headers["x-content-type-options"] == "nosniff"
        again = client.get(f"/{path}", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304


def test_files_of_the_version_are_kept_and_others_are_asked_for_again(client):
    named = re.search(r'"static/(v-\w+)/js/main.js"', client.get("/").text)
    assert named
    answers = [client.get(f"/static/{folder}js/main.js") for folder in (f"{named[1]}/", "v-0123456789ab/", "")]
    assert [answer.headers["cache-control"] for answer in answers] == [
        "public, max-age=31536000, immutable",
        "no-cache",
        "no-cache",
    ]
    assert len({answer.content for answer in answers}) == 1
    missing = client.get(f"/static/{named[1]}/js/none.js")
    assert missing.status_code == 404 and missing.headers["cache-control"] == "no-cache"


def test_the_version_changes_with_any_file(tmp_path):
    (tmp_path / "js").mkdir()
    script = tmp_path / "js" / "main.js"
    script.write_text("one")
    files = PageFiles(tmp_path, as_written=False)
    first = files.refresh()
    script.write_text("two")
    os.utime(script, (0, 0))
    assert files.refresh() != first
    script.write_text("one")
    assert files.refresh() == first
    assert PageFiles(tmp_path, as_written=True).refresh() == "static"


def test_docs_need_no_other_host(client):
    page = client.get("/docs").text
    assert "http://" not in page and "https://" not in page
    addresses = re.findall(r'(?:src|href)="([^"]+)', page)
    assert len(addresses) == 3 and not any(address.startswith("/") for address in addresses)  # proxies serve subpaths
    for address in addresses:
        assert client.get(f"/{address}").is_success
    paths = client.get("/openapi.json").json()["paths"]
    answers = paths["/api/models/{model_id}/synthesize"]["post"]["responses"]
    assert answers["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("ErrorBody")


def test_a_full_queue_is_refused_at_once_and_recovers(tiny_zoo, start_server, refusal):
    slow = encode(SLOW)
    server = start_server(tiny_zoo, waiting=1)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: paint(server.url, slow), range(6)))
        refused = [answer for answer in answers if not answer.is_success]
        assert 1 <= len(refused) <= 4
        for answer in refused:
            refusal(answer, 503, "busy")
            assert answer.headers["retry-after"] == str(limits.RETRY_AFTER_S)
        assert paint(server.url).is_success


def test_the_deadline(tiny_zoo, start_server, refusal):
    server = start_server(tiny_zoo, deadline_s=0.1)
    assert "0.1 seconds" in refusal(paint(server.url, encode(SLOW)), 504, "deadline")
    wait_for(server, r"oasis_jobs 0\.0")


def test_work_of_a_client_that_left_is_dropped(tiny_zoo, start_server):
    server = start_server(tiny_zoo)
    with httpx.Client() as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(f"{server.url}{SYNTHESIZE}", files={"labels": encode(SLOW)}, timeout=0.15)
        wait_for(server, 'oasis_requests_total.*status="499"')
        wait_for(server, r"oasis_jobs 0\.0")
        assert paint(server.url).is_success


def test_a_stop_lets_running_work_be_answered(tiny_zoo, start_server):
    server = start_server(tiny_zoo)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(paint, server.url, encode(SLOW))
        wait_for(server, r"oasis_jobs 1\.0")
        server.process.send_signal(signal.SIGTERM)
        assert running.result().is_success
        server.process.wait(PATIENCE_S)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/healthz")


def start(**environment):
    """A server that cannot start: what it says."""
    chosen = {f"OASIS_STUDIO_{name}": value for name, value in environment.items()}
    command = [sys.executable, "-m", "backend.serve"]
    ended = subprocess.run(
        command, cwd=ROOT, env=chosen, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    return ended.stderr


def test_a_taken_port_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "Choose others with HOST= and PORT=" in start(PORT=str(taken.getsockname()[1]))


@pytest.mark.parametrize("device", ["tpu9", "cuda:99"])
def test_a_device_that_is_not_there_says_what_to_do(device):
    assert "choose" in start(DEVICE=device, PORT="0").lower()
