"""A provider's desk: a file checked, sent and read, its rejected row mended in place, and a month's quality."""

import re
import time
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness import sending
from tests.harness.provider_files import penalty
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle, visit
from tests.web.test_desks import DESK_MODES

_SHARES = {
    "reporting": ("上报率", "应报 {of} 类，已报 {count} 类"),
    "compliance": ("合规率", "报送 {of} 行，接收 {count} 行"),
    "timeliness": ("及时率", "接收 {of} 行，按时 {count} 行"),
}
_PIECE = 2 * 1024 * 1024


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
    expect(newest.locator("li").filter(has_text="“…”不是有效日期")).to_contain_text("第 3 行")
    newest.get_by_role("button", name="改正未接收的行").click()
    expect(newest.get_by_text("“公示截止期”不是有效日期（应为 YYYY/MM/DD）")).to_be_visible()
    send = newest.get_by_role("button", name=re.compile("报送改正的"))
    expect(send).to_be_disabled()
    newest.get_by_label("公示截止期").fill("2027/01/05")
    send.click()
    sent.wait(3)
    expect(newest).to_contain_text("共 1 行：新增 1，更新 0，未变 0，未接收 0")
    visit(office, "/provider/quality")
    month = page.get_by_label("月份").input_value()
    shares = " ".join(f"{name} {{ count of rate }}" for name in _SHARES)
    quality = server.ask("provider-1", f'{{ provider {{ quality(month: "{month}") {{ {shares} }} }} }}')["provider"]
    for name, (title, said) in _SHARES.items():
        share = quality["quality"][name]
        shown = page.locator(f"[data-share={name}]")
        expect(shown).to_contain_text(title)
        expect(shown).to_contain_text(f"{_cut_off(share['rate'])}%")
        expect(shown).to_contain_text(said.format(**share))


def _cut_off(rate: str) -> Decimal:
    """A share in percent, to two decimals that are never rounded up."""
    return (Decimal(rate) * 100).quantize(Decimal("0.01"), ROUND_DOWN)


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


class _Slowly:
    """A line on which each piece of a file waits to be let through, and a file that is read as fast as it is told."""

    def __init__(self, page: Page) -> None:
        self._page, self._held, self.rows_done = page, [], 0
        page.route("**/intake/batches/**", self._hold)
        page.route("**/graphql", self._tell)

    def _hold(self, route: Any) -> None:
        if route.request.method == "PATCH":
            self._held.append(route)
        else:
            route.continue_()

    def through(self) -> None:
        """Let the next piece through, once it is here."""
        until = time.monotonic() + 10
        while not self._held and time.monotonic() < until:
            self._page.wait_for_timeout(10)
        self._held.pop().continue_()

    def _tell(self, route: Any) -> None:
        asked = route.request.post_data_json["operationName"]
        if not self.rows_done or asked not in ("Sent", "SentOne"):
            route.continue_()
            return
        answer = route.fetch()
        body = answer.json()
        provider = body["data"]["provider"]
        newest = provider["batch"] if asked == "SentOne" else provider["batches"]["edges"][0]["node"]
        newest |= {"state": "LOADING", "rowsDone": self.rows_done, "rows": None}
        route.fulfill(response=answer, json=body)


def test_a_file_is_seen_to_arrive_piece_by_piece_and_to_be_read(device: Callable[..., Device], tmp_path: Path) -> None:
    office = device(width=1280)
    page = office.sign_in("provider-1", "/provider")
    sent, line = _Sent(page), _Slowly(page)
    rows = [penalty(f"海津罚〔2026〕长{n}号", 违法事实="事" * 2000) for n in range(850)]
    _choose(page, tmp_path, *rows)
    size = (tmp_path / "行政处罚.csv").stat().st_size
    assert 2 * _PIECE < size < 3 * _PIECE
    button = page.get_by_role("button", name="报送", exact=True)
    button.click()
    line.rows_done = 500
    bar = page.get_by_role("progressbar", name="正在发送")
    for piece in range(3):
        expect(page.get_by_role("status").filter(has_text="正在发送")).to_have_text(
            f"正在发送 {piece * _PIECE * 100 // size}%"
        )
        assert float(bar.get_attribute("value") or 0) == pytest.approx(piece * _PIECE / size)
        expect(button).to_be_disabled()
        line.through()
    expect(bar).to_have_count(0)
    newest = page.locator("[data-batch]").first
    for line.rows_done in (500, 850):
        expect(newest.get_by_role("status")).to_have_text(f"已读取 {line.rows_done} 行")
    line.rows_done = 0
    sent.wait(1)
    expect(newest).to_contain_text("共 850 行：新增 850，更新 0，未变 0，未接收 0")


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
