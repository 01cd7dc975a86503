"""What oversight is told of grants: what was asked for, given and ended, by purpose. A grant has no district."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from core.database import Unit
from core.months import Span
from grants.scope import GrantStatus, Purpose
from grants.states import GrantAct
from grants.tables import grant, grant_step

_GIVING = (GrantAct.ISSUE.value, GrantAct.APPROVE.value)


@dataclass(frozen=True)
class Grants:
    """Steps of one purpose's grants: requests made; grants that came into force, refused, taken back by who gave them,
    handed back by who had them."""

    purpose: Purpose
    asked: int
    given: int
    rejected: int
    revoked: int
    relinquished: int


async def grants(unit: Unit, span: Span) -> Sequence[Grants]:
    """What was done about grants in a span, by purpose, of the whole city."""
    s = grant_step.c
    counts = (
        s.act == GrantAct.REQUEST.value,
        and_(s.act.in_(_GIVING), s.led_to == GrantStatus.ACTIVE.value),
        s.led_to == GrantStatus.REJECTED.value,
        s.led_to == GrantStatus.REVOKED.value,
        s.act == GrantAct.RELINQUISH.value,
    )
    query = (
        select(grant.c.purpose, *(func.count().filter(each) for each in counts))
        .join(grant, grant.c.id == s.grant_id)
        .where(s.at >= span.begins, s.at < span.ends)
        .group_by(grant.c.purpose)
        .order_by(grant.c.purpose)
    )
    return [Grants(Purpose(row[0]), *map(int, row[1:])) for row in await unit.all(query)]
