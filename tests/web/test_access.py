"""For everyone: axe finds nothing serious, elder mode holds its sizes, and nothing is cut off at 320 px."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.scale import FULL
from tests.web.conftest import Device, Running
from tests.web.requests import ask
from tests.web.test_requests import code
from tests.web.test_walks import digits, take

_OPEN = ("/", "/check", "/privacy", "/nowhere")
_PHONE = (
    "/home",
    "/score",
    "/notices",
    "/record",
    "/report",
    "/export",
    "/objections",
    "/objections/new",
    "/objections/new?target=MISSING_RECORD",
    "/grants",
    "/grants/new",
    "/grants/code",
    "/grants/scan",
    "/grants/monitored",
    "/looks",
    "/offers",
    "/mine",
)
_WIDEST: tuple[dict[str, Any], ...] = ({"elder": True, "theme": "dark"},)
_MODES = (*_WIDEST, {}, {"theme": "dark"}, {"elder": True}) if FULL else _WIDEST
_SERIOUS = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"], selectors: false });
  const at = (found) => found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
  const serious = violations.filter((found) => ["serious", "critical"].includes(found.impact));
  return serious.map((found) => `${found.id}: ${at(found)}`);
}"""
_STILL = """async () => {
  const ends = (one) => one.effect.getComputedTiming().endTime !== Infinity;
  await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
}"""
_SMALL = """() => {
  const seen = [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && !one.closest(".hidden, svg, .skip"));
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const height = (one) => one?.getBoundingClientRect().height ?? 0;
  const isPressed = (one) => one.matches("button, a[href], summary, input:not([type=radio]), [role=checkbox]");
  const small = seen.filter((one) => says(one) && parseFloat(getComputedStyle(one).fontSize) < 24);
  const low = seen.filter((one) => isPressed(one) && Math.max(height(one), height(one.closest("label"))) < 60);
  const told = (word, all) => all.map((one) => `${word}: ${one.outerHTML.slice(0, 140)}`);
  return [...told("small", small), ...told("low", low)];
}"""


def visit(device: Device, path: str) -> Page:
    """Inside the app, as its links do: a reload would sign in again."""
    page = device.page
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Nothing is asked, nothing is being done, and nothing is on its way between two looks.

    Even a transition of no time has the look before it until the next frame: a button that may be pressed again still
    has the colours of one that may not.
    """
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true], .van-button--loading")).to_have_count(0)
    page.evaluate(_STILL)


def problems(page: Page, axe: str, mode: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = list(page.evaluate(_SERIOUS))
    if mode.get("elder"):
        found += page.evaluate(_SMALL)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return [f"{page.url} {mode}: {one}" for one in found]


@pytest.mark.parametrize("mode", _MODES, ids=str)
def test_every_page_of_the_phone(device: Callable[..., Device], axe: str, mode: dict[str, Any]) -> None:
    phone = device(width=320 if mode.get("elder") else 390, **mode)
    found = []
    for path in _OPEN:
        settle(phone.open(path))
        found += problems(phone.page, axe, mode)
    found += [one for each in searches(phone) for one in problems(each, axe, mode)]
    phone.sign_in("citizen-4")
    for path in _PHONE:
        found += problems(visit(phone, path), axe, mode)
    visit(phone, "/record").get_by_role("link", name="详细内容").first.click()
    phone.page.locator("[data-record]").wait_for()
    found += problems(phone.page, axe, mode)
    visit(phone, "/offers").locator(".offer").first.click()
    phone.page.get_by_role("dialog").wait_for()
    found += problems(phone.page, axe, mode)
    phone.page.keyboard.press("Escape")
    show_code(phone.page)
    found += problems(phone.page, axe, mode)
    phone.page.goto("/signed-in?error=access_denied")
    phone.page.get_by_role("alert").wait_for()
    found += problems(phone.page, axe, mode)
    assert found == []


def searches(phone: Device) -> Iterator[Page]:
    """The front page with a company's public items, and with none found."""
    page = phone.open("/")
    for text, shown in (("海津示例餐饮管理有限公司", "[data-found]"), ("没有这家公司", "[data-absent]")):
        page.get_by_role("searchbox").fill(text)
        page.keyboard.press("Enter")
        page.locator(shown).wait_for()
        yield page


def show_code(page: Page) -> str:
    """The code of what was taken, or of what is taken now; its digits."""
    taken = page.locator(".taken")
    if not taken.count():
        return take(page)
    taken.first.click()
    return digits(page)


@pytest.mark.parametrize("mode", _MODES, ids=str)
def test_a_request_and_who_looked(
    server: Running, device: Callable[..., Device], axe: str, mode: dict[str, Any]
) -> None:
    phone = device(width=320 if mode.get("elder") else 390, **mode)
    page = phone.sign_in("citizen-4", "/grants")
    asked = ask(server, f"access {mode}", subject={"connectCode": code(page)})
    visit(phone, f"/grants/{asked['id']}")
    page.get_by_role("switch", name="显示原文").click()
    found = problems(page, axe, mode)
    page.get_by_role("button", name="不同意", exact=True).click()
    page.get_by_role("dialog").wait_for()
    found += problems(page, axe, mode)
    visit(phone, "/looks")
    page.get_by_role("button", name="开始核对").click()
    page.locator("[data-verdict]").wait_for()
    found += problems(page, axe, mode)
    page.get_by_role("switch").first.click()
    settle(page)
    page.get_by_role("button", name="不认识这次查询").first.click()
    page.get_by_role("dialog").wait_for()
    found += problems(page, axe, mode)
    assert found == []


@pytest.mark.parametrize("mode", _MODES, ids=str)
def test_the_till_and_the_partner(device: Callable[..., Device], axe: str, mode: dict[str, Any]) -> None:
    till, desk, customer = device(**mode), device(**mode), device()
    settle(customer.sign_in("citizen-9", "/offers"))
    till.sign_in("till-1", "/till")
    found = problems(till.page, axe, mode)
    till.page.locator("input.digits").fill("1" * 18)
    till.page.keyboard.press("Enter")
    till.page.locator("[data-screen=no]").wait_for()
    found += problems(till.page, axe, mode)
    till.page.locator(".thumb button").click()
    till.page.get_by_role("button", name="扫码").click()
    till.page.get_by_role("alert").wait_for()
    found += problems(till.page, axe, mode)
    till.page.locator("input.digits").fill(show_code(customer.page))
    till.page.keyboard.press("Enter")
    till.page.locator("[data-screen=yes]").wait_for()
    found += problems(till.page, axe, mode)
    # The line breaks before the service hears of it: the code stays good for the next mode.
    till.page.route("**/graphql", lambda route: route.abort())
    till.page.get_by_role("button", name="核销").click()
    till.page.locator("[data-screen=unknown]").wait_for()
    found += problems(till.page, axe, mode)
    settle(desk.sign_in("partner-1", "/partner"))
    found += problems(desk.page, axe, mode)
    assert found == []


def test_english_fits_the_smallest_screen(device: Callable[..., Device], axe: str) -> None:
    phone = device(width=320, language="en")
    settle(phone.open("/"))
    found = problems(phone.page, axe, {})
    phone.sign_in("citizen-1")
    for path in _PHONE:
        found += problems(visit(phone, path), axe, {})
    assert found == []


def test_the_keyboard_alone_opens_and_leaves_an_offer(device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-2", "/offers")
    first = page.locator(".offer").first
    first.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('[role=dialog]')")
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")
    expect(first).to_be_focused()
