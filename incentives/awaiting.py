"""Whether a till may still bring a claim's offline code: so long it is used nowhere else, and nothing of it is let go.

A code is for one of the claim's redemptions; when that was made, or undone, no other one can be made with it. There is
no sweeper: the instant decides.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_

from core.statements import Row
from incentives.tables import claim


def is_out(row: Row, *, at: datetime) -> bool:
    """Whether a claim's offline code may have been taken somewhere, or may be."""
    return row.offline_cycle == row.reversals + 1 and bool(at < row.offline_settles_at)


def something(at: datetime) -> ColumnElement[bool]:
    """The same, of rows of `claim`."""
    c = claim.c
    return and_(c.offline_cycle.is_not(None), c.offline_cycle == c.reversals + 1, c.offline_settles_at > at)


def nothing(at: datetime) -> ColumnElement[bool]:
    """The opposite."""
    return or_(claim.c.offline_cycle.is_(None), not_(something(at)))


def usable_at(store_id: str, at: datetime) -> ColumnElement[bool]:
    """Whether a claim can be used at this store as far as its offline code is concerned."""
    return or_(claim.c.offline_store_id == store_id, nothing(at))
