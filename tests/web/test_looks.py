"""Who looked: the list is verified in the browser, a changed answer is caught, and an unrecognised look is reported."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.harness.postgres import wait_until
from tests.web.conftest import Device, Running
from tests.web.requests import ask, look
from tests.web.test_requests import agree, code

_EVENTS = "{ recipient { events { edges { node { kind } } } } }"


def looked_at(server: Running, phone: Device, persona: str, request_id: str) -> Page:
    """The bank looks at somebody, who opens the list of who looked."""
    page = phone.sign_in(persona, "/grants")
    asked = ask(server, request_id, subject={"connectCode": code(page)})
    phone.open(f"/grants/{asked['id']}")
    agree(page, "同意")
    expect(page.get_by_role("status").filter(has_text="已同意")).to_be_visible()
    look(server, asked["id"])
    return phone.open("/looks")


def verify(page: Page) -> Any:
    """What verifying says, once a line of the list is sealed: the sealer may be a moment behind the look."""
    button = page.get_by_role("button", name="开始核对").or_(page.get_by_role("button", name="再核对一次"))
    verdict = page.locator("[data-verdict]")

    def tells() -> bool:
        button.click()
        return "还没有封存" not in verdict.inner_text()

    wait_until(tells)
    return verdict


def test_the_list_is_verified_here_and_once_more_against_what_was_kept(
    server: Running, device: Callable[..., Device]
) -> None:
    phone = device()
    page = looked_at(server, phone, "citizen-5", "verify")
    first = verify(page)
    expect(first).to_contain_text("条记录完整，没有被改动")
    expect(first).to_contain_text("这台设备第一次核对")
    kept = page.evaluate("JSON.parse(localStorage.getItem('haihe.log'))")
    assert set(kept) == {"keys", "note"}
    assert "citizen" not in json.dumps(kept)
    expect(verify(page)).to_contain_text("只增加，没有改写")

    # Signed out, what is kept says nothing of anybody; the next person's list is compared with it.
    phone.go("我的")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("此设备上没有留下您的信息")).to_be_visible()
    page = phone.sign_in("citizen-9", "/looks")
    expect(verify(page)).to_contain_text("只增加，没有改写")


def _lost(nodes: list[Any]) -> None:
    nodes.pop(1)


def _renamed(nodes: list[Any]) -> None:
    nodes[1]["actor"]["name"] = "别的单位"


def _forged(nodes: list[Any]) -> None:
    receipt = next(node["receipt"] for node in nodes if node["receipt"])
    receipt["data"] = receipt["data"].replace('"records":', '"records":1')


@pytest.mark.parametrize(
    ("change", "said"),
    [(_lost, "缺少您的第"), (_renamed, "显示的内容与日志里封存的不一致"), (_forged, "有一条记录不在公开日志里")],
)
def test_a_changed_answer_is_caught(
    server: Running, device: Callable[..., Device], change: Callable[[list[Any]], None], said: str
) -> None:
    phone = device()
    page = phone.sign_in("citizen-5", "/looks")
    for _ in range(3):  # own looks are lines too
        phone.open("/looks")
        expect(page.get_by_role("button", name="开始核对")).to_be_visible()

    def changed(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        if route.request.post_data_json["operationName"] == "LooksProved":
            edges = body["data"]["me"]["accessHistory"]["edges"]
            edges[:] = [edge for edge in edges if edge["node"]["receipt"]]
            nodes = [edge["node"] for edge in edges]
            change(nodes)
            edges[:] = [edge for edge in edges if edge["node"] in nodes]
        route.fulfill(response=answer, body=json.dumps(body))

    page.route("**/graphql", changed)
    expect(verify(page)).to_contain_text(said)
    assert page.evaluate("localStorage.getItem('haihe.log')") is None


def test_a_log_rewritten_since_last_time_is_caught(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-5", "/looks")
    expect(verify(page)).to_contain_text("没有被改动")
    page.route("**/log/tile/**", lambda route: route.fulfill(body=b"\x01" * 32 * 256))
    phone.open("/looks")
    expect(verify(page)).to_have_attribute("data-verdict", "broken")


def test_a_look_that_one_does_not_recognise(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = looked_at(server, phone, "citizen-8", "unknown")
    page.get_by_role("button", name="不认识这次查询").first.click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("您给出的授权")
    expect(sheet).to_contain_text("信贷员甲")
    sheet.get_by_role("button", name="反映：我不认识这次查询").click()
    expect(sheet.get_by_text("查询单位和公共信用管理机构已经收到")).to_be_visible()
    sheet.get_by_role("button", name="立即撤回这项授权").click()
    expect(sheet.get_by_text("即刻生效")).to_be_visible()
    expect(sheet.get_by_role("button", name="立即撤回这项授权")).to_have_count(0)
    sheet.get_by_role("button", name="30 天内不再接收这家单位的请求").click()
    expect(sheet.get_by_text("的请求不会送到您这里")).to_be_visible()
    sheet.get_by_role("button", name="关闭").click()
    expect(page.get_by_text("已反映，").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("已反映，").first).to_be_visible()
    wait_until(lambda: "LOOK_QUESTIONED" in str(server.ask("bank-1", _EVENTS)))
