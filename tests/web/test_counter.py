"""The counter: an objection on paper and its receipt, printed; and from a helper's phone, from each kind of line."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import organs
from tests.harness.postgres import wait_until
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_contest import open_case, photo

_NUMBER = "{ me { records(first: 50) { edges { node { documentNumber objections { filedAt } } } } } }"


def documented(server: Running) -> tuple[str, str]:
    """Somebody with an uncontested record that has a document number, and the number."""
    for persona in (f"citizen-{n}" for n in range(9, 0, -1)):
        for edge in server.ask(persona, _NUMBER)["me"]["records"]["edges"]:
            if edge["node"]["documentNumber"] and not edge["node"]["objections"]:
                return persona, str(edge["node"]["documentNumber"])
    raise AssertionError("nobody in the city has such a record")


def whose(page: Page, persona: str) -> None:
    who = organs.identity(persona)
    page.get_by_label("证件号码").fill(who["number"])
    page.get_by_label("姓名或名称").fill(who["name"])


def test_a_paper_is_taken_in_and_its_receipt_is_printed(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    page = device(width=1280).sign_in("clerk-1", "/counter/objections")
    settle(page)
    found = problems(page, axe, {})
    take = page.get_by_role("button", name="受理", exact=True)
    persona, number_on_paper = documented(server)
    whose(page, persona)
    page.get_by_label("来人的身份").select_option("NEAR_RELATIVE")
    expect(page.get_by_label("告知方式").locator("option")).to_have_count(2)
    page.get_by_label("来人的姓名").fill("王小明")
    page.get_by_label("文书号").fill(number_on_paper)
    page.get_by_label("异议的内容").fill("<b>金额</b>写错了。")
    page.get_by_label("告知方式").select_option("COUNTER")
    expect(page.get_by_text("证明身份的材料")).to_be_visible()
    expect(take).to_be_disabled()
    page.get_by_label("照片或 PDF").set_input_files([photo("亲属关系证明.png"), photo("网页.png", b"<html>")])
    expect(page.locator("[data-state=refused]")).to_have_count(1)
    expect(page.locator("[data-state=sent]")).to_have_count(1)
    take.click()
    receipt = page.locator("[data-receipt]")
    receipt.wait_for()
    number = receipt.locator(".number").inner_text()
    assert re.fullmatch(r"YY\d{14}", number)
    expect(receipt).to_contain_text("王小明")
    expect(receipt).to_contain_text("最迟答复")
    expect(receipt).to_contain_text("1 份")
    settle(page)
    found += problems(page, axe, {})
    page.emulate_media(media="print")
    expect(receipt.locator(".number")).to_be_visible()
    for hidden in (page.get_by_role("button", name="打印回执"), page.get_by_role("navigation", name="工作台页面")):
        expect(hidden).to_be_hidden()
    page.emulate_media(media="screen")
    # The next one begins with nothing of this one.
    page.get_by_role("button", name="受理下一件").click()
    expect(page.get_by_label("证件号码")).to_have_value("")
    expect(page.get_by_label("异议的内容")).to_have_value("")

    desk = device(width=1280).sign_in("handler-1", "/handling/cases")
    open_case(desk, number)
    expect(desk.get_by_text("近亲属 · 王小明")).to_be_visible()
    expect(desk.get_by_text("<b>金额</b>写错了。")).to_be_visible()
    expect(desk.locator("[data-evidence]")).to_have_count(1)
    assert found == []


def test_a_visit_from_its_papers_to_its_prints(server: Running, device: Callable[..., Device], axe: str) -> None:
    """One's own record, one paper: what is missing is told; then a report and the trail are printed; it is over."""
    page = device(width=1280).sign_in("clerk-1", "/counter")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    settle(page)
    found = problems(page, axe, {})
    whose(page, "citizen-5")
    page.get_by_label("窗口", exact=True).fill("3号窗口")
    begin = page.get_by_role("button", name="开始办理")
    expect(begin).to_be_disabled()
    page.get_by_text("没有利害关系").click()
    begin.click()
    page.locator(".counter-case[data-state=OPEN]").wait_for()
    report = page.get_by_role("button", name="信用报告")
    expect(report).to_be_disabled()
    page.get_by_role("button", name="一次性告知所缺材料").click()
    expect(page.locator("[data-supplement]")).to_contain_text("缺少本人有效身份证件原件")
    page.get_by_role("button", name="补正告知书").click()
    page.locator("[data-sheet=SUPPLEMENT]").wait_for()
    wait_until(lambda: page.evaluate("window.printed") == 1)
    settle(page)
    found += problems(page, axe, {})
    page.emulate_media(media="print")
    expect(page.locator("[data-sheet=SUPPLEMENT]")).to_be_visible()
    expect(page.get_by_role("navigation", name="工作台页面")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="已核验 本人有效身份证件原件").click()
    page.locator(".counter-case[data-state=READY]").wait_for()
    report.click()
    line = page.locator("[data-print=REPORT]")
    line.get_by_role("button", name="未打印").click()
    expect(line.get_by_role("button", name="未打印")).to_have_count(0)
    page.get_by_role("button", name="谁看过我").click()
    expect(page.locator("[data-sheet=TRAIL]")).to_contain_text("凭您的有效身份证件")
    wait_until(lambda: page.evaluate("window.printed") == 2)
    settle(page)
    found += problems(page, axe, {})
    page.get_by_role("button", name="结束办理").click()
    page.locator(".counter-case[data-state=ENDED]").wait_for()
    assert page.evaluate("window.printed") == 2
    expect(page.locator("[data-sheet]")).to_have_count(0)
    told = server.ask("citizen-5", "{ me { notices(first: 3) { edges { node { kind message } } } } }")
    assert "COUNTER_OWN" in str(told)
    assert found == []


def test_what_the_counter_cannot_find_is_said_and_nothing_is_lost(
    server: Running, device: Callable[..., Device]
) -> None:
    page = device(width=1280).sign_in("clerk-1", "/counter/objections")
    whose(page, "citizen-7")
    page.get_by_label("文书号").fill("没有这个文号")
    page.get_by_label("异议的内容").fill("这条不对。")
    page.get_by_label("邮寄地址和收件人").fill("海津市示例路1号")
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("异议的内容")).to_have_value("这条不对。")
    page.get_by_label("证件类型").select_option("USCC")
    expect(page.get_by_label("来人的身份")).to_have_value("LEGAL_REPRESENTATIVE")
    page.get_by_label("对象").select_option("EVALUATION")
    expect(page.get_by_label("文书号")).to_have_count(0)


def _sent(page: Page, request: str, ground: str) -> str:
    page.get_by_text(request).click()
    page.get_by_text(ground).click()
    page.get_by_label("请把情况写清楚").fill("请核对。")
    page.get_by_role("button", name="提出异议").click()
    number = page.locator(".told .number")
    number.wait_for()
    return number.inner_text()


def test_a_helper_files_from_each_kind_of_line(server: Running, device: Callable[..., Device], axe: str) -> None:
    """As themselves, for the person who asked them; the person reads who filed."""
    mode = {"theme": "dark", "width": 320}
    phone = device(**mode)
    page = phone.sign_in("citizen-8", "/mine")
    page.get_by_role("button", name="切换").first.click()
    page.wait_for_url("**/home")
    expect(page.get_by_role("status").filter(has_text="正在代表")).to_be_visible()
    visit(phone, "/looks")
    settle(page)
    visit(phone, "/score")
    settle(page)
    page.get_by_role("button", name="提出异议").click()
    page.locator("[data-about=SCORE]").wait_for()
    settle(page)
    found = problems(page, axe, mode)
    numbers = [_sent(page, "内容不对，请更正", "信息有错误")]
    expect(page.get_by_text("协助人 ·")).to_be_visible()
    expect(page.locator("[data-term=running]")).to_be_visible()
    found += problems(page, axe, mode)
    visit(phone, "/looks")
    page.get_by_role("button", name=re.compile("^不认识这次查询")).first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="提出异议").click()
    page.locator("[data-about=ACCESS]").wait_for()
    numbers.append(_sent(page, "请说明情况", "其他原因"))
    assert len(set(numbers)) == 2
    own = server.ask("citizen-2", "{ me { objections(first: 9) { edges { node { number capacity applicant } } } } }")
    by = {
        e["node"]["number"]: (e["node"]["capacity"], bool(e["node"]["applicant"]))
        for e in own["me"]["objections"]["edges"]
    }
    assert {by[number] for number in numbers} == {("HELPER", True)}
    assert found == []


def test_a_guardian_files_for_whom_they_care_for(server: Running, device: Callable[..., Device]) -> None:
    """On their own phone, as the ward: it is the ward's case, and none of their own."""
    phone = device()
    page = phone.sign_in("citizen-3", "/mine")
    page.get_by_role("listitem").filter(has_text="监护人").get_by_role("button", name="切换").click()
    page.wait_for_url("**/home")
    visit(phone, "/objections/new?target=MISSING_RECORD")
    expect(page.locator("[data-about=MISSING_RECORD] .whose")).to_contain_text("邓福安")
    page.get_by_label("缺少的是什么信息").fill("2026 年区级三好学生")
    number = _sent(page, "请补上缺少的内容", "信息有遗漏")
    expect(page.get_by_text("监护人 ·")).to_be_visible()
    own = server.ask("citizen-3", "{ me { objections(first: 9) { edges { node { number } } } } }")
    assert number not in [edge["node"]["number"] for edge in own["me"]["objections"]["edges"]]


def test_a_company_contests_its_evaluation_from_its_record(server: Running, device: Callable[..., Device]) -> None:
    page = device().sign_in("company-1-legal", "/record")
    settle(page)
    page.get_by_role("link", name="提出异议").first.click()
    page.locator("[data-about=EVALUATION]").wait_for()
    _sent(page, "内容不对，请更正", "信息有错误")
    visited = page.locator("[data-term=running]")
    expect(visited).to_contain_text("还有 3 个工作日")
