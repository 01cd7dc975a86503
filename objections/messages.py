"""What is said in a case, both ways, while the clock runs on: with the applicant, or with the provider."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.identity import mask_numbers_in
from core.ids import new_id
from core.statements import Row
from objections.kinds import Side
from objections.tables import objection_message


async def add(
    unit: WriteUnit,
    objection_id: str,
    text: str,
    side: Side,
    *,
    thread: Side,
    at: datetime,
    staff_id: str | None = None,
) -> str:
    """Say something to the applicant or to the provider, or be one of them; the message's id. Identity numbers in it
    are masked. Checked by the caller (`rules.faults_of_text`)."""
    row = {"id": new_id("msg"), "objection_id": objection_id, "thread": thread.value, "side": side.value}
    said = mask_numbers_in(text.strip())
    await unit.run(objection_message.insert().values(text=said, at=at, staff_id=staff_id, **row))
    return str(row["id"])


async def of_several(unit: Unit, ids: Collection[str], *, thread: Side) -> Mapping[str, Sequence[Row]]:
    """What was said in cases with one of the two, by the case's id, oldest first."""
    m = objection_message.c
    mine = (m.objection_id.in_(list(ids)), m.thread == thread.value)
    rows = await unit.all(select(objection_message).where(*mine).order_by(m.at, m.id))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}
