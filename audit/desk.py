"""What a state organ reads of its own looks: when, for which case and purpose, which kinds; never whom at."""

from datetime import datetime

from sqlalchemy import select

from audit.lens import BasisKind
from audit.tables import access, look_shape
from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row

_NEWEST = Order(access.c.at, access.c.id, write=rfc3339, read=datetime.fromisoformat)


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """An organ's statutory looks and attempts, newest first."""
    query = (
        select(access, look_shape.c.fields)
        .join(look_shape, look_shape.c.id == access.c.shape_id)
        .where(access.c.actor_party_id == party_id, access.c.basis == BasisKind.STATUTE.value)
    )
    return await _NEWEST.read_page(unit, query, request)
