"""Any sequence of acts on an offer with a budget: what is said, and what stands in the books, is after every step what
a small model says; the books' own identities hold, and no column is ever negative or more than there is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from incentives import funding
from tests.harness.callers import Town
from tests.harness.market import LONG, Market
from tests.harness.scale import scaled

_EACH, _DAY = 3000, timedelta(days=1)
_STEPS = st.one_of(
    st.tuples(st.just("claim"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("claim"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("redeem"), st.integers(0, 5), st.sampled_from([0, 1, 33, 99, 150, 9999])),
    st.tuples(st.sampled_from(["cancel", "reverse", "redeem"]), st.integers(0, 5), st.just(99)),
    st.tuples(st.just("void"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 60), st.just(0)),
    st.tuples(st.just("edit"), st.sampled_from([None, 30, 60, 90, 150, 1000]), st.integers(0, 5)),
)
# Every act once with something to do, whatever is drawn: what comes back is held as far as others left it; what is over
# makes room for others, and for what comes back.
_EVERY = [
    *([("claim", n, 0) for n in range(3)]),
    *[("redeem", 0, 99), ("cancel", 1, 0), ("claim", 0, 0), ("reverse", 0, 0), ("redeem", 0, 9999), ("reverse", 0, 0)],
    *[("void", 2, 0), ("edit", 150, 1), ("claim", 1, 1), ("redeem", 4, 150), ("wait", 60, 0), ("edit", 150, 1)],
    *[("redeem", 0, 99), ("wait", 60, 0), ("wait", 1, 0), ("claim", 0, 0), ("claim", 0, 0), ("claim", 1, 1)],
    *[("claim", 0, 1), ("claim", 2, 0), ("edit", 30, 0), ("edit", None, 0), ("claim", 0, 0), ("edit", 1000, 0)],
]


@dataclass
class _Claim:
    person: str
    store: str | None
    held: int | None
    until: datetime
    status: str = "CLAIMED"
    cycle: int = 1
    spent: int = 0
    receipt: str = ""
    redeemed_at: datetime | None = None
    consents: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        return () if self.held is None else ("",) if self.store is None else (self.store, "")

    def holds(self, at: datetime) -> bool:
        return self.status == "CLAIMED" and at < self.until


@dataclass
class _Model:
    """An offer and its claims as a child would keep them; money in cents."""

    until: datetime
    budgets: dict[str, int] = field(default_factory=dict)  # what stands
    totals: dict[str, int] = field(default_factory=dict)  # what was ever set
    split: bool = False
    stock: int = 6
    claims: dict[str, _Claim] = field(default_factory=dict)

    def held(self, place: str, at: datetime) -> int:
        return sum(one.held or 0 for one in self.claims.values() if place in one.places and one.holds(at))

    def spent(self, place: str) -> int:
        return sum(one.spent for one in self.claims.values() if place in one.places and one.status == "REDEEMED")

    def taken(self, place: str, at: datetime) -> int:
        return self.held(place, at) + self.spent(place)

    def in_use(self, at: datetime) -> int:
        return sum(one.holds(at) or one.status == "REDEEMED" for one in self.claims.values())

    def claim(self, store: str | None, at: datetime) -> str:
        if at >= self.until:
            return "ENDED"
        if self.in_use(at) >= self.stock:
            return "SOLD_OUT"
        places = ([store, ""] if store else [""]) if self.budgets else []
        short = any(self.taken(place, at) + _EACH > self.budgets[place] for place in places)
        return "BUDGET_EXHAUSTED" if short else "DONE"

    def redeem(self, one: _Claim, yuan: int, at: datetime) -> str:
        if not one.holds(at):
            return "NOT_REDEEMABLE"
        worth = min(yuan * 20, _EACH if one.held is None else one.held)
        one.status, one.spent, one.redeemed_at = "REDEEMED", worth, at
        return "DONE"

    def reverse(self, one: _Claim, at: datetime) -> str:
        if one.redeemed_at is None or one.status != "REDEEMED":
            return "ALREADY_REVERSED"
        if at >= one.redeemed_at + _DAY:
            return "REVERSAL_WINDOW_CLOSED"
        usable = at < one.until and one.consents and one.cycle < 10
        one.status, one.cycle, back, one.spent = "CLAIMED" if usable else "VOIDED", one.cycle + 1, one.spent, 0
        if usable and one.held is not None:
            one.held = 0
            one.held = min(_EACH, *(self.totals[place] - self.taken(place, at) for place in one.places))
            assert one.held >= back
        return "DONE"

    def edit(self, total: int | None, split: bool, stores: list[str], stock: int, at: datetime) -> str:
        if at >= self.until:
            return "WRONG_STATE"
        wanted = {} if total is None else {"": total * 100, **(dict.fromkeys(stores, total * 50) if split else {})}
        if any(self.taken(place, at) > sum_ for place, sum_ in wanted.items() if place in self.totals):
            return "BUDGET_COMMITTED"
        if self.in_use(at) > stock:
            return "STOCK_COMMITTED"
        left = {place: self.taken(place, at) for place in self.totals}
        self.budgets, self.totals, self.split, self.stock = wanted, {**left, **wanted}, split, stock
        self.until = at + LONG
        return "DONE"


async def _step(market: Market, model: _Model, step: tuple[Any, Any, Any], at: datetime) -> None:
    what, which, how = step
    if what == "claim":
        await _claim(market, model, which, how, at)
    elif what == "void":
        await _void(market, model, f"sub_{which}", at)
    elif what == "edit":
        split, stock = bool(how % 2) and (which or 0) >= 60, (6, 3, 9)[how // 2]
        said = await market.edit(market.terms(which, stock=stock, split=split, at=at), at)
        assert said == model.edit(which, split, market.stores, stock, at), step
    elif model.claims:
        claim_id, one = list(model.claims.items())[which % len(model.claims)]
        if what == "cancel":
            await _cancel(market, claim_id, one, at)
        elif what == "redeem":
            await _redeem(market, model, claim_id, how, at)
        elif one.receipt:
            assert await market.reverse(one.receipt, at, store_id=one.store) == model.reverse(one, at), step


async def _claim(market: Market, model: _Model, person: int, place: int, at: datetime) -> None:
    store = market.stores[place] if model.split else None
    said, wanted = await market.claim(f"sub_{person}", at, store), model.claim(store, at)
    assert said.startswith("clm_") if wanted == "DONE" else said == wanted, (said, wanted)
    if wanted == "DONE":
        held = _EACH if model.budgets else None
        model.claims[said] = _Claim(f"sub_{person}", store, held, model.until)


async def _void(market: Market, model: _Model, person: str, at: datetime) -> None:
    assert await market.void(person, at) == "DONE"
    for one in model.claims.values():
        if one.person == person:
            one.consents = one.consents and one.status not in ("CLAIMED", "REDEEMED")
            one.status = "VOIDED" if one.status == "CLAIMED" else one.status


async def _cancel(market: Market, claim_id: str, one: _Claim, at: datetime) -> None:
    wanted = "DONE" if one.holds(at) or one.status == "CANCELLED" else "NOT_CLAIMED"
    assert await market.cancel(claim_id, at) == wanted
    one.status = "CANCELLED" if wanted == "DONE" else one.status


async def _redeem(market: Market, model: _Model, claim_id: str, yuan: int, at: datetime) -> None:
    one = model.claims[claim_id]
    if one.status == "REDEEMED":
        return
    said, wanted = await market.redeem(claim_id, yuan, at), model.redeem(one, yuan, at)
    assert said.startswith("rdm_") if wanted == "DONE" else said == wanted, (said, wanted)
    one.receipt = said if wanted == "DONE" else one.receipt


async def _agree(market: Market, model: _Model, at: datetime) -> None:
    assert await market.is_in_order()
    async with market.town.house.database.reading() as unit:
        standing = await funding.of(unit, market.offer_id, at=at)
    assert {place: (one.total, one.held, one.spent) for place, one in standing.items()} == {
        place: (total, model.held(place, at), model.spent(place)) for place, total in model.totals.items()
    }
    assert all(one.free >= 0 for one in standing.values())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@settings(max_examples=scaled(12, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=_EVERY)
@given(steps=st.lists(_STEPS, min_size=5, max_size=25))
async def test_any_sequence_of_acts_leaves_the_books_as_the_model_has_them(
    town: Town, steps: list[tuple[Any, Any, Any]]
) -> None:
    market = await Market.open(town, 90, stock=6)
    model, at = _Model(market.begun + LONG, {"": 9000}, {"": 9000}), market.begun
    for step in steps:
        if step[0] == "wait":
            at += timedelta(hours=step[1])
        else:
            await _step(market, model, step, at)
        at += timedelta(seconds=1)
        await _agree(market, model, at)
