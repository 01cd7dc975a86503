"""The recipient's desk: asking, showing a QR, reading by stage under one attempt, the receipt, handing back."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.demo import story
from core.moments import day_of
from tests.harness import city
from tests.harness.city import Templates
from tests.harness.scale import FULL
from tests.harness.stranger import stranger
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle
from tests.web.test_attacks import poison

_GRANT = """query($i: ID!) { me { grant(id: $i) { version recipient { id } purpose categories retentionDays } } }"""
_NOTICE = "query($q: ConsentNoticeQueryInput!) { consentNotice(query: $q) { hash } }"
_APPROVE = """mutation($i: GrantApproveInput!) { grantApprove(input: $i) {
  ... on GrantApprovePayload { grant { status } } ... on Refusal { code } } }"""
_TRAIL = "{ me { accessHistory(first: 5) { edges { node { summary channel stage actor { operator } } } } } }"
_NARROW: tuple[dict[str, Any], ...] = ({"width": 320, "theme": "dark"},)
DESK_MODES = (*_NARROW, {"width": 320}, {"width": 1280}, {"width": 1280, "theme": "dark"}) if FULL else _NARROW


class Citizen:
    """A persona's own calls, with the token that their phone holds."""

    def __init__(self, phone: Device, persona: str) -> None:
        self._phone = phone
        with phone.page.expect_request("**/graphql") as sent:
            phone.sign_in(persona)
        self._token = sent.value.headers["authorization"]

    def ask(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        answer = self._phone.context.request.post(
            f"{self._phone.base}/graphql",
            data={"query": document, "variables": variables or {}},
            headers={"Authorization": self._token},
        )
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]

    def approve(self, grant_id: str) -> None:
        """Reads the request and its notice, and agrees."""
        seen = self.ask(_GRANT, {"i": grant_id})["me"]["grant"]
        about = {name: seen[name] for name in ("purpose", "categories", "retentionDays")}
        query = {"kind": "GRANT", "recipientId": seen["recipient"]["id"], **about}
        notice = self.ask(_NOTICE, {"q": query})["consentNotice"]["hash"]
        given = {"grantId": grant_id, "expectedVersion": seen["version"], "noticeHash": notice}
        assert self.ask(_APPROVE, {"i": given})["grantApprove"] == {"grant": {"status": "ACTIVE"}}


def number_of(persona: str) -> tuple[str, str]:
    """A persona's number and name, as they would write them down."""
    index, _ = story.CITIZENS[persona]
    someone = story.citizen(index, city.SEED, city.built_on())
    return someone.number, someone.name


def request(page: Page, way: str, *, reference: str, uses: str = "") -> None:
    """Fills in a bank's request, up to what it is about."""
    page.get_by_text(way, exact=True).click()
    page.get_by_role("checkbox", name="贷前调查").click()
    page.get_by_role("checkbox", name="贷后管理").click()
    page.get_by_role("button", name="全选", exact=True).click()
    page.get_by_label("总次数").fill(uses)
    page.get_by_label("业务编号").fill(reference)
    page.get_by_label("申请理由").fill("经营贷款三十万元申请审查")


def submit(page: Page) -> str:
    """Sends it; the id of what was made."""
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/recipient/grants/*")
    return page.url.rsplit("/", 1)[1]


def asked(page: Page, *, reference: str, uses: str = "") -> str:
    """A request that waits for whoever scans it."""
    request(page, "由对方扫码", reference=reference, uses=uses)
    return submit(page)


def left(page: Page) -> str:
    return page.locator("dd").filter(has_text="次").first.inner_text()


def test_a_bank_asks_reads_twice_under_one_attempt_keeps_the_receipt_and_hands_back(
    server: Running, device: Callable[..., Device], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-6")
    office.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = office.sign_in("bank-1", "/recipient/new")
    expect(page.get_by_role("status").filter(has_text="正在代表：海津示例银行")).to_be_visible()
    expect(page.get_by_role("button", name="回到本人")).to_have_count(0)
    grant_id = asked(page, reference="DK-2026-0731", uses="2")
    expect(page.get_by_role("img", name="授权申请二维码")).to_be_visible()
    expect(page.get_by_text(f"haihe://grant-request/{grant_id}")).to_be_visible()
    expect(page.get_by_text("等待对方决定", exact=True)).to_be_visible()
    page.emulate_media(media="print")  # on paper stand the request and its code alone
    expect(page.get_by_role("img", name="授权申请二维码")).to_be_visible()
    expect(page.get_by_text("海津示例银行 申请查询您的公共信用信息")).to_be_visible()
    for name in ("退出登录", "撤回申请", "打印"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.emulate_media(media="screen")
    expect(page.get_by_role("button", name="查询并记录")).to_have_count(0)

    phone.approve(grant_id)
    expect(page.get_by_text("对方已授权，可以查询。")).to_be_visible()  # by itself
    expect(page.get_by_role("img", name="授权申请二维码")).to_have_count(0)
    expect(page.get_by_label("查询人")).to_have_value("经办人")
    page.get_by_text("贷前调查", exact=True).last.click()
    page.get_by_role("button", name="查询并记录").dblclick()
    expect(page.locator("[data-seen]")).to_contain_text("宋雅宁")
    assert office.asked.count("Look") == 1
    assert left(page) == "还可查询 1 次"

    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_text("这是同一次查询，没有再计次数。")).to_be_visible()
    page.reload()
    page.get_by_text("贷前调查", exact=True).last.click()
    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_text("这是同一次查询，没有再计次数。")).to_be_visible()
    assert left(page) == "还可查询 1 次"

    expect(page.locator("[data-position]")).to_have_text(re.compile(r"^\d+$"))
    look_id = page.locator("code.number").inner_text()
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == look_id
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存凭证文件").click()
    assert saved.value.suggested_filename == f"haihe-{look_id}.json"
    saved.value.save_as(tmp_path / "receipt.json")
    (tmp_path / "keys").write_text(office.context.request.get(f"{server.url}/log/keys").text(), "utf-8")
    stranger().main(str(tmp_path / "keys"), str(tmp_path / "receipt.json"))
    assert "1" in capsys.readouterr().out

    trail = [edge["node"] for edge in phone.ask(_TRAIL)["me"]["accessHistory"]["edges"]]
    looks = [(one["channel"], one["stage"], one["actor"]["operator"]) for one in trail if one["stage"]]
    assert looks == [("WEB", "PRE_LOAN", "经办人")] * 3  # beside those of others' tests

    page.get_by_role("button", name="交还授权").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("原因").fill("贷款已结清")
    sheet.get_by_role("button", name="确认交还").click()
    expect(page.get_by_text("本单位交还了授权。")).to_be_visible()
    expect(page.get_by_role("button", name="查询并记录")).to_have_count(0)
    page.get_by_role("link", name="动态").click()
    # The feed is of numbered events: what happened this moment stands in it a moment later.
    for _ in range(20):
        page.get_by_role("listitem").first.wait_for()
        if page.get_by_text("授权已交还").count():
            break
        page.reload()
    expect(page.get_by_text("授权已交还").first).to_be_visible()
    page.get_by_role("link", name="申请与授权").click()
    page.get_by_text("已结束", exact=True).click()
    page.get_by_label("业务编号").fill("DK-2026-0731")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("listitem")).to_contain_text("已终止")


def test_where_proofs_are_required_the_desk_makes_them_and_its_token_alone_opens_nothing(
    templates: Templates, device: Callable[..., Device]
) -> None:
    strict = Running(templates, HAIHE_REQUIRE_PROOFS="true")
    try:
        office, phone = device(base=strict.url, width=1280), Citizen(device(base=strict.url), "citizen-6")
        sent: list[Any] = []
        office.context.on("request", lambda one: sent.append(one) if "authorization" in one.headers else None)
        page = office.sign_in("bank-1", "/recipient/new")
        grant_id = asked(page, reference="DK-9", uses="1")
        phone.approve(grant_id)
        page.get_by_text("对方已授权，可以查询。").wait_for()
        page.get_by_role("button", name="查询并记录").click()
        expect(page.locator("[data-seen]")).to_contain_text("宋雅宁")
        schemes = {one.headers["authorization"].partition(" ")[0] for one in sent}
        proofs = [one.headers["dpop"] for one in sent]
        assert (schemes, len(set(proofs))) == ({"DPoP"}, len(sent))
        # What a thief of the page's last request has: the token, and a proof that was spent with it.
        stolen = {"Authorization": sent[-1].headers["authorization"], "Content-Type": "application/json"}
        for more, code in (({}, "PROOF_INVALID"), ({"DPoP": proofs[-1]}, "PROOF_SPENT")):
            answer = httpx.post(f"{strict.url}/graphql", content=sent[-1].post_data, headers={**stolen, **more})
            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, code)
        bearer = {**stolen, "Authorization": stolen["Authorization"].replace("DPoP", "Bearer")}
        assert httpx.post(f"{strict.url}/graphql", content=sent[-1].post_data, headers=bearer).status_code == 401
    finally:
        strict.stop()


def test_a_lost_answer_spends_no_second_use_and_an_ended_grant_says_so(device: Callable[..., Device]) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-7")
    page = office.sign_in("bank-1", "/recipient/new")
    grant_id = asked(page, reference="DK-2", uses="2")
    phone.approve(grant_id)
    expect(page.get_by_text("对方已授权，可以查询。")).to_be_visible()
    page.route(
        "**/graphql", lambda route: (route.fetch(), route.abort()) if "Look" in _name(route) else route.continue_()
    )
    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_text("同一次查询不会再计次数")).to_be_visible()
    page.unroute("**/graphql")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator("[data-seen]")).to_contain_text("梁志强")
    expect(page.get_by_role("heading", name="诚实守信相关荣誉")).to_be_visible()
    assert left(page) == "还可查询 1 次"

    phone.ask("mutation($i: ID!) { grantRevoke(input: {grantId: $i}) { __typename } }", {"i": grant_id})
    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_text("对方撤回了授权")).to_be_visible()
    expect(page.locator("[data-seen]")).to_have_count(0)
    assert "梁志强" not in page.inner_text("main")


def test_the_last_use_can_be_read_again_while_it_is_the_same_look(device: Callable[..., Device]) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-2")
    page = office.sign_in("bank-1", "/recipient/new")
    phone.approve(asked(page, reference="DK-7", uses="1"))
    page.get_by_role("button", name="查询并记录").click()
    expect(page.get_by_text("约定的查询次数已经用完。")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="查询并记录").click()
    expect(page.locator("[data-seen]")).to_contain_text("吴秀兰")
    expect(page.get_by_text("这是同一次查询，没有再计次数。")).to_be_visible()
    expect(page.get_by_role("radio", name="贷后管理")).to_have_count(0)


def _name(route: Any) -> str:
    return str(json.loads(route.request.post_data or "{}").get("operationName"))


def test_what_is_wrong_stands_at_its_input_and_nobodys_number_reads_like_anybodys(
    device: Callable[..., Device],
) -> None:
    office = device(width=1280)
    page = office.sign_in("bank-1", "/recipient/new")
    number, name = number_of("citizen-9")
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    request(page, "输入证件号码", reference=f"编号{number}")
    page.get_by_role("textbox", name="证件号码").fill(wrong)
    page.get_by_label("姓名或名称").fill(name)
    page.get_by_label("有效期至").fill("2039-01-01")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("textbox", name="证件号码")).to_have_accessible_description(re.compile("校验位有误"))
    page.get_by_role("textbox", name="证件号码").fill(number)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_label("有效期至")).to_have_accessible_description(re.compile("最长1095 天"))
    expect(page.get_by_label("业务编号")).to_have_accessible_description(re.compile("不得填写证件号码"))
    page.get_by_label("有效期至").fill((day_of(datetime.now(UTC)) + timedelta(days=365)).isoformat())
    page.get_by_label("业务编号").fill("DK-3")
    page.get_by_role("button", name="提交申请").dblclick()
    page.wait_for_url("**/recipient/grants/*")
    expect(page.get_by_role("button", name="撤回申请")).to_be_visible()
    known = re.sub(r"\d+年.*", "", page.inner_text("main"))
    page.get_by_role("link", name="新的申请").click()
    request(page, "输入证件号码", reference="DK-3")
    page.get_by_role("textbox", name="证件号码").fill(number)
    page.get_by_label("姓名或名称").fill("查无此人")
    page.get_by_label("有效期至").fill((day_of(datetime.now(UTC)) + timedelta(days=365)).isoformat())
    submit(page)
    expect(page.get_by_role("button", name="撤回申请")).to_be_visible()
    assert re.sub(r"\d+年.*", "", page.inner_text("main")) == known
    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_text("本单位撤回了申请。")).to_be_visible()


def test_an_employers_ceiling_is_told_in_words(device: Callable[..., Device]) -> None:
    page = device(width=1280).sign_in("employer-1", "/recipient/new")
    page.get_by_text("由对方扫码", exact=True).click()
    page.get_by_role("checkbox", name="司法裁判与执行").click()
    page.get_by_label("申请理由").fill("录用审查")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("group", name="信息类别")).to_have_accessible_description(
        "该用途不能包括此项：诚实守信相关荣誉、职称与职业、严重失信主体名单。"
    )


def test_an_officer_who_opens_a_citizens_page_is_shown_the_way_to_the_desk(device: Callable[..., Device]) -> None:
    page = device(width=1280).sign_in("bank-1")
    page.get_by_role("link", name="前往您的工作台").click()
    page.wait_for_url("**/recipient")
    expect(page.get_by_role("heading", name="授权查询")).to_be_visible()


def test_nothing_of_the_desk_stays_after_signing_out(device: Callable[..., Device]) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-5")
    page = office.sign_in("bank-1", "/recipient/new")
    phone.approve(asked(page, reference="DK-4"))
    expect(page.get_by_text("对方已授权，可以查询。")).to_be_visible()
    page.get_by_role("button", name="查询并记录").click()
    expect(page.locator("[data-seen]")).to_contain_text("何振东")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("此设备上没有留下您的信息")).to_be_visible()
    assert "何振东" not in page.content()
    kept = page.evaluate(
        """async () => ({ local: Object.keys(localStorage), session: {...sessionStorage},
                          databases: (await indexedDB.databases()).length })"""
    )
    assert kept == {"local": ["haihe.settings"], "session": {"vue-router:scroll": "{}"}, "databases": 0}


@pytest.mark.parametrize("mode", DESK_MODES, ids=str)
def test_every_page_of_the_recipients_desk(device: Callable[..., Device], axe: str, mode: dict[str, Any]) -> None:
    office, phone = device(**mode), Citizen(device(), "citizen-4")
    page = office.sign_in("bank-1", "/recipient/new")
    settle(page)
    found = problems(page, axe, mode)
    grant_id = asked(page, reference="DK-5", uses="3")
    page.get_by_role("img", name="授权申请二维码").wait_for()
    found += problems(page, axe, mode)
    phone.approve(grant_id)
    page.get_by_text("对方已授权，可以查询。").wait_for()
    page.get_by_role("button", name="查询并记录").click()
    page.locator("[data-position]").wait_for()
    expect(page.get_by_text("异议处理中").first).to_be_visible()
    found += problems(page, axe, mode)
    page.get_by_role("button", name="交还授权").click()
    page.get_by_role("dialog").wait_for()
    found += problems(page, axe, mode)
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    for name in ("动态", "申请与授权"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("listitem").first.wait_for()
        found += problems(page, axe, mode)
    assert found == []


def test_english_fits_the_smallest_screen(device: Callable[..., Device], axe: str) -> None:
    office = device(width=320, language="en")
    page = office.sign_in("bank-1", "/recipient/new")
    settle(page)
    found = problems(page, axe, {})
    page.get_by_role("link", name="Requests and authorisations").click()
    settle(page)
    found += problems(page, axe, {})
    assert found == []


def test_no_text_of_others_is_markup(device: Callable[..., Device]) -> None:
    office, phone = device(width=1280), Citizen(device(), "citizen-9")
    page = office.sign_in("bank-1", "/recipient/new")
    phone.approve(asked(page, reference="DK-6"))
    page.get_by_text("对方已授权，可以查询。").wait_for()
    page.route("**/graphql", poison)
    for path in ("/recipient", page.url.removeprefix(office.base)):
        office.open(path)
        settle(page)
        if path != "/recipient":
            page.get_by_role("button", name="查询并记录").click()
            page.locator("[data-position]").wait_for()
        expect(page.get_by_text("<script>window.hit=1</script>").first).to_be_attached()
        found = page.evaluate(
            "[window.hit, document.querySelectorAll('#app img, #app script, a[href^=javascript]').length]"
        )
        assert found == [None, 0], path
