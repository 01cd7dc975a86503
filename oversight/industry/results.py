"""What departments' runs made of an organisation (Art. 9), by its lens: to itself, to the department under its mandate,
to whoever handles an objection to it.

A result is there once its run is done. It is not changed: what is wrong with it is put right by another run.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from audit.lens import Lens
from core.database import Unit
from core.errors import NotAvailable
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from objections import standing
from objections.contested import Known
from objections.kinds import ObjectionTarget
from oversight.industry import writing
from oversight.industry.tables import industry_model, industry_result, industry_run

# CHOICE: a department looks at its own latest, not at years of them.
MOST_AT_ONCE = 20
_c, _run, _model = industry_result.c, industry_run.c, industry_model.c
_NEWEST = Order(_run.finished_at, _c.id, write=rfc3339, read=datetime.fromisoformat)
_DONE = (_run.kind == "RUN", _run.state == "DONE")


async def page(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """An organisation's results, the newest first."""
    return await _NEWEST.read_page(unit, _of(lens), request)


async def of_party(unit: Unit, lens: Lens, party_id: str) -> Sequence[Row]:
    """The newest results that a department's own runs made of the lens's subject."""
    own = _of(lens).where(_run.party_id == party_id)
    return await unit.all(own.order_by(_run.finished_at.desc(), _c.id).limit(MOST_AT_ONCE))


async def find(unit: Unit, lens: Lens, id: str) -> Row | None:
    """One result of the lens's subject, or None."""
    return await unit.first(_of(lens).where(_c.id == id))


async def known(unit: Unit, lens: Lens, id: str) -> Known:
    """What an objection to it says of it; raises `NotAvailable` for another's, and for none."""
    row = await find(unit, lens, id)
    if row is None:
        raise NotAvailable()
    name = writing.read(row.content).name
    return Known(row.party_id, f"{name}（第{row.edition}版）{row.grade}，{day_of(row.finished_at).isoformat()}")


async def made_since(unit: Unit, lens: Lens, id: str, *, since: datetime) -> bool:
    """Whether the same department has made another result by the same model of whom this one is about, since then."""
    row = await find(unit, lens, id)
    if row is None:
        return False
    same = (_run.party_id == row.party_id, _model.code == row.code, _run.as_of >= since, _c.id != id)
    return await unit.first(_of(lens).where(*same).limit(1)) is not None


def _of(lens: Lens) -> Select[Any]:
    """Results of the lens's subject with their run, their version, and since when they are contested."""
    columns = (
        *(_c.id, _c.grade, _c.points, _c.barred, _c.factors),
        *(_run.number, _run.as_of, _run.finished_at, _run.party_id),
        *(_model.code, _model.edition, _model.content),
        standing.since(ObjectionTarget.INDUSTRY_RESULT, _c.id).label("contested_since"),
    )
    run, model = industry_run, industry_model
    joined = industry_result.join(run, _run.id == _c.run_id).join(model, _model.id == _run.model_id)
    return select(*columns).select_from(joined).where(_c.subject_id.in_(lens.looked_at), *_DONE)
