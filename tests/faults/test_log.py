"""No look without its log row: when the log cannot be written there is no data, and a kill loses none."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from tests.harness.callers import Town
from tests.harness.scale import scaled
from tests.harness.sealing import proved
from tests.harness.servers import Server

_LOOK = "{ me { name records { edges { node { title } } } } }"
_SQLITE = "CREATE TRIGGER no_log BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'no'); END"
_POSTGRES = (
    "CREATE FUNCTION no_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
    "CREATE TRIGGER no_log BEFORE INSERT ON access FOR EACH ROW EXECUTE FUNCTION no_log()",
)


async def _break_log(town: Town, backend: str) -> None:
    async with town.house.database.writing() as unit:
        for statement in (_SQLITE,) if backend == "sqlite" else _POSTGRES:
            await unit.run(text(statement))


async def test_a_look_that_cannot_be_logged_is_503_without_data(town: Town, backend: str) -> None:
    await _break_log(town, backend)
    refused = await town.ask("citizen-1", _LOOK)
    assert refused.status == 503
    assert refused.code == "UNAVAILABLE"
    assert "data" not in refused
    assert refused.response.headers["retry-after"]
    assert "林海生" not in refused.response.text


async def test_a_granted_look_that_cannot_be_logged_spends_no_use(town: Town, backend: str) -> None:
    grant_id = (await town.grant("citizen-1", key="unlogged", uses=1))["grant"]["id"]
    await _break_log(town, backend)
    document = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    assert (await town.ask("bank-1", document, query)).status == 503
    left = await town.count("SELECT uses_left FROM consent_grant WHERE id = :g", g=grant_id)
    assert left == 1


async def test_a_mutation_that_cannot_be_logged_changes_nothing(town: Town, backend: str) -> None:
    offer_id = await town.open_offer()
    notice = await town.notice("CLAIM")
    await _break_log(town, backend)
    document = "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename } }"
    input_ = {"offerId": offer_id, "noticeHash": notice, "idempotencyKey": "unlogged"}
    assert (await town.ask("citizen-1", document, {"i": input_})).status == 503
    assert await town.count("SELECT count(*) FROM claim") == 0
    assert await town.count("SELECT count(*) FROM idempotency") == 0


async def test_a_commit_that_fails_leaves_the_next_look_able_to_log(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_id = (await town.grant("citizen-1", key="commit", uses=3))["grant"]["id"]
    document = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { kind } } }"
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}

    def broken(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(town.house.database.engine.sync_engine.dialect, "do_commit", broken)
        assert (await town.ask("bank-1", document, query)).status == 503
    assert (await town.ask("bank-1", document, query)).status == 200


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_fresh_document_asked_by_many_at_once_is_answered_to_all(town: Town) -> None:
    grant_id = (await town.grant("citizen-1", key="fresh"))["grant"]["id"]
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    fields = ("name", "kind", "identity { masked }", "identity { type }")
    for field in fields:
        document = f"query($q: GrantedQueryInput!) {{ granted(query: $q) {{ subject {{ {field} }} }} }}"
        answers = await asyncio.gather(*(town.ask("bank-1", document, query) for _ in range(32)))
        assert {answer.status for answer in answers} == {200}


async def _hammer(server: Server, token: str, answered: list[int], enough: int) -> None:
    """Look again and again; whoever counts the answer that is enough pulls the plug on all the others' looks."""
    async with httpx.AsyncClient(timeout=5) as client:
        while server.process.poll() is None:
            try:
                answer = await client.post(
                    f"{server.url}/graphql", json={"query": _LOOK}, headers={"Authorization": f"Bearer {token}"}
                )
            except httpx.TransportError:
                continue
            if answer.status_code == 200:
                answered[0] += 1
                if answered[0] == enough:
                    server.kill()


async def test_kill_9_amid_looks_leaves_answered_at_most_logged(
    town: Town, backend: str, figures: dict[str, int]
) -> None:
    """And every look that was logged is sealed in the end, without a gap."""
    token = await town.token("citizen-1")
    answered = [0]
    for round_ in range(scaled(1, 20)):
        with Server(town.house.settings, f"killed-{backend}-{round_}") as server:
            enough = answered[0] + 25 + 7 * round_
            await asyncio.gather(*(_hammer(server, token, answered, enough) for _ in range(8)))
    logged = await town.count("SELECT count(*) FROM access WHERE basis = 'SELF'")
    assert 0 < answered[0] <= logged
    assert len(await proved(town, "citizen-1")) >= logged
    figures.update({"kills": scaled(1, 20), "answered": answered[0], "sealed": logged})


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_database_that_goes_away_is_503_and_comes_back(town: Town) -> None:
    assert (await town.ask("citizen-1", _LOOK)).status == 200
    name = town.house.settings.database_url.rsplit("/", 1)[1]
    administer = town.house.settings.database_url.rsplit("/", 1)[0] + "/postgres"
    import asyncpg

    connection = await asyncpg.connect(administer.replace("+asyncpg", ""))
    try:
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        gone = await town.ask("citizen-1", _LOOK)
        ready = await town.http.get("/readyz")
        alive = await town.http.get("/livez")
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    finally:
        await connection.close()
    assert (gone.status, gone.code) == (503, "UNAVAILABLE")
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert (await town.ask("citizen-1", _LOOK)).status == 200
