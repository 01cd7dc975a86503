"""What was opened about a subject in an emergency, as plain values, for their own copy (个人信息保护法 45)."""

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.portions import Portion
from oversight.duty.tables import broken_glass
from parties import directory


async def opened(unit: Unit, lens: Lens) -> Portion:
    """Every one that was looked under, newest first: which institution, why, and what became of it."""
    c = broken_glass.c
    looked = select(broken_glass).where(c.subject_id == lens.subject_id, c.told_at.is_not(None))
    rows = await unit.all(looked.order_by(c.opened_at.desc(), c.id))
    parties = await directory.cards(unit, {row.party_id for row in rows})
    return Portion(
        [
            {
                "number": row.number,
                "institution": parties[row.party_id].name,
                "reason": row.reason,
                "openedAt": row.opened_at,
                "looks": row.looks,
                "outcome": row.outcome,
                "answeredAt": row.answered_at,
                "reviewedAt": row.reviewed_at,
            }
            for row in rows
        ]
    )
