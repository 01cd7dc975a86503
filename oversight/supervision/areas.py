"""Art. 4: which area a department supervises. The city's sees all of it, a district's only its own.

A person has no district; records, handlers and stores do. So what happened in a district is what its institution did,
what was sent for it alone, and what was sold in its stores; everything else is the city's.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from oversight.supervision.errors import AreasRefused
from oversight.supervision.tables import supervised_area
from parties import lookup

COLUMNS = ("单位代码", "行政区划代码", "区名")
WHOLE_CITY = "全市"
_CODE = re.compile(r"[1-8]\d{5}", re.ASCII)
_LARGEST, _LONGEST = 1 << 16, 60


@dataclass(frozen=True)
class Area:
    """A district by 行政区划代码 and name, or with neither the whole city."""

    code: str | None = None
    name: str | None = None

    @property
    def is_city(self) -> bool:
        """Whether all is seen."""
        return self.code is None


CITY = Area()


@dataclass(frozen=True)
class Inspector:
    """Who supervises: a department, its staff member, and over which area."""

    party_id: str
    staff_id: str
    area: Area


async def of(unit: Unit, party_id: str) -> Area | None:
    """What a department supervises; None for every other party."""
    a = supervised_area.c
    row = await unit.first(select(a.code, a.name).where(a.party_id == party_id))
    return Area(row.code, row.name) if row is not None else None


def read(data: bytes) -> Sequence[tuple[str, Area]]:
    """A list as it is written, by the departments' codes; raises `AreasRefused` with the line."""
    if len(data) > _LARGEST:
        raise AreasRefused("文件过大")
    try:
        head, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        raise AreasRefused("文件不是UTF-8编码的CSV") from None
    if tuple(head) != COLUMNS:
        raise AreasRefused(f"第1行：表头应为：{'，'.join(COLUMNS)}")
    return [_line(number, row) for number, row in enumerate(rows, start=2)]


async def enter(unit: WriteUnit, listed: Sequence[tuple[str, Area]], *, at: datetime) -> None:
    """From now on these departments supervise these areas. Raises `AreasRefused` for a code that is no party's, and
    then enters none; who is not in the list stays as it is."""
    for code, area in listed:
        party_id = await lookup.find(unit, code)
        if party_id is None:
            raise AreasRefused(f"没有代码为 {code} 的单位")
        said = {"code": area.code, "name": area.name, "entered_at": at}
        row = unit.insert(supervised_area).values(party_id=party_id, **said)
        await unit.run(row.on_conflict_do_update(index_elements=[supervised_area.c.party_id], set_=said))


def _line(number: int, row: Sequence[str]) -> tuple[str, Area]:
    if len(row) != len(COLUMNS):
        raise AreasRefused(f"第{number}行：列数与表头不一致")
    party, code, name = (cell.strip() for cell in row)
    if code == WHOLE_CITY and not name:
        return party, CITY
    if not _CODE.fullmatch(code) or not 1 <= len(name) <= _LONGEST:
        raise AreasRefused(f"第{number}行：应为“{WHOLE_CITY}”，或者六位代码和区名")
    return party, Area(code, name)
