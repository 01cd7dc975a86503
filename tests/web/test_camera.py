"""The till's camera: Chromium is given a false one, which sees what a test draws; and what there is without one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect

from tests.web import pictures
from tests.web.conftest import Device, launch
from tests.web.test_walks import take

_CAMERA = ("--use-fake-device-for-media-stream",)
_ELSEWHERE = "https://elsewhere.example/"
_STREAM = "document.querySelector('video').srcObject.getTracks()[0]"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """What the camera sees: read once when the browser looks for cameras, and again when the camera is opened."""
    path = tmp_path / "seen.y4m"
    pictures.of_nothing(path)
    return path


@pytest.fixture
def seeing(playwright: Playwright, film: Path) -> Iterator[Browser]:
    """A browser with a camera that may be used."""
    browser = launch(
        playwright, *_CAMERA, f"--use-file-for-fake-video-capture={film}", "--use-fake-ui-for-media-stream"
    )
    yield browser
    browser.close()


@pytest.fixture
def asking(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a camera about which it asks first."""
    browser = launch(playwright, *_CAMERA, whole=True)
    yield browser
    browser.close()


def test_a_live_code_is_seen_checked_and_redeemed(seeing: Browser, film: Path, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-7", "/offers")
    take(page)
    desk = device(browser=seeing).sign_in("till-1", "/till")
    pictures.of_code(film, *drawn(page))
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_text("可以享受")).to_be_visible()
    expect(desk.locator("video")).to_have_count(0)
    desk.get_by_role("button", name="核销").click()
    expect(desk.get_by_text("核销成功")).to_be_visible()
    number = desk.locator(".number").inner_text()

    # The same picture once more: the first receipt.
    desk.get_by_role("button", name="下一位").click()
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_text("这是第一次的凭证")).to_be_visible()
    assert desk.locator(".number").inner_text() == number


def test_a_covered_lens_is_told_and_typing_works(seeing: Browser, device: Callable[..., Device]) -> None:
    desk = device(browser=seeing).sign_in("till-1", "/till")
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_text("请将摄像头对准")).to_be_visible()
    expect(desk.get_by_text("还没有看到二维码")).to_be_visible(timeout=20_000)
    track = desk.evaluate_handle(_STREAM)
    types_instead(desk)
    assert track.evaluate("(track) => track.readyState") == "ended"  # the light beside the lens goes out


def test_a_camera_that_is_not_allowed_is_told(asking: Browser, device: Callable[..., Device]) -> None:
    desk = device(browser=asking).sign_in("till-1", "/till")
    deny(desk.context)
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_role("alert")).to_contain_text("没有得到使用摄像头的许可")
    types_instead(desk)


def test_a_device_without_a_camera_is_told(device: Callable[..., Device]) -> None:
    desk = device().sign_in("till-1", "/till")
    desk.context.grant_permissions(["camera"])
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_role("alert")).to_contain_text("此设备没有摄像头")
    types_instead(desk)


def test_a_code_of_somebody_else_is_told_and_not_asked_about(
    seeing: Browser, film: Path, device: Callable[..., Device]
) -> None:
    page = device().sign_in("citizen-5", "/offers")
    page.route("**/graphql", elsewhere)
    take(page)
    pictures.of_code(film, *drawn(page))
    till = device(browser=seeing)
    desk = till.sign_in("till-1", "/till")
    desk.get_by_role("button", name="扫码").click()
    expect(desk.get_by_text("这不是海河信用的动态码")).to_be_visible()
    assert set(till.asked) <= {"OfflineBundle"}  # the keys for offline codes, asked for when the page is opened


def drawn(page: Page) -> tuple[str, int]:
    """The code on the customer's screen."""
    path, size = page.locator("svg.qr").evaluate(
        "(svg) => [svg.querySelector('path').getAttribute('d'), svg.viewBox.baseVal.width]"
    )
    return path, size


def elsewhere(route: Route) -> None:
    """Codes that lead somewhere else."""
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r"(?<=\"digits\":\")\d{18}(?=\")", _ELSEWHERE + "1" * 18, answer.text()))


def deny(context: BrowserContext) -> None:
    """What one touches in the browser's own question, which no test can."""
    session = context.new_cdp_session(context.pages[0])
    setting = {"permission": {"name": "camera"}, "setting": "denied"}
    session.send("Browser.setPermission", setting)


def types_instead(desk: Page) -> None:
    """Without the camera the digits are typed, as ever."""
    desk.get_by_label("顾客动态码").fill("1" * 18)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("不能核销", exact=True)).to_be_visible()
