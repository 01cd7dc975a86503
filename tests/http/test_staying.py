"""Whoever hangs up is read for no longer; what was begun to be changed is changed; who finds no place is told so."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from api import places, staying
from api.house import House
from core import drivers
from core.errors import DependencyDown
from schema.operation import Operations
from tests.harness.callers import Town, inhabited

_NAME = "{ me { name } }"


class _Call:
    """One request by the application's own interface, whose caller can hang up."""

    def __init__(self, body: bytes, token: str) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.hung_up = asyncio.Event()
        self._messages = [{"type": "http.request", "body": body}]
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())],
            "client": ("127.0.0.1", 1),
        }

    async def receive(self) -> Mapping[str, Any]:
        if self._messages:
            return self._messages.pop()
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)


async def _hang_up(town: Town, document: str, reached: asyncio.Event, variables: object = None) -> _Call:
    """Ask, and go away when the operation has got to where it is `reached`; the request has ended then."""
    body = orjson.dumps({"query": document, "variables": variables})
    call = _Call(body, await town.token("citizen-1"))
    asking = asyncio.create_task(town.app(call.scope, call.receive, call.send))  # type: ignore[arg-type]
    async with asyncio.timeout(20):
        await reached.wait()
        call.hung_up.set()
        await asking
    return call


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_query_stops_when_its_caller_hangs_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staying, "UNWATCHED_SECONDS", 0)
    reached, stopped = asyncio.Event(), asyncio.Event()

    async def reading(*_: object) -> None:
        async with house.database.reading():
            reached.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

    async with inhabited(house) as town:
        await town.token("citizen-1")
        with monkeypatch.context() as patch:
            patch.setattr(Operations, "_reading", reading)
            call = await _hang_up(town, _NAME, reached)
        assert (call.sent, stopped.is_set(), house.database.pool.in_use) == ([], True, 0)
        assert (await town.ask("citizen-1", _NAME)).status == 200


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_change_goes_on_when_its_caller_hangs_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staying, "UNWATCHED_SECONDS", 0)
    reached, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    changing = Operations._changing

    async def slowly(self: Operations, asked: Any) -> Any:
        reached.set()
        await go_on.wait()
        try:
            return await changing(self, asked)
        finally:
            ended.set()

    async with inhabited(house) as town:
        variables = {
            "input": {
                "offerId": await town.open_offer(),
                "noticeHash": await town.notice("CLAIM"),
                "idempotencyKey": "hung-up",
            }
        }
        document = (
            "mutation($input: ClaimCreateInput!) { claimCreate(input: $input) "
            "{ __typename ... on ClaimCreatePayload { replayed } } }"
        )
        with monkeypatch.context() as patch:
            patch.setattr(Operations, "_changing", slowly)
            call = await _hang_up(town, document, reached, variables)
            assert call.sent == []
            go_on.set()
            async with asyncio.timeout(20):
                await ended.wait()
        assert await town.count("SELECT count(*) FROM idempotency WHERE key = 'hung-up'") == 1
        again = await town.ask("citizen-1", document, variables)
        assert again["data"]["claimCreate"] == {"__typename": "ClaimCreatePayload", "replayed": True}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_finds_no_place_waits_and_one_more_is_told_and_health_answers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.settings = house.settings.model_copy(update={"in_flight": 2})
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()
    made: list[places.Places] = []
    reading, make = Operations._reading, places.Places.__init__

    def remembered(self: places.Places, many: int) -> None:
        make(self, many)
        made.append(self)

    monkeypatch.setattr(places.Places, "__init__", remembered)

    async def slowly(self: Operations, *asked: Any) -> Any:
        begun.release()
        await go_on.wait()
        return await reading(self, *asked)

    async with inhabited(house) as town:
        await town.token("citizen-1")
        monkeypatch.setattr(Operations, "_reading", slowly)
        monkeypatch.setattr(places, "WAIT_SECONDS", 60)
        asking = [asyncio.create_task(town.ask("citizen-1", _NAME)) for _ in range(4)]
        async with asyncio.timeout(20):
            await begun.acquire()
            await begun.acquire()
            while made[0].waiting < 2:
                await asyncio.sleep(0.01)
            shed = await town.ask("citizen-1", _NAME)
        assert (shed.status, shed.code, "data" in shed) == (503, "UNAVAILABLE", False)
        assert int(shed.response.headers["retry-after"]) >= 1
        assert begun.locked()  # nothing was begun for it
        assert (await town.http.get("/livez")).status_code == (await town.http.get("/readyz")).status_code == 200
        go_on.set()
        async with asyncio.timeout(20):
            assert [(await one).status for one in asking] == [200] * 4
        assert (await town.ask("citizen-1", _NAME)).status == 200


async def test_nobody_waits_for_a_place_longer_than_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "WAIT_SECONDS", 0)
    crowd = places.Places(1)
    async with crowd:
        with pytest.raises(DependencyDown):
            await crowd.__aenter__()
        assert crowd.waiting == 0
    async with crowd:
        pass


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_the_server_stops_a_statement_whose_caller_is_gone_or_whose_time_is_over(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleeps() -> None:
        async with house.database.reading() as unit:
            await unit.all(text("SELECT pg_sleep(300)"))

    async def asleep() -> int:
        async with house.database.reading() as unit:
            row = await unit.first(
                text(
                    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() "
                    "AND state = 'active' AND query LIKE 'SELECT pg_s%'"
                )
            )
        assert row is not None
        return int(row.n)

    async def until(many: int) -> None:
        async with asyncio.timeout(30):
            while await asleep() != many:
                await asyncio.sleep(0.02)

    reader = asyncio.create_task(sleeps())
    await until(1)
    reader.cancel()
    await asyncio.wait([reader])
    await until(0)
    house.database.pool.close()
    monkeypatch.setitem(drivers.READ_SETTINGS, "statement_timeout", "50")
    with pytest.raises(DependencyDown):
        await sleeps()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_sqlite_looks_at_the_clock_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    monkeypatch.setattr(drivers, "READ_SECONDS", 0.05)
    with pytest.raises(DependencyDown):
        async with house.database.reading() as unit:
            await unit.all(endless)
    monkeypatch.undo()
    async with house.database.reading() as unit:
        assert await unit.first(text("SELECT 1 AS one"))
