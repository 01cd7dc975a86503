"""What was done in a case, by whom, and when: a row for each step, never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.ids import new_id
from core.statements import Row
from objections.kinds import ObjectionGround, ObjectionRequest, Side
from objections.states import ObjectionAct
from objections.tables import objection_step


async def append(
    unit: WriteUnit,
    objection_id: str,
    act: ObjectionAct,
    side: Side,
    *,
    at: datetime,
    staff_id: str | None = None,
    **detail: object,
) -> None:
    """Write a step down, in the transaction that takes it. `detail` is plain JSON: codes, ids and days, never what
    somebody wrote."""
    row = {
        "id": new_id("obs"),
        "objection_id": objection_id,
        "act": act.value,
        "side": side.value,
        "staff_id": staff_id,
        "at": at,
        "detail": detail,
    }
    await unit.run(objection_step.insert().values(row))


def asked(row: Row) -> Mapping[str, str | None]:
    """The ground and the request of a filing that joined a case; None of every other step."""
    return {name: row.detail.get(name) for name in ("ground", "request")}


def printed(row: Row) -> bool | None:
    """Whether the letter was printed; None of every step but a printing."""
    said: bool | None = row.detail.get("printed")
    return said


async def joined(unit: Unit, objection_id: str) -> Sequence[tuple[ObjectionGround, ObjectionRequest]]:
    """The grounds and requests of the filings that joined a case, oldest first."""
    c = objection_step.c
    mine = (c.objection_id == objection_id, c.act == ObjectionAct.JOIN.value)
    rows = await unit.all(select(c.detail).where(*mine).order_by(c.at, c.id))
    return [(ObjectionGround(row.detail["ground"]), ObjectionRequest(row.detail["request"])) for row in rows]


async def of_several(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """The steps of cases, by the case's id, oldest first. A decision that is told at once stands before its telling."""
    c = objection_step.c
    oldest = (c.at, c.act == ObjectionAct.TELL.value, c.id)
    rows = await unit.all(select(objection_step).where(c.objection_id.in_(list(ids))).order_by(*oldest))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}
