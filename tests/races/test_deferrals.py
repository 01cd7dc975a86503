"""What was put off, on PostgreSQL: finished, undone, or ended by its day for whoever wants its money, all at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.harness.callers import Town
from tests.harness.market import NO_DEPOSIT, Market
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_ACTS = ("finish", "reverse", "expire")


class _Counter:
    """A market whose whole money is with one deposit that was not taken, and the last instant of its till's day."""

    def __init__(self, market: Market, receipt: str) -> None:
        self.market, self.receipt = market, receipt
        self.last = market.begun + timedelta(days=1, seconds=-1)
        self.late = market.begun + timedelta(days=3)

    @classmethod
    async def open(cls, town: Town) -> "_Counter":
        """Its claim is one of two, and nothing is free."""
        market = await Market.open(town, 30, benefit=NO_DEPOSIT)
        receipt = await market.redeem(await market.claim(market.offer_id, market.begun), 5, market.begun)
        return cls(market, receipt)

    def act(self, name: str) -> Callable[[], Awaitable[str]]:
        """What somebody does; what they hear, without ids."""
        acts: dict[str, Callable[[], Awaitable[str]]] = {
            "finish": lambda: self.market.finish(self.receipt, self.last),
            "reverse": lambda: self.market.reverse(self.receipt, self.last),
            "expire": lambda: self.market.claim("sub_2", self.late),
        }
        return lambda: _said(acts[name]())


async def _said(act: Awaitable[str]) -> str:
    said = await act
    return "DONE" if said.startswith("clm_") else said


@pytest.mark.parametrize("first", _ACTS)
async def test_two_acts_on_one_deferral_are_one_after_the_other(town: Town, first: str) -> None:
    """The second begins when the first has done everything but commit; each pair comes in both orders."""
    for second in _ACTS:
        serial = []
        for order in ((first, second), (second, first)):
            counter = await _Counter.open(town)
            serial.append([(name, await counter.act(name)()) for name in order])
        counter = await _Counter.open(town)
        started: list[asyncio.Task[str]] = []

        async def meanwhile(counter: _Counter = counter, second: str = second, started: list = started) -> None:
            started.append(asyncio.create_task(counter.act(second)()))  # type: ignore[arg-type]
            await town.done_or_blocked(started[0])

        counter.market.meanwhile = meanwhile
        said_first = await counter.act(first)()
        said_second = await started[0] if started else await counter.act(second)()
        heard = Counter([(first, said_first), (second, said_second)])
        assert heard in [Counter(one) for one in serial], (heard, serial)
        assert await counter.market.is_in_order(), (first, second)


async def test_many_tills_at_once_finish_or_undo_it_once(town: Town) -> None:
    for _ in range(scaled(1, 20)):
        counter = await _Counter.open(town)
        acts = [counter.act(name) for name in ("finish", "reverse") for _ in range(8)]
        heard = Counter(await asyncio.gather(*(act() for act in acts)))
        assert heard["DONE"] == 1, heard
        assert await counter.market.is_in_order()
        async with town.house.database.reading() as unit:
            kept = await unit.first(
                text(
                    "SELECT d.ended_at, count(v.redemption_id) AS undone FROM deferral d LEFT JOIN reversal v "
                    "ON v.redemption_id = d.redemption_id WHERE d.redemption_id = :r GROUP BY d.ended_at"
                ),
                {"r": counter.receipt},
            )
        assert kept is not None
        assert kept.ended_at is not None
        assert heard["ALREADY_REVERSED" if kept.undone else "DEFERRAL_FINISHED"] >= 7
