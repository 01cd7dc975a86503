"""Who was answered about a subject in a stretch of time, as far as the log says. Nobody looks here: there is no lens.

The log says which kinds of information went out, and not which records: whoever is found may have seen a record.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from audit.lens import BasisKind
from audit.tables import access
from audit.withholding import is_shown
from core.database import Unit
from core.statements import Row

# Whose answers others rely on. The subject's own looks, and those of the service's desks, are not.
_RELIED_ON = (BasisKind.GRANT.value, BasisKind.STATUTE.value, BasisKind.SHARE.value)


async def of(
    unit: Unit, subject_ids: Collection[str], *, since: datetime, until: datetime, now: datetime
) -> Sequence[Row]:
    """Answered looks by organisations at these subjects, both instants included, oldest first; `is_shown` says which of
    them may be known to their subject now."""
    a = access.c
    query = select(
        a.id, a.at, a.subject_id, a.basis, a.actor_party_id, a.grant_id, a.categories, is_shown(now).label("is_shown")
    ).where(
        a.subject_id.in_(sorted(subject_ids)),
        a.at >= since,
        a.at <= until,
        a.refused.is_(None),
        a.basis.in_(_RELIED_ON),
        a.actor_party_id.is_not(None),
    )
    return await unit.all(query.order_by(a.at, a.id))
