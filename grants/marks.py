"""An organisation's two marks (Art. 8(3)): the seal's and the legal representative's, in any order.

Each is given once and by a credential of its own. One person may hold both, unless the organisation says otherwise.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from grants.errors import MarkGiven, MarksRequired, OtherPerson
from grants.states import Actor, Side
from grants.tables import grant_mark, marks_apart

MARKS = frozenset({"SEAL_KEEPER", "LEGAL_REPRESENTATIVE"})
# 个体工商户 give one mark, as people do.
_TWO_MARKS = ("LEGAL_PERSON", "UNINCORPORATED")


@dataclass(frozen=True)
class Signer:
    """Who gives a mark: for what kind of subject, which person, in which capacity, signed in by which credential."""

    subject_kind: str
    person_id: str
    capacity: str
    credential: str

    @property
    def of_organisation(self) -> bool:
        """Whether the subject needs two marks, and has 公共信用综合评价."""
        return self.subject_kind in _TWO_MARKS

    @property
    def actor(self) -> Actor:
        """The signer as a step names them."""
        return Actor(Side.SUBJECT, self.person_id, self.capacity)


async def check(unit: Unit, lens: Lens, signer: Signer, grant_id: str | None) -> bool:
    """Whether the grant is whole with this mark. Raises `MarksRequired`, `MarkGiven` or `OtherPerson`."""
    if not signer.of_organisation:
        return True
    if signer.capacity not in MARKS:
        raise MarksRequired()
    given = await of(unit, grant_id) if grant_id is not None else []
    if any(mark.capacity == signer.capacity or mark.credential == signer.credential for mark in given):
        raise MarkGiven()
    if any(mark.person_id == signer.person_id for mark in given) and await apart(unit, lens):
        raise OtherPerson()
    return {mark.capacity for mark in given} | {signer.capacity} == MARKS


async def put(unit: WriteUnit, signer: Signer, grant_id: str, *, at: datetime) -> None:
    """Write an organisation's mark down; nobody else gives any. Raises `MarkGiven` for whoever comes second."""
    if not signer.of_organisation:
        return
    mark = unit.insert(grant_mark).values(
        grant_id=grant_id, capacity=signer.capacity, person_id=signer.person_id, credential=signer.credential, at=at
    )
    if await unit.run(mark.on_conflict_do_nothing()) != 1:
        raise MarkGiven()


async def of(unit: Unit, grant_id: str) -> Sequence[Row]:
    """A grant's marks, oldest first."""
    query = select(grant_mark).where(grant_mark.c.grant_id == grant_id)
    return await unit.all(query.order_by(grant_mark.c.at, grant_mark.c.capacity))


async def of_several(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """Several grants' marks, by the grant's id."""
    if not ids:
        return {}
    found: dict[str, list[Row]] = {}
    query = select(grant_mark).where(grant_mark.c.grant_id.in_(list(ids)))
    for row in await unit.all(query.order_by(grant_mark.c.at, grant_mark.c.capacity)):
        found.setdefault(row.grant_id, []).append(row)
    return found


async def apart(unit: Unit, lens: Lens) -> bool:
    """Whether the organisation wants its marks from two people."""
    row = await unit.first(select(marks_apart.c.set_at).where(marks_apart.c.subject_id == lens.subject_id))
    return row is not None


async def keep_apart(unit: WriteUnit, lens: Lens, signer: Signer, *, wanted: bool, at: datetime) -> bool:
    """Whether marks come from two people is the legal representative's word. True when this call changed it.

    Raises `NotAvailable` for anybody else.
    """
    if signer.capacity != "LEGAL_REPRESENTATIVE":
        raise NotAvailable()
    if not wanted:
        return await unit.run(marks_apart.delete().where(marks_apart.c.subject_id == lens.subject_id)) == 1
    row = unit.insert(marks_apart).values(subject_id=lens.subject_id, set_by=signer.person_id, set_at=at)
    return await unit.run(row.on_conflict_do_nothing()) == 1
