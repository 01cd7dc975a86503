"""The three walks, by hand and eye: my own record; granting and taking back; claiming and redeeming."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Device, Running

# Whether a button of the receipt's lies under a point as soon as the receipt is there.
_UNDER = """([x, y]) => { window.under = []; new MutationObserver(() => {
  if (document.querySelector("[data-screen=receipt]") && !window.under.length)
    window.under.push(!!document.elementFromPoint(x, y)?.closest("[data-screen=receipt] button"));
}).observe(document.body, { childList: true, subtree: true }); }"""


def issue(page: Page) -> None:
    """Lets the bank look at one kind of information."""
    page.get_by_role("button", name="新的授权").click()
    page.get_by_role("button", name="海津示例银行").click()
    page.get_by_role("checkbox", name="贷前调查").click()
    page.get_by_role("checkbox", name="行政管理").click()
    page.get_by_role("button", name="阅读告知书").click()
    consent = page.get_by_role("dialog")
    expect(consent).to_contain_text("您将授权海津示例银行")
    expect(consent.get_by_role("button", name="同意并授权")).to_be_disabled()
    consent.get_by_text("我已阅读并同意").click()
    consent.get_by_role("button", name="同意并授权").click()
    page.wait_for_url("**/grants")


def begin_taking(page: Page) -> Locator:
    """Reads and agrees to the notice of the offer that is open to everyone; the sheet with its last button."""
    page.get_by_role("button", name=re.compile("满百减十（海津示例百货）")).first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="领取").click()
    sheet.get_by_text("我已阅读并同意").click()
    return sheet


def take(page: Page) -> str:
    """Takes that offer; the digits of its code."""
    begin_taking(page).get_by_role("button", name="同意并领取").click()
    page.wait_for_url("**/claims/*")
    return digits(page)


def digits(page: Page) -> str:
    shown = page.locator(".digits")
    expect(shown).to_be_visible()
    return re.sub(r"\D", "", shown.inner_text())


def test_home_costs_one_request_and_the_record_is_mine(device: Callable[..., Device]) -> None:
    phone = device(keeps=True)
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("海河分 780"))).to_be_visible()
    expect(page.get_by_role("heading", name="离您最近的权益")).to_be_visible()
    assert phone.asked == ["Home"]

    phone.go("记录")
    expect(page.get_by_role("heading", name="诚实守信相关荣誉")).to_be_visible()
    groups = page.locator("section h2").all_inner_texts()
    assert groups[0].startswith("诚实守信相关荣誉"), groups
    page.get_by_text("详细内容").first.click()
    expect(page.get_by_text("信息来源").first).to_be_visible()
    assert phone.asked == ["Home", "OwnRecord", "OwnRecordDetail"]


def test_a_grant_is_given_seen_and_taken_back_with_one_touch(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-6", "/grants")
    issue(page)
    expect(page.get_by_text("有效", exact=True)).to_be_visible()
    page.get_by_role("button", name="撤回授权").click()
    expect(page.get_by_role("status").filter(has_text="即刻生效")).to_be_visible()
    expect(page.get_by_text("已撤回", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="撤回授权")).to_have_count(0)


def test_taken_back_in_another_tab_meanwhile(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-7", "/grants")
    issue(page)
    other = phone.context.new_page()
    other.goto("/grants")
    other.get_by_role("button", name="撤回授权").click()
    expect(other.get_by_role("button", name="撤回授权")).to_have_count(0)
    page.get_by_role("button", name="撤回授权").click()
    expect(page.get_by_role("button", name="撤回授权")).to_have_count(0)


def test_an_offer_is_taken_shown_and_redeemed_once(device: Callable[..., Device]) -> None:
    phone, till = device(), device()
    page = phone.sign_in("citizen-2", "/offers")
    code = take(page)
    assert len(code) == 18

    desk = till.sign_in("till-1", "/till")
    desk.get_by_label("顾客动态码").fill(code)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("可以享受")).to_be_visible()
    expect(desk.get_by_text("单笔满100元享九折")).to_be_visible()
    assert "吴" not in desk.inner_text("body")
    # The phone sees what the till does, as it does it: nobody touches it from here on.
    expect(page.get_by_text("商户核对了这个码")).to_be_visible()
    expect(page.locator(".digits")).to_be_visible()
    button = desk.get_by_role("button", name="核销")
    box = button.bounding_box()
    assert box is not None
    desk.evaluate(_UNDER, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    button.dblclick()
    expect(desk.get_by_text("核销成功")).to_be_visible()
    assert desk.evaluate("window.under") == [False]  # however fast the answer was
    number = desk.locator(".number").inner_text()
    assert till.asked.count("ClaimRedeem") == 1

    desk.get_by_role("button", name="下一位").click()
    desk.get_by_label("顾客动态码").fill(code)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("这是第一次的凭证")).to_be_visible()
    assert desk.locator(".number").inner_text() == number

    expect(page.get_by_text("已使用")).to_be_visible()

    # The month is drawn; the page is left, and what was drawn is emptied without a word from the page's policy.
    shop = device().sign_in("partner-1", "/partner")
    expect(shop.locator(".chart svg")).to_be_visible()
    shop.get_by_role("link", name="新建权益").click()
    expect(shop.get_by_label("标题")).to_be_visible()

    desk.get_by_role("button", name="下一位").click()
    desk.get_by_role("button", name="撤销核销").click()
    sheet = desk.get_by_role("dialog")
    sheet.get_by_label("凭证号").fill(number)
    sheet.get_by_role("button", name="查找").click()
    sheet.get_by_label("撤销原因").fill("顾客改变主意")
    sheet.get_by_role("button", name="确认撤销").click()
    expect(sheet.get_by_text("已撤销", exact=True)).to_be_visible()
    assert len(digits(page)) == len(code)  # good again; whether another one is the half minute's matter

    office = device()
    partner = office.sign_in("partner-1", "/partner")
    expect(partner.get_by_text("1 笔已撤销")).to_be_visible()
    expect(partner.get_by_role("img", name="各项权益的核销笔数").locator("svg")).to_be_visible()
    expect(partner.get_by_text(number)).to_be_visible()


def test_a_code_that_is_not_good_is_one_word(device: Callable[..., Device]) -> None:
    desk = device().sign_in("till-1", "/till")
    desk.get_by_label("顾客动态码").fill("1" * 18)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("不能核销", exact=True)).to_be_visible()


def test_the_server_goes_away_in_the_middle_of_redeeming(server: Running, device: Callable[..., Device]) -> None:
    phone, till = device(), device()
    code = take(phone.sign_in("citizen-1", "/offers"))
    desk = till.sign_in("till-1", "/till")
    desk.get_by_label("顾客动态码").fill(code)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("可以享受")).to_be_visible()
    # The redemption is made, and its answer is lost with the server.
    desk.route("**/graphql", lambda route: (route.fetch(), server.stop(), route.abort()))
    desk.get_by_role("button", name="核销").click()
    expect(desk.get_by_text("没有收到结果")).to_be_visible()
    expect(desk.get_by_text("不能核销")).to_have_count(0)
    desk.unroute("**/graphql")
    server.start()
    desk.get_by_role("button", name="再试一次").click()
    expect(desk.get_by_text("核销成功")).to_be_visible()


def test_in_a_basement_the_code_goes_on_turning(device: Callable[..., Device]) -> None:
    phone = device(keeps=True)
    page = phone.sign_in("citizen-8", "/offers")
    page.clock.install()
    first = take(page)
    phone.context.set_offline(True)
    expect(page.get_by_text("当前没有网络")).to_be_visible()
    page.clock.run_for(61_000)
    second = digits(page)
    assert second != first
    page.clock.run_for(61_000)
    assert digits(page) not in (first, second)
    phone.context.set_offline(False)
    expect(page.get_by_text("当前没有网络")).to_have_count(0)
