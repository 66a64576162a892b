"""Metrics of the server for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from backend.work_queue import Timing

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Metrics of one application; each has its own, so that one process can run several."""

    def __init__(self, admitted: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "oasis_requests", "Requests by route and status.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "oasis_request_seconds", "Time to answer.", ["route"], buckets=BUCKETS, registry=self._registry
        )
        self._queue = Histogram(
            "oasis_queue_seconds", "Time jobs waited.", ["task"], buckets=BUCKETS, registry=self._registry
        )
        self._model = Histogram(
            "oasis_model_seconds", "Time on the device.", ["task", "model"], buckets=BUCKETS, registry=self._registry
        )
        jobs = Gauge("oasis_jobs", "Jobs running and waiting.", registry=self._registry)
        jobs.set_function(admitted)
        self.live_clients = Gauge("oasis_live_clients", "Open live connections.", registry=self._registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def job(self, task: str, model_id: str, timing: Timing) -> None:
        """Count one job that succeeded."""
        self._queue.labels(task).observe(timing.queue)
        self._model.labels(task, model_id).observe(timing.model)

    def serve(self, host: str, port: int) -> int:
        """Answer Prometheus on a port of its own, in a thread; port 0 takes a free one. Returns the port.

        Raises:
            OSError: The port cannot be listened on.
        """
        server, _ = start_http_server(port, host, self._registry)
        return server.server_port
