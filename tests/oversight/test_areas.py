"""Who supervises what, and that nobody else finds a supervisor's desk."""

from datetime import UTC, datetime

import pytest

from oversight.supervision import areas
from oversight.supervision.areas import CITY, Area
from oversight.supervision.errors import AreasRefused
from oversight.supervision.tables import supervised_area
from tests.harness.callers import Town

_AREA = "{ oversight { area { code name } } }"
_LIST = "单位代码,行政区划代码,区名\r\nFGW,全市,\r\nBHFGW,129901,滨河区\r\n"


async def test_the_city_sees_all_and_a_district_its_own(town: Town) -> None:
    assert (await town.data("supervisor-1", _AREA))["oversight"]["area"] == {"code": None, "name": None}
    assert (await town.data("supervisor-2", _AREA))["oversight"]["area"] == {"code": "129901", "name": "滨河区"}


async def test_who_supervises_nothing_finds_nothing(town: Town) -> None:
    """A post alone is none: a department without an area is answered as anybody is who has no desk at all."""
    async with town.house.database.writing() as unit:
        await unit.run(supervised_area.delete())
    assert (await town.ask("supervisor-1", _AREA)).code == "NOT_AVAILABLE"
    for somebody in ("citizen-1", "handler-1", "approver-1", "bank-1"):
        assert (await town.ask(somebody, _AREA)).code == "FORBIDDEN", somebody
    assert (await town.ask(None, _AREA)).code == "UNAUTHENTICATED"


async def test_a_list_enters_all_or_nothing(town: Town) -> None:
    listed = [("FGW", Area("129902", "东港区")), ("NOBODY", CITY)]
    with pytest.raises(AreasRefused, match="NOBODY"):
        async with town.house.database.writing() as unit:
            await areas.enter(unit, listed, at=datetime.now(UTC))
    assert (await town.data("supervisor-1", _AREA))["oversight"]["area"]["name"] is None
    async with town.house.database.writing() as unit:
        await areas.enter(unit, listed[:1], at=datetime.now(UTC))
    assert (await town.data("supervisor-1", _AREA))["oversight"]["area"]["name"] == "东港区"


def test_a_list_as_it_is_written() -> None:
    assert areas.read(_LIST.encode("utf-8-sig")) == [("FGW", CITY), ("BHFGW", Area("129901", "滨河区"))]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (_LIST.replace("129901", "滨河区"), "第3行"),
        (_LIST.replace("滨河区", ""), "第3行"),
        (_LIST.replace("全市,", "全市,滨河区"), "第2行"),
        (_LIST.replace("区名", "区"), "第1行"),
        (_LIST.replace("FGW,全市,", "FGW,全市"), "第2行"),
        ("", "第1行"),
    ],
)
def test_a_list_that_cannot_be_read_names_its_line(changed: str, said: str) -> None:
    with pytest.raises(AreasRefused, match=said):
        areas.read(changed.encode())
