"""The counter, for whom others authorised: every paper of the list, until its print; and the letter handed out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.moments import day_of
from grants import papers
from grants.papers import CounterKind, Needed, PaperForm
from tests.harness import organs
from tests.harness.postgres import wait_until
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle
from tests.web.test_contest import open_case, photo
from tests.web.test_counter import documented

_COMPANY = '{ published(query: {name: "海津示例餐饮管理有限公司"}) { name uscc } }'
_HAND_IN = """mutation($i: ObjectionReceiveInput!) { objectionReceive(input: $i) {
  ... on ObjectionReceivePayload { receipt { number } } ... on Refusal { code message } } }"""


def _who(where: Locator, given: dict[str, str]) -> None:
    where.get_by_label("证件号码").fill(given["number"])
    where.get_by_label("姓名或名称").fill(given["name"])


def _subject(server: Running, kind: CounterKind) -> dict[str, str]:
    if kind is not CounterKind.ORGANISATION:
        return organs.identity("citizen-6")
    found = server.ask("citizen-6", _COMPANY)["published"]
    return {"type": "USCC", "number": found["uscc"], "name": found["name"]}


def _lay(page: Page, needed: Needed) -> None:
    """One paper: the form that it is asked for in, all that is to be seen on it, and its scan."""
    line = page.locator(f"[data-paper={needed.paper.value}]")
    form = PaperForm.ORIGINAL if PaperForm.ORIGINAL in needed.forms else PaperForm.COPY
    line.get_by_label("所带形式").select_option(form.value)
    boxes = line.get_by_role("checkbox")
    expect(boxes).to_have_count(len(needed.checks))
    for box in boxes.all():
        box.click()
    if needed.scan:
        line.get_by_role("button", name="已核验").click()
        expect(line).to_contain_text(f"{needed.words}：尚未扫描留存")
        line.get_by_label(f"扫描件：{needed.words}").set_input_files([photo("授权证明.png")])
        expect(line.locator("[data-state=sent]")).to_have_count(1)
    line.get_by_role("button", name="已核验").click()
    expect(line).to_have_attribute("data-there", "true")


@pytest.mark.parametrize("kind", [CounterKind.OTHER_PERSON, CounterKind.ORGANISATION])
def test_on_somebodys_authorisation_paper_by_paper_until_its_print(
    server: Running, device: Callable[..., Device], axe: str, kind: CounterKind
) -> None:
    page = device(width=1280).sign_in("clerk-1", "/counter")
    page.get_by_label("查询类型").select_option(kind.value)
    page.get_by_label("窗口", exact=True).fill("3号窗口")
    subject = page.get_by_role("group", name="被查询对象")
    expect(subject.get_by_label("证件类型")).to_have_value(
        "USCC" if kind is CounterKind.ORGANISATION else "RESIDENT_ID"
    )
    _who(subject, _subject(server, kind))
    _who(page.get_by_role("group", name="查询人（到场的人）"), organs.identity("citizen-7"))
    page.get_by_text("没有利害关系").click()
    begin = page.get_by_role("button", name="开始办理")
    expect(begin).to_be_disabled()  # what the authorisation says is wanting
    page.get_by_role("checkbox", name="行政管理").click()
    page.get_by_label("授权证明有效期至").fill((day_of(datetime.now(UTC)) + timedelta(days=9)).isoformat())
    settle(page)
    found = problems(page, axe, {})
    begin.click()
    page.locator(".counter-case[data-state=OPEN]").wait_for()
    report = page.get_by_role("button", name="信用报告")
    for needed in papers.listed(kind):
        expect(report).to_be_disabled()
        _lay(page, needed)
    page.locator(".counter-case[data-state=READY]").wait_for()
    # Who looked at somebody is read by nobody else.
    expect(page.get_by_role("button", name="谁看过我")).to_have_count(0)
    report.click()
    line = page.locator("[data-print=REPORT]")
    line.get_by_role("button", name="已打印").click()
    expect(line.get_by_role("button", name="已打印")).to_have_count(0)
    settle(page)
    found += problems(page, axe, {})
    page.get_by_role("button", name="结束办理").click()
    page.locator(".counter-case[data-state=ENDED]").wait_for()
    assert found == []


def _handed_in(server: Running) -> str:
    """An objection that the counter took in, to be answered there; its number."""
    persona, on_paper = documented(server)
    said = {"capacity": "SELF", "target": "RECORD", "ground": "ERROR", "request": "CORRECT", "delivery": "COUNTER"}
    about = {"subject": organs.identity(persona), "documentNumber": on_paper, "text": "金额写错了。"}
    made = server.ask("clerk-1", _HAND_IN, i={**said, **about, "idempotencyKey": "letter"})["objectionReceive"]
    return str(made["receipt"]["number"])


def _answered(desk: Page, number: str) -> None:
    """The handler deletes what is wrong, having read the letter."""
    open_case(desk, number)
    desk.get_by_label("处理结果").select_option("DELETED")
    desk.get_by_label("理由", exact=True).fill("经核对原始文书，确有错误。")
    desk.get_by_role("button", name="预览答复书").click()
    desk.locator("[data-letter]").wait_for()
    desk.get_by_role("button", name="作出答复").click()
    desk.locator("[data-case=DECIDED]").wait_for()  # until it is handed over


def test_a_letter_is_handed_out_by_its_number_and_no_other_is_there(
    server: Running, device: Callable[..., Device], axe: str, tmp_path: Path
) -> None:
    number = _handed_in(server)
    page = device(width=1280).sign_in("clerk-1", "/counter/letters")
    give = page.get_by_role("button", name="打印告知书")
    expect(give).to_be_disabled()
    settle(page)
    found = problems(page, axe, {})
    said = []
    for typed in ("YY00000000000000", number):  # none of the kind; and one without an answer yet
        page.get_by_label("受理编号").fill(typed)
        give.click()
        settle(page)
        said.append(page.get_by_role("alert").inner_text())
        expect(page.get_by_label("受理编号")).to_have_value(typed)
        found += problems(page, axe, {})
    assert said == ["没有可以提供的信息。", "告知书正在生成，请稍候再试。"]
    _answered(device(width=1280).sign_in("handler-1", "/handling/cases"), number)

    letters: list[str] = []
    page.on("request", lambda sent: letters.append(sent.url) if "/letters/" in sent.url else None)

    def is_given() -> bool:
        """It is set in a moment, and until then said not to be."""
        give.click()
        settle(page)
        return bool(letters)

    with page.expect_download(timeout=90_000) as saved:
        wait_until(is_given, seconds=60)  # a slow machine sets it late
    saved.value.save_as(tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-")
    assert found == []
