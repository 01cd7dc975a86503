"""Two processes, duties elsewhere, two databases and two Redis: what is browsed from the copy, and what a failover
costs."""

import asyncio

import asyncpg
import httpx

from tests.conftest import need_postgres
from tests.harness.city import Templates
from tests.harness.clustered import Clustered, clustered
from tests.harness.insisting import PATIENCE, Caller, until_taken
from tests.harness.scale import scaled
from tests.harness.standing import DATABASE

_OFFERS = "{ offers(first: 100) { edges { node { id title } } } }"
_NEW = "新标题"
_RENAMED = f"UPDATE offer SET title = '{_NEW}' WHERE id = (SELECT min(id) FROM offer WHERE status = 'LIVE')"
# Processes that have asked the copy how far it is.
_FOLLOWED = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_last_wal_replay_lsn%' AND state = 'idle'"
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
    figures["claims"] = many + 2


async def _browses(found: Clustered, somebody: Caller) -> None:
    """A change that the copy has not heard of is not seen by who browses without a name, and is by everybody else; and
    by everybody once the copy is too far behind."""
    http = found.callers[0]
    copy = await asyncpg.connect(found.replica.plain(DATABASE))
    primary = await asyncpg.connect(found.city.cluster.plain(DATABASE))
    try:
        async with asyncio.timeout(PATIENCE):
            while await copy.fetchval(_FOLLOWED) < len(found.servers):
                await asyncio.sleep(0.02)
        await copy.execute("SELECT pg_wal_replay_pause()")
        await primary.execute(_RENAMED)
        assert _NEW in await _titles(http, **somebody.headers())
        assert _NEW not in await _titles(http)
        async with asyncio.timeout(PATIENCE):
            while _NEW not in await _titles(http):
                await asyncio.sleep(0.05)
        await copy.execute("SELECT pg_wal_replay_resume()")
    finally:
        await copy.close()
        await primary.close()
