"""Cut off in the middle: a mutation whose caller has gone is finished; a read over a dead connection is made anew."""

import asyncio

import pytest
from sqlalchemy import text

from audit.log import Log
from core import drivers
from tests.harness.callers import Town
from tests.harness.scale import scaled

_CLAIM = (
    "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename ... on ClaimCreatePayload { replayed } } }"
)
_LOOK = "{ me { name records { edges { node { title } } } } }"


async def test_an_operation_that_is_cancelled_is_finished_once_it_may_have_committed(
    town: Town, monkeypatch: pytest.MonkeyPatch, figures: dict[str, int]
) -> None:
    """The task that serves the caller is cancelled inside the transaction: what was begun ends, whole."""
    offer, notice = await town.open_offer(), await town.notice("CLAIM")
    inside, go_on, through = asyncio.Event(), asyncio.Event(), Log.append

    async def held(self: Log, *arguments: object, **named: object) -> None:
        inside.set()
        await go_on.wait()
        await through(self, *arguments, **named)  # type: ignore[arg-type]

    rounds = scaled(3, 50)
    for round_ in range(rounds):
        input_ = {"i": {"offerId": offer, "noticeHash": notice, "idempotencyKey": f"cancelled {round_}"}}
        inside.clear()
        go_on.clear()
        with monkeypatch.context() as patch:
            patch.setattr(Log, "append", held)
            asked = asyncio.create_task(town.ask("citizen-2", _CLAIM, input_))
            await inside.wait()
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            go_on.set()
            # The key's row is the first one's until it ends, so this waits for it.
            again = (await town.ask("citizen-2", _CLAIM, input_))["data"]["claimCreate"]
        assert again == {"__typename": "ClaimCreatePayload", "replayed": True}
        assert await town.count("SELECT count(*) FROM claim") == round_ + 1
    figures["cancelled mutations"] = rounds


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_the_first_statement_that_meets_a_dead_connection_is_run_on_a_new_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asks a connection first whether it lives. The log's own one died too: it is opened anew."""
    monkeypatch.setattr(drivers.PostgresConnection, "is_usable", lambda _: True)  # as if nothing had been noticed
    for _ in range(scaled(3, 50)):
        assert (await town.ask("citizen-1", _LOOK)).status == 200
        looks = await town.count("SELECT count(*) FROM access")
        async with town.house.database.writing() as unit:
            ended = await unit.all(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND application_name = 'haihe' AND pid <> pg_backend_pid()"
                )
            )
        assert len(ended) >= 2, "a reader's and the log's"
        assert (await town.ask("citizen-1", _LOOK)).status == 200
        assert await town.count("SELECT count(*) FROM access") == looks + 1
