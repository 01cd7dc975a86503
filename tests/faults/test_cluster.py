"""Two processes, duties elsewhere, two databases and two Redis: what is browsed from the copy, and what a failover
costs."""

import asyncio

import asyncpg
import httpx

from api.demo import story
from core.replica import LOOK_SECONDS
from tests.conftest import need_postgres
from tests.harness import contesting
from tests.harness.city import Templates
from tests.harness.clustered import Clustered, clustered
from tests.harness.insisting import PATIENCE, Caller, until_taken
from tests.harness.scale import scaled
from tests.harness.standing import DATABASE

_OFFERS = "{ offers(first: 100) { edges { node { id title } } } }"
_PUBLISHED = "query($name: String!) { published(query: {name: $name}) { name objections { filedAt } } }"
_RENAMED = "UPDATE offer SET title = $1 WHERE id = (SELECT min(id) FROM offer WHERE status = 'LIVE')"
_CLAIMS = "SELECT id FROM claim WHERE subject_id LIKE 'sub_many%'"


async def _titles(http: httpx.AsyncClient, **headers: str) -> set[str]:
    answer = (await http.post("/graphql", json={"query": _OFFERS}, headers=headers)).json()
    return {edge["node"]["title"] for edge in answer["data"]["offers"]["edges"]}


async def test_two_processes_browse_a_copy_and_lose_nothing_when_both_primaries_fall(
    templates: Templates, figures: dict[str, int]
) -> None:
    need_postgres(templates)
    many = scaled(60, 600)
    async with clustered(templates) as found:
        one = Caller(found.city, found.callers[0])
        await one.begin(many + 2)
        await _browses(found, one)
        other = one.beside(found.callers[1])
        taking = [asyncio.create_task(until_taken(who)) for _ in range(many // 2) for who in (one, other)]
        while len(one.told) < many // 4:
            await asyncio.sleep(0.01)
        assert not all(task.done() for task in taking)
        await found.fail_over()
        await asyncio.gather(*taking)
        for who in (one, other):
            await who.recovers(who.another())
        stored = {row["id"] for row in await found.stored(_CLAIMS)}
        assert stored == {made["claim"]["id"] for made in one.told.values()}
        looks = await found.stored("SELECT count(*) AS n FROM access WHERE subject_id LIKE 'sub_many%'")
        assert looks[0]["n"] >= one.looks + other.looks
        assert await _titles(found.callers[0]) == await _titles(found.callers[1])
        await _goes_on_working(found)
    figures["claims"] = many + 2


async def _goes_on_working(found: Clustered) -> None:
    """The process that only works does so for the database that took over: every look is sealed there."""
    async with asyncio.timeout(PATIENCE):
        while (await found.stored("SELECT count(*) AS n FROM access_unsealed"))[0]["n"]:
            await asyncio.sleep(0.05)
    assert found.working.process.poll() is None


async def _browses(found: Clustered, somebody: Caller) -> None:
    """A change that the copy has not heard of is not seen by who browses without a name, and is by everybody else; and
    by everybody once the copy is too far behind."""
    http = found.callers[0]
    copy = await asyncpg.connect(found.replica.plain(DATABASE))
    primary = await asyncpg.connect(found.city.cluster.plain(DATABASE))
    try:
        async with asyncio.timeout(PATIENCE):
            new = await _changed_unheard(found, somebody, copy, primary)
            await _is_marked_at_once(found)
            while new not in await _titles(http):
                await asyncio.sleep(0.05)
        await copy.execute("SELECT pg_wal_replay_resume()")
    finally:
        await copy.close()
        await primary.close()


async def _is_marked_at_once(found: Clustered) -> None:
    """What an organisation has published is nobody's in particular, and its marks are never the copy's."""
    town, asked = found.city.town, {"query": _PUBLISHED, "variables": {"name": story.ORGANISATIONS[story.COMPANY]}}
    marks = []
    for _ in range(2):
        answers = [(await caller.post("/graphql", json=asked)).json()["data"]["published"] for caller in found.callers]
        marks.append([len(answer["objections"]) for answer in answers])
        missing = {"target": "MISSING_RECORD", "ground": "OMISSION", "request": "ADD", "described": "荣誉"}
        await contesting.file(town, "company-1-legal", targetId=None, **missing)
    assert marks == [[0, 0], [1, 1]]


async def _changed_unheard(
    found: Clustered, somebody: Caller, copy: asyncpg.Connection, primary: asyncpg.Connection
) -> str:
    """A title that browsing does not show. A process that has not yet seen the copy close behind asks the primary and
    does show it: it is given time to look, and another title."""
    turn = 0
    while True:
        turn += 1
        await copy.execute("SELECT pg_wal_replay_pause()")
        while await copy.fetchval("SELECT pg_get_wal_replay_pause_state()") != "paused":
            await asyncio.sleep(0.02)
        new = f"新标题{turn}"
        await primary.execute(_RENAMED, new)
        assert new in await _titles(found.callers[0], **somebody.headers())
        if new not in await _titles(found.callers[0]):
            return new
        await copy.execute("SELECT pg_wal_replay_resume()")
        await asyncio.sleep(LOOK_SECONDS)
