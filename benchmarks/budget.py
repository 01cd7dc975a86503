"""`python -m benchmarks.budget`: where one home query's time goes, stage by stage, one request after another.

The application is called in this process, without sockets; the statements' and the log's shares include waiting for
PostgreSQL. Shares are of one run: they say where to look, not how fast this machine is.
"""

import os
import sys
import time
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

import uvloop

from api import bodies, graphql, logs
from api.app import create_app
from api.collecting import quiet_collector
from api.house import House
from api.tokens import Verifier
from audit.writer import GroupWriter
from benchmarks import ground, reports
from core.database import ReadUnit
from core.installation import Kind
from schema import plan
from schema.operation import Operations
from schema.plan import Plan

_CITIZENS, _WARM, _MEASURED = 2000, 300, 2000
_STAGES = ("token", "body", "decision", "executor", "statements", "projection", "log", "HTTP")


class _Clock:
    """Adds up the time of each stage; a stage inside another is taken from the outer one."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(_STAGES, 0.0)
        self._open: list[str] = []
        self._since = 0.0

    def enter(self, stage: str) -> None:
        self._turn()
        self._open.append(stage)

    def leave(self) -> None:
        self._turn()
        self._open.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    def around(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The same function, timed."""
        if iscoroutinefunction(work):

            async def waited(*given: Any, **named: Any) -> Any:
                self.enter(stage)
                try:
                    return await work(*given, **named)
                finally:
                    self.leave()

            return waited

        def run(*given: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                return work(*given, **named)
            finally:
                self.leave()

        return run


def _watch(clock: _Clock) -> None:
    for owner, name, stage in (
        (Verifier, "principal", "token"),
        (bodies, "read", "body"),
        (graphql, "parsed", "body"),
        (Operations, "decide", "decision"),
        (Plan, "run", "executor"),
        (ReadUnit, "_fetch", "statements"),
        (GroupWriter, "write", "log"),
    ):
        setattr(owner, name, clock.around(getattr(owner, name), stage))
    made = plan.projection
    plan.projection = lambda steps: clock.around(made(steps), "projection")


async def _ask(app: Any, token: str, body: bytes) -> None:
    answered = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal answered
        answered = message.get("status", answered)

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    if answered != 200:
        sys.exit(f"answered {answered}")


async def _measure(house: House, clock: _Clock) -> dict[str, float]:
    app = create_app(house, Kind.DEMONSTRATION)
    body = (house.settings.data / "body").read_bytes()
    tokens = ground.tokens(house.settings)[:100]
    async with app.router.lifespan_context(app):
        for n in range(_WARM):
            await _ask(app, tokens[n % 100], body)
        quiet_collector()
        clock.spent = dict.fromkeys(_STAGES, 0.0)
        for n in range(_MEASURED):
            clock.enter("HTTP")
            await _ask(app, tokens[n % 100], body)
            clock.leave()
    return {stage: round(spent / _MEASURED * 1e6, 1) for stage, spent in clock.spent.items()}


def main() -> None:
    """Fill a database, measure, print the table, write it."""
    logs.configure("ERROR")
    head = reports.begin()
    clock = _Clock()
    _watch(clock)
    with ground.filled(_CITIZENS) as settings:
        os.sched_setaffinity(0, {ground.SERVER_CORE})
        found = uvloop.run(_measure(House(settings), clock))
    whole = sum(found.values())
    for stage in _STAGES:
        print(f"{stage:12} {found[stage]:8.1f} µs {found[stage] / whole:6.1%}")
    print(f"{'together':12} {whole:8.1f} µs")
    reports.write("budget", head, {"requests": _MEASURED, "microseconds": found})


if __name__ == "__main__":
    main()
