"""A provider's desk: a file checked, sent and read, its rejected row mended in place, and a month's quality."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness import sending
from tests.harness.provider_files import penalty
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_desks import DESK_MODES


def _choose(page: Page, folder: Path, *rows: dict[str, str]) -> None:
    """A file is chosen; nothing is sent yet."""
    made = folder / "行政处罚.csv"
    made.write_bytes(sending.sheet(rows))
    page.get_by_label("报送文件").set_input_files(made)


class _Sent:
    """The files on the page that are done: others of the run may have been there before."""

    def __init__(self, page: Page) -> None:
        settle(page)
        self._done = page.locator("[data-batch=DONE]")
        self._before = self._done.count()

    def wait(self, more: int) -> None:
        expect(self._done).to_have_count(self._before + more, timeout=30_000)


def test_a_row_is_mended_where_it_stands_and_sent_again(
    server: Running, device: Callable[..., Device], tmp_path: Path
) -> None:
    office = device(width=1280)
    page = office.sign_in("provider-1", "/provider")
    expect(page.get_by_role("status").filter(has_text="正在代表：海津市市场监督管理委员会")).to_be_visible()
    sent = _Sent(page)
    good, bad = penalty("海津罚〔2026〕网一号"), penalty("海津罚〔2026〕网二号", 公示截止期="明年")
    _choose(page, tmp_path, good, bad)
    page.get_by_role("button", name="只检查").click()
    sent.wait(1)
    newest = page.locator("[data-batch]").first
    expect(newest).to_contain_text("共 2 行：新增 1，更新 0，未变 0，未接收 1")
    expect(newest).to_contain_text("只检查")
    page.get_by_role("button", name="报送", exact=True).click()
    sent.wait(2)
    expect(newest).to_contain_text("行政处罚")
    expect(newest).not_to_contain_text("只检查")
    expect(newest).to_contain_text("“…”不是有效日期")
    newest.get_by_role("button", name="改正未接收的行").click()
    expect(newest.get_by_text("“公示截止期”不是有效日期（应为 YYYY/MM/DD）")).to_be_visible()
    send = newest.get_by_role("button", name=re.compile("报送改正的"))
    expect(send).to_be_disabled()
    newest.get_by_label("公示截止期").fill("2027/01/05")
    send.click()
    sent.wait(3)
    expect(newest).to_contain_text("共 1 行：新增 1，更新 0，未变 0，未接收 0")
    visit(office, "/provider/quality")
    rates = '{ provider { quality(month: "MONTH") { compliance { count of } } } }'
    month = page.get_by_label("月份").input_value()
    counts = server.ask("provider-1", rates.replace("MONTH", month))["provider"]["quality"]["compliance"]
    expect(page.locator("[data-share=compliance]")).to_contain_text(
        f"报送 {counts['of']} 行，接收 {counts['count']} 行"
    )
    expect(page.locator("[data-share=reporting]")).to_contain_text(re.compile(r"\d+\.\d\d%.*应报 \d+ 类", re.DOTALL))


def test_a_line_that_breaks_is_gone_on_with(device: Callable[..., Device], tmp_path: Path) -> None:
    office = device(width=1280)
    page = office.sign_in("provider-1", "/provider")
    sent, broken = _Sent(page), []

    def once(route: Any) -> None:
        if route.request.method == "PATCH" and not broken:
            broken.append(route.request.headers["upload-offset"])
            route.abort()
        else:
            route.continue_()

    page.route("**/intake/batches/**", once)
    _choose(page, tmp_path, penalty("海津罚〔2026〕断号"))
    page.get_by_role("button", name="报送", exact=True).click()
    sent.wait(1)
    expect(page.locator("[data-batch]").first).to_contain_text("新增 1")
    assert broken == ["0"]


@pytest.mark.parametrize("mode", DESK_MODES, ids=str)
def test_its_pages_are_for_everyone(
    device: Callable[..., Device], axe: str, mode: dict[str, Any], tmp_path: Path
) -> None:
    office = device(**mode)
    page = office.sign_in("provider-1", "/provider")
    sent = _Sent(page)
    _choose(page, tmp_path, penalty(f"海津罚〔2026〕众{mode['width']}号", 公示截止期="明年"))
    page.get_by_role("button", name="报送", exact=True).click()
    sent.wait(1)
    newest = page.locator("[data-batch=DONE]").first
    expect(newest).to_contain_text("未接收 1")
    newest.get_by_role("button", name="改正未接收的行").click()
    newest.get_by_label("公示截止期").wait_for()
    settle(page)
    found = problems(page, axe, mode)
    found += problems(visit(office, "/provider/quality"), axe, mode)
    assert found == []
