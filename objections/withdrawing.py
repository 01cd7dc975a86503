"""Taking an objection back: the case is over, and its mark goes in the same transaction."""

from datetime import datetime

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import VersionChanged
from core.statements import Row
from credit import marks
from notices import outbox
from notices.kinds import EventKind
from objections import cases, contested, hearing, steps
from objections.errors import WrongStep
from objections.kinds import ObjectionStatus, ObjectionTarget, Side
from objections.states import ObjectionAct


async def withdraw(unit: WriteUnit, lens: Lens, id_: str, *, expected: int, at: datetime) -> bool:
    """Take one's own objection back. False when it was taken back before. Raises `NotAvailable`, `VersionChanged`,
    `CaseClosed`, and `WrongStep` once it is decided or where it hears again what was withheld."""
    if (await cases.find_own(unit, lens, id_)).status == ObjectionStatus.WITHDRAWN.value:
        return False
    row = await cases.held_own(unit, lens, id_, ObjectionAct.WITHDRAW)
    if row.rehears is not None:  # it began with its provider's word, and its record is withheld until it is answered
        raise WrongStep()
    if row.version != expected:
        raise VersionChanged()
    await cases.change(unit, row, at=at, status=ObjectionStatus.WITHDRAWN.value, ended_at=at)
    await hearing.of_end(unit, id_, at=at)
    await steps.append(unit, id_, ObjectionAct.WITHDRAW, Side.APPLICANT, at=at)
    await outbox.tell_subject(unit, lens.subject_id, EventKind.OBJECTION_WITHDRAWN, about=id_, at=at, number=row.number)
    await outbox.tell_party(unit, row.institution_id, EventKind.OBJECTION_WITHDRAWN, about=id_, at=at)
    await lift(unit, lens, row, at=at)
    return True


async def lift(unit: WriteUnit, lens: Lens, row: Row, *, at: datetime) -> None:
    """Lift the mark of a case that ends here, and no other; last in the transaction that ends it."""
    value = contested.value_of(lens, ObjectionTarget(row.target), row.target_id)
    if value is not None:
        await marks.lift(unit, value, filed_at=row.filed_at, at=at)
