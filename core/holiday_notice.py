"""Reading an official notice of a year's holidays: a CSV of the days that are not what their weekday says.

Two columns, 日期 and 类型; 类型 is 放假 or 上班. Days that are not listed follow their weekday. A notice may name days
of the December before and the January after its year, as notices do.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.workdays import by_weekday

_HEADERS = ["日期", "类型"]
_KINDS = {"放假": False, "上班": True}
_ALWAYS_REST = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_MOST_BYTES = 64 * 1024
_SHORTEST_REST = 11  # every notice since 2008 gives at least the statutory eleven


class NoticeRefused(ValueError):
    """The file is no notice of a year; the message says where and why, in Chinese."""


@dataclass(frozen=True)
class HolidayNotice:
    """One year's arrangement: whether each of its days, and each neighbour's day it names, is worked."""

    year: int
    days: Mapping[date, bool]
    source: str


def read(text: bytes) -> HolidayNotice:
    """The notice in a file; raises `NoticeRefused`."""
    if len(text) > _MOST_BYTES:
        raise NoticeRefused("文件过大，不像放假通知")
    try:
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise NoticeRefused("文件不是 UTF-8 编码的 CSV") from None
    if not rows or [cell.strip() for cell in rows[0]] != _HEADERS:
        raise NoticeRefused("表头应为：日期,类型")
    named: dict[date, bool] = {}
    for line, day, is_workday in _lines(rows[1:]):
        if day in named:
            raise NoticeRefused(f"第 {line} 行：{day} 出现了两次")
        named[day] = is_workday
    if not named:
        raise NoticeRefused("文件没有任何日期")
    return HolidayNotice(_year(named), _whole(named), "notice " + hashlib.sha256(text).hexdigest()[:16])


def _lines(rows: list[list[str]]) -> Iterator[tuple[int, date, bool]]:
    for line, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(_HEADERS):
            raise NoticeRefused(f"第 {line} 行：应有两列")
        try:
            day = date.fromisoformat(cells[0])
        except ValueError:
            raise NoticeRefused(f"第 {line} 行：日期应写作 2027-01-01") from None
        if cells[1] not in _KINDS:
            raise NoticeRefused(f"第 {line} 行：类型应为“放假”或“上班”")
        if _KINDS[cells[1]] and by_weekday(day):
            raise NoticeRefused(f"第 {line} 行：{day} 是星期一至星期五，本来就上班")
        yield line, day, _KINDS[cells[1]]


def _year(named: Mapping[date, bool]) -> int:
    """The year that the notice is about; raises `NoticeRefused` when it does not read like one year's notice."""
    year, _ = Counter(day.year for day in named).most_common(1)[0]
    for day in named:
        if day.year != year and (day.year, day.month) not in ((year - 1, 12), (year + 1, 1)):
            raise NoticeRefused(f"{day} 不属于 {year} 年的通知")
    missing = [f"{month} 月 {day} 日" for month, day in _ALWAYS_REST if named.get(date(year, month, day)) is not False]
    if missing:
        raise NoticeRefused(f"{year} 年的通知缺少法定假日：" + "、".join(missing))
    if sum(not is_workday for is_workday in named.values()) < _SHORTEST_REST:
        raise NoticeRefused(f"{year} 年的通知少于 {_SHORTEST_REST} 天假")
    return year


def _whole(named: Mapping[date, bool]) -> Mapping[date, bool]:
    """Every day of the year, and the neighbours that are named."""
    year = _year(named)
    days = {date(year, 1, 1) + timedelta(days=ahead) for ahead in range(366)}
    whole = {day: by_weekday(day) for day in days if day.year == year}
    return {**whole, **named}
