"""For whom else a person may act: the organisations they represent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from core.database import Unit
from core.moments import day_of
from core.statements import Row
from parties.tables import party, representation

MOST = 100  # nobody represents more; a person who did would see the first hundred


async def live(unit: Unit, person_id: str, *, at: datetime) -> Sequence[Row]:
    """Live representations of a person: mandate id, kind, end, and the subject represented."""
    return await unit.all(
        select(
            representation.c.id,
            representation.c.kind,
            representation.c.valid_until,
            party.c.id.label("party_id"),
            party.c.subject_id,
        )
        .join(party, party.c.id == representation.c.party_id)
        .where(
            representation.c.person_id == person_id,
            party.c.state == "ACTIVE",
            party.c.subject_id.is_not(None),
            or_(representation.c.valid_until.is_(None), representation.c.valid_until >= day_of(at)),
        )
        .order_by(representation.c.id)
        .limit(MOST)
    )
