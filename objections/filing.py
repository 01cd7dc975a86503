"""Filing an objection (Art. 12): number, mark, due date and receipt, in one transaction.

The mark is set last, on the value's own row: whoever waits there waits for the whole filing, and sees all of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from audit.lens import Lens
from core import calendar, ids
from core.database import Unit, WriteUnit
from core.errors import Invalid
from core.identity import mask_numbers_in
from core.ids import new_id
from credit import marks
from credit.marks import Origin
from notices import outbox
from notices.kinds import EventKind
from objections import addresses, contested, dates, evidence, filers, hearing, joining, rules, steps
from objections.applicants import Applicant
from objections.contested import Known
from objections.errors import TooManyObjections
from objections.kinds import DueCause, ObjectionStatus, ObjectionTrack, Side
from objections.routing import place
from objections.rules import Said
from objections.states import ObjectionAct
from objections.tables import objection

_DIGITS = 14  # enough that two numbers never meet, and few enough to be read out


@dataclass(frozen=True)
class Filed:
    """The case that answers a filing, and whether it stood there already."""

    id: str
    joined: bool


async def file(
    unit: WriteUnit, lens: Lens, said: Said, by: Applicant, *, known: Known | None = None, at: datetime
) -> Filed:
    """File an objection of the lens's subject, or join the open one about the same thing. What a floor above keeps is
    `known` to whoever calls this, who has seen to it that it is the subject's.

    Raises `Invalid`, `NotAvailable` for what cannot be contested or addressed, `WrongStep` while a decided case waits
    to be told, and `TooManyObjections`.
    """
    broken = list(rules.faults(said))
    if broken:
        raise Invalid(*broken)
    target_id = contested.id_of(lens, said.target, said.target_id)
    found = Origin(known.source_id) if known else await contested.origin(unit, lens, said.target, target_id, at=at)
    where = await place(unit, said, found.district)
    await _check_number(unit, lens)
    row = {
        **_columns(unit, lens, said, by),
        "target_id": target_id,
        **({"described": known.about} if known else {}),
        "provider_id": found.source_id,
        "institution_id": where.institution_id,
        "district": where.district,
        "filed_at": at,
        **await _terms(unit, said, at),
    }
    while True:
        made = await unit.first(unit.insert(objection).values(row).on_conflict_do_nothing().returning(objection))
        if made is not None:
            await hearing.of_case(unit, made, made.version, at=at)
            await _begin(unit, lens, said, by, row)
            return Filed(made.id, joined=False)
        open_ = await joining.open_case(unit, lens, said, target_id, where.institution_id)
        if open_ is not None:
            await joining.join(unit, open_, said, by, at=at)
            return Filed(open_.id, joined=True)


async def _begin(unit: WriteUnit, lens: Lens, said: Said, by: Applicant, row: dict[str, Any]) -> None:
    """What goes with a new case. The mark is last."""
    id_, at = row["id"], row["filed_at"]
    await evidence.bring(unit, id_, said.evidence_ids, owner=by.owner, side=Side.APPLICANT, at=at)
    await steps.append(unit, id_, ObjectionAct.FILE, Side.APPLICANT, at=at, staff_id=by.received_by)
    await dates.note(unit, id_, row, DueCause.RECEIVED, at=at)
    await outbox.tell_subject(unit, lens.subject_id, EventKind.OBJECTION_FILED, about=id_, at=at, number=row["number"])
    await outbox.tell_party(unit, row["institution_id"], EventKind.OBJECTION_FILED, about=id_, at=at)
    value = contested.value_of(lens, said.target, said.target_id)
    if value is not None:
        await marks.mark(unit, value, filed_at=at, at=at)


def _columns(unit: Unit, lens: Lens, said: Said, by: Applicant) -> dict[str, Any]:
    id_ = new_id("obj")
    return {
        "id": id_,
        "number": new_number(),
        "version": 1,
        "subject_id": lens.subject_id,
        "filed_by": by.person_id,
        "capacity": by.capacity,
        "received_by": by.received_by,
        "channel": by.channel,
        "target": said.target.value,
        "described": None if said.described is None else mask_numbers_in(said.described.strip()),
        "ground": said.ground.value,
        "request": said.request.value,
        "text": mask_numbers_in(said.text.strip()),
        "addressee": said.addressee.value,
        "status": ObjectionStatus.FILED.value,
        "track": ObjectionTrack.OWN_SCOPE.value,
        "delivery": said.delivery.value,
        "address_sealed": addresses.sealed(unit, id_, said.address),
        "applicant_sealed": filers.sealed(unit, id_, by.name),
    }


async def _terms(unit: WriteUnit, said: Said, at: datetime) -> dict[str, Any]:
    """Until when it is answered, and until when evidence that is missing is waited for."""
    wanted = None if said.evidence_ids else (await calendar.due(unit, at, rules.SUPPLEMENT_DAYS)).day
    return {**await dates.first(unit, at), "supplement_by": wanted}


async def _check_number(unit: Unit, lens: Lens) -> None:
    mine = (objection.c.subject_id == lens.subject_id, objection.c.ended_at.is_(None))
    row = await unit.first(select(func.count()).select_from(objection).where(*mine))
    if row is not None and row[0] >= rules.MOST_OPEN:
        raise TooManyObjections(limit=str(rules.MOST_OPEN))


def new_number() -> str:
    """A number that no case has, for a letter."""
    return ids.new_number("YY", _DIGITS)
