"""The front page, for whoever has signed in nowhere; the first steps from it; and a line that is slow or breaks."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.web.conftest import Device, Running, operation
from tests.web.test_access import visit
from tests.web.test_walks import begin_taking

_COMPANY = "海津示例餐饮管理有限公司"


def test_a_company_is_found_by_its_name_without_signing_in(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.open("/")
    search = page.get_by_role("search")
    search.get_by_role("searchbox").fill(_COMPANY)
    search.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name=_COMPANY)).to_be_visible()
    code = re.search(r"[0-9A-Z]{18}", page.get_by_text("截至").inner_text())
    assert code is not None

    search.get_by_role("searchbox").fill("没有登记的公司")
    search.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有查到")).to_be_visible()
    expect(page.get_by_role("heading", name=_COMPANY)).to_have_count(0)

    search.get_by_role("searchbox").fill(code.group().lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=_COMPANY)).to_be_visible()
    expect(page.get_by_text("归集时间").first).to_be_visible()
    assert phone.asked == ["Published"] * 3

    # Somebody's own number is never sent, and a mistyped code is told.
    search.get_by_role("searchbox").fill("110105 199003070015")
    page.keyboard.press("Enter")
    expect(page.locator("[data-absent=personal]")).to_be_visible()
    expect(page.get_by_role("heading", name=_COMPANY)).to_have_count(0)
    assert phone.asked == ["Published"] * 3
    search.get_by_role("searchbox").fill(code.group()[:16] + code.group()[17] + code.group()[16])
    page.keyboard.press("Enter")
    expect(page.locator("[data-absent=mistyped]")).to_be_visible()


def test_a_company_that_had_another_name_says_so(device: Callable[..., Device]) -> None:
    page = device().open("/")

    def renamed(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('"formerNames":[]', '"formerNames":["海津旧名有限公司"]')
        route.fulfill(response=answer, body=body)

    page.route("**/graphql", renamed)
    page.get_by_role("search").get_by_role("searchbox").fill(_COMPANY)
    page.keyboard.press("Enter")
    expect(page.get_by_text("曾用名：海津旧名有限公司")).to_be_visible()


def test_the_counters_and_how_data_are_treated_need_no_sign_in(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.open("/")
    counters = page.get_by_role("region", name="服务窗口")
    expect(counters.get_by_role("listitem")).not_to_have_count(0)
    expect(counters.get_by_role("listitem").first).to_contain_text(re.compile(r"\d{3}-\d+"))
    page.get_by_role("link", name="隐私").click()
    expect(page.get_by_text("海河分自愿开通")).to_be_visible()
    assert phone.asked == []


def test_the_record_is_seen_before_any_score(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-3")
    expect(page.get_by_text("不开通不影响查询本人记录")).to_be_visible()
    phone.go("记录")
    expect(page.get_by_role("heading", name="我的记录")).to_be_visible()
    expect(page.locator("section h2")).not_to_have_count(0)


def test_what_has_ended_is_shown_when_asked_for(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-5", "/record")
    expect(page.get_by_role("heading", name="我的记录")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    entries = page.get_by_text("详细内容")
    shown = entries.count()
    page.get_by_role("switch").click()
    expect(entries).to_have_count(shown + 1)
    repaired = page.locator("article", has=page.get_by_text("已修复")).get_by_role("link")
    path = str(repaired.get_attribute("href"))
    page.get_by_role("switch").click()
    expect(entries).to_have_count(shown)

    visit(phone, path)
    expect(page.get_by_role("heading", name="怎样修复")).to_be_visible()
    expect(page.locator("[data-term=query]")).to_contain_text("已停止")
    expect(page.get_by_text("第 2 版")).to_be_visible()
    visit(phone, "/record/nobody-s")
    expect(page.get_by_text("没有这条记录")).to_be_visible()


def test_opening_the_score_says_first_what_it_means(device: Callable[..., Device]) -> None:
    page = device().sign_in("citizen-8")
    expect(page.get_by_text("开通由您决定")).to_be_visible()
    page.get_by_role("button", name="开通海河分").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="同意并开通")).to_be_disabled()
    sheet.get_by_text("我已阅读并同意").click()
    sheet.get_by_role("button", name="同意并开通").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_text("开通由您决定")).to_have_count(0)


def test_a_slow_line_is_told_while_it_is_slow(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    held: list[Route] = []
    page.route("**/graphql", lambda route: held.append(route))
    phone.go("记录")
    expect(page.get_by_text("网络较慢")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name="诚实守信相关荣誉")).to_be_visible()
    expect(page.get_by_text("网络较慢")).to_have_count(0)


def test_an_offer_whose_answer_was_lost_is_taken_once(server: Running, device: Callable[..., Device]) -> None:
    page = device().sign_in("citizen-6", "/offers")
    sheet = begin_taking(page)

    def lose(route: Route) -> None:
        if operation(route.request) == "ClaimCreate":
            route.fetch()
            server.stop()
            route.abort()
        else:
            route.continue_()

    page.route("**/graphql", lose)
    sheet.get_by_role("button", name="同意并领取").click()
    expect(sheet.locator('[data-fault="offline"]')).to_be_visible()
    page.unroute("**/graphql")
    server.start()
    sheet.get_by_role("button", name="再试一次").click()
    page.wait_for_url("**/claims/*")
    page.goto("/offers")
    expect(page.locator(".taken")).to_have_count(1)
