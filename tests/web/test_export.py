"""A copy of everything about oneself, on the phone: from 我的, asked for, and fetched as a file."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.harness.exporting import Copy
from tests.web.conftest import Device
from tests.web.test_access import problems, settle


def test_a_copy_is_asked_for_and_fetched(device: Callable[..., Device], axe: str) -> None:
    phone = device()
    page = phone.sign_in("citizen-5", "/mine")
    page.get_by_role("link", name="导出我的信息").click()
    page.get_by_role("button", name="申请导出").click()
    expect(page.locator("[data-export=READY]")).to_be_visible(timeout=30_000)
    with page.expect_download() as fetched:
        page.get_by_role("button", name="下载文件").click()
    copy = Copy.read(Path(fetched.value.path()).read_bytes())
    assert copy.parts["records"]
    page.get_by_role("button", name="申请导出").click()
    expect(page.locator("[data-refusal=EXPORT_TOO_SOON]")).to_be_visible()
    settle(page)
    assert problems(page, axe, {}) == []
