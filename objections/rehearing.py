"""A provider that was silent answers after all (ADR 0130): its record stays withheld, and a new case hears it again.

The case that ended is not opened again. The new one is its subject's, begins with the late answer and has a term of its
own; nothing of the record is shown before a handler, and for a confirmation a second person, has decided.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from core.database import WriteUnit
from core.ids import new_id
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from objections import addresses, dates, filers, filing, hearing, messages, steps
from objections.errors import WrongStep
from objections.kinds import DueCause, ObjectionOutcome, ObjectionRequest, ObjectionStatus, ObjectionTrack, Side
from objections.states import ObjectionAct
from objections.tables import objection

# What its subject reads first in it.
SAID = "信息提供单位在期限届满后作出了答复。该信息仍不展示、不使用，本机构将就此重新核实，并告知您结果。"
_KEPT = (
    *("subject_id", "filed_by", "capacity", "received_by", "channel", "target", "target_id", "described", "ground"),
    *("text", "addressee", "institution_id", "district", "provider_id", "delivery"),
)
_c = objection.c
# A case that ended because a provider was silent: what it was asked may be answered still.
IS_LAPSED: ColumnElement[bool] = and_(
    _c.status == ObjectionStatus.CLOSED.value, _c.outcome == ObjectionOutcome.UNVERIFIABLE_WITHHELD.value
)


def has_lapsed(row: Row) -> bool:
    """The same of a row that was read. Pure."""
    silent = ObjectionOutcome.UNVERIFIABLE_WITHHELD.value
    return bool(row.status == ObjectionStatus.CLOSED.value and row.outcome == silent)


async def begin(unit: WriteUnit, lapsed_id: str, *, at: datetime) -> str:
    """The case in which a lapsed one's record is heard again; its id. Raises `WrongStep` while another is open."""
    lapsed = (await unit.all(select(objection).where(_c.id == lapsed_id)))[0]
    row = {name: getattr(lapsed, name) for name in _KEPT}
    id_ = new_id("obj")
    # What is wanted is decided by what the provider says; to explain is over.
    wanted = ObjectionRequest(lapsed.request)
    request = ObjectionRequest.CORRECT if wanted is ObjectionRequest.EXPLAIN else wanted
    row |= {"id": id_, "number": filing.new_number(), "version": 1, "request": request.value, "filed_at": at}
    row |= {"status": ObjectionStatus.FILED.value, "track": ObjectionTrack.OWN_SCOPE.value, "rehears": lapsed.id}
    address = addresses.sealed(unit, id_, addresses.opened(unit, lapsed))
    applicant = filers.sealed(unit, id_, filers.opened(unit, lapsed))
    row |= {"address_sealed": address, "applicant_sealed": applicant, **await dates.first(unit, at)}
    made = await unit.first(unit.insert(objection).values(row).on_conflict_do_nothing().returning(objection))
    if made is None:
        raise WrongStep()
    await dates.note(unit, id_, row, DueCause.RECEIVED, at=at)
    await hearing.of_case(unit, made, made.version, at=at)
    await steps.append(unit, id_, ObjectionAct.FILE, Side.PROVIDER, at=at, rehears=lapsed.id)
    await messages.add(unit, id_, SAID, Side.HANDLER, thread=Side.APPLICANT, at=at)
    said = EventKind.OBJECTION_SAID
    await outbox.tell_subject(unit, lapsed.subject_id, said, about=id_, at=at, number=row["number"])
    return id_
