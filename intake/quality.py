"""How well a provider reports, by month of the city: 上报率, 合规率, 及时率 (Art. 5). Counts first, rates of them.

Whatever way a file came counts alike, in the month in which it was loaded. What the list said at the month's end was
due in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import func, select

from core.database import Unit
from core.months import Month
from core.statements import Row
from intake import providers
from intake.layouts import LayoutName
from intake.tables import intake_batch, nothing_sent

# CHOICE: what is put right or renamed is reported when there is something to, and not every month.
_NOT_REGULAR = frozenset({LayoutName.AMENDMENT, LayoutName.SUBJECT_CHANGE})
# CHOICE: cut off and not rounded: what is not all is never shown as all.
_DIGITS = Decimal("0.000001")


@dataclass(frozen=True)
class Share:
    """A count of another."""

    count: int
    of: int

    @property
    def rate(self) -> Decimal | None:
        """In [0, 1] to six digits, cut off; None of nothing."""
        return (Decimal(self.count) / self.of).quantize(_DIGITS, ROUND_DOWN) if self.of else None


@dataclass(frozen=True)
class Quality:
    """A provider's month: kinds reported of kinds due, rows taken of rows sent, rows in time of rows taken."""

    month: Month
    reporting: Share
    compliance: Share
    timeliness: Share
    missing: Sequence[LayoutName]


async def due(unit: Unit, provider_id: str, month: Month) -> Sequence[LayoutName]:
    """Which kinds a provider reports in a month: with rows, or that there are none."""
    terms = await providers.latest(unit, provider_id, before=month.ends)
    kinds = [] if terms is None else [LayoutName(kind) for kind in terms.kinds]
    return [kind for kind in kinds if kind not in _NOT_REGULAR]


async def of(unit: Unit, provider_id: str, month: Month) -> Quality:
    """How a month was, or has been so far."""
    return (await of_several(unit, [provider_id], month))[provider_id]


async def of_several(unit: Unit, ids: Collection[str], month: Month) -> Mapping[str, Quality]:
    """The same of several providers, by their ids."""
    b, n = intake_batch.c, nothing_sent.c
    counted = select(
        b.provider_id,
        b.layout,
        func.sum(b.added + b.changed + b.unchanged + b.dropped).label("taken"),
        func.sum(b.rejected + b.set_aside).label("not_taken"),
        func.sum(b.late).label("late"),
    ).where(unit.among(b.provider_id, ids), b.loaded_at >= month.begins, b.loaded_at < month.ends)
    loads = await unit.all(counted.group_by(b.provider_id, b.layout))
    none = await unit.all(select(n.provider_id, n.layout).where(unit.among(n.provider_id, ids), n.month == month.text))
    return {id_: _quality(id_, month, loads, none, await due(unit, id_, month)) for id_ in ids}


def _quality(
    id_: str, month: Month, loads: Sequence[Row], nothing: Sequence[Row], wanted: Sequence[LayoutName]
) -> Quality:
    mine = [row for row in loads if row.provider_id == id_]
    reported = {row.layout for row in mine if row.taken} | {row.layout for row in nothing if row.provider_id == id_}
    missing = [kind for kind in wanted if kind.value not in reported]
    rows, late = sum(int(row.taken) for row in mine), sum(int(row.late) for row in mine)
    return Quality(
        month,
        reporting=Share(len(wanted) - len(missing), len(wanted)),
        compliance=Share(rows, rows + sum(int(row.not_taken) for row in mine)),
        timeliness=Share(rows - late, rows),
        missing=missing,
    )
