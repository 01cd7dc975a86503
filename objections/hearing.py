"""Who hears that a case, or what was asked of a provider in it, is another than before: ids and versions, never values.

Its subject and the organisation that answers it hear of the case, the provider of its question and of nothing else.
Whoever writes a case's next version tells it here, in the same transaction.
"""

from datetime import datetime

from sqlalchemy import select

from core.database import WriteUnit
from core.statements import Row
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from objections.tables import verification


async def of_case(unit: WriteUnit, row: Row, version: int, *, at: datetime) -> None:
    """A case has this version now."""
    both = [Change(owner, ChangeKind.OBJECTION, row.id, version) for owner in (row.subject_id, row.institution_id)]
    await changes.tell(unit, *both, at=at)


async def of_question(unit: WriteUnit, provider_id: str, id_: str, version: int, *, at: datetime) -> None:
    """What a provider is asked has this version now."""
    await changes.tell(unit, Change(provider_id, ChangeKind.VERIFICATION, id_, version), at=at)


async def of_end(unit: WriteUnit, objection_id: str, *, at: datetime) -> None:
    """A case is over: what its provider was still asked waits for no answer any more, in the version that it has."""
    c = verification.c
    unanswered = select(verification).where(c.objection_id == objection_id, c.answer.is_(None)).order_by(c.id)
    for asked in await unit.all(unanswered):
        await of_question(unit, asked.provider_id, asked.id, asked.version, at=at)
