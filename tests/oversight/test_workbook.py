"""An area's period as a workbook: what the API says, for the same callers, and nothing in it is computed."""

import io
import re
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from audit.lens import BasisKind
from audit.sentences import CHANNELS
from core import sheets
from incentives.kinds import Sector
from objections.kinds import StopCause
from oversight.supervision import wording
from parties.tables import party
from tests.harness import counting
from tests.harness.callers import Town
from tests.harness.counting import YEAR


async def _get(town: Town, persona: str | None, period: str = f"{YEAR}", method: str = "GET") -> Any:
    headers = {} if persona is None else {"Authorization": f"Bearer {await town.token(persona)}"}
    return await town.http.request(method, f"/oversight/{period}.xlsx", headers=headers)


def _sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def _worked(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(3), districts=[None, "129901"], most=30).enter(unit)
        named = party.update().where(party.c.id == "pty_PROV_x129901").values(name='=HYPERLINK("http://x.example")')
        await unit.run(named)


async def test_a_workbook_says_what_the_api_says(town: Town) -> None:
    await _worked(town)
    await town.app.state.channels.write(datetime.now(UTC))
    answer = await _get(town, "supervisor-1")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == sheets.MEDIA_TYPE
    assert answer.headers["content-disposition"] == f'attachment; filename="supervision-city-{YEAR}.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    found = _sheets(answer.content)
    asked = await town.data(
        "supervisor-1",
        f"""{{ oversight {{ figures(period: {{year: {YEAR}}}) {{
          objections {{ filed answered withdrawn open late upheld }} looks {{ answered refused }}
          grants {{ asked given rejected revoked relinquished }} offers {{ published redeemed undone }}
          shares {{ asked begun refused ended inForce }} channels {{ channel answered faults }}
          providers {{ name reporting {{ of count }} compliance {{ of count }} timeliness {{ of count }} }} }}
          log {{ sealed sealedAt waiting gaps }} }} }}""",
    )
    figures = asked["oversight"]["figures"]
    assert [row[1] for row in found["异议"][4:10]] == list(figures["objections"].values())
    for title, kind in (("查询", "looks"), ("授权", "grants"), ("守信激励", "offers")):
        said = [list(line.values()) for line in figures[kind]]
        assert said
        assert [row[-len(said[0]) :] for row in found[title][1:]] == said
    assert [row[1] for row in found["信息共享"][1:]] == list(figures["shares"].values())
    channels = [(CHANNELS.get(one["channel"], "未登录"), one["answered"], one["faults"]) for one in figures["channels"]]
    assert [tuple(row) for row in found["查询渠道"][1:]] == channels
    log = asked["oversight"]["log"]
    assert [row[1] or None for row in found["日志"][1:3]] == [log["sealed"] or None, log["sealedAt"]]
    assert [row[0] for row in found["日志"][1:]] == ["已存证", "最近存证时间", "等待存证", "缺失"]
    assert found["日志"][4][1] == log["gaps"] == 0
    assert found["信息提供单位"][1:] == [
        [line["name"], *(n for rate in ("reporting", "compliance", "timeliness") for n in line[rate].values())]
        for line in figures["providers"]
    ]


async def test_a_district_has_its_own_and_the_same_bytes_whatever_happens_elsewhere(town: Town) -> None:
    await _worked(town)
    answer = await _get(town, "supervisor-2")
    found = _sheets(answer.content)
    assert found["异议"][1] == ["监督范围", "滨河区"]
    assert found["授权"][1][0] == found["查询渠道"][1][0] == found["日志"][1][0] == "区级监督范围内不设此项"
    assert [row[0] for row in found["信息提供单位"][1:]] == ['=HYPERLINK("http://x.example")']
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(4), mark="y", districts=["129902"], most=30).enter(unit)
    assert (await _get(town, "supervisor-2")).content == answer.content


@pytest.mark.parametrize(
    ("persona", "period", "method", "status"),
    [
        (None, "2020", "GET", 401),
        ("citizen-1", "2020", "GET", 403),
        ("handler-1", "2020-Q1", "GET", 403),
        ("supervisor-1", "2199", "GET", 422),
        ("supervisor-1", "2020-01-01", "GET", 422),
        ("supervisor-1", "2020", "HEAD", 405),
    ],
)
async def test_nobody_else_and_no_other_window(
    town: Town, persona: str | None, period: str, method: str, status: int
) -> None:
    answer = await _get(town, persona, period, method)
    assert answer.status_code == status
    assert answer.headers.get("content-type") != sheets.MEDIA_TYPE


def test_everything_that_a_line_can_be_of_has_a_word() -> None:
    assert set(wording.BASES) == set(BasisKind)
    assert set(wording.SECTORS) == set(Sector)
    assert set(wording.STOPS) == set(StopCause)
    assert all(re.search(r"[一-鿿]", wording.purpose(code)) for code in ("FINANCING", "SELF_QUERY", "OTHER"))
