"""The supervisor's page: a period's figures as bars with tables, and as a workbook; a district has not the city's."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette

from api.house import House
from api.settings import Settings
from core.moments import day_of
from core.months import Month
from credit import districts
from credit.counts import GRADES, ORGANISATIONS, UNSTATED
from oversight.supervision.publishing import PeopleKind
from oversight.supervision.tables import people_figures
from tests.harness import counting
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.web.conftest import Device, Running, apart
from tests.web.test_access import problems, settle

_YEAR = day_of(datetime.now(UTC)).year - 1  # the last one that has ended


async def _worked(settings: Settings) -> None:
    house = House(settings)
    try:
        async with house.database.writing() as unit:
            await counting.drawn(Random(5), districts=[None, "129901"], most=30, year=_YEAR).enter(unit)
    finally:
        await house.database.close()


def _complaint(page: Page, device: Callable[..., Device], server: Running, axe: str) -> list[str]:
    """One takes a complaint in, another confirms it, the first looks and closes it; what axe finds on the way."""
    whose = apart(_whose(server._settings))
    page.get_by_role("link", name="监督抽查").click()
    settle(page)
    found = problems(page, axe, {})
    page.get_by_role("link", name="投诉核查").click()
    settle(page)
    _write(page, whose)
    today = day_of(datetime.now(UTC)).isoformat()
    page.get_by_label("投诉事项").select_option("LOOKS")
    for label, value in (("查询日期起", today), ("查询日期止（最多92天）", today), ("收到日期", today)):
        page.get_by_label(label).fill(value)
    page.get_by_label("投诉内容").fill("有人查询我的信息")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("等待另一人确认。")).to_be_visible()
    found += problems(page, axe, {})
    second = device(width=1280).sign_in("supervisor-3", "/supervision/complaints")
    settle(second)
    row = second.locator("[data-complaint]")
    _write(row, whose)
    row.get_by_role("button", name="确认").click()
    expect(row.get_by_text("正在办理")).to_be_visible()
    page.reload()
    settle(page)
    page.get_by_role("button", name="查看有关信息").click()
    expect(page.locator("[data-seen]")).to_contain_text("此次查看已经记录")
    found += problems(page, axe, {})
    page.get_by_label("办理说明").fill("没有工作人员查询")
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("没有投诉。")).to_be_visible()
    return found


def _write(where: Page | Locator, whose: dict[str, str]) -> None:
    """A number and the name that it belongs to, in the first such inputs."""
    where.get_by_label("证件号码").first.fill(whose["number"])
    where.get_by_label("姓名或名称").first.fill(whose["name"])


async def _whose(settings: Settings) -> dict[str, str]:
    house = House(settings)
    try:
        return await identity(Town(house, Starlette()), "citizen-6")
    finally:
        await house.database.close()


def test_figures_their_bars_and_the_workbook(
    server: Running, device: Callable[..., Device], axe: str, tmp_path: Path
) -> None:
    apart(_worked(server._settings))
    page = device(width=1280).sign_in("supervisor-1", "/supervision")
    settle(page)
    expect(page.get_by_text("监督范围：全市")).to_be_visible()
    page.get_by_label("统计期间").select_option(str(_YEAR))
    page.locator(f"[data-period='{_YEAR}']").wait_for()
    settle(page)
    asked = server.ask(
        "supervisor-1",
        f"{{ oversight {{ figures(period: {{year: {_YEAR}}}) {{ objections {{ filed late }} }} }} }}",
    )["oversight"]["figures"]["objections"]
    table = page.get_by_role("region", name="异议办理")
    expect(table.get_by_role("row", name="收到")).to_contain_text(str(asked["filed"]))
    expect(table.get_by_role("row", name="逾期")).to_contain_text(str(asked["late"]))
    assert page.locator("svg.bars rect").count() > 6
    found = problems(page, axe, {})
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载统计表（xlsx）").click()
    saved.value.save_as(tmp_path / "figures.xlsx")
    sheet = CalamineWorkbook.from_path(tmp_path / "figures.xlsx").get_sheet_by_name("异议").to_python()
    assert ["收到", asked["filed"]] in sheet
    found += _complaint(page, device, server, axe)
    phone = device(width=320, elder=True, theme="dark").sign_in("supervisor-2", "/supervision")
    settle(phone)
    expect(phone.get_by_text("监督范围：滨河区")).to_be_visible()
    expect(phone.get_by_text("区级监督范围内不设此项。")).to_be_visible()
    expect(phone.get_by_role("heading", name="查询日志")).to_have_count(0)
    found += problems(phone, axe, {"elder": True})
    assert found == []


async def _published(settings: Settings) -> None:
    """Last month's tables, whichever were published meanwhile: a few numbers, and everything else withheld."""
    at = datetime.now(UTC)
    month = Month.ended(at=at).text
    wheres, sorts = (*districts.of_city(demonstration=True), UNSTATED, None), (*ORGANISATIONS, None)
    tiers = {(tier, where): None for tier in (*"12345", None) for where in wheres}
    grades = {(grade, sort): None for grade in (*GRADES, None) for sort in sorts}
    tables: dict[PeopleKind, dict[tuple[str | None, str | None], int | None]] = {
        PeopleKind.SCORE_TIERS: {**tiers, ("3", UNSTATED): 45, ("3", None): 85, (None, None): 120},
        PeopleKind.EVALUATION_GRADES: {**grades, ("A", "LEGAL_PERSON"): 35},
    }
    house = House(settings)
    try:
        async with house.database.writing() as unit:
            await unit.run(people_figures.delete().where(people_figures.c.month == month))
            for kind, said in tables.items():
                content = orjson.dumps([[*place, count] for place, count in said.items()]).decode()
                row = {"kind": kind.value, "month": month, "content": content, "published_at": at}
                await unit.run(people_figures.insert().values(row))
    finally:
        await house.database.close()


def test_where_people_stand_is_shown_as_published(server: Running, device: Callable[..., Device], axe: str) -> None:
    """Numbers, and 不公布 where one is withheld: never a nought. A district reads none of it."""
    apart(_published(server._settings))
    page = device(width=320, theme="dark").sign_in("supervisor-1", "/supervision")
    settle(page)
    tables = page.locator("section[aria-labelledby=people-title]").get_by_role("table")
    scores, grades = (_table(one) for one in tables.all())
    assert scores[0] == ["海河分等级", *districts.names_of_city(demonstration=True).values(), "未填写", "合计"]
    assert scores[3] == ["优良", *["不公布"] * 6, "45", "85"]
    assert scores[6] == ["合计", *["不公布"] * 7, "120"]
    assert grades[0] == ["评价等级", "个体工商户", "法人", "非法人组织", "合计"]
    assert grades[1] == ["A", "不公布", "35", "不公布", "不公布"]
    assert {cell for line in grades[2:] for cell in line[1:]} == {"不公布"}
    expect(page.get_by_text("不足 11 的数字和能推算出它的数字不公布")).to_have_count(2)
    found = problems(page, axe, {})
    other = device(width=1280).sign_in("supervisor-2", "/supervision")
    settle(other)
    expect(other.locator("#people-title")).to_have_count(0)
    assert found == []


def _table(one: Locator) -> list[list[str]]:
    """A table's cells as they are read, line by line."""
    return [line.locator("th, td").all_inner_texts() for line in one.get_by_role("row").all()]
