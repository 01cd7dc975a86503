"""Sessions: silent renewal, expiry, two tabs, two questions before the end, and nothing left behind."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.conftest import Device


def test_a_reload_signs_in_without_a_page(device: Callable[..., Device]) -> None:
    page = device().sign_in("citizen-1")
    page.reload()
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()


def test_a_token_that_ended_is_renewed_and_nothing_is_lost(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    first = True

    def refuse(route: object) -> None:
        nonlocal first
        if first:
            first = False
            body = '{"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}]}'
            route.fulfill(status=401, body=body, content_type="application/graphql-response+json")  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/graphql", refuse)
    phone.go("记录")
    expect(page.get_by_role("heading", name="行政管理")).to_be_visible()


def test_a_session_that_ended_at_the_issuer_ends_here_and_says_so(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    phone.context.clear_cookies()
    body = '{"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}]}'
    kind = "application/graphql-response+json"
    page.route("**/graphql", lambda route: route.fulfill(status=401, body=body, content_type=kind))
    phone.go("记录")
    expect(page.get_by_text("登录已经到期")).to_be_visible()
    assert "林海生" not in page.inner_text("body")


def test_signing_out_in_one_tab_is_signing_out(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-1")
    other = phone.context.new_page()
    other.goto("/record")
    expect(other.get_by_role("heading", name="我的记录")).to_be_visible()
    phone.go("我的")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("此设备上没有留下您的信息")).to_be_visible()
    expect(other.get_by_text("您已在另一个页面退出登录")).to_be_visible()
    assert "林海生" not in other.inner_text("body")
    # The issuer has forgotten too: no page comes back without signing in.
    other.goto("/record")
    expect(other.get_by_role("button", name="登录")).to_be_visible()
    # The router's list of scroll positions is there and empty: nothing names a page that was open.
    kept = other.evaluate(
        """async () => ({ local: Object.keys(localStorage), session: {...sessionStorage},
                          cookies: document.cookie, databases: (await indexedDB.databases()).length })"""
    )
    assert kept == {"local": ["haihe.settings"], "session": {"vue-router:scroll": "{}"}, "cookies": "", "databases": 0}
    assert [cookie["name"] for cookie in phone.context.cookies() if cookie["value"]] == []


def test_nobody_is_signed_out_without_two_questions(device: Callable[..., Device]) -> None:
    page = device(elder=True).sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    page.clock.install()
    page.reload()
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    question = page.get_by_role("alertdialog", name="还在吗？")
    page.clock.run_for("08:05")
    expect(question).to_be_visible()
    question.get_by_role("button", name="我还在").click()
    expect(question).to_be_hidden()
    page.clock.run_for("08:05")
    expect(question).to_be_visible()
    page.clock.run_for("03:00")
    expect(question).to_contain_text("再问一次")
    page.clock.run_for("03:05")
    expect(page.get_by_text("因为一段时间没有操作")).to_be_visible()
    assert "林海生" not in page.inner_text("body")


def test_offline_is_told_and_comes_back_by_itself(device: Callable[..., Device]) -> None:
    phone = device(keeps=True)
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    phone.context.set_offline(True)
    phone.go("记录")
    expect(page.locator('[data-fault="offline"]')).to_be_visible()
    phone.context.set_offline(False)
    expect(page.get_by_role("heading", name="行政管理")).to_be_visible()


def test_acting_for_another_is_always_in_sight(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-3", "/mine")
    page.get_by_role("button", name="切换").first.click()
    page.wait_for_url("**/home")
    banner = page.get_by_role("status").filter(has_text="正在代表：")
    expect(banner).to_be_visible()
    phone.go("记录")
    expect(banner).to_be_visible()
    page.get_by_role("button", name="回到本人").click()
    page.wait_for_url("**/home")
    expect(page.get_by_role("heading", name="您好")).to_be_visible()
    expect(banner).to_have_count(0)
