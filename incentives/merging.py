"""Two subjects are one: no claim of theirs is lost, and none is used twice.

The person's limit holds for both together, in each period that it is for: redeemed claims count first, then the oldest
that can still be redeemed. What is beyond the limit and unused is void, its unit of stock the offer's again. Where more
were redeemed than the limit allows, all of them stand, one in a slot beyond it, and none comes back to life by being
undone. What a till may have taken without a network counts as redeemed.

Lock order: claims, budgets, stock, edition last.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from core.database import WriteUnit
from core.moving import Merger, Moved
from core.statements import Row
from incentives import awaiting, budgets, slots, stocks
from incentives.budgets import Held
from incentives.kinds import ClaimStatus
from incentives.tables import claim, offer


async def move(unit: WriteUnit, merger: Merger, _before: Sequence[Moved]) -> Sequence[Moved]:
    """Move the absorbed subject's claims, and give both's their slots anew."""
    c = claim.c
    both = select(claim, offer.c.per_person).join(offer, offer.c.id == c.offer_id)
    theirs = both.where(c.subject_id.in_([merger.absorbed, merger.kept])).order_by(c.offer_id, c.created_at, c.id)
    rows = await unit.all(theirs.with_for_update(of=claim))
    if all(row.subject_id == merger.kept for row in rows):
        return []
    await unit.run(claim.update().where(c.subject_id == merger.kept).values(slot=None))
    await unit.run(claim.update().where(c.subject_id == merger.absorbed).values(slot=None, subject_id=merger.kept))
    voided: list[Row] = []
    for _, of_one_period in groupby(sorted(rows, key=_counted_in), _counted_in):
        for row, values in _anew(list(of_one_period), merger.at):
            await unit.run(claim.update().where(c.id == row.id).values(values))
            voided += [row] if values.get("status") == ClaimStatus.VOIDED.value else []
    shown = await budgets.release(unit, map(Held.by, voided), at=merger.at)
    await stocks.put_back(unit, [row.offer_id for row in voided], shown_otherwise=shown)
    return [Moved(claim.name, [row.id], _was(row)) for row in rows]


def _counted_in(row: Row) -> tuple[str, int]:
    """The offer and the period in which a claim counts; nowhere without a slot."""
    return row.offer_id, -1 if row.slot is None else slots.before_same(row.slot)


def _anew(mine: Sequence[Row], at: datetime) -> Iterator[tuple[Row, dict[str, Any]]]:
    """What becomes of those of one offer's claims that count in one period."""
    standing = [row for row in mine if row.slot is not None]
    redeemed = [row for row in standing if _is_used(row, at)]
    unused = [row for row in standing if not _is_used(row, at)]
    unused.sort(key=lambda row: bool(row.expires_at <= at))  # of an earlier version of the offer, and over
    too_often = {"consent_ended_at": at} if len(redeemed) > mine[0].per_person else {}
    kept = unused[: max(0, mine[0].per_person - len(redeemed))]
    _, start = _counted_in(mine[0])
    for slot, row in enumerate([*redeemed, *kept], start + 1):
        yield row, {"slot": slot, **(too_often if row in redeemed else {})}
    for row in unused[len(kept) :]:
        yield row, {"status": ClaimStatus.VOIDED.value, "version": claim.c.version + 1, "consent_ended_at": at}


def _is_used(row: Row, at: datetime) -> bool:
    return row.status == ClaimStatus.REDEEMED.value or awaiting.is_out(row, at=at)


def _was(row: Row) -> dict[str, object]:
    return {"subject_id": row.subject_id, "slot": row.slot, "status": row.status}
