"""A store is closed while an offer of it is taken, on PostgreSQL: whoever comes second hears what is so."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from core.database import WriteUnit
from incentives import closing
from tests.harness.callers import Town
from tests.harness.market import Market

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.mark.parametrize("split", [True, False], ids=["by store", "anywhere"])
@pytest.mark.parametrize("first", ["close", "claim"])
async def test_nobody_is_left_with_what_can_be_used_nowhere(town: Town, first: str, split: bool) -> None:
    market = await Market.open(town, 600, split=split)
    at, last = market.begun, market.stores[-1]
    if not split:
        assert await market.close(market.stores[0], at) == "DONE"
    acts: dict[str, Callable[[], Awaitable[str]]] = {
        "close": lambda: market.close(last, at),
        "claim": lambda: market.claim("sub_1", at, last if split else None),
    }
    second = next(name for name in acts if name != first)
    started: list[asyncio.Task[str]] = []

    async def meanwhile() -> None:
        started.append(asyncio.create_task(acts[second]()))  # type: ignore[arg-type]
        await town.done_or_blocked(started[0])

    market.meanwhile = meanwhile
    said = {first: await acts[first](), second: ""}
    said[second] = await started[0]
    assert said["close"] == "DONE", said
    assert said["claim"].startswith("clm_") or said["claim"] in ("INVALID_INPUT", "ENDED"), said
    assert (first == "claim") is said["claim"].startswith("clm_"), said
    assert (
        await town.count("SELECT count(*) FROM claim WHERE offer_id = :o AND status = 'CLAIMED'", o=market.offer_id)
        == 0
    )
    assert await market.is_in_order()
    left = "SELECT left_over FROM stock WHERE offer_id = :o"
    assert await town.count(left, o=market.offer_id) == 100


async def test_a_store_is_closed_while_consent_ends_and_neither_waits_for_the_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person's newer claim is settled, and their older one is void: whoever ends their consent takes the older one
    first, and so does the closing."""
    here, anywhere = await Market.open(town, 600, split=True), await Market.open(town, None, offline=True)
    at, store_id = here.begun, here.stores[0]
    older = await here.claim("sub_1", at, store_id)
    newer = await anywhere.claim("sub_1", at + timedelta(seconds=1))
    later = at + timedelta(seconds=2)
    await anywhere.issue(newer, later, store_id=store_id)
    out = "SELECT count(*) FROM claim WHERE offline_store_id = :s AND id = :c"
    assert older.startswith("clm_")
    assert await town.count(out, s=store_id, c=newer) == 1
    settle, ending = closing._settle, list[asyncio.Task[str]]()

    async def settled(unit: WriteUnit, store: str, instant: datetime) -> None:
        await settle(unit, store, instant)
        ending.append(asyncio.create_task(here.void("sub_1", later)))
        await town.done_or_blocked(ending[0])

    monkeypatch.setattr(closing, "_settle", settled)
    assert await here.close(store_id, later) == "DONE"
    assert await ending[0] == "DONE"
    void = "SELECT count(*) FROM claim WHERE subject_id = 'sub_1' AND status = 'VOIDED'"
    assert await town.count(void) == 2, "what was out there is settled, and so consent ends it too"
    assert await here.is_in_order()
    assert await anywhere.is_in_order()
