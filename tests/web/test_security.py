"""The security officer's and the approvers' pages: an incident from its record to its second person, an emergency, a
post, a release; every page on a desk's screen and on a phone, by axe."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, text

from api.house import House
from api.settings import Settings
from core.moments import day_of
from oversight.duty import confidentiality, glass, posts, reviews
from oversight.duty.anomalies import Finding
from oversight.duty.anomalies_limits import Rule
from oversight.duty.confidentiality import Leaving
from oversight.duty.glass import Hand
from oversight.duty.tables import look_review
from oversight.duty.telling import Teller
from tests.web.conftest import Device, Running, apart
from tests.web.test_access import problems, settle, visit

_PAGES = (
    "/approvals",
    "/security",
    *(f"/security/{one}" for one in ("incidents", "emergencies", "posts", "freeze", "rules")),
)
_STAFF = "SELECT s.id, s.party_id FROM staff s JOIN identity_link l ON l.staff_id = s.id WHERE l.name = :n"


async def _waits(settings: Settings) -> str:
    """An emergency of a handler's, a quarter's posts, and a release that wait; the handler's staff id."""
    house, at = House(settings), datetime.now(UTC)
    try:
        async with house.database.writing() as unit:
            handler = await unit.first(text(_STAFF), {"n": "handler-1"})
            assert handler is not None
            await posts.open_(unit, at=at)
            by = Hand(handler.party_id, handler.id, "异议处理员甲", True)
            await glass.open_(unit, by, glass.nobody(), "疑似冒用身份，须立即核实", no_conflict=True, at=at)
            leaving = Leaving(
                "AGENCY_BATCH", "bat_x", "LICENSING 海政许〔2026〕18号", 120, "0" * 64, "海津市政务服务办公室"
            )
            await confidentiality.ask(unit, handler.party_id, leaving, by="stf_other", at=at)
        return str(handler.id)
    finally:
        await house.database.close()


async def _told(settings: Settings) -> None:
    house = House(settings)
    try:
        while await Teller(house.database).tell(at=datetime.now(UTC)):
            pass
    finally:
        await house.database.close()


def _recorded(page: Page, staff_id: str, device: Device) -> None:
    day = (day_of(datetime.now(UTC)) - timedelta(days=3)).isoformat()
    visit(device, f"/security/incidents?staff={staff_id}&day={day}")
    page.get_by_label("发生了什么").fill("一名工作人员违规查询")
    page.get_by_role("button", name="记录", exact=True).press("Enter")
    page.get_by_role("heading", name="违规查询 · SJ").wait_for()


def test_an_incident_an_emergency_a_post_and_a_release(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    staff_id = apart(_waits(server._settings))
    desk = device(width=1280)
    page = desk.sign_in("officer-1", "/security")
    found: list[str] = []
    for path in _PAGES[1:]:
        visit(desk, path)
        found += problems(page, axe, {})
    _recorded(page, staff_id, desk)
    page.get_by_label("编号", exact=True).fill(staff_id)
    page.get_by_label("理由").fill("违规查询")
    page.get_by_role("button", name="冻结", exact=True).press("Enter")
    expect(page.get_by_text("已冻结")).to_be_visible()
    page.get_by_label("受影响的人可以做什么").fill("在查询记录中查看，并可提出异议")
    page.get_by_role("button", name="开始告知").press("Enter")
    page.locator("[data-incident=TELLING], [data-incident=TOLD]").wait_for()
    apart(_told(server._settings))
    page.get_by_role("button", name="刷新").click() if page.locator("[data-incident=TELLING]").count() else None
    page.locator("[data-incident=TOLD]").wait_for()
    page.get_by_label("处理结论").fill("已停职并重新培训")
    page.get_by_role("button", name="提交报告").press("Enter")
    expect(page.get_by_text("报告已提交，等待另一人结案。")).to_be_visible()
    settle(page)
    found += problems(page, axe, {})
    number = page.get_by_role("heading", name="违规查询 · SJ").inner_text().split()[2]

    phone = device(width=390)
    page = phone.sign_in("approver-1", "/approvals")
    settle(page)
    expect(page.locator("[data-waiting]").first).to_have_attribute("data-waiting", "GLASS")
    found += problems(page, axe, {})
    page.get_by_role("button", name="去办理 保密审查").click()
    page.get_by_role("button", name="同意提供").click()
    expect(page.locator("[data-waiting=RELEASE]")).to_have_count(0)
    page.get_by_role("link", name=f"去办理 事件结案 {number}").click()
    page.get_by_role("button", name="凭报告结案").click()
    page.locator("[data-incident=CLOSED]").wait_for()
    settle(page)
    found += problems(page, axe, {})
    visit(phone, "/security/emergencies")
    found += problems(page, axe, {})
    page.get_by_label("意见").fill("没有紧急情况")
    page.get_by_role("button", name="并非紧急").click()
    page.get_by_label("核查结论").fill("已提醒")
    page.get_by_role("button", name="提交结论").click()
    expect(page.get_by_text("没有需要处理的紧急处置")).to_be_visible()
    visit(phone, "/security/posts")
    page.get_by_role("button", name="继续任职").first.click()
    settle(page)
    for path in ("/security/posts", "/security/freeze", "/security/rules"):
        visit(phone, path)
        found += problems(page, axe, {})
    assert _kinds(server) & {"GLASS", "RELEASE", "INCIDENT"} == set()
    assert found == []


async def _unusual(settings: Settings) -> list[str]:
    """Two reviews of a handler's looks, as the watch opens them; their numbers, the oldest first."""
    house, at = House(settings), datetime.now(UTC)
    day = day_of(at) - timedelta(days=400)  # nobody else's: the server watches too
    seen = ("HANDLING", day, 3, 0, 3, ("acc_1", "acc_2", "acc_3"))
    try:
        async with house.database.writing() as unit:
            handler = await unit.first(text(_STAFF), {"n": "handler-1"})
            assert handler is not None
            whose = {"looker_id": handler.id, "party_id": handler.party_id, "limits": 1}
            for rule in (Rule.NO_CASE, Rule.OUT_OF_HOURS):
                await reviews.open_(unit, [Finding(rule, *seen)], **whose, at=at)
            mine = select(look_review.c.number).where(look_review.c.looker_id == handler.id, look_review.c.day == day)
            return [row.number for row in await unit.all(mine.order_by(look_review.c.rule))]
    finally:
        await house.database.close()


def _closed(row: Locator, outcome: str, reason: str) -> None:
    row.get_by_role("button", name="由我核查").click()
    done = row.get_by_role("button", name="结束核查")
    expect(done).to_be_disabled()
    row.get_by_label("核查结果").select_option(outcome)
    row.get_by_label("理由").fill(reason)
    done.click()


def test_a_review_is_taken_and_closed_and_misuse_by_two(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    """What has a good reason is closed by one; misuse waits for another, who sends it back before confirming."""
    fine, bad = apart(_unusual(server._settings))
    page = device(width=1280).sign_in("officer-1", "/security")
    excused, blamed = (page.locator(f"[data-review={number}]") for number in (fine, bad))
    expect(excused).to_contain_text("待核查")
    _closed(excused, "JUSTIFIED", "办理异议时查询，案号漏填")
    expect(excused).to_contain_text("已结束")
    expect(excused).to_contain_text("有正当理由 · 办理异议时查询，案号漏填")
    expect(excused.get_by_role("button")).to_have_count(0)
    _closed(blamed, "MISUSE", "与任何案件无关")
    expect(blamed).to_contain_text("待第二人确认")
    expect(blamed.get_by_role("button")).to_have_count(0)  # nobody says the second word on their own
    settle(page)
    found = problems(page, axe, {})

    phone = device(width=320, theme="dark")
    second = phone.sign_in("approver-1", "/approvals")
    second.get_by_role("link", name=f"去办理 违规查询的认定 {bad}").click()
    row = second.locator(f"[data-review={bad}]")
    settle(second)
    found += problems(second, axe, {})
    row.get_by_role("button", name=f"退回 {bad}").click()
    expect(row).to_contain_text("核查中")
    expect(row.get_by_role("button")).to_have_count(0)  # it is whose it was

    page.reload()
    blamed.get_by_label("核查结果").select_option("MISUSE")
    blamed.get_by_label("理由").fill("与任何案件无关，本人承认")
    blamed.get_by_role("button", name="结束核查").click()
    expect(blamed).to_contain_text("待第二人确认")
    second.reload()
    row.get_by_role("button", name=f"确认违规 {bad}").click()
    expect(row).to_contain_text("已结束")
    expect(row).to_contain_text("与任何案件无关，本人承认")
    settle(second)
    found += problems(second, axe, {})
    row.get_by_role("link", name=f"记录为事件 {bad}").click()
    second.wait_for_url("**/security/incidents?staff=*")
    assert "MISUSE" not in _kinds(server)
    assert found == []


def _kinds(server: Running) -> set[Any]:
    waiting = "{ approvals { waiting(first: 100) { edges { node { kind } } } } }"
    return {edge["node"]["kind"] for edge in server.ask("approver-1", waiting)["approvals"]["waiting"]["edges"]}
