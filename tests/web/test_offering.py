"""A merchant writes an offer, an approver sees it beside what stands, and a citizen finds it: by page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from core.moments import day_of
from tests.web.conftest import Device
from tests.web.test_access import problems, settle


def test_an_offer_is_written_returned_changed_and_approved(device: Callable[..., Device], axe: str) -> None:
    shop, office = device(width=320, theme="dark"), device(width=1280)
    page = shop.sign_in("partner-1", "/partner")
    page.get_by_role("link", name="新建权益").click()
    page.get_by_label("标题").fill("会员满百减十五")
    page.get_by_label("减免比例（%）").fill("15")
    page.get_by_label("最高金额（元）").fill("50")
    page.get_by_label("优惠预算（元）").fill("1000")
    page.get_by_label("同一订单").select_option(label="不与其他权益同时使用")
    page.get_by_label("权益说明").fill("单笔满100元享八五折")
    page.get_by_label("条件").select_option(label="海河分“良好”及以上")
    page.get_by_label("使用规则").fill("不与其他优惠同时使用。")
    page.get_by_label("结束日期（含当日）").fill(f"{day_of(datetime.now(UTC) + timedelta(days=20)):%Y-%m-%d}")
    page.get_by_label("库存").fill("20")
    page.get_by_role("group", name="适用门店").get_by_role("checkbox").first.click()
    settle(page)
    assert problems(page, axe, {}) == []
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "IN_REVIEW")

    desk = office.sign_in("approver-1", "/handling/offers")
    desk.get_by_role("link", name="打开 会员满百减十五").click()
    expect(desk.get_by_text("4 个：良好、优良、优秀、卓越")).to_be_visible()
    for said in ("¥1000.00", "不与其他权益同时使用"):
        expect(desk.get_by_role("cell", name=said, exact=True)).to_be_visible()
    settle(desk)
    assert problems(desk, axe, {}) == []
    desk.get_by_label("理由").fill("请写明每人可领几份。")
    desk.get_by_role("button", name="退回").click()
    expect(desk.get_by_text("没有等待审批的权益")).to_be_visible()

    page.reload()
    expect(page.get_by_text("请写明每人可领几份。")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    page.get_by_label("每人限领").fill("2")
    page.get_by_role("button", name="保存为新的版本").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "IN_REVIEW")
    desk.reload()
    desk.get_by_role("link", name="打开 会员满百减十五").click()
    desk.get_by_role("button", name="通过").click()
    expect(desk.get_by_text("没有等待审批的权益")).to_be_visible()

    # How many are taken is said to approvers alone. What stands stands, and the approver sees what would be another.
    page.reload()
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "LIVE")
    expect(page.locator("[data-stock]")).to_have_text("库存 20，余量：充足")
    expect(page.locator("[data-budget]")).to_have_count(0)
    page.get_by_role("button", name="修改").click()
    page.get_by_label("库存").fill("30")
    page.get_by_role("button", name="保存为新的版本").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("[data-review]")).to_have_attribute("data-review", "IN_REVIEW")
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "LIVE")
    desk.reload()
    desk.get_by_role("link", name="打开 会员满百减十五").click()
    expect(desk.locator("[data-differs]")).to_have_count(1)
    expect(desk.locator("[data-differs]")).to_have_attribute("data-differs", "stock")
    expect(desk.locator("[data-stock]")).to_have_text("库存 20，已领取 0，剩余 20")
    expect(desk.locator("[data-budget]")).to_contain_text("可用 ¥1000.00")
    settle(desk)
    assert problems(desk, axe, {}) == []
    page.get_by_role("button", name="暂停").click()
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "PAUSED")
