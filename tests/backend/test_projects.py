"""Shared projects over the real socket: what the id and the key allow, and what is refused."""

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from backend import limits, service
from backend.projects.store import ProjectStore, check_project
from backend.service import Service
from backend.settings import Settings
from backend.work_queue import Client
from tests.backend.projects import members, pack
from tests.conftest import PATIENCE_S, run_server

AT = "/api/projects"
ZIP = {"Content-Type": "application/zip"}
OWN = Client("http", "192.0.2.1")


@pytest.fixture(scope="module")
def server(tiny_zoo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("projects")
    with run_server(tiny_zoo, folder / "server.log", projects=folder / "new" / "projects.db") as server:
        yield server
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture(scope="module")
def files(tiny_zoo):
    return members(tiny_zoo / "tiny")


@pytest.fixture(scope="module")
def data(files):
    return pack(files)


def send(client, data, method="POST", at=AT, key=None, **headers):
    key = key.encode() if isinstance(key, str) else key
    known = ZIP | ({"Authorization": b"Bearer " + key} if key else {})
    return client.request(method, at, content=data, headers=known | headers)


def create(client, data):
    """A new project: its address, its key, its ETag."""
    answer = send(client, data)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert re.fullmatch(r"[\w-]{22}", made["id"], re.ASCII) and len(made["key"]) >= 22
    return f"{AT}/{made['id']}", made["key"], answer.headers["etag"]


def test_what_is_sent_comes_back(client, data):
    assert client.get(AT).json() == {"enabled": True, "max_bytes": limits.PROJECT_BYTES}
    at, _, etag = create(client, data)
    found = client.get(at)
    assert found.content == data and found.headers["etag"] == etag
    assert found.headers["content-type"] == "application/zip"
    assert found.headers["content-disposition"].startswith("attachment")
    again = client.get(at, headers={"If-None-Match": f'"other", {etag}'})
    assert again.status_code == 304 and not again.content and again.headers["etag"] == etag


def test_two_projects_have_nothing_in_common(client, data):
    (one, key, _), (other, other_key, _) = create(client, data), create(client, data)
    assert one != other and key != other_key
    assert send(client, None, "DELETE", one, key).status_code == 204
    assert client.get(other).content == data


def test_the_key_allows_to_replace_and_to_delete(client, data, files, refusal):
    at, key, etag = create(client, data)
    other = pack(files | {"parts/x.bin": b"other"})
    answer = send(client, other, "PUT", at, key)
    assert answer.status_code == 204 and answer.headers["etag"] != etag
    assert client.get(at).content == other and client.get(at).headers["etag"] == answer.headers["etag"]
    assert send(client, None, "DELETE", at, key).status_code == 204
    for gone in (client.get(at), send(client, data, "PUT", at, key), send(client, None, "DELETE", at, key)):
        assert "deleted" in refusal(gone, 404, "unknown_project")


def test_the_key_goes_beside_the_name_and_password_of_a_proxy(client, data, refusal):
    at, key, _ = create(client, data)
    basic = ZIP | {"Authorization": "Basic YTpi"}
    refusal(client.put(at, content=data, headers=basic | {"X-Project-Key": "wrong"}), 403, "wrong_key")
    for method in ("PUT", "DELETE"):
        assert client.request(method, at, content=data, headers=basic | {"X-Project-Key": key}).status_code == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_project_cannot_be_changed_without_its_key(client, data, files, refusal, method):
    at, _, _ = create(client, data)
    _, other_key, _ = create(client, data)
    for key in (other_key, None, "é".encode()):
        refusal(send(client, pack(files | {"parts/x.bin": b""}), method, at, key), 403, "wrong_key")
    basic = client.request(method, at, content=data, headers=ZIP | {"Authorization": "Basic YTpi"})
    refusal(basic, 403, "wrong_key")
    assert client.get(at).content == data


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_unseen_change_is_not_overwritten(client, data, files, refusal, method):
    at, key, etag = create(client, data)
    newer = send(client, pack(files | {"parts/x.bin": b"1"}), "PUT", at, key, **{"If-Match": etag})
    assert newer.status_code == 204
    refusal(send(client, data, method, at, key, **{"If-Match": etag}), 412, "project_changed")
    refusal(send(client, data, method, at, "wrong", **{"If-Match": etag}), 403, "wrong_key")
    for match in (f'"x", {newer.headers["etag"]}', "*"):
        assert send(client, data, "PUT", at, key, **{"If-Match": match}).status_code == 204
        newer = client.get(at)


def test_what_is_no_project_is_not_kept(client, data, files, refusal):
    at, key, _ = create(client, data)
    for method, address in (("POST", AT), ("PUT", at)):
        refusal(send(client, b"hello", method, address, key), 422, "bad_project")
        evil = pack(files | {"../evil.png": b""})
        assert "../evil.png" in refusal(send(client, evil, method, address, key), 422, "bad_project")
        large = data + bytes(limits.PROJECT_BYTES)
        refusal(send(client, large, method, address, key), 413, "too_large")
        text = client.request(method, address, content=data, headers={"Authorization": f"Bearer {key}"})
        assert "application/zip" in refusal(text, 415, "not_zip")
    assert client.get(at).content == data
    refusal(client.get(f"{AT}/{'x' * 300}"), 404, "unknown_project")


def test_a_server_that_keeps_none_says_so(live_server, data, refusal):
    with httpx.Client(base_url=live_server.url, timeout=PATIENCE_S) as client:
        assert client.get(AT).json()["enabled"] is False
        for method, at in (("POST", AT), ("GET", f"{AT}/x"), ("PUT", f"{AT}/x"), ("DELETE", f"{AT}/x")):
            refusal(send(client, data, method, at, "key"), 409, "projects_off")


def test_projects_outlive_the_server_and_two_of_them_share_a_file(tiny_zoo, tmp_path, files):
    path = tmp_path / "projects.db"

    def write(client, number):
        own = pack(files | {"parts/x.bin": str(number).encode() * 1000})
        at, key, etag = create(client, own)
        answer = send(client, pack(files | {"parts/x.bin": b"replaced"}), "PUT", at, key, **{"If-Match": etag})
        assert answer.status_code == 204, answer.text
        return at

    with ExitStack() as stack:
        servers = [stack.enter_context(run_server(tiny_zoo, tmp_path / f"{i}.log", projects=path)) for i in range(2)]
        clients = [stack.enter_context(httpx.Client(base_url=each.url, timeout=PATIENCE_S)) for each in servers]
        with ThreadPoolExecutor(20) as pool:  # ten writers to each
            made = list(pool.map(lambda i: write(clients[i % 2], i), range(20)))
        for client in clients:
            assert {client.get(at).content for at in made} == {pack(files | {"parts/x.bin": b"replaced"})}
    with run_server(tiny_zoo, tmp_path / "2.log", projects=path) as server:
        assert all(httpx.get(server.url + at).is_success for at in made)
    for log in tmp_path.glob("*.log"):
        assert "Traceback" not in log.read_text()


def test_readers_do_not_wait_for_unpacking(tiny_zoo, tmp_path, data, monkeypatch):
    unpacking, read = threading.Event(), threading.Event()

    def check_slowly(content):
        unpacking.set()
        assert read.wait(PATIENCE_S)
        return check_project(content)

    async def scenario():
        served = Service(Settings(zoo=tiny_zoo, projects=tmp_path / "projects.db"))
        made = await served.create_project(OWN, data)
        monkeypatch.setattr(service, "check_project", check_slowly)
        sending = asyncio.create_task(served.create_project(OWN, data))
        await asyncio.to_thread(unpacking.wait)
        assert await served.projects(OWN, ProjectStore.read, made.id) == (data, made.digest)
        read.set()
        assert (await sending).digest == made.digest
        await served.close()

    asyncio.run(scenario())
