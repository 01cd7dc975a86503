"""A report on the phone: issued, fetched as a file, and checked by whoever holds it; a company's own evaluation."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.web.conftest import Device
from tests.web.test_access import problems, settle


def test_a_report_is_issued_fetched_and_checked(device: Callable[..., Device], axe: str) -> None:
    phone = device()
    page = phone.sign_in("citizen-5", "/report")
    page.get_by_role("button", name="免费出具").click()
    report = page.locator("[data-report]").first
    expect(report).to_contain_text("有效")
    with page.expect_download() as fetched:
        report.get_by_role("button", name="下载 PDF").click(timeout=30_000)
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-")
    report.get_by_text("出示核验码").click()
    number = report.get_attribute("data-report")
    code = report.locator("details .strong").inner_text()
    settle(page)
    found = problems(page, axe, {})

    # Whoever holds it has never signed in, and the code stays in no address.
    other = device(width=320, elder=True, theme="dark")
    held = other.open(f"/check#{number}.{code}")
    expect(held.locator("[data-check=GENUINE]")).to_be_visible()
    assert "#" not in held.url
    assert other.asked == ["ReportCheck"]
    found += problems(held, axe, {"elder": True})
    held.get_by_label("核验码").fill(code[::-1])
    held.keyboard.press("Enter")
    expect(held.locator("[data-check=NOT_CONFIRMED]")).to_be_visible()
    expect(held.get_by_text("报告主体", exact=True)).to_have_count(0)
    assert found == []


def test_a_company_sees_its_own_evaluation_and_a_person_has_none(device: Callable[..., Device], axe: str) -> None:
    phone = device()
    page = phone.sign_in("company-1-legal", "/record")
    shown = page.locator("[data-evaluation]")
    expect(shown).to_have_attribute("data-evaluation", re.compile("^[A-D]$"))
    expect(shown).to_contain_text("评价依据")
    assert problems(page, axe, {}) == []
    person = device()
    settle(person.sign_in("citizen-1", "/record"))
    expect(person.page.locator("[data-evaluation]")).to_have_count(0)
