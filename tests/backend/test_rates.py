"""How many costly requests an address may send."""

import httpx

from backend import rates
from backend.addresses import client_key
from backend.rates import Rates
from tests.backend.conftest import SYNTHESIZE
from tests.backend.pictures import LABELS
from tests.conftest import PATIENCE_S


def test_a_minutes_worth_at_once_and_then_evenly():
    now = [0.0]
    bucket = Rates(60, lambda: now[0])
    assert [bucket.take("192.0.2.1") for _ in range(60)] == [0] * 60
    assert bucket.take("192.0.2.1") == 1 and bucket.take("192.0.2.2") == 0
    now[0] += 0.5
    assert bucket.take("192.0.2.1") == 0.5
    now[0] += 0.5
    assert bucket.take("192.0.2.1") == 0 and bucket.take("192.0.2.1") == 1


def test_memory_is_bounded_and_the_busiest_are_remembered(monkeypatch):
    monkeypatch.setattr(rates, "ADDRESSES", 3)
    bucket = Rates(1, lambda: 0.0)
    assert bucket.take("192.0.2.1") == 0
    for i in range(2, 9):
        bucket.take(f"192.0.2.{i}")
        assert bucket.take("192.0.2.1") > 0


def test_an_address_of_version_6_counts_with_its_network():
    assert client_key("2001:db8::1") == client_key("2001:db8::ffff:1%eth0") != client_key("2001:db8:0:1::1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")


def test_only_what_costs_something_is_counted(start_server, tiny_zoo, refusal):
    server = start_server(tiny_zoo, rate=2, proxies="127.0.0.1")
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    with httpx.Client(base_url=server.url, headers=forwarded, timeout=PATIENCE_S) as client:
        answers = [client.post(SYNTHESIZE, files={"labels": LABELS}) for _ in range(3)]
        assert [answer.status_code for answer in answers[:2]] == [200, 200]
        refusal(answers[2], 429, "too_many")
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 30
        unknown = client.post(SYNTHESIZE, files={"labels": LABELS}, headers={"X-Forwarded-For": "unknown"})
        assert unknown.is_success
        assert all(client.get("/api/models").is_success for _ in range(5))
        other = client.post(SYNTHESIZE, files={"labels": LABELS}, headers={"X-Forwarded-For": "192.0.2.2"})
        assert other.is_success
