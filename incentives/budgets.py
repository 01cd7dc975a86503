"""The money of an offer and of its stores: held when it is taken, spent when it is used, free again when it is not.

    free + held + spent = the budget; the sums of its lines are its columns; never negative, never more than there is

Each step is one conditional UPDATE of a budget's row, whose count is checked, and one line that says what it did. A
claim holds what one use costs at most, in its store's part first and in the whole offer's money last: everybody takes
the rows in that order, after claims and before stock (design §5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select

from core.database import Unit, WriteUnit
from core.ids import new_id
from core.statements import Row
from incentives import offers
from incentives.errors import BudgetExhausted
from incentives.kinds import BudgetAct
from incentives.tables import budget, budget_line

# The place that is the whole offer.
WHOLE = ""


@dataclass(frozen=True)
class Held:
    """What a claim holds for one of its redemptions: so much, of its offer's money and of its store's part too."""

    claim_id: str
    cycle: int
    offer_id: str
    store_id: str | None
    cents: int

    @classmethod
    def by(cls, row: Row) -> "Held | None":
        """What a claim's row says that it holds; None where no money limits it."""
        if row.held_cents is None:
            return None
        return cls(row.id, row.reversals + 1, row.offer_id, row.held_store_id, row.held_cents)

    @property
    def places(self) -> Sequence[str]:
        """In which budgets, in the order in which they are taken."""
        return (WHOLE,) if self.store_id is None else (self.store_id, WHOLE)


@dataclass(frozen=True)
class _Line:
    """What an act changes of a budget, in cents."""

    act: BudgetAct
    held: int = 0
    spent: int = 0


async def is_short(unit: Unit, offer_id: str, store_id: str | None, each: int) -> bool:
    """Whether a budget is seen to have too little left for one more."""
    b = budget.c
    places = (WHOLE,) if store_id is None else (store_id, WHOLE)
    short = select(b.place).where(b.offer_id == offer_id, b.place.in_(places))
    return await unit.first(short.where(b.held_cents + b.spent_cents + each > b.total_cents)) is not None


async def hold(unit: WriteUnit, held: Held | None, *, let_go: Iterable[Held | None] = (), at: datetime) -> bool:
    """Hold it for a claim, and let go of what ended claims of the same offer hold; whether lists show the offer
    otherwise now. Raises `BudgetExhausted`."""
    lines = _let_go(let_go)
    if held is not None:
        lines[held] = _Line(BudgetAct.HOLD, held=held.cents)
    shown_otherwise = await _enter_all(unit, lines, at)
    if shown_otherwise is None:
        raise BudgetExhausted()
    return shown_otherwise


async def spend(unit: WriteUnit, held: Held, spent_cents: int, *, at: datetime) -> bool:
    """Spend so much of what is held; what is over is free again. Whether lists show the offer otherwise now."""
    return await _surely(unit, {held: _Line(BudgetAct.SPEND, held=-held.cents, spent=spent_cents)}, at)


async def release(unit: WriteUnit, unused: Iterable[Held | None], *, at: datetime) -> bool:
    """Let go of what claims hold that are not used any more; whether lists show an offer otherwise now."""
    return await _surely(unit, _let_go(unused), at)


async def return_(
    unit: WriteUnit, held: Held, spent_cents: int, *, let_go: Iterable[Held | None] = (), at: datetime
) -> bool:
    """What was spent is free again, and what ended claims hold; whether lists show the offer otherwise now."""
    return await _surely(unit, _let_go(let_go) | {held: _Line(BudgetAct.RETURN, spent=-spent_cents)}, at)


async def hold_again(
    unit: WriteUnit,
    held: Held,
    spent_cents: int,
    most_cents: int,
    *,
    let_go: Iterable[Held | None] = (),
    at: datetime,
) -> tuple[int, bool]:
    """What was spent is held again for the claim's next redemption, and up to its most where there is so much: how much
    it is, and whether lists show the offer otherwise now. What others took meanwhile is theirs; `let_go` as in `hold`.
    """
    freed = await return_(unit, held, spent_cents, let_go=let_go, at=at)  # from here on nobody else writes these rows
    b = budget.c
    left = select(func.min(b.total_cents - b.held_cents - b.spent_cents).label("cents"))
    row = await unit.first(left.where(b.offer_id == held.offer_id, b.place.in_(held.places)))
    assert row is not None
    again = replace(held, cycle=held.cycle + 1, cents=min(most_cents, row.cents))
    return again.cents, await hold(unit, again, at=at) or freed


def _let_go(unused: Iterable[Held | None]) -> dict[Held, _Line]:
    return {held: _Line(BudgetAct.RELEASE, held=-held.cents) for held in unused if held is not None}


async def _surely(unit: WriteUnit, lines: Mapping[Held, _Line], at: datetime) -> bool:
    """Enter what cannot fail: a budget has what its claims hold and spent."""
    shown_otherwise = await _enter_all(unit, lines, at)
    assert shown_otherwise is not None
    return shown_otherwise


async def _enter_all(unit: WriteUnit, lines: Mapping[Held, _Line], at: datetime) -> bool | None:
    """Enter lines in one budget after another: None as soon as one has too little."""
    placed = sorted(((held.offer_id, *last(place)), n) for n, held in enumerate(lines) for place in held.places)
    of_claims, shown_otherwise = list(lines), False
    for (_, _, place), group in groupby(placed, key=lambda one: one[0]):
        moved = await _enter(unit, place, {of_claims[n]: lines[of_claims[n]] for _, n in group}, at)
        if moved is None:
            return None
        shown_otherwise |= moved
    return shown_otherwise


async def _enter(unit: WriteUnit, place: str, lines: Mapping[Held, _Line], at: datetime) -> bool | None:
    """Enter lines of claims of one offer in one of its budgets: None when that has too little, else whether lists show
    the offer otherwise now."""
    b, offer_id = budget.c, next(iter(lines)).offer_id
    by_held, by_spent = sum(line.held for line in lines.values()), sum(line.spent for line in lines.values())
    held, spent = b.held_cents + by_held, b.spent_cents + by_spent
    now = await unit.first(
        budget.update()
        .where(b.offer_id == offer_id, b.place == place, held >= 0, spent >= 0, held + spent <= b.total_cents)
        .values(held_cents=held, spent_cents=spent)
        .returning(b.total_cents, b.held_cents, b.spent_cents, b.each_cents)
    )
    if now is None:
        return None
    await unit.run(budget_line.insert(), [_row(place, one, done, at) for one, done in lines.items()])
    if place != WHOLE or now.each_cents is None:
        return False
    free = now.total_cents - now.held_cents - now.spent_cents
    before = free + by_held + by_spent
    return offers.band(free // now.each_cents) is not offers.band(before // now.each_cents)


def _row(place: str, held: Held, done: _Line, at: datetime) -> dict[str, object]:
    return {
        **line(held.offer_id, place, 0, at),
        "act": done.act.value,
        "claim_id": held.claim_id,
        "cycle": held.cycle,
        "held_cents": done.held,
        "spent_cents": done.spent,
    }


def line(offer_id: str, place: str, total_cents: int, at: datetime) -> dict[str, object]:
    """A line that says that a budget was set, by so much."""
    return {
        "id": new_id("bgl"),
        "offer_id": offer_id,
        "place": place,
        "act": BudgetAct.SET.value,
        "total_cents": total_cents,
        "held_cents": 0,
        "spent_cents": 0,
        "at": at,
    }


def last(place: str) -> tuple[bool, str]:
    """The order in which everybody takes budgets: the whole comes last, since everybody wants it."""
    return place == WHOLE, place
