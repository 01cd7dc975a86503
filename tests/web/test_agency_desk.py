"""A state organ's desk: a look under a mandate for a case, and a batch that two officers answer for."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core import sheets
from core.moments import rfc3339
from grants import listed
from tests.harness.servers import ROOT
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_attacks import poison
from tests.web.test_desks import DESK_MODES, Citizen, number_of

_TRAIL = "{ me { accessHistory(first: 1) { edges { node { basis caseNumber actor { operator } } } } } }"
_SECRET = "海纪查〔2026〕91号"
_ORDER = """mutation($i: WithholdingOrderInput!) { withholdingOrder(input: $i) { ... on WithholdingOrderPayload {
  withholding { id } } } }"""
_AGREE = """mutation($i: WithholdingAgreeInput!) { withholdingAgree(input: $i) { ... on WithholdingAgreePayload {
  withholding { state } } } }"""
_CASE, _GIVEN = "海政许〔2026〕17号", "海纪查〔2026〕92号"


def look(page: Page, persona: str, *, name: str | None = None) -> None:
    """A look for a licence at a citizen."""
    number, own = number_of(persona)
    page.get_by_role("radio", name=re.compile("行政许可")).check()
    page.get_by_label("案号或办件编号").fill(_CASE)
    page.get_by_role("textbox", name="证件号码").fill(number)
    page.get_by_label("姓名或名称").fill(name or own)
    page.get_by_role("button", name="查询并记录").click()


def sheet(folder: Path, *rows: tuple[str, str, str]) -> Path:
    made = folder / "名单.xlsx"
    made.write_bytes(sheets.write("名单", [listed.HEAD, *rows], widths=(20, 24, 30)))
    return made


def test_an_officer_looks_for_a_case_and_the_citizen_reads_it(device: Callable[..., Device]) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-9")
    page = office.sign_in("agency-1", "/agency")
    expect(page.get_by_role("status").filter(has_text="正在代表：海津市政务服务办公室")).to_be_visible()
    expect(page.get_by_text("第九条")).to_be_visible()
    look(page, "citizen-9")
    expect(page.locator("[data-seen]")).to_contain_text("高浩然")
    expect(page.get_by_role("heading", name="行政管理")).to_be_visible()
    expect(page.locator("[data-position]")).to_have_text(re.compile(r"^\d+$"))
    expect(page.get_by_role("textbox", name="证件号码")).to_have_value("")  # typed once, used once
    trail = phone.ask(_TRAIL)["me"]["accessHistory"]["edges"][0]["node"]
    assert (trail["basis"], trail["caseNumber"], trail["actor"]["operator"]) == ("STATUTE", _CASE, "许可经办人")
    page.get_by_role("link", name="查询记录").click()
    expect(page.get_by_role("listitem").first).to_contain_text(_CASE)
    assert "高浩然" not in page.inner_text("main")


def test_what_is_looked_at_under_an_order_is_not_told_unless_it_was_not_chosen(
    server: Running, device: Callable[..., Device]
) -> None:
    until = rfc3339(datetime.now(UTC) + timedelta(days=30))
    given = {"code": "HINDERS_LAWFUL_DUTY", "caseNumber": _SECRET, "until": until, "idempotencyKey": "o"}
    order = server.ask("agency-1", _ORDER, i=given)["withholdingOrder"]["withholding"]["id"]
    server.ask("agency-2", _AGREE, i={"withholdingId": order, "expectedVersion": 1})
    office, phone = device(width=1280), Citizen(device(), "citizen-8")
    page = office.sign_in("agency-1", "/agency")
    looks: list[bool] = []
    for chosen in (True, False):
        number, name = number_of("citizen-8")
        page.get_by_role("radio", name=re.compile("行政许可")).check()
        page.get_by_label("案号或办件编号").fill("海纪查〔2026〕9")
        expect(page.get_by_role("switch", name="暂不告知本人")).to_have_count(0)
        page.get_by_label("案号或办件编号").fill(_SECRET)
        if chosen:
            page.get_by_role("switch", name="暂不告知本人").click()
        page.get_by_role("textbox", name="证件号码").fill(number)
        page.get_by_label("姓名或名称").fill(name)
        page.get_by_role("button", name="查询并记录").click()
        expect(page.get_by_role("textbox", name="证件号码")).to_have_value("")
        trail = [edge["node"] for edge in phone.ask(_TRAIL)["me"]["accessHistory"]["edges"]]
        looks.append(any(one["caseNumber"] == _SECRET for one in trail))
    assert looks == [False, True]


def test_an_order_is_given_by_one_officer_agreed_to_by_another_and_ended(device: Callable[..., Device]) -> None:
    first, second = device(width=1280), device(width=1280)
    page = first.sign_in("agency-1", "/agency/orders")
    page.get_by_label("案号或办件编号").fill(_GIVEN)
    page.get_by_label("最后一日").fill((datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%d"))
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_label("最后一日")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("最后一日").fill((datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d"))
    page.get_by_role("button", name="提出", exact=True).click()
    given = page.get_by_role("listitem").filter(has_text=_GIVEN)
    expect(given).to_contain_text("等待另一名工作人员同意")
    expect(given.get_by_role("button", name="同意")).to_have_count(0)

    # The other finds it in the one list of what waits.
    other = second.sign_in("agency-2", "/approvals")
    other.locator("[data-waiting=WITHHOLDING]").filter(has_text=_GIVEN).get_by_role("link").click()
    found = other.get_by_role("listitem").filter(has_text=_GIVEN)
    found.get_by_role("button", name="同意").click()
    expect(found).to_have_attribute("data-order", "IN_FORCE")
    found.get_by_role("button", name="复核并延长").click()
    found.get_by_label("最后一日").fill((datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d"))
    found.get_by_role("button", name="确认延长").click()
    expect(found.get_by_label("最后一日")).to_have_attribute("aria-invalid", "true")  # shorter than it lasts
    found.get_by_label("最后一日").fill((datetime.now(UTC) + timedelta(days=90)).strftime("%Y-%m-%d"))
    found.get_by_role("button", name="确认延长").click()
    expect(found.get_by_label("最后一日")).to_have_count(0)

    page.reload()
    expect(given.get_by_role("button", name="复核并延长")).to_have_count(0)  # who gave it does not prolong it
    given.get_by_role("button", name="终止", exact=True).click()
    given.get_by_role("button", name="确认终止").click()
    expect(given).to_have_attribute("data-order", "ENDED")


def test_a_wrong_number_stands_at_its_input_and_a_wrong_name_finds_nobody(device: Callable[..., Device]) -> None:
    page = device(width=1280).sign_in("agency-1", "/agency")
    look(page, "citizen-9", name="查无此人")
    expect(page.get_by_text("没有可以提供的信息").first).to_be_visible()
    expect(page.locator("[data-seen]")).to_have_count(0)
    number, _ = number_of("citizen-9")
    page.get_by_role("textbox", name="证件号码").fill(number[:-1] + ("0" if number[-1] != "0" else "1"))
    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_role("textbox", name="证件号码")).to_have_accessible_description(re.compile("校验位有误"))


def test_a_batch_is_opened_by_one_officer_approved_by_another_and_its_answer_downloaded(
    device: Callable[..., Device], tmp_path: Path
) -> None:
    first, second = device(width=1280), device(width=1280)
    page = first.sign_in("agency-1", "/agency/batches")
    page.get_by_role("radio", name=re.compile("行政许可")).check()
    page.get_by_label("案号或办件编号").fill(_CASE)
    number, name = number_of("citizen-9")
    page.get_by_label("名单文件").set_input_files(sheet(tmp_path, ("居民身份证", number[:-2], name)))
    page.get_by_role("button", name="提交核准").click()
    expect(page.get_by_text(re.compile("第 2 行 证件号码："))).to_be_visible()
    page.get_by_label("名单文件").set_input_files(sheet(tmp_path, ("居民身份证", number, name)))
    page.get_by_role("button", name="提交核准").click()
    opened = page.get_by_role("listitem").filter(has_text="待核准")
    expect(opened).to_contain_text("等待另一名工作人员核准")
    expect(opened.get_by_role("button", name="核准并查询")).to_have_count(0)

    other = second.sign_in("agency-2", "/agency/batches")
    other.get_by_role("button", name="核准并查询").click()
    expect(other.get_by_text("已有结果")).to_be_visible(timeout=60_000)
    expect(other.get_by_text("查到 1 个")).to_be_visible()
    page.reload()
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载结果").click()
    saved.value.save_as(tmp_path / "answer.xlsx")
    rows = sheets.read((tmp_path / "answer.xlsx").read_bytes(), most_rows=100)
    assert any(name in row for row in rows[1:])


def test_a_batch_is_returned_with_a_reason(device: Callable[..., Device], tmp_path: Path) -> None:
    page = device(width=1280).sign_in("agency-2", "/agency/batches")
    page.get_by_role("radio", name=re.compile("行政许可")).check()
    page.get_by_label("案号或办件编号").fill("海政许〔2026〕18号")
    page.get_by_label("名单文件").set_input_files(sheet(tmp_path, ("居民身份证", *number_of("citizen-5"))))
    page.get_by_role("button", name="提交核准").click()
    expect(page.get_by_text("海政许〔2026〕18号")).to_be_visible()
    other = device(width=1280).sign_in("agency-1", "/agency/batches")
    other.get_by_role("button", name="退回", exact=True).click()
    other.get_by_label("退回原因").fill("名单与案件不符")
    other.get_by_role("button", name="确认退回").click()
    expect(other.get_by_text("退回原因：名单与案件不符")).to_be_visible()


def test_the_template_has_the_head_that_is_read() -> None:
    template = (ROOT / "web" / "public" / "agency-batch.xlsx").read_bytes()
    assert sheets.read(template, most_rows=listed.MOST + 1) == [list(listed.HEAD)]
    assert (ROOT / "web" / "dist" / "agency-batch.xlsx").read_bytes() == template


@pytest.mark.parametrize("mode", DESK_MODES, ids=str)
def test_every_page_of_the_organs_desk(device: Callable[..., Device], axe: str, mode: dict[str, Any]) -> None:
    office = device(**mode)
    page = office.sign_in("agency-1", "/agency")
    settle(page)
    look(page, "citizen-4")
    page.locator("[data-position]").wait_for()
    found = problems(page, axe, mode)
    for path in ("/agency/batches", "/agency/looks", "/agency/orders"):
        found += problems(visit(office, path), axe, mode)
    assert found == []


def test_no_text_of_others_is_markup(device: Callable[..., Device]) -> None:
    office = device(width=1280)
    page = office.sign_in("agency-1", "/agency")
    page.route("**/graphql", poison)
    for path in ("/agency", "/agency/batches", "/agency/looks"):
        settle(visit(office, path))
        if path == "/agency":
            look(page, "citizen-9")
            page.locator("[data-position]").wait_for()
        expect(page.get_by_text("<script>window.hit=1</script>").first).to_be_attached()
        found = page.evaluate(
            "[window.hit, document.querySelectorAll('#app img, #app script, a[href^=javascript]').length]"
        )
        assert found == [None, 0], path
