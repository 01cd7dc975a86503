"""The story's cases brought to their end, page by page, by those who have them: in one walk, for each begins where
another is waiting."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from api.demo import story
from tests.harness import city
from tests.harness.postgres import wait_until
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_contest import open_case, photo

_ELDER: dict[str, Any] = {"elder": True, "theme": "dark", "width": 320}
_CASES = "{ me { objections(first: 9) { edges { node { id number status letterReady } } } } }"
_LICENCE = """行政许可决定文书名称：健康证明核发决定书
行政许可决定文书号：海津SCJG许〔2025〕补1号
许可类别：普通
许可证书名称：健康证明
许可编号：HJSCJG20250001
许可内容：准予取得健康证明
许可决定日期：2025/03/03
有效期自：2025/03/03
有效期至：2030/03/02
许可机关：海津市市场监督管理委员会
当前状态：有效
数据来源单位：海津市市场监督管理委员会"""


class _Walk:
    """Everybody's devices, and what was found wrong on their pages."""

    def __init__(self, server: Running, device: Callable[..., Device], axe: str) -> None:
        self._server = server
        self._device = device
        self._axe = axe
        self.found: list[str] = []

    def desk(self, persona: str, path: str = "/handling/cases") -> Page:
        return self._device(base=self._server.url, width=1280).sign_in(persona, path)

    def phone(self, persona: str, path: str, **shown: Any) -> Device:
        phone = self._device(base=self._server.url, **shown)
        phone.sign_in(persona, path)
        return phone

    def case(self, persona: str, status: str) -> dict[str, Any]:
        """A persona's case that stands so."""
        edges = self._server.ask(persona, _CASES)["me"]["objections"]["edges"]
        return next(edge["node"] for edge in edges if edge["node"]["status"] == status)

    def look(self, page: Page, **mode: Any) -> None:
        settle(page)
        self.found += problems(page, self._axe, mode)


def _again(page: Page, number: str) -> None:
    """A case that one has opened before."""
    page.locator(f'[data-case="{number}"]').get_by_role("link", name=re.compile("^打开")).click()
    page.wait_for_url("**/handling/**/*")
    settle(page)


def _stops(walk: _Walk, desk: Page) -> None:
    """鉴定 is over, 专家评审 begins: the one runs out of the clock, the other stops it."""
    _again(desk, walk.case("citizen-3", "STOPPED")["number"])
    walk.look(desk)
    desk.get_by_role("button", name="恢复计时").click()
    desk.locator("[data-case=FILED]").wait_for()
    expect(desk.get_by_text("鉴定，计时暂停至")).to_be_visible()
    desk.locator("summary").filter(has_text="暂停计时").click()
    desk.get_by_label("原因").first.select_option("EXPERT_REVIEW")
    stop = desk.get_by_role("button", name="暂停计时")
    expect(stop).to_be_disabled()
    desk.get_by_label("委托书等证明").set_input_files([photo("委托书.png")])
    expect(desk.locator("[data-state=sent]")).to_have_count(1)
    stop.click()
    desk.locator("[data-case=STOPPED]").wait_for()
    expect(desk.get_by_text("专家评审，计时暂停，尚未结束")).to_be_visible()
    # Whose case it is sees both stops on the drawn clock, and in words below it.
    page = walk.phone("citizen-3", f"/objections/{walk.case('citizen-3', 'STOPPED')['id']}", theme="dark").page
    expect(page.locator("[data-term] .line .stop").first).to_be_attached()
    expect(page.get_by_text("鉴定，计时暂停至")).to_be_visible()
    expect(page.get_by_text("专家评审，计时暂停，尚未结束")).to_be_visible()
    expect(page.locator("[data-term] .said")).to_contain_text("计时暂停")
    walk.look(page, theme="dark")


def _answer(desk: Page, reason: str, button: str, leads: str) -> None:
    """What follows from the provider's answer stands chosen; no answer is given whose letter was not read."""
    desk.get_by_label("理由", exact=True).fill(reason)
    expect(desk.get_by_role("button", name=button)).to_be_disabled()
    desk.get_by_role("button", name="预览答复书").click()
    expect(desk.locator("[data-letter]")).to_contain_text(reason)
    desk.get_by_role("button", name=button).click()
    desk.locator(f"[data-case={leads}]").wait_for()
    settle(desk)


def _back(desk: Page) -> None:
    desk.get_by_role("navigation", name="工作台页面").get_by_role("link", name="异议").click()
    settle(desk)


def _given_back_and_confirmed(walk: _Walk, first: Page, second: Page, source: Page) -> str:
    """One handler gives it back and another takes it on; its provider stands by its record."""
    number = str(walk.case("company-1-legal", "FORWARDED")["number"])
    _back(first)
    _again(first, number)
    first.locator("summary").filter(has_text="退回，换人办理").click()
    first.locator("details[open]").get_by_label("原因").fill("我下周不在。")
    first.get_by_role("button", name="退回", exact=True).click()
    first.wait_for_url("**/handling/cases")
    expect(first.locator(f'[data-case="{number}"]')).to_contain_text("还没有人办理")
    walk.look(source)
    card = source.locator("[data-verification]").filter(has_text=number)
    card.get_by_text("核实无误").click()
    card.get_by_label("理由和依据").fill("登记簿上的住所没有变更。")
    card.get_by_role("button", name="答复处理机构").click()
    expect(card.get_by_text("登记簿上的住所没有变更。")).to_be_visible()
    second.reload()
    open_case(second, number)
    expect(second.get_by_label("处理结果")).to_have_value("NOT_CORRECTED")
    _answer(second, "登记簿上的住所没有变更。", "提请审批", "DECIDED")
    walk.look(second)
    return number


def _approved_and_sent_back(walk: _Walk, number: str) -> None:
    """Somebody else agrees to the one refusal, and not to the other."""
    approver = walk.desk("approver-1", "/handling/refusals")
    walk.look(approver)
    _again(approver, walk.case("citizen-7", "DECIDED")["number"])
    walk.look(approver)
    approver.get_by_role("button", name="同意不予更正").click()
    approver.wait_for_url("**/handling/refusals")
    _again(approver, number)
    approver.get_by_label("退回的原因").fill("请再看一次公司的变更通知书。")
    approver.get_by_role("button", name="退回", exact=True).click()
    approver.wait_for_url("**/handling/refusals")
    expect(approver.get_by_text("没有等待审批的")).to_be_visible()
    assert walk.case("company-1-legal", "FORWARDED")["number"] == number


def _read(walk: _Walk) -> None:
    """Whoever was refused reads why, has it in writing, and may say something beside the record."""
    refused = walk.case("citizen-7", "CLOSED")
    page = walk.phone("citizen-7", f"/objections/{refused['id']}", **_ELDER).page
    expect(page.locator("[data-answer=NOT_CORRECTED]")).to_contain_text("没有需要更正的内容")
    expect(page.get_by_role("button", name="写一段声明")).to_be_visible()
    letter = page.get_by_role("button", name="下载书面答复（PDF）")
    letter.wait_for(timeout=30_000)
    walk.look(page, **_ELDER)
    with page.expect_download() as saved:
        letter.click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def _added(walk: _Walk, desk: Page, source: Page) -> None:
    """补交, an answer to what the handler wrote, and at last the record that was missing."""
    case = walk.case("citizen-6", "FILED")
    phone = walk.phone("citizen-6", f"/objections/{case['id']}")
    page = phone.page
    expect(page.locator("[data-messages]")).to_contain_text("请补交健康证明的照片")
    walk.look(page)
    page.get_by_label("补交材料").set_input_files([photo("健康证明.png")])
    page.get_by_label("说明（可不填）").fill("正反两面。")
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_text("已交上去")).to_be_visible()
    page.get_by_label("写给处理机构").fill("照片已经补交。")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("[data-messages] li")).to_have_count(3)

    _back(desk)
    _again(desk, case["number"])
    expect(desk.get_by_text("照片已经补交。")).to_be_visible()
    desk.locator("summary").filter(has_text="转提供单位核实").click()
    desk.get_by_label("提供单位", exact=True).select_option(label="海津市市场监督管理委员会")
    desk.get_by_label("请提供单位核实什么").fill("是否核发过这张健康证明？")
    desk.get_by_text("材料 1").last.click()
    desk.locator("form").get_by_role("button", name="转提供单位核实").click()
    desk.locator("[data-case=FORWARDED]").wait_for()
    source.reload()
    card = source.locator("[data-verification]").filter(has_text=case["number"])
    expect(card.locator("[data-evidence]")).to_have_count(1)
    card.get_by_text("应当补充").click()
    card.get_by_label("信息种类").select_option("LICENCE")
    card.get_by_label("内容", exact=True).fill(_LICENCE)
    card.get_by_label("理由和依据").fill("核发过，报送时遗漏。")
    walk.look(source)
    card.get_by_role("button", name="答复处理机构").click()
    expect(card.get_by_text("核发过，报送时遗漏。")).to_be_visible()
    desk.reload()
    settle(desk)
    expect(desk.get_by_label("处理结果")).to_have_value("ADDED")
    _answer(desk, "经核实，信息在报送时遗漏，已经补上。", "作出答复", "CLOSED")
    page.reload()
    expect(page.locator("[data-answer=ADDED]")).to_contain_text("已经补上")
    expect(visit(phone, "/record").locator("article.record").filter(has_text="健康证明")).to_have_count(1)


def _another_persons(walk: _Walk, desk: Page) -> None:
    """The institution itself sees whose it is."""
    _back(desk)
    open_case(desk, walk.case("citizen-8", "FILED")["number"])
    desk.get_by_label("处理结果").select_option("REASSIGNED")
    whose = story.citizen(story.CITIZENS["citizen-5"][0], city.SEED, city.built_on())
    expect(desk.get_by_label("问题出在")).to_have_value("AGGREGATION")
    desk.get_by_label("证件号码").fill(whose.number)
    desk.get_by_label("姓名或名称").fill(whose.name)
    _answer(desk, "两人同名，归集时号码有误，已经移到正确的主体。", "作出答复", "CLOSED")


def _told_at_the_counter(walk: _Walk, desk: Page) -> None:
    """On paper the applicant has been told once the letter is theirs: that ends the case."""
    page = walk.phone("citizen-2", "/record").page
    page.locator("article.record").get_by_role("link").first.click()
    page.locator("[data-record]").wait_for()
    page.get_by_role("button", name="提出异议").click()
    page.locator("[data-about=RECORD]").wait_for()
    page.get_by_text("请说明情况").click()
    page.get_by_text("其他原因").click()
    page.get_by_label("请把情况写清楚").fill("这条信息是从哪里来的？")
    page.get_by_text("到窗口领取").first.click()
    page.get_by_role("button", name="提出异议").click()
    number = page.locator(".told .number").inner_text()
    _back(desk)
    open_case(desk, number)
    desk.get_by_label("处理结果").select_option("EXPLAINED")
    _answer(desk, "这条信息由颁发单位报送，内容与证书一致。", "作出答复", "DECIDED")
    wait_until(lambda: walk.case("citizen-2", "DECIDED")["letterReady"], seconds=30)
    walk.look(desk)
    with desk.expect_download():
        desk.get_by_role("button", name="下载书面答复（PDF）").click()
    desk.get_by_role("button", name="登记已告知").click()
    desk.locator("[data-case=CLOSED]").wait_for()
    page.reload()
    expect(page.locator("[data-answer=EXPLAINED]")).to_contain_text("与证书一致")


def _withdrawn(walk: _Walk) -> None:
    """From an agency: its own rules, no clock, and taking it back as everywhere."""
    case = walk.case("citizen-5", "FILED")
    agency = walk.desk("creditservice-1")
    _again(agency, case["number"])
    walk.look(agency)
    page = walk.phone("citizen-5", f"/objections/{case['id']}", theme="dark").page
    expect(page.locator("[data-term=running]")).to_be_visible()
    page.get_by_role("button", name="撤回异议").click()
    walk.look(page)
    page.get_by_role("button", name="确认撤回").click()
    page.locator("[data-objection=WITHDRAWN]").wait_for()
    expect(page.get_by_role("button", name="撤回异议")).to_have_count(0)


def test_the_storys_cases_come_to_their_end(told: Running, device: Callable[..., Device], axe: str) -> None:
    walk = _Walk(told, device, axe)
    first, second = walk.desk("handler-1"), walk.desk("handler-2")
    source = walk.desk("provider-1", "/provider/verifications")
    walk.look(first)
    _stops(walk, first)
    walk.look(first)
    _approved_and_sent_back(walk, _given_back_and_confirmed(walk, first, second, source))
    _read(walk)
    _added(walk, second, source)
    _another_persons(walk, second)
    _told_at_the_counter(walk, second)
    _withdrawn(walk)
    assert walk.found == []
