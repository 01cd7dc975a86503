"""How much money an offer has, and each store in it: set when a version comes to stand, and read at the desks.

A budget is never set below what is held and spent of it (`budgets`): the UPDATE decides, whoever takes one meanwhile.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail
from core.statements import Row
from incentives import budgets, deferrals, expiring, money
from incentives.budgets import WHOLE, Held
from incentives.errors import BudgetCommitted
from incentives.tables import budget, budget_line
from incentives.terms import Terms


@dataclass(frozen=True)
class Standing:
    """One budget, in cents."""

    total: int
    held: int
    spent: int

    @property
    def free(self) -> int:
        """What is left to be taken."""
        return self.total - self.held - self.spent


async def turn(
    unit: WriteUnit, offer_id: str, terms: Terms, *, let_go: Iterable[Held | None] = (), at: datetime
) -> None:
    """From now on there is so much; of a budget that is there no more, as much as is held and spent. What ended claims
    hold is let go of before.

    Raises `BudgetCommitted`. Whoever calls this holds the offer's row: nobody else sets its budgets.
    """
    b, wanted, each = budget.c, _wanted(terms), _each(terms)
    standing = {row.place: row.total_cents for row in await _all(unit, offer_id, held=True)}
    await budgets.release(unit, let_go, at=at)
    for place in sorted({*standing, *wanted}, key=budgets.last):
        if place not in standing:
            made = {"total_cents": 0, "held_cents": 0, "spent_cents": 0}
            await unit.run(budget.insert().values(offer_id=offer_id, place=place, **made))
        total, taken = wanted.get(place), b.held_cents + b.spent_cents
        values = {"total_cents": taken if total is None else total, "each_cents": None if total is None else each}
        set_ = budget.update().where(b.offer_id == offer_id, b.place == place).values(values)
        enough = set_ if total is None else set_.where(taken <= total)
        now = await unit.first(enough.returning(b.total_cents))
        if now is None:
            held = next(row for row in await _all(unit, offer_id) if row.place == place)
            field = "budgetYuan" if place == WHOLE else "storeBudgets"
            taken_now = str(money.yuan(held.held_cents + held.spent_cents))
            raise BudgetCommitted(Detail((field,), "AT_LEAST", taken_now))
        more = now.total_cents - standing.get(place, 0)
        if more:
            await unit.run(budget_line.insert().values(budgets.line(offer_id, place, more, at)))


async def of(unit: Unit, offer_id: str, *, at: datetime) -> Mapping[str, Standing]:
    """An offer's money by place, as it stands: what claims and deferrals held that are over is free, though nobody has
    let it go."""
    over = Counter(await expiring.cents_by_store(unit, offer_id, at=at))
    over.update(await deferrals.cents_by_store(unit, offer_id, at=at))
    return {
        row.place: Standing(
            row.total_cents,
            row.held_cents - (sum(over.values()) if row.place == WHOLE else over[row.place]),
            row.spent_cents,
        )
        for row in await _all(unit, offer_id)
    }


async def _all(unit: Unit, offer_id: str, *, held: bool = False) -> Sequence[Row]:
    """An offer's budgets, in the order in which everybody takes them; held until the end, where that is wanted."""
    query = select(budget).where(budget.c.offer_id == offer_id).order_by(budget.c.place == WHOLE, budget.c.place)
    return await unit.all(query.with_for_update() if held else query)


def _wanted(terms: Terms) -> Mapping[str, int]:
    if terms.budget_yuan is None:
        return {}
    parts = {store_id: money.cents(part) for store_id, part in terms.store_budgets_yuan.items()}
    return {**parts, WHOLE: money.cents(terms.budget_yuan)}


def _each(terms: Terms) -> int | None:
    most = terms.benefit.most_yuan
    return None if most is None else money.cents(most)
