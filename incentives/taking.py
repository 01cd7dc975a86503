"""Taking one offer many at a time: everybody's reads are one read, everybody's writes one write, and one commit.

What becomes of each is decided between the reads and the writes. The writes go in the order in which everybody takes
their rows (`claims`), and each is one statement that decides by its count: as soon as one finds less than was read, or
wherever an offer asks for more than a slot and one of the stock, nobody is taken together (`Apart`), and each goes by
itself (`claims.create`), where every race has its own end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, not_, select

from audit.lens import Lens
from core import bulk
from core.database import Unit, WriteUnit
from core.errors import Refused
from core.statements import Row, Statement, by_database
from grants import consent
from grants.errors import NoticeChanged
from grants.scope import NoticeKind
from incentives import claims, deferrals, expiring, offers, slots, stocks
from incentives.eligibility import Standing
from incentives.errors import SoldOut
from incentives.kinds import BenefitKind, ClaimStatus
from incentives.tables import claim, offer, stock
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind


class Apart(Exception):
    """These are not taken together: each goes by itself."""


@dataclass(frozen=True)
class Wish:
    """One person's wish to have one of an offer, whose notice they read."""

    lens: Lens
    notice_hash: str
    at: datetime


@dataclass(frozen=True)
class Decided:
    """What is to become of each wish, in their order: the row of its claim, or why there is none; None for whoever is
    to go alone."""

    wanted: Row
    outcomes: Sequence[Mapping[str, Any] | Refused | None]

    @property
    def made(self) -> Sequence[Mapping[str, Any]]:
        """The rows of claims."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Mapping)]


async def is_gone(unit: Unit, offer_id: str, *, at: datetime) -> bool:
    """Whether nothing is left of an offer that runs, with nobody's claim that is over to make room."""
    return await unit.first(_GONE, {"offer": offer_id, "at": at}) is not None


def _gone() -> Statement:
    now = bindparam("at", type_=claim.c.expires_at.type)
    over = (claim.c.status == ClaimStatus.CLAIMED.value, claim.c.expires_at <= now)
    room = exists().where(claim.c.offer_id == offer.c.id, *over)
    taken = (stock.c.left_over == 0, stock.c.standing == offer.c.standing, not_(room))
    running = select(offer.c.id).join(stock, stock.c.offer_id == offer.c.id).where(offers.live(now))
    return Statement(running.where(offer.c.id == bindparam("offer"), *taken))


_GONE = _gone()


async def decide(unit: WriteUnit, offer_id: str, wishes: Sequence[tuple[Wish, Standing]]) -> Decided:
    """What is to become of the wishes of different people, whose standings stay what they are until the unit ends.

    Raises `Apart` for an offer that is not there, has money of its own, is taken for a store or put off to a second
    step, and where claims that are over may have to make room.
    """
    wanted = await claims.open_to_all(unit, offer_id)
    if wanted is None or _asks_for_more(wanted):
        raise Apart
    left: int = wanted.left_over
    if left < len(wishes) and await expiring.count(unit, offer_id, at=wishes[0][0].at):
        raise Apart
    held = await _held(unit, wanted, [wish.lens for wish, _ in wishes])
    outcomes: list[Mapping[str, Any] | Refused | None] = []
    for wish, standing in wishes:
        try:
            outcome = _outcome(wanted, wish, standing, held[wish.lens.subject_id], left)
        except Refused as refused:
            outcomes.append(refused)
            continue
        outcomes.append(outcome)
        left -= outcome is not None
    return Decided(wanted, outcomes)


def _asks_for_more(wanted: Row) -> bool:
    money = wanted.budget_cents is not None or wanted.taken_by_store
    return money or deferrals.is_deferred(BenefitKind(wanted.benefit_kind))


async def _held(unit: WriteUnit, wanted: Row, lenses: Iterable[Lens]) -> Mapping[str, list[Row]]:
    """Each person's claims of the offer that have a slot."""
    held = defaultdict[str, list[Row]](list)
    ids = bulk.written([(lens.subject_id,) for lens in lenses])
    for row in await unit.swiftly(_HELD[unit.dialect], {"offer": wanted.id, "ids": ids}):
        held[row.subject_id].append(row)
    return held


def _statement(database: str) -> Select[Any]:
    c = claim.c
    said = select(c.subject_id, c.slot, c.created_at, c.status, c.expires_at)
    used = said.where(c.offer_id == bindparam("offer"), c.slot.is_not(None))
    return bulk.for_each(database, used, [c.subject_id], "ids")


_HELD = by_database(_statement)


def _outcome(wanted: Row, wish: Wish, standing: Standing, mine: Sequence[Row], left: int) -> Mapping[str, Any] | None:
    """A claim's row; None where one of the person's own may have to make room. Raises what is said to one alone, in
    the same order."""
    claims.check(wanted, standing, wish.at)
    if wish.notice_hash != consent.compose(NoticeKind.CLAIM).hash:
        raise NoticeChanged()
    if left <= 0:
        raise SoldOut()
    period = slots.period(wanted)
    counted = slots.counted(mine, period, at=wish.at)
    if len(counted) >= wanted.per_person:
        if any(claims.status_of(row, at=wish.at) is ClaimStatus.EXPIRED for row in counted):
            return None
        raise claims.limit_reached(wanted, wish.at)
    slot = slots.free({row.slot for row in mine}, period, at=wish.at)
    return claims.new(wanted, wish.lens, slot, wish.notice_hash, wish.at)


async def enter(unit: WriteUnit, decided: Decided) -> Mapping[str, Row]:
    """Enter what was decided; the claims, by their ids. Raises `Apart` when anything is not as it was read, and then
    the unit is to be undone."""
    rows = sorted(decided.made, key=lambda row: (row["subject_id"], row["slot"]))
    if not rows:
        return {}
    await consent.keep(unit, consent.compose(NoticeKind.CLAIM))
    entered = await unit.enter(claim, rows, *claim.c.keys())
    if len(entered) != len(rows):
        raise Apart
    told = [Change(row["subject_id"], ChangeKind.CLAIM, row["id"], 1) for row in rows]
    await changes.tell(unit, *told, at=max(row["created_at"] for row in rows))
    left = await stocks.take_all(unit, decided.wanted.id, decided.wanted.standing, len(rows))
    if left is None or (left and any(isinstance(outcome, SoldOut) for outcome in decided.outcomes)):
        raise Apart  # some are gone, or some have come back, since they were counted
    return {row.id: row for row in entered}
