"""Contesting by page: a photo, a number, a clock on the phone; forwarded, corrected, answered, and the letter read."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_attacks import poison

_ELDER: dict[str, Any] = {"elder": True, "theme": "dark", "width": 320}
# A pixel is a photo to whoever looks at the first bytes.
_PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557"
    "bfabd40000000049454e44ae426082"
)
_PROVIDER = "海津市市场监督管理委员会"
_SENT = "{ me { records(first: 50) { edges { node { title source { name } objections { filedAt } } } } } }"
_ATTACK = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"


def photo(name: str, content: bytes = _PHOTO, kind: str = "image/png") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def _whose(server: Running) -> tuple[str, str]:
    """Somebody with an uncontested record that the provider's persona sent, and the record's title."""
    for persona in (*(f"citizen-{n}" for n in range(1, 10)), "shop-1", "company-1-legal"):
        for edge in server.ask(persona, _SENT)["me"]["records"]["edges"]:
            if edge["node"]["source"]["name"] == _PROVIDER and not edge["node"]["objections"]:
                return persona, edge["node"]["title"]
    raise AssertionError("nobody in the city has such a record")


def _record(page: Page, title: str) -> None:
    page.locator("article.record").filter(has_text=title).get_by_role("link").first.click()
    page.locator("[data-record]").wait_for()


def _begin(page: Page, title: str) -> None:
    """From a record to the form about it."""
    _record(page, title)
    page.get_by_role("button", name="提出异议").click()
    page.locator("[data-about=RECORD]").wait_for()


def _file(page: Page, text: str) -> str:
    """Says what is wrong, and files it; the number."""
    page.get_by_text("内容不对，请更正").click()
    page.get_by_text("信息有错误").click()
    page.get_by_label("请把情况写清楚").fill(text)
    page.get_by_role("button", name="提出异议").click()
    number = page.locator(".told .number")
    number.wait_for()
    return number.inner_text()


def open_case(page: Page, number: str) -> None:
    """A handler takes a case, with the statement that has to be made."""
    page.locator(f'[data-case="{number}"]').get_by_role("button", name=re.compile("^办理")).click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="开始办理")).to_be_disabled()
    sheet.get_by_role("checkbox").click()
    sheet.get_by_role("button", name="开始办理").click()
    page.wait_for_url("**/handling/cases/*")
    settle(page)


def _forward(page: Page) -> None:
    page.locator("summary").filter(has_text="转提供单位核实").click()
    page.get_by_label("请提供单位核实什么").fill("内容是否有误？请附依据。")
    page.locator("form").get_by_role("button", name="转提供单位核实").click()
    page.locator("[data-case=FORWARDED]").wait_for()
    settle(page)


def _correct(page: Page, number: str) -> None:
    """The provider writes what is right, says why, and the answer stands where the question stood."""
    one = page.locator("[data-verification]").filter(has_text=number)
    one.get_by_text("应当更正").click()
    wrong = one.locator("fieldset .inputs input").first
    wrong.fill(wrong.input_value() + "（更正）")
    one.get_by_label("理由和依据").fill("录入时漏写，以决定书为准。")
    one.get_by_role("button", name="答复处理机构").click()
    expect(one.get_by_text("录入时漏写，以决定书为准。")).to_be_visible()


def _answer(page: Page) -> None:
    """No answer is given whose letter was not read."""
    page.get_by_label("理由", exact=True).fill("经提供单位核实，记录录入有误，已经更正。")
    expect(page.get_by_role("button", name="作出答复")).to_be_disabled()
    page.get_by_role("button", name="预览答复书").click()
    expect(page.locator("[data-letter]")).to_contain_text("经提供单位核实")
    page.get_by_role("button", name="作出答复").click()
    page.locator("[data-case=CLOSED]").wait_for()


def test_from_a_photo_to_the_letter(server: Running, device: Callable[..., Device], axe: str, tmp_path: Path) -> None:
    persona, title = _whose(server)
    phone, office, source = device(**_ELDER), device(width=1280), device(width=320, theme="dark")
    page = phone.sign_in(persona, "/record")
    _begin(page, title)
    expect(page.get_by_role("button", name="提出异议")).to_be_disabled()
    page.get_by_label("照片或 PDF").set_input_files([photo("决定书.png"), photo("空.png", b"")])
    expect(page.locator("[data-state=sent]")).to_have_count(1)
    expect(page.get_by_text("这是空文件，请重新选择")).to_be_visible()
    # By its content and not by its name.
    page.get_by_label("照片或 PDF").set_input_files([photo("网页.png", b"<html>")])
    expect(page.locator("[data-state=refused]")).to_have_count(1)
    settle(page)
    found = problems(page, axe, _ELDER)
    number = _file(page, "金额写错了。")
    expect(page.locator("[data-term=running]")).to_contain_text("还有 3 个工作日")
    expect(page.locator("[data-evidence]")).to_have_count(1)
    settle(page)
    found += problems(page, axe, _ELDER)
    page.get_by_label("写给处理机构").fill("请尽快。")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("[data-messages] li")).to_contain_text("请尽快。")

    desk = office.sign_in("handler-1", "/handling/cases")
    settle(desk)
    found += problems(desk, axe, {})
    open_case(desk, number)
    expect(desk.get_by_text("请尽快。")).to_be_visible()
    found += problems(desk, axe, {})
    _forward(desk)
    inbox = source.sign_in("provider-1", "/provider/verifications")
    settle(inbox)
    assert "金额写错了。" not in inbox.inner_text("main")
    found += problems(inbox, axe, {})
    _correct(inbox, number)
    desk.reload()
    _answer(desk)

    page.reload()
    expect(page.locator("[data-answer=CORRECTED]")).to_contain_text("经提供单位核实，记录录入有误，已经更正。")
    letter = page.get_by_role("button", name="下载书面答复（PDF）")
    letter.wait_for(timeout=30_000)
    settle(page)
    found += problems(page, axe, _ELDER)
    with page.expect_download() as saved:
        letter.click()
    saved.value.save_as(tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-")
    _record(visit(phone, "/record"), title)
    expect(page.locator("[data-record]")).to_contain_text("（更正）")
    expect(page.get_by_text("异议处理中")).to_have_count(0)
    assert found == []


def test_no_text_and_no_files_name_is_markup(server: Running, device: Callable[..., Device]) -> None:
    phone, office = device(), device(width=1280)
    page = phone.sign_in("citizen-3", "/objections/new?target=MISSING_RECORD")
    page.get_by_label("缺少的是什么信息").fill(_ATTACK)
    page.get_by_label("照片或 PDF").set_input_files([photo("<img src=x onerror=window.hit=1>.png")])
    expect(page.locator("[data-state=sent]")).to_have_count(1)
    page.get_by_text("请补上缺少的内容").click()
    page.get_by_label("请把情况写清楚").fill(_ATTACK)
    page.get_by_role("button", name="提出异议").click()
    number = page.locator(".told .number").inner_text()
    desk = office.sign_in("handler-1", "/handling/cases")
    open_case(desk, number)
    for one, path in ((page, page.url), (desk, desk.url)):
        expect(one.get_by_text("window.hit=1").first).to_be_attached()
        one.route("**/graphql", poison)
        one.goto(path)
        settle(one)
        expect(one.get_by_text("<script>window.hit=1</script>").first).to_be_attached()
        count = "[window.hit, document.querySelectorAll('#app img, #app script, a[href^=javascript]').length]"
        assert one.evaluate(count) == [None, 0], path


def test_whoever_acts_for_another_sees_whose_it_is(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("company-1-legal", "/objections/new?target=MISSING_RECORD")
    expect(page.get_by_role("status").filter(has_text="正在代表")).to_be_visible()
    expect(page.locator("[data-about]")).to_contain_text("替 ")
    # A company has no privacy to name, and a person no score of it.
    visit(phone, "/objections/new")
    expect(page.get_by_text("综合评价不对")).to_be_visible()
    expect(page.get_by_text("海河分不对")).to_have_count(0)
