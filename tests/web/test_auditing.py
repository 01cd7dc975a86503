"""The compliance auditor's page: the log of some days is asked for, let leave by another person, and fetched."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.harness import auditing
from tests.web.conftest import Device, Running
from tests.web.test_access import problems, settle

_RELEASES = "{ approvals { releases { edges { node { id kind } } } } }"
_DECIDE = """mutation($i: ReleaseDecideInput!) { releaseDecide(input: $i) {
  ... on ReleaseDecidePayload { release { outcome } } } }"""


def test_the_log_of_some_days_is_asked_for_let_leave_and_fetched(
    server: Running, device: Callable[..., Device], axe: str, tmp_path: Path
) -> None:
    page = device(width=1280).sign_in("auditor-1", "/auditing")
    settle(page)
    days = auditing.days(60)
    page.get_by_label("开始日期").fill(days["until"])
    page.get_by_label("结束日期").fill(days["since"])
    page.get_by_role("button", name="申请导出").click()
    expect(page.get_by_text("开始时间必须早于").first).to_be_visible()
    page.get_by_label("开始日期").fill(days["since"])
    page.get_by_label("结束日期").fill(days["until"])
    page.get_by_role("button", name="申请导出").click()
    line = page.locator("[data-export]")
    expect(line).to_contain_text("等待保密审查", timeout=20_000)
    expect(line.get_by_role("button")).to_have_count(0)
    found = problems(page, axe, {})
    (waits,) = [edge["node"] for edge in server.ask("approver-1", _RELEASES)["approvals"]["releases"]["edges"]]
    server.ask("approver-1", _DECIDE, i={"releaseId": waits["id"], "leaves": True})
    page.reload()
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载").click()
    saved.value.save_as(tmp_path / "audit.zip")
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        assert {"looks.jsonl", "manifest.note"} <= set(archive.namelist())
    assert found == []
