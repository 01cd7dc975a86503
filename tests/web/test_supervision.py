"""The supervisor's page: a period's figures as bars with tables, and as a workbook; a district has not the city's."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from api.house import House
from api.settings import Settings
from core.moments import day_of
from tests.harness import counting
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
    phone = device(width=320, elder=True, theme="dark").sign_in("supervisor-2", "/supervision")
    settle(phone)
    expect(phone.get_by_text("监督范围：滨河区")).to_be_visible()
    expect(phone.get_by_text("区级监督范围内不设此项。")).to_be_visible()
    expect(phone.get_by_role("heading", name="查询日志")).to_have_count(0)
    found += problems(phone, axe, {"elder": True})
    assert found == []
