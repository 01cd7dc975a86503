"""A share from its request to its end, on the organ's desk and the institution's."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle

_MINE = "{ me { records(first: 20) { edges { node { id version category title } } } } }"
_SAY = """mutation($i: RecordStatementAttachInput!) { recordStatementAttach(input: $i) {
  ... on RecordStatementAttachPayload { record { version } } ... on Refusal { code } } }"""
_TRAIL = """{ me { accessHistory(first: 5) { edges { node { basis summary } } } } }"""
_NARROW = {"width": 390, "theme": "dark"}


def test_a_share_is_asked_for_agreed_to_by_two_read_and_given_back(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    office, first, second = device(**_NARROW), device(width=1280), device(width=1280)
    page = office.sign_in("agency-1", "/agency/shares")
    settle(page)
    expect(page.get_by_text("还没有信息共享")).to_be_visible()
    form = page.locator("[data-ask]")
    form.get_by_label("为什么需要").fill("核验许可申请单位的变更")
    form.get_by_label("依据").fill("海津市示例条例")
    form.get_by_label("条款").fill("第十四条")
    form.get_by_role("checkbox", name="自然人", exact=True).click()
    form.get_by_role("checkbox", name="登记注册").click()
    form.get_by_role("checkbox", name="滨河区").click()
    form.get_by_role("button", name="提交申请").click()
    expect(form.get_by_text("包含自然人的共享只能涉及")).to_be_visible()
    found = problems(page, axe, _NARROW)
    form.get_by_role("checkbox", name="自然人", exact=True).click()
    form.get_by_role("checkbox", name="个体工商户").click()
    form.get_by_role("checkbox", name="法人", exact=True).click()
    form.get_by_role("checkbox", name="行政管理").click()
    form.get_by_text("全市（不含自然人）").click()
    form.get_by_role("button", name="提交申请").click()
    expect(page.locator("[data-share]")).to_contain_text("待同意")

    page_1 = first.sign_in("approver-1", "/handling/shares")
    row = page_1.locator("[data-share]")
    expect(row).to_contain_text("海津市政务服务办公室")
    row.get_by_role("button", name="同意", exact=True).click()
    expect(row).to_contain_text("您已同意，须由另一人复核。")
    expect(row.get_by_role("button", name="复核并开始共享")).to_have_count(0)
    found += problems(page_1, axe, {})
    page_2 = second.sign_in("approver-2", "/handling/shares")
    expect(page_2.get_by_text("复核即保密审查")).to_be_visible()
    page_2.get_by_role("button", name="复核并开始共享").click()
    expect(page_2.locator("[data-share]")).to_contain_text("共享中")

    mine = server.ask("company-1-legal", _MINE)["me"]["records"]["edges"]
    node = next(one["node"] for one in mine if one["node"]["category"] in ("REGISTRATION", "ADMINISTRATIVE"))
    said = {"recordId": node["id"], "expectedVersion": node["version"], "text": "情况属实，已经整改。"}
    assert "code" not in server.ask("company-1-legal", _SAY, i=said)["recordStatementAttach"]
    settle(page)
    page.reload()
    share = page.locator("[data-share]")
    share.get_by_role("button", name="读取变更").click()
    read = share.locator("[data-page]")
    reading = share.get_by_role("button", name=re.compile("^(读取变更|继续读取)$")).last
    expect(reading).to_be_visible()
    for _ in range(20):
        reading.click()
        settle(page)
        if read.get_by_text("情况属实，已经整改。").count():
            break
    expect(read).to_contain_text("情况属实，已经整改。")
    found += problems(page, axe, _NARROW)
    trail = server.ask("company-1-legal", _TRAIL)["me"]["accessHistory"]["edges"]
    assert any(edge["node"]["basis"] == "SHARE" for edge in trail)

    share.get_by_role("button", name="交回共享").click()
    share.get_by_role("button", name="确认交回共享").click()
    expect(share).to_contain_text("已终止")
    expect(share.get_by_role("button", name="读取变更")).to_have_count(0)
    found += problems(page, axe, _NARROW)
    assert found == []
