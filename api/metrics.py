"""What a process says of itself to whoever operates it (ADR 0157): counts and durations, under labels of
which there are few and none of which a caller chooses. They are shown at a port of their own, by a thread of its own:
it answers while the loop stands still."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from schema.documents import Operation
from schema.errors import Answer

_log = structlog.get_logger("haihe.metrics")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BEAT_SECONDS = 1.0


class Metrics:
    """The counts of one process. An operation that takes `slow_seconds` or more is named in the log by its document's
    digest, with nothing of its variables."""

    def __init__(self, *, slow_seconds: float = 1.0) -> None:
        self.registry = CollectorRegistry()
        self._slow_seconds = slow_seconds
        self._requests = self._durations("haihe_http_request_seconds", "HTTP requests", ("path", "status"))
        self._operations = self._durations("haihe_operation_seconds", "GraphQL operations", ("kind", "outcome"))
        # Finding a child by its labels costs more than counting with it.
        self._of_requests: dict[tuple[str, int], Histogram] = {}
        self._of_operations: dict[tuple[str, str], Histogram] = {}
        self._warnings = Counter(
            "haihe_warnings", "Lines of the log that warn, by event", ("event",), registry=self.registry
        )
        self._due = float("inf")
        self.watch("haihe_loop_lag_seconds", "By how much the event loop is late", self._lag)
        ProcessCollector(registry=self.registry)

    def _durations(self, name: str, what: str, labels: tuple[str, ...]) -> Histogram:
        return Histogram(name, f"{what}, by how long they took", labels, buckets=_SECONDS, registry=self.registry)

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Show what a function says when it is asked, from another thread."""
        Gauge(name, what, registry=self.registry).set_function(value)

    def request(self, path: str, status: int, seconds: float) -> None:
        """One request was answered, at a path of ours or at `?`."""
        child = self._of_requests.get((path, status))
        if child is None:
            child = self._of_requests[path, status] = self._requests.labels(path, str(status))
        child.observe(seconds)

    def operation(self, operation: Operation | None, answer: Answer, seconds: float) -> None:
        """One operation was answered; None stands for one that could not be read."""
        kind = "unread" if operation is None else "mutation" if operation.mutation else "query"
        key = (kind, _outcome(answer))
        child = self._of_operations.get(key)
        if child is None:
            child = self._of_operations[key] = self._operations.labels(*key)
        child.observe(seconds)
        if seconds >= self._slow_seconds and operation is not None:
            _log.warning(
                "slow_operation", document=operation.document, kind=kind, milliseconds=round(seconds * 1000, 1)
            )

    def warned(self, event: str) -> None:
        """A line of ours warned; its event is a word of our own code."""
        self._warnings.labels(event).inc()

    def _lag(self) -> float:
        return max(0.0, time.monotonic() - self._due)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Know how late the loop is, while the body runs."""
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._due = float("inf")

    async def _beat(self) -> None:
        while True:
            self._due = time.monotonic() + _BEAT_SECONDS
            await asyncio.sleep(_BEAT_SECONDS)

    @contextmanager
    def shown(self, host: str, port: int) -> Iterator[None]:
        """Answer at that address while the body runs; nowhere for port 0. Raises `OSError` when it is taken."""
        if not port:
            yield
            return
        server, thread = start_http_server(port, host, self.registry)
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _outcome(answer: Answer) -> str:
    if answer.status >= 500:
        return "down" if answer.status == 503 else "fault"
    return "refused" if "errors" in answer.body else "answered"
