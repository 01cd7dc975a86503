"""The keeper's page: a scorecard is written, refused at its field, handed in, reviewed by a colleague, and tried."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from api.demo import keeping, story
from api.house import House
from api.settings import Settings
from oversight.industry import stability
from oversight.industry.counting import CLASSES
from oversight.industry.runs import IndustryRunKind, IndustryRunState
from oversight.industry.tables import industry_run
from tests.harness import city
from tests.web.conftest import Device, Running, apart
from tests.web.test_access import problems, settle


def _indicator(page: Page, place: int, code: str, label: str, weight: str, points: tuple[str, ...]) -> None:
    one = page.locator(f"[data-indicator='{place}']")
    for name, value in (("指标代码", code), ("指标名称", label), ("指标说明", "按年度统计"), ("权重", weight)):
        one.get_by_label(name).fill(value)
    for n, given in enumerate(points, 1):
        one.get_by_label(f"得分（{n}）").fill(given)


def _write(page: Page) -> None:
    page.get_by_label("模型编号").fill("SM-09")
    page.get_by_label("模型名称").fill("商贸企业行业信用评价")
    page.get_by_label("依据文件").fill("《海津市商贸行业信用评价办法（示例）》")
    _indicator(page, 0, "GRADE", "公共信用综合评价", "0.6", ("100", "80", "40", "0"))
    _indicator(page, 1, "STORES", "经营者宗教信仰", "0.4", ("0", "250"))
    page.locator("[data-indicator='1']").get_by_label("起点（2）").fill("10")
    for n, start in ((2, "40"), (3, "80")):
        page.get_by_label(f"总分起点（{n}）").fill(start)


def test_a_scorecard_is_written_reviewed_and_tried(device: Callable[..., Device], axe: str) -> None:
    page = device(width=320, theme="dark").sign_in("industry-1", "/industry")
    page.get_by_role("link", name="新建模型").click()
    _write(page)
    page.get_by_role("button", name="保存草稿").click()
    # What no model may look at is refused where it was typed, and nothing is lost.
    label = page.locator("[data-indicator='1']").get_by_label("指标名称")
    expect(label).to_have_attribute("aria-invalid", "true")
    expect(label).to_have_accessible_description("不得作为评价指标（征信业管理条例14：宗教信仰）。")
    settle(page)
    found = problems(page, axe, {})
    label.fill("门店数量")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state='DRAFT']")).to_be_visible()
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_text("等待本部门另一位经办人复核。")).to_be_visible()

    office = device(width=1280).sign_in("industry-2", "/industry")
    office.get_by_role("link", name="打开 商贸企业行业信用评价（第1版）").click()
    office.get_by_role("combobox", name="公共信用综合评价").select_option("D")
    office.get_by_role("textbox", name="门店数量").fill("12")
    office.get_by_role("button", name="试算").click()
    tried = office.locator("[data-trial]")
    expect(tried).to_have_attribute("data-trial", "B")
    expect(tried).to_contain_text("公共信用综合评价为D级的，不评为最高等级")
    expect(tried).to_contain_text("门店数量：10以上（R2）")
    settle(office)
    found += problems(office, axe, {})
    office.get_by_text("通过", exact=True).click()
    office.get_by_label("复核意见").fill("指标与权重依据充分")
    office.get_by_role("button", name="提交复核意见").click()
    expect(office.locator("[data-state='REVIEWED']")).to_be_visible()

    # The next edition begins as this one, and stands beside it.
    page.reload()
    page.get_by_role("link", name="编制下一版").click()
    page.locator("[data-indicator='1']").get_by_label("得分（2）").fill("200")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[data-differs]")).to_have_count(1)
    settle(page)
    found += problems(page, axe, {})
    assert found == []


def test_a_department_looks_at_what_its_model_made_of_a_company(told: Running, device: Callable[..., Device]) -> None:
    page = device(base=told.url, width=1280).sign_in("industry-1", "/agency")
    company = story.organisation(story.COMPANY, city.SEED)
    page.get_by_label("案号或办件编号").fill("海商评〔2026〕3号")
    page.get_by_label("证件类型").select_option("USCC")
    page.get_by_role("textbox", name="证件号码").fill(company.number)
    page.get_by_label("姓名或名称").fill(company.name)
    for purpose, results in (("资金支持", 0), ("评优评先", 1)):  # only the second mandate opens it
        page.get_by_role("radio", name=re.compile(purpose)).check()
        page.get_by_role("button", name="查询并记录").click()
        expect(page.locator("[data-position]")).to_have_text(re.compile(r"^\d+$"))
        made = page.locator("[data-result]")
        expect(made).to_have_count(results)
        page.get_by_role("textbox", name="证件号码").fill(company.number)
        page.get_by_label("姓名或名称").fill(company.name)
    expect(made).to_contain_text(keeping.CARD.name)
    expect(made.get_by_role("listitem")).to_have_count(len(keeping.CARD.indicators))


async def _counted(settings: Settings, counts: Mapping[IndustryRunKind, Mapping[str, int | None]]) -> None:
    """The story's runs, the simulation before the run, of a city large enough to say how many have each class."""
    house, at = House(settings), datetime.now(UTC)
    try:
        async with house.database.writing() as unit:
            for kind, said in counts.items():
                of_it = (industry_run.c.kind == kind.value, industry_run.c.state == IndustryRunState.DONE.value)
                asked = at - timedelta(days=2 if kind is IndustryRunKind.SIMULATION else 1)
                values = {"counts": {CLASSES: dict(said)}, "as_of": asked, "asked_at": asked}
                await unit.run(industry_run.update().where(*of_it).values(values))
    finally:
        await house.close()


def test_two_runs_stand_beside_one_another(told: Running, device: Callable[..., Device], axe: str) -> None:
    """How many have each class, drawn and in a table, and how far two runs lie apart; not where one withholds."""
    codes = [one.code for one in keeping.CARD.classes]
    then, now = dict(zip(codes, (20, 50, 130), strict=True)), dict(zip(codes, (60, 60, 80), strict=True))
    apart(_counted(told._settings, {IndustryRunKind.SIMULATION: then, IndustryRunKind.RUN: now}))
    page = device(base=told.url, width=1280).sign_in("industry-1", "/industry/runs")
    run = page.locator("[data-run=DONE]").filter(has=page.get_by_role("heading", name=re.compile("^评价")))
    table, drawn = run.get_by_role("region").get_by_role("table"), run.locator("svg.bars")
    expect(table.get_by_role("rowheader")).to_have_text(codes)
    expect(table.get_by_role("cell")).to_have_text([str(many) for many in now.values()])
    expect(drawn.locator(".label")).to_have_text(codes)
    one, other = drawn.bounding_box(), table.bounding_box()
    assert one is not None
    assert other is not None
    assert one["x"] + one["width"] <= other["x"]
    assert abs(one["y"] - other["y"]) < one["height"]
    card = page.locator("[data-stability]")
    index = stability.index(codes, then, now)
    expect(card).to_have_attribute("data-stability", str(index))
    expect(card.get_by_role("status")).to_have_text(f"稳定性指数 {index} 变化较大，请核查")
    for code in codes:
        row = card.get_by_role("row", name=code)
        expect(row.get_by_role("cell")).to_have_text([re.compile(f"^{of[code]} · ") for of in (then, now)])
    settle(page)
    found = problems(page, axe, {})
    page.get_by_role("button", name="模拟 SM-2026-01").click()
    expect(page.locator("[data-run]")).to_have_count(3)
    expect(page.get_by_text("正在进行，稍后再看。")).to_be_visible()
    # Where one number is withheld there is no index, and nothing to work it out from.
    apart(_counted(told._settings, {IndustryRunKind.SIMULATION: {**then, codes[0]: None}}))
    page.reload()
    expect(card.get_by_role("status")).to_contain_text("不能计算")
    expect(card.get_by_role("cell", name="不公布")).to_have_count(1)
    settle(page)
    found += problems(page, axe, {})
    phone = device(base=told.url, width=320, theme="dark").sign_in("industry-2", "/industry/runs")
    settle(phone)
    found += problems(phone, axe, {})
    assert found == []
