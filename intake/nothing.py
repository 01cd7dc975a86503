"""零报送: a provider says that it had nothing of a kind to report in a month. Said once, and kept."""

from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from core.moments import rfc3339
from core.months import Month
from core.paging import Order, Page, PageRequest
from core.statements import Row
from intake import quality
from intake.layouts import LayoutName
from intake.tables import nothing_sent

_n = nothing_sent.c
_NEWEST = Order(_n.said_at, _n.id, write=rfc3339, read=datetime.fromisoformat)


async def say(unit: WriteUnit, provider_id: str, layout: LayoutName, month: Month, *, by: str, at: datetime) -> bool:
    """Whether this was said now, and not before. Raises `Invalid` for a month that has not begun, and for a kind that
    this provider does not report regularly."""
    if month.begins > at:
        raise Invalid(Detail(("period",), "MONTH_IN_FUTURE"))
    if layout not in await quality.due(unit, provider_id, month):
        raise Invalid(Detail(("kind",), "KIND_NOT_DUE"))
    values = {"provider_id": provider_id, "layout": layout.value, "month": month.text, "said_by": by, "said_at": at}
    said = unit.insert(nothing_sent).values(id=new_id("nil"), **values).on_conflict_do_nothing().returning(_n.id)
    return await unit.first(said) is not None


async def find(unit: Unit, provider_id: str, layout: LayoutName, month: Month) -> Row | None:
    """What was said of a kind and a month."""
    theirs = _n.provider_id == provider_id
    return await unit.first(select(nothing_sent).where(theirs, _n.layout == layout.value, _n.month == month.text))


async def page(unit: Unit, provider_id: str, request: PageRequest) -> Page[Row]:
    """What a provider has said, newest first."""
    return await _NEWEST.read_page(unit, select(nothing_sent).where(_n.provider_id == provider_id), request)
