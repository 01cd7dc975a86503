"""How an offer moves: each act is one step, and one conditional UPDATE of its row decides who makes it.

An act names the version of the offer that its actor read. Whoever comes second finds another version and is told so;
whoever sends the same act again is told that it is done, by its step. Lock order: the offer, its ways, its stock,
edition last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.statements import Row
from incentives import offers, states
from incentives.kinds import OfferAct, OfferSide
from incentives.tables import offer, offer_step
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from parties.errors import WrongState

LONGEST_REASONS = 500


@dataclass(frozen=True)
class Doing:
    """Who does it, to the offer as they read it, why, and when."""

    by: str
    expected: int
    reasons: str | None
    at: datetime

    @classmethod
    def of(cls, by: str, expected: int, reasons: str | None, *, at: datetime, said_as: str = "reasons") -> "Doing":
        """With the reasons as they are kept: without identity numbers. Raises `Invalid` when there are too many."""
        return cls(by, expected, kept(reasons, said_as), at)


def kept(reasons: str | None, said_as: str) -> str | None:
    """What somebody says of an offer, without identity numbers; None for nothing. Raises `Invalid` for too much."""
    if reasons is not None and len(reasons) > LONGEST_REASONS:
        raise Invalid(Detail((said_as,), "LENGTH", f"1..{LONGEST_REASONS}"))
    return mask_numbers_in(reasons.strip()) if reasons and reasons.strip() else None


def wanted(doing: Doing) -> None:
    """Raise `Invalid` without reasons."""
    if doing.reasons is None:
        raise Invalid(Detail(("reasons",), "LENGTH", f"1..{LONGEST_REASONS}"))


async def found(unit: Unit, offer_id: str, *, party_id: str | None = None) -> Row:
    """An offer of a merchant that acts; raises `NotAvailable`, for another merchant's too."""
    query = select(offer).where(offer.c.id == offer_id, offers.offered())
    row = await unit.first(query if party_id is None else query.where(offer.c.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def done(unit: Unit, offer_id: str, doing: Doing, *acts: OfferAct) -> Row | None:
    """The step that this very act made before, if it did."""
    c = offer_step.c
    query = select(offer_step).where(c.offer_id == offer_id, c.version - 1 == doing.expected, c.staff_id == doing.by)
    row = await unit.first(query.where(c.act.in_([act.value for act in acts])))
    return row if row is not None and row.reasons == doing.reasons else None


def check(row: Row, act: OfferAct, doing: Doing) -> None:
    """Raise `VersionChanged` or `WrongState` when the act does not start from here."""
    if row.version != doing.expected:
        raise VersionChanged()
    if states.after(act, row, at=doing.at) is None:
        raise WrongState()


async def move(
    unit: WriteUnit, row: Row, act: OfferAct, doing: Doing, values: Mapping[str, Any], *, number: int | None = None
) -> bool:
    """Make the step that was checked, on a version of the terms: the latest. False when a twin of this call made it.

    Raises `VersionChanged` when somebody else came first, `NotAvailable` when the merchant was put out meanwhile.
    """
    leads = states.after(act, row, at=doing.at)
    assert leads is not None
    status, review = leads
    moved = await unit.run(
        offer.update()
        .where(offer.c.id == row.id, offer.c.version == row.version, offers.offered())
        .values(
            version=offer.c.version + 1, status=status.value, review=None if review is None else review.value, **values
        )
    )
    if moved != 1:
        await found(unit, row.id)
        if await done(unit, row.id, doing, act) is None:
            raise VersionChanged()
        return False
    await record(unit, row, act, doing, version=row.version + 1, number=number or row.latest)
    return True


async def record(unit: WriteUnit, row: Row, act: OfferAct, doing: Doing, *, version: int, number: int) -> None:
    """Write a step down, and tell the merchant's people; the stores' own too, of what was published."""
    side = OfferSide.PARTNER if act is OfferAct.DRAFT else states.STEPS[act].side
    await unit.run(
        offer_step.insert().values(
            offer_id=row.id,
            version=version,
            act=act.value,
            side=side.value,
            staff_id=doing.by,
            number=number,
            reasons=doing.reasons,
            at=doing.at,
        )
    )
    stands = number if act is OfferAct.APPROVE else row.standing
    seen = act in _SEEN_IN_STORES and stands is not None
    stores = await offers.stores_of(unit, row.id, stands) if seen else ()
    told = [Change(one, ChangeKind.OFFER, row.id, version) for one in (row.party_id, *(one.id for one in stores))]
    await changes.tell(unit, *told, at=doing.at)


_SEEN_IN_STORES = frozenset({OfferAct.APPROVE, OfferAct.PAUSE, OfferAct.RESUME, OfferAct.END})
