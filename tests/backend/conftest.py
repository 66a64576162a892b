"""Clients of the running server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from websockets.sync.client import connect

from tests.backend.live_client import Live
from tests.backend.pictures import LABELS
from tests.conftest import PATIENCE_S, LiveServer

SYNTHESIZE = "/api/models/tiny/synthesize"
SEGMENT = "/api/models/tiny/segment"


@pytest.fixture
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    """An HTTP client of the running server; after the test the server must still paint."""
    with httpx.Client(base_url=live_server.url, timeout=PATIENCE_S) as client:
        yield client
        assert client.post(SYNTHESIZE, files={"labels": LABELS}).is_success


@contextmanager
def visit(server: LiveServer) -> Iterator[Live]:
    """A live client of a server."""
    with connect(server.url.replace("http", "ws") + "/api/live", max_size=None, compression=None) as socket:
        yield Live(socket)


@pytest.fixture
def live(live_server: LiveServer) -> Iterator[Live]:
    """A live client of the running server."""
    with visit(live_server) as client:
        yield client


@pytest.fixture
def refusal() -> Callable[[httpx.Response, int, str], str]:
    """Checks status, code and the one error shape; gives the message."""

    def check(response: httpx.Response, status: int, code: str) -> str:
        assert response.status_code == status, response.text
        answer = response.json()
        assert answer.keys() == {"error"} and answer["error"].keys() == {"code", "message"}
        assert answer["error"]["code"] == code
        assert "Traceback" not in response.text and ".py" not in response.text
        return answer["error"]["message"]

    return check
