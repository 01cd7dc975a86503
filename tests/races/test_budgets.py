"""Money on PostgreSQL: whoever comes at once, the books are in order, and all hear what one after the other would."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.harness.callers import Town
from tests.harness.market import Market
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LAST, _LATE = timedelta(days=5, seconds=-1), timedelta(days=5, seconds=1)
_NOTHING_FREE = 60


class _Stall:
    """A market with one claim that can be used and one that was, in which nothing is free any more."""

    def __init__(self, market: Market, unused: str, receipt: str) -> None:
        self.market, self.unused, self.receipt = market, unused, receipt

    @classmethod
    async def open(cls, town: Town) -> "_Stall":
        """Both claims are of the first version, which ends on the fifth day; the second goes on."""
        market = await Market.open(town, _NOTHING_FREE)
        unused, used = [await market.claim(f"sub_{n}", market.begun) for n in range(2)]
        receipt = await market.redeem(used, 200, market.begun + _LAST - timedelta(hours=1), order="D")
        later = market.begun + timedelta(days=1)
        assert await market.edit(market.terms(_NOTHING_FREE, at=later), later) == "DONE"
        assert await market.budget() == {"total": 6000, "held": 3000, "spent": 3000}
        return cls(market, unused, receipt)

    def act(self, name: str) -> Callable[[], Awaitable[str]]:
        """What somebody does; what they hear, without ids."""
        market, last, late = self.market, self.market.begun + _LAST, self.market.begun + _LATE
        acts: dict[str, Callable[[], Awaitable[str]]] = {
            "claim": lambda: market.claim("sub_new", last),
            "redeem": lambda: market.redeem(self.unused, 50, last),
            "cancel": lambda: market.cancel(self.unused, last),
            "reverse": lambda: market.reverse(self.receipt, last),
            "expire": lambda: market.claim("sub_late", late),  # ends what is over, since nothing else is free
            "edit": lambda: market.edit(market.terms(50, at=last), last),
        }
        return lambda: _said(acts[name]())


async def _said(act: Awaitable[str]) -> str:
    said = await act
    return "DONE" if said[:4] in ("clm_", "rdm_") else said


@pytest.mark.parametrize("first", ["claim", "redeem", "cancel", "reverse", "expire", "edit"])
async def test_two_acts_at_once_are_one_after_the_other(town: Town, first: str) -> None:
    """The second begins when the first has done everything but commit; each pair comes in both orders."""
    for second in ("claim", "redeem", "cancel", "reverse", "expire", "edit"):
        serial = []
        for order in ((first, second), (second, first)):
            stall = await _Stall.open(town)
            said = {name: await stall.act(name)() for name in order} if first != second else {first: ""}
            serial.append(said)
        stall = await _Stall.open(town)
        started: list[asyncio.Task[str]] = []

        async def meanwhile(stall: _Stall = stall, second: str = second, started: list = started) -> None:
            started.append(asyncio.create_task(stall.act(second)()))  # type: ignore[arg-type]
            await town.done_or_blocked(started[0])

        stall.market.meanwhile = meanwhile
        said_first = await stall.act(first)()
        said_second = await started[0] if started else await stall.act(second)()
        if first != second:
            assert {first: said_first, second: said_second} in serial, (first, second, said_first, said_second, serial)
        assert await stall.market.is_in_order(), (first, second)


async def test_as_many_are_taken_as_the_money_is_for(town: Town) -> None:
    for split in (False, True):
        market = await Market.open(town, 210, split=split)
        stores = market.stores if split else [None]
        answers = await asyncio.gather(
            *(
                _said(market.claim(f"sub_{n}", market.begun, store))
                for n, store in zip(range(40), itertools.cycle(stores))
            )
        )
        # Each store's half is for three, and a half.
        taken = 6 if split else 7
        assert Counter(answers) == {"DONE": taken, "BUDGET_EXHAUSTED": 40 - taken}
        assert await market.is_in_order()
        assert (await market.budget())["held"] == taken * 3000


async def test_everything_at_once_leaves_the_books_in_order(town: Town) -> None:
    for round_ in range(scaled(2, 40)):
        chance, market = random.Random(round_), await Market.open(town, 600, split=True)
        begun = market.begun
        made = [await market.claim(f"sub_{n % 4}", begun, market.stores[n % 2]) for n in range(10)]
        used = [await market.redeem(one, 130, begun, store_id=market.stores[n % 2]) for n, one in enumerate(made[:5])]
        at = begun + timedelta(hours=1)
        acts = [
            *(market.claim(f"sub_{n % 4}", at, market.stores[n % 2]) for n in range(12)),
            *(market.reverse(one, at, store_id=market.stores[n % 2]) for n, one in enumerate(used)),
            *(market.redeem(one, 77, at) for one in made[5:]),
            *(market.cancel(one, at) for one in made[5:]),
            market.void("sub_1", at),
            market.edit(market.terms(500, split=True, at=at), at),
        ]
        chance.shuffle(acts)
        await asyncio.gather(*acts)
        assert await market.is_in_order()


async def test_two_tills_and_one_order_are_what_combines(town: Town) -> None:
    """Whoever is first stands: the other offer does not go with it. Of offers that let each other both stand."""
    for lets, expected in ((False, {"DONE": 1, "NOT_COMBINABLE": 5}), (True, {"DONE": 6})):
        market = await Market.open(town, 600)
        mine = [market.offer_id] if lets else []
        assert await market.edit(market.terms(600, combines=mine, at=market.begun), market.begun) == "DONE"
        made = [await market.claim(f"sub_{n}", market.begun) for n in range(6)]
        answers = await asyncio.gather(*(_said(market.redeem(one, 100, market.begun, order=f"{lets}")) for one in made))
        assert Counter(answers) == expected
        assert await market.is_in_order()


@pytest.mark.parametrize("values", ["held_cents = -1", "spent_cents = -1", "held_cents = total_cents + 1"])
async def test_no_budget_is_negative_or_overspent_whatever_the_code_says(town: Town, values: str) -> None:
    market = await Market.open(town, 60)
    with pytest.raises(Exception, match=r"never_negative|never_overspent"):
        async with town.house.database.writing() as unit:
            await unit.run(text(f"UPDATE budget SET {values} WHERE offer_id = :o"), {"o": market.offer_id})


async def test_a_claims_money_is_held_and_resolved_once_whatever_the_code_says(town: Town) -> None:
    market = await Market.open(town, 60)
    used = await market.claim("sub_1", market.begun)
    await market.redeem(used, 100, market.begun)
    row = "id, offer_id, place, act, claim_id, cycle, total_cents, held_cents, spent_cents, at"
    for act, belt in (("HOLD", "uq_budget_line_claim_cycle_place_act"), ("RELEASE", "uq_budget_line_resolved")):
        said = (
            f"INSERT INTO budget_line ({row}) SELECT 'x', offer_id, place, '{act}', claim_id, cycle, 0, 0, 0, at "
            "FROM budget_line WHERE act = 'SPEND' AND claim_id = :c"
        )
        with pytest.raises(Exception, match=belt):
            async with town.house.database.writing() as unit:
                await unit.run(text(said), {"c": used})
