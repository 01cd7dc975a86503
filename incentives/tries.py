"""Wrong codes are counted for the till that shows them, in the database: a guesser waits, and nobody's claim is locked.

The till's own row is taken first of all, before any key, and held to the end of its transaction: what one till sends at
once is tried one after another, and no more wrong codes than allowed are looked at.
"""

from datetime import datetime, timedelta

from sqlalchemy import case

from core.database import WriteUnit
from incentives.errors import TooManyWrongCodes
from incentives.redemption import Till
from incentives.tables import till_tries

# CHOICE: a cashier mistypes a few times an hour; ten in ten minutes is somebody who guesses.
MOST_WRONG = 10
WINDOW = timedelta(minutes=10)


async def begin(unit: WriteUnit, till: Till, *, at: datetime) -> None:
    """Take the till's turn. Raises `TooManyWrongCodes`, and then the code is not looked at."""
    t = till_tries.c
    is_over = t.since <= at - WINDOW
    turn = unit.insert(till_tries).values(staff_id=till.staff_id, since=at, wrong=0)
    anew = {"since": case((is_over, at), else_=t.since), "wrong": case((is_over, 0), else_=t.wrong)}
    row = await unit.first(
        turn.on_conflict_do_update(index_elements=["staff_id"], set_=anew).returning(t.since, t.wrong)
    )
    assert row is not None
    if row.wrong >= MOST_WRONG:
        raise TooManyWrongCodes(retry_at=row.since + WINDOW)


async def count(unit: WriteUnit, till: Till) -> None:
    """The code that this turn showed was not good."""
    mine = till_tries.c.staff_id == till.staff_id
    await unit.run(till_tries.update().where(mine).values(wrong=till_tries.c.wrong + 1))
