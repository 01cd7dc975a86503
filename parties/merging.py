"""Two subjects are one, as far as they take part: sign-ins, whom they represent, and who acts for whom.

Whether two rows say the same of the same two people decides what stays: the mandate or representation that lasts
longer, a guardian's before a helper's.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, select

from core.database import Unit, WriteUnit
from core.moving import Merger, Moved, held, repoint
from core.statements import Row
from parties.kinds import MandateKind
from parties.tables import identity_link, mandate, party, representation

_FOR_EVER = date.max


async def both_take_part(unit: Unit, subject_ids: Sequence[str]) -> bool:
    """Whether more than one of these subjects is registered here as an organisation."""
    return len(await unit.all(select(party.c.id).where(party.c.subject_id.in_(subject_ids)))) > 1


async def act_for_each_other(unit: Unit, one: str, other: str) -> bool:
    """Whether one was ever set up to act for the other: nobody is their own guardian or helper."""
    m, both = mandate.c, [one, other]
    return await unit.first(select(m.id).where(m.person_id.in_(both), m.subject_id.in_(both))) is not None


async def move(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Move all that is the absorbed subject's."""
    return [
        *await _sign_ins(unit, merger),
        *await repoint(unit, party.c.subject_id, merger),
        *await _representations(unit, merger),
        *await _mandates(unit, merger, mandate.c.person_id, mandate.c.subject_id),
        *await _mandates(unit, merger, mandate.c.subject_id, mandate.c.person_id),
    ]


async def _sign_ins(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """They are the other's from the next request on; a frozen one stays frozen."""
    c = identity_link.c
    theirs = identity_link.update().where(c.subject_id == merger.absorbed)
    rows = await unit.all(theirs.values(subject_id=merger.kept, epoch=c.epoch + 1).returning(c.issuer, c.name))
    return [Moved(identity_link.name, list(row)) for row in rows]


async def _representations(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Of two that say the same, the one that lasts longer."""
    theirs, own = await held(unit, representation.c.person_id, merger)
    mine = {(row.party_id, row.kind): row for row in own}
    gone = []
    for row in theirs:
        twin = mine.get((row.party_id, row.kind))
        if twin is not None:
            gone.append(twin if _ends(row) > _ends(twin) else row)
    await unit.run(representation.delete().where(representation.c.id.in_([row.id for row in gone])))
    return [_gone(representation.name, row) for row in gone] + [
        *await repoint(unit, representation.c.person_id, merger)
    ]


async def _mandates(unit: WriteUnit, merger: Merger, of: Column[str], other: Column[str]) -> Sequence[Moved]:
    """Of two live ones between the same two people, one stays live."""
    theirs, own = await held(unit, of, merger)
    live = {getattr(row, other.name): row for row in own if row.ended_at is None}
    over = []
    for row in theirs:
        twin = live.get(getattr(row, other.name))
        if twin is not None and row.ended_at is None:
            over.append(min(row, twin, key=_standing))
    c = mandate.c
    ended = mandate.update().where(c.id.in_([row.id for row in over]))
    await unit.run(ended.values(ended_at=merger.at, version=c.version + 1))
    was: Mapping[str, Any] = {"ended_at": None}
    return [Moved(mandate.name, [row.id], was) for row in over] + [*await repoint(unit, of, merger)]


def _standing(row: Row) -> tuple[bool, date]:
    return row.kind == MandateKind.GUARDIAN.value, _ends(row)


def _ends(row: Row) -> date:
    return row.valid_until or _FOR_EVER


def _gone(name: str, row: Row) -> Moved:
    said = row._asdict()
    return Moved(name, [row.id], {key: str(value) if value is not None else None for key, value in said.items()})
