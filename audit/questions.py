"""我不认识这次查询: somebody does not know who looked at them, and says so. Whoever looked hears of it.

The institution hears of it too. A question says which look, and nothing else: what it was stands in the log. Whoever
hears of it has to find out why the look was made. It is asked once, and stands as long as its look does.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from audit.looks import looks_at
from audit.tables import access, access_question
from audit.withholding import is_shown
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from parties import directory

_NEWEST = Order(access_question.c.asked_at, access_question.c.access_id, write=rfc3339, read=datetime.fromisoformat)


async def ask(unit: WriteUnit, lens: Lens, access_id: str, *, at: datetime) -> bool:
    """Question a look at the lens's subject. True when this call did; False when it was questioned before.

    Raises `NotAvailable` for a look that does not stand in their trail: another's, a withheld one, none at all.
    """
    mine = select(access.c.actor_party_id).where(access.c.id == access_id, looks_at(lens))
    look = await unit.first(mine.where(is_shown(at)))
    if look is None:
        raise NotAvailable()
    row = unit.insert(access_question).values(access_id=access_id, subject_id=lens.subject_id, asked_at=at)
    if await unit.first(row.on_conflict_do_nothing().returning(access_question.c.access_id)) is None:
        return False
    kind = EventKind.LOOK_QUESTIONED
    await outbox.tell_subject(unit, lens.subject_id, kind, about=access_id, at=at)
    heard = {look.actor_party_id, await directory.institution(unit)}
    for party_id in sorted(party_id for party_id in heard if party_id is not None):
        await outbox.tell_party(unit, party_id, kind, about=access_id, at=at)
    return True


async def asked(unit: Unit, lens: Lens, access_ids: Collection[str]) -> Mapping[str, datetime]:
    """When the lens's subject questioned which of these looks."""
    q = access_question.c
    rows = await unit.all(
        select(q.access_id, q.asked_at).where(q.subject_id == lens.subject_id, q.access_id.in_(list(access_ids)))
    )
    return {row.access_id: row.asked_at for row in rows}


async def page(unit: Unit, request: PageRequest) -> Page[Row]:
    """Every questioned look, newest question first: who looked and on what basis, and not at whom."""
    query = select(
        access_question.c.access_id, access_question.c.asked_at, access.c.at, access.c.basis, access.c.actor_party_id
    ).join(access, access.c.id == access_question.c.access_id)
    return await _NEWEST.read_page(unit, query, request)
