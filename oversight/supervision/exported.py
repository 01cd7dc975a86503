"""What was complained of about a subject, as plain values, for their own copy (个人信息保护法 45)."""

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.portions import Portion
from oversight.supervision.tables import complaint
from parties import directory


async def complained(unit: Unit, lens: Lens) -> Portion:
    """Every complaint in the subject's name, newest first: to which department, what about, and what came of it."""
    c = complaint.c
    mine = select(complaint).where(c.subject_id == lens.subject_id).order_by(c.registered_at.desc(), c.id)
    rows = await unit.all(mine)
    parties = await directory.cards(unit, {row.party_id for row in rows})
    return Portion(
        [
            {
                "number": row.number,
                "department": parties[row.party_id].name,
                "matter": row.matter,
                "words": row.words,
                "receivedOn": row.received_on,
                "capacity": row.capacity,
                "registeredAt": row.registered_at,
                "confirmedAt": row.confirmed_at,
                "until": row.until,
                "looks": row.looks,
                "outcome": row.outcome,
                "finding": row.finding,
                "endedAt": row.ended_at,
            }
            for row in rows
        ]
    )
