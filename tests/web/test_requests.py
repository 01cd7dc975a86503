"""A request on the phone: shown a code, asked, seen exactly, made narrower, agreed to, paused and taken back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from core.moments import rfc3339
from tests.web.conftest import Device, Running
from tests.web.requests import ask, look

_MONITORED = "query($r: String!) { recipient { grants(reference: $r) { edges { node { monitoring } } } } }"


def code(page: Page) -> str:
    """The connect code that the phone shows."""
    page.get_by_role("link", name="出示我的授权码").click()
    shown = page.locator(".digits")
    expect(shown).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    return shown.inner_text()


def agree(page: Page, button: str) -> None:
    """After the notice for these very terms."""
    page.get_by_role("button", name=button, exact=True).click()
    consent = page.get_by_role("dialog", name="告知书")
    consent.get_by_text("我已阅读并同意").click()
    consent.get_by_role("button", name="同意并授权").click()


def decide(page: Page, *, monitoring: bool) -> None:
    """Agrees to a request that asks for monitoring too, and to that or not."""
    page.get_by_role("button", name="同意", exact=True).click()
    consent = page.get_by_role("dialog", name="告知书")
    expect(consent.get_by_text("不同意不影响授权的其他部分")).to_be_visible()
    if monitoring:
        consent.get_by_text("我已阅读，同意贷后提示").click()
    consent.get_by_text("我已阅读并同意").click()
    consent.get_by_role("button", name="同意并授权").click()


def test_asked_by_code_seen_exactly_narrowed_and_agreed(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-7", "/grants")
    asked = ask(server, "by-code", subject={"connectCode": code(page)})
    page.get_by_role("link", name="查看收到的请求").click()
    page.get_by_role("button", name="查看并决定").first.click()
    page.wait_for_url(f"**/grants/{asked['id']}")
    expect(page.get_by_role("heading", name="海津示例银行请求查询您的信息")).to_be_visible()
    expect(page.get_by_text("“经营贷款审查”", exact=True)).to_be_visible()
    honours = page.locator("[data-category=HONOUR]")
    expect(honours.locator("article").first).to_be_visible()
    expect(page.locator("[data-empty]")).to_contain_text("司法裁判与执行")
    page.get_by_role("checkbox", name="诚实守信相关荣誉").click()
    expect(honours).to_have_count(0)
    page.get_by_text("7 天", exact=True).click()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    shown = page.locator("[data-category] h3").count() and page.locator("[data-category] article h3").all_inner_texts()
    agree(page, "同意缩小后的范围")
    expect(page.get_by_role("status").filter(has_text="已同意")).to_be_visible()
    seen = look(server, asked["id"])
    assert sorted(one["title"] for one in seen) == sorted(shown or [])
    assert "HONOUR" not in {one["category"] for one in seen}

    page.get_by_role("button", name="暂停授权").click()
    expect(page.locator("[data-status=PAUSED]")).to_be_visible()
    page.get_by_role("button", name="恢复授权").click()
    expect(page.locator("[data-status=ACTIVE]")).to_be_visible()
    page.get_by_role("button", name="撤回授权").click()
    expect(page.locator("[data-status=REVOKED]")).to_be_visible()


def test_being_monitored_is_agreed_to_apart_and_ended_alone(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-2", "/grants")
    for name, ticks in (("unwatched", False), ("watched", True)):
        phone.open("/grants")
        wanted = {"stages": ["PRE_LOAN", "POST_LOAN"], "monitoring": True, "reference": name}
        asked = ask(server, name, **wanted, subject={"connectCode": code(page)})
        phone.open(f"/grants/{asked['id']}")
        expect(page.get_by_text("是否同意由您另行决定")).to_be_visible()
        decide(page, monitoring=ticks)
        expect(page.locator("[data-status=ACTIVE]")).to_be_visible()
        expect(page.get_by_role("button", name="停止贷后提示")).to_have_count(int(ticks))
        monitored = server.ask("bank-1", _MONITORED, r=name)["recipient"]["grants"]["edges"][0]["node"]["monitoring"]
        assert monitored is ticks
        if not ticks:
            page.get_by_role("button", name="撤回授权").click()
            expect(page.locator("[data-status=REVOKED]")).to_be_visible()
    page.get_by_role("button", name="停止贷后提示").click()
    expect(page.get_by_role("status").filter(has_text="不再收到贷后提示")).to_be_visible()
    expect(page.locator("[data-status=ACTIVE]")).to_be_visible()
    assert (
        server.ask("bank-1", _MONITORED, r="watched")["recipient"]["grants"]["edges"][0]["node"]["monitoring"] is False
    )


def test_the_raw_view_is_the_banks_answer_to_the_byte(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-1", "/grants")
    ask(server, "raw", subject={"connectCode": code(page)})
    sent: list[dict[str, str]] = []
    page.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/graphql") else None)
    phone.go("首页")
    page.get_by_role("link", name=re.compile("海津示例银行请求查询您的信息.*查看并决定")).click()
    page.get_by_role("switch", name="显示原文").click()
    raw = page.get_by_role("region", name="显示原文").inner_text()
    agree(page, "同意")
    expect(page.get_by_role("status").filter(has_text="已同意")).to_be_visible()
    preview = next(one for one in sent if one["operationName"] == "GrantPreview")["variables"]
    answer = server.post("bank-1", preview["document"], preview["variables"])
    assert answer == raw


def test_a_request_to_nobody_is_its_scanners(server: Running, device: Callable[..., Device]) -> None:
    asked = ask(server, "scanned", subject=None)
    phone = device()
    page = phone.sign_in("citizen-6", "/grants/scan")
    page.get_by_label("或者粘贴请求链接").fill("https://evil.test/grants/x")
    page.get_by_role("button", name="打开请求").click()
    expect(page.get_by_text("这不是查询请求的二维码或者链接")).to_be_visible()
    page.get_by_label("或者粘贴请求链接").fill(asked["requestUrl"])
    page.get_by_role("button", name="打开请求").click()
    page.wait_for_url(f"**/grants/{asked['id']}")
    page.get_by_role("button", name="不同意", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确认不同意").click()
    expect(page.locator("[data-status=REJECTED]")).to_be_visible()
    other = device().sign_in("citizen-2", f"/grants/{asked['id']}")
    expect(other.get_by_text("没有这项请求")).to_be_visible()


def test_what_changed_meanwhile_is_told(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-2", "/grants")
    asked = ask(server, "changed", subject={"connectCode": code(page)})
    phone.open(f"/grants/{asked['id']}")
    expect(page.get_by_role("button", name="同意", exact=True)).to_be_visible()
    withdraw = "mutation($i: GrantRelinquishInput!) { grantRelinquish(input: $i) { __typename } }"
    server.ask("bank-1", withdraw, i={"grantId": asked["id"], "expectedVersion": 1})
    agree(page, "同意")
    expect(page.get_by_text("您查看期间内容有变化")).to_be_visible()


def test_asked_once_more_only_the_difference(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-4", "/grants")
    first = ask(server, "first", subject={"connectCode": code(page)}, categories=["ADMINISTRATIVE"])
    phone.open(f"/grants/{first['id']}")
    agree(page, "同意")
    expect(page.get_by_role("status").filter(has_text="已同意")).to_be_visible()
    phone.open("/grants")
    until = rfc3339(datetime.now(UTC) + timedelta(days=30))
    more = {"categories": ["ADMINISTRATIVE", "HONOUR"], "validUntil": until}
    second = ask(server, "second", subject={"connectCode": code(page)}, **more)
    phone.open(f"/grants/{second['id']}")
    difference = page.get_by_role("region", name="这次多要了什么")
    expect(difference).to_contain_text("原来：行政管理。这次要：诚实守信相关荣誉。")
    expect(page.get_by_text("“经营贷款审查”", exact=True)).to_be_hidden()
    page.get_by_role("button", name="30 天内不再接收这家单位的请求").click()
    expect(page.get_by_text("的请求不会送到您这里")).to_be_visible()


def test_an_organisation_is_told_whose_mark_is_missing(server: Running, device: Callable[..., Device]) -> None:
    seal, legal = device(), device()
    page = seal.sign_in("company-1-seal", "/grants")
    subject = {"connectCode": code(page)}
    asked = ask(server, "marks", subject=subject, categories=["ADMINISTRATIVE"], includesEvaluation=True)
    seal.open(f"/grants/{asked['id']}")
    foreseen = page.locator("[data-evaluation]").get_attribute("data-evaluation")
    assert foreseen in tuple("ABCD")
    agree(page, "同意")
    expect(page.get_by_text("等待另一方确认")).to_be_visible()
    marks = page.get_by_role("region", name="两枚签章")
    expect(marks.get_by_role("listitem").filter(has_text="法定代表人")).to_contain_text("尚未确认")
    expect(marks.get_by_role("listitem").filter(has_text="公章保管人")).to_contain_text("已确认")
    other = legal.sign_in("company-1-legal", f"/grants/{asked['id']}")
    agree(other, "同意")
    expect(other.locator("[data-status=ACTIVE]")).to_be_visible()
    # The grant includes the evaluation: the bank reads the one that was foreseen.
    bank = device(width=1280).sign_in("bank-1", f"/recipient/grants/{asked['id']}")
    bank.get_by_role("button", name="查询并记录").click()
    expect(bank.locator("[data-evaluation]")).to_have_attribute("data-evaluation", foreseen)
