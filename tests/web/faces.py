"""`make faces`: every page in every mode as a picture, to be looked at, and the three that stand in the README.

All of them go to `.haihe/faces`; the README's to `docs/faces`. What was seen in them stands in `docs/faces.md`.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness import city
from tests.harness.city import Templates
from tests.harness.servers import ROOT
from tests.web.conftest import Device, Running, context_of, launch
from tests.web.requests import ask
from tests.web.test_access import searches, settle, visit
from tests.web.test_agency_desk import look
from tests.web.test_counter import whose
from tests.web.test_desks import asked
from tests.web.test_requests import code
from tests.web.test_walks import take

_ALL, _README = ROOT / ".haihe" / "faces", ROOT / "docs" / "faces"
_MODES: Mapping[str, dict[str, Any]] = {
    "phone": {},
    "elder": {"elder": True},
    "dark": {"theme": "dark"},
}
_PATHS = {
    "home": "/home",
    "score": "/score",
    "notices": "/notices",
    "record": "/record",
    "report": "/report",
    "export": "/export",
    "objections": "/objections",
    "objection-what": "/objections/new",
    "objection-missing": "/objections/new?target=MISSING_RECORD",
    "grants": "/grants",
    "grant-new": "/grants/new",
    "grant-code": "/grants/code",
    "grant-scan": "/grants/scan",
    "monitored": "/grants/monitored",
    "looks": "/looks",
    "offers": "/offers",
    "mine": "/mine",
}
_IN_README = {"phone-home", "phone-code", "phone-till-yes"}
_MOST_BYTES = 120_000

Keep = Callable[[Page, str], None]


def phone(device: Device, server: Running, keep: Keep) -> None:
    """The citizen's pages, a bank's request among them."""
    for name, path in (("front", "/"), ("check", "/check"), ("privacy", "/privacy"), ("lost", "/nowhere")):
        settle(device.open(path))
        keep(device.page, name)
    for name, page in zip(("front-found", "front-absent"), searches(device), strict=True):
        keep(page, name)
    settle(device.sign_in("citizen-1"))
    for name, path in _PATHS.items():
        keep(visit(device, path), name)
    visit(device, "/record").get_by_role("link", name="详细内容").first.click()
    device.page.locator("[data-record]").wait_for()
    keep(device.page, "record-one")
    digits = code(visit(device, "/grants"))
    request = ask(server, "faces", subject={"connectCode": digits}, stages=["PRE_LOAN", "POST_LOAN"], monitoring=True)
    keep(visit(device, f"/grants/{request['id']}"), "request")


def till(customer: Device, desk: Device, keep: Keep) -> None:
    """One customer at the till, and what goes wrong there."""
    settle(customer.sign_in("citizen-2", "/offers"))
    customer.page.locator(".offer").first.click()
    customer.page.get_by_role("dialog").wait_for()
    keep(customer.page, "offer")
    customer.page.keyboard.press("Escape")
    code = take(customer.page)
    keep(customer.page, "code")
    page = desk.sign_in("till-1", "/till")
    keep(page, "till")
    _enter(page, "1" * 18, "no")
    keep(page, "till-no")
    page.locator(".thumb button").last.click()
    _enter(page, code, "yes")
    keep(page, "till-yes")
    page.route("**/graphql", lambda route: route.abort())
    page.locator(".thumb button").last.click()
    page.locator("[data-screen=unknown]").wait_for()
    keep(page, "till-unknown")
    page.unroute("**/graphql")
    page.locator(".thumb button").last.click()
    page.locator("[data-screen=receipt]").wait_for()
    keep(page, "till-receipt")
    customer.page.reload()
    keep(customer.page, "code-used")


def partner(device: Device, keep: Keep) -> None:
    """The partner's desk."""
    settle(device.sign_in("partner-1", "/partner"))
    keep(device.page, "partner")


def desks(bank: Device, organ: Device, keep: Keep) -> None:
    """The desks of a recipient and of a state organ."""
    settle(bank.sign_in("bank-1", "/recipient/new"))
    keep(bank.page, "recipient-new")
    asked(bank.page, reference="DK-2026-0731", uses="3")
    bank.page.get_by_role("img", name="授权申请二维码").wait_for()
    keep(bank.page, "recipient-qr")
    for name in ("events", ""):
        keep(visit(bank, f"/recipient/{name}".rstrip("/")), f"recipient-{name or 'list'}")
    settle(organ.sign_in("agency-1", "/agency"))
    look(organ.page, "citizen-4")
    organ.page.locator("[data-position]").wait_for()
    keep(organ.page, "agency")
    for name in ("batches", "shares", "looks"):
        keep(visit(organ, f"/agency/{name}"), f"agency-{name}")


def kiosk(device: Device, keep: Keep) -> None:
    """The kiosk's three steps, with an invented card."""
    page = device.sign_in("kiosk-1", "/kiosk")
    page.locator("[data-lay]").wait_for()
    keep(page, "kiosk-lay")
    page.get_by_label("演示证照").select_option(index=5)
    page.get_by_role("button", name="开始读取").click()
    page.locator("[data-choose]").wait_for()
    keep(page, "kiosk-choose")
    page.get_by_role("button", name="信用报告").click()
    page.locator("[data-sheet=report]").wait_for()
    keep(page, "kiosk-take")


def contested(server: Running, make: Callable[[], Device], keep: Keep) -> None:
    """The story's cases: on the phones of those who contest, at the institution's desk, at a provider's."""
    for persona, name in (
        ("citizen-8", "filed"),
        ("citizen-3", "stopped"),
        ("company-1-legal", "forwarded"),
        ("shop-1", "corrected"),
        ("citizen-9", "refused"),
    ):
        keep(make().sign_in(persona, f"/objections/{case_of(server, persona)}"), f"objection-{name}")
    for persona, path, name in (
        ("handler-1", "/handling/cases", "cases"),
        ("handler-1", f"/handling/cases/{case_of(server, 'citizen-3')}", "case"),
        ("approver-1", f"/handling/refusals/{case_of(server, 'citizen-7')}", "refusal"),
        ("provider-1", "/provider/verifications", "verifications"),
    ):
        keep(make().sign_in(persona, path), name)


def officers(make: Callable[[], Device], keep: Keep) -> None:
    """Those who watch: supervision, security and its second persons, the auditor, a department's keeper, an organ."""
    for persona, path, name in (
        ("supervisor-1", "/supervision", "supervision"),
        ("officer-1", "/security", "security"),
        ("approver-1", "/approvals", "approvals"),
        ("auditor-1", "/auditing", "auditing"),
        ("industry-1", "/industry/runs", "industry-runs"),
        ("agency-1", "/agency/orders", "agency-orders"),
    ):
        keep(make().sign_in(persona, path), name)


def counter(device: Device, keep: Keep) -> None:
    """A visit at the counter: as what somebody comes, their papers, and what is printed."""
    page = device.sign_in("clerk-1", "/counter")
    keep(page, "counter")
    whose(page, "citizen-5")
    page.get_by_label("窗口", exact=True).fill("3号窗口")
    page.get_by_text("没有利害关系").click()
    page.get_by_role("button", name="开始办理").click()
    page.locator(".counter-case[data-state=OPEN]").wait_for()
    keep(page, "counter-papers")
    page.get_by_role("button", name="已核验 本人有效身份证件原件").click()
    page.locator(".counter-case[data-state=READY]").wait_for()
    page.get_by_role("button", name="信用报告").click()
    page.locator("[data-print=REPORT]").wait_for()
    keep(page, "counter-print")


def case_of(server: Running, persona: str) -> str:
    """A persona's newest case."""
    found = server.ask(persona, "{ me { objections(first: 1) { edges { node { id } } } } }")
    return str(found["me"]["objections"]["edges"][0]["node"]["id"])


def _enter(page: Page, code: str, screen: str) -> None:
    page.locator("input.digits").fill(code)
    page.keyboard.press("Enter")
    page.locator(f"[data-screen={screen}]").wait_for()


def _keeper(mode: str) -> Keep:
    def keep(page: Page, name: str) -> None:
        settle(page)
        page.screenshot(path=_ALL / f"{mode}-{name}.png", full_page=True)
        if f"{mode}-{name}" in _IN_README:
            path = _README / f"{name}.png"
            size = len(page.screenshot(path=path))
            if size > _MOST_BYTES:
                raise SystemExit(f"{path} has {size} bytes, more than {_MOST_BYTES}")

    return keep


def main() -> None:
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
    if not fonts:
        raise SystemExit("no Chinese font on this machine: the pictures would show boxes (Debian: fonts-wqy-microhei)")
    for folder in (_ALL, _README):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as built:
        templates = Templates(Path(built), "")
        city.build(templates)
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for mode, shown in _MODES.items():
                _walk(browser, templates, mode, shown)
            browser.close()


def _walk(browser: Browser, templates: Templates, mode: str, shown: dict[str, Any]) -> None:
    """In a city of its own: an offer is taken once."""
    server, keep = Running(templates, told=True), _keeper(mode)

    def device() -> Device:
        return Device(context_of(browser, server.url, **shown), server.url)

    phone(device(), server, keep)
    till(device(), device(), keep)
    partner(device(), keep)
    desks(device(), device(), keep)
    kiosk(device(), keep)
    contested(server, device, keep)
    officers(device, keep)
    counter(device(), keep)
    server.stop()


if __name__ == "__main__":
    main()
