"""The calendar in the database: seeded once, changed by an official notice, never left half changed."""

import asyncio
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from api.__main__ import main
from api.house import House
from core import calendar, holiday_notice
from core.holiday_notice import NoticeRefused
from core.moments import CITY

# As invented as the city: nobody has announced 2027.
_REST = [
    *("2027-01-01", "2027-01-02", "2027-01-03"),
    *(f"2027-02-{day:02d}" for day in range(5, 13)),
    *("2027-04-05", "2027-05-01", "2027-05-03", "2027-06-09", "2027-09-15"),
    *(f"2027-10-{day:02d}" for day in range(1, 8)),
]
_WORK = ["2027-01-30", "2027-02-20", "2027-10-09"]


def _file(rest: list[str], work: list[str]) -> bytes:
    rows = [f"{day},放假" for day in rest] + [f"{day},上班" for day in work]
    return "\n".join(["日期,类型", *rows, ""]).encode()


async def _due(house: House, at: datetime) -> tuple[date, bool, str]:
    async with house.database.reading() as unit:
        found = await calendar.due(unit, at, 10)
    return found.day, found.provisional, found.calendar


async def _load(house: House, text: bytes) -> calendar.Loaded:
    async with house.database.writing() as unit:
        return await calendar.load(unit, holiday_notice.read(text))


async def test_a_notice_turns_a_provisional_day_into_an_announced_one(house: House) -> None:
    at = datetime(2027, 1, 28, 9, tzinfo=CITY)
    assert await _due(house, at) == (date(2027, 2, 17), True, "2027v0")
    assert await _load(house, _file(_REST, _WORK)) == calendar.Loaded(2027, 365, 1)
    assert await _due(house, at) == (date(2027, 2, 18), False, "2027v1")
    assert await _load(house, _file(_REST, _WORK)) == calendar.Loaded(2027, 0, 1)
    assert await _load(house, _file([*_REST, "2027-02-15"], _WORK)) == calendar.Loaded(2027, 1, 2)
    assert await _due(house, at) == (date(2027, 2, 19), False, "2027v2")


async def test_the_seed_knows_what_is_announced_and_leaves_notices_alone(house: House) -> None:
    at = datetime(2026, 2, 12, 9, tzinfo=CITY)
    assert await _due(house, at) == (date(2026, 3, 4), False, "2026v1")
    await _load(house, _file([*_REST, "2026-12-31"], _WORK))
    async with house.database.writing() as unit:
        await calendar.seed(unit)
    assert await _due(house, datetime(2026, 12, 30, 9, tzinfo=CITY)) == (date(2027, 1, 15), False, "2026v2,2027v2")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_many_at_once_load_one_version(house: House) -> None:
    loaded = await asyncio.gather(*(_load(house, _file(_REST, _WORK)) for _ in range(8)))
    assert sorted(one.changed for one in loaded) == [0] * 7 + [365]
    assert {one.version for one in loaded} == {1}


_REFUSED = {
    "nothing": (b"", "表头"),
    "no day": ("日期,类型\n".encode(), "没有任何日期"),
    "not UTF-8": ("日期,类型\n2027-01-01,放假".encode("gbk"), "UTF-8"),
    "another header": (b"day,kind\n", "表头"),
    "no date": (_file(["2027年1月1日"], []), "第 2 行：日期"),
    "no such day": (_file(["2027-02-29"], []), "第 2 行：日期"),
    "another kind": ("日期,类型\n2027-01-01,休\n".encode(), "第 2 行：类型"),
    "three columns": ("日期,类型\n2027-01-01,放假,x\n".encode(), "第 2 行：应有两列"),
    "a day twice": (_file([*_REST, _REST[0]], _WORK), "出现了两次"),
    "a weekday that works": (_file(_REST, ["2027-10-11"]), "本来就上班"),
    "half a year": (_file([day for day in _REST if day < "2027-09"], []), "10 月 1 日"),
    "two years": (_file([*_REST, "2028-05-01"], []), "不属于 2027 年"),
    "too little rest": (
        _file(["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"], []),
        "少于 11 天",
    ),
    "too large": (b"x" * 70_000, "过大"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_what_is_no_notice_is_refused_with_its_reason(case: str) -> None:
    text, reason = _REFUSED[case]
    with pytest.raises(NoticeRefused, match=reason):
        holiday_notice.read(text)


def test_the_command_loads_a_notice_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = house.settings
    for name, value in (("DATA", settings.data), ("DATABASE_URL", settings.database_url), ("KEYS", settings.key_file)):
        monkeypatch.setenv(f"HAIHE_{name}", str(value))
    path = settings.data / "notice.csv"
    path.write_bytes(_file(_REST, _WORK))
    first, again = (CliRunner().invoke(main, ["calendar", "import", str(path)]) for _ in range(2))
    assert first.output == "2027 年放假通知：更新 365 天，日历版本 1\n", first.output
    assert again.output == "2027 年放假通知：与日历一致，未作改动\n"
    path.write_bytes(b"x")
    refused = CliRunner().invoke(main, ["calendar", "import", str(path)])
    assert (refused.exit_code, "表头应为" in refused.output) == (1, True)
