"""What a person says of their own record and score, a statement and asking a human; and who is told of changes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.conftest import Device, Running
from tests.web.requests import ask
from tests.web.test_access import problems, settle
from tests.web.test_requests import code, decide

ELDER = {"elder": True, "theme": "dark", "width": 320}


def open_record(page: Page) -> Page:
    page.get_by_role("link", name="详细内容").first.click()
    page.locator("[data-record]").wait_for()
    return page


def write(page: Page, text: str) -> None:
    page.get_by_role("button", name="写一段声明").or_(page.get_by_role("button", name="修改声明")).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("您的说明").fill(text)
    sheet.get_by_role("button", name="放在记录旁边").click()


def test_a_statement_is_written_seen_changed_and_taken_away(device: Callable[..., Device], axe: str) -> None:
    phone = device(**ELDER)
    page = open_record(phone.sign_in("citizen-9", "/record"))
    beside = page.locator("[data-statement]")
    write(page, "罚款已经缴清。\n证件号码 129900199001011239 是我的。")
    expect(beside).to_have_attribute("data-statement", "said")
    expect(page.get_by_role("status").filter(has_text="立即生效")).to_be_visible()
    page.reload()
    expect(beside).to_contain_text("罚款已经缴清。")
    assert "129900199001011239" not in beside.inner_text()
    found = problems(page, axe, ELDER)

    # Changed meanwhile on another page: nothing is lost, and sending once more is one's own decision.
    other = phone.context.new_page()
    other.goto(page.url)
    write(other, "写在另一页上。")
    expect(other.locator("[data-statement]")).to_contain_text("写在另一页上。")
    write(page, "写在这一页上。")
    sheet = page.get_by_role("dialog")
    expect(sheet.locator("[data-refusal=VERSION_CHANGED]")).to_be_visible()
    expect(beside).to_contain_text("写在另一页上。")
    expect(sheet.get_by_label("您的说明")).to_have_value("写在这一页上。")
    found += problems(page, axe, ELDER)
    sheet.get_by_role("button", name="放在记录旁边").click()
    expect(beside).to_contain_text("写在这一页上。")
    settle(page)

    page.get_by_role("button", name="撤回声明").click()
    expect(page.get_by_role("status").filter(has_text="声明已撤回")).to_be_visible()
    expect(page.get_by_role("button", name="撤回声明")).to_have_count(0)
    page.reload()
    expect(beside).to_have_attribute("data-statement", "")
    assert found == []


def test_a_human_is_asked_to_look_at_the_score_again_and_answers(device: Callable[..., Device], axe: str) -> None:
    phone = device(**ELDER)
    page = phone.sign_in("citizen-2", "/score")
    page.get_by_role("button", name="申请人工复核").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="提出申请")).to_be_disabled()
    sheet.get_by_label("您认为哪里不对").fill("我的荣誉没有算进去。")
    settle(page)
    found = problems(page, axe, ELDER)
    sheet.get_by_role("button", name="提出申请").click()
    asked = page.locator("[data-review=PENDING]")
    expect(asked).to_contain_text("我的荣誉没有算进去。")
    expect(asked).to_contain_text("最迟")
    expect(page.get_by_role("button", name="申请人工复核")).to_have_count(0)

    # The institution's handler, who came in by the phone's front door and is shown the way to the desk.
    office = device(width=1280, theme="dark")
    desk = office.sign_in("handler-1")
    desk.get_by_role("link", name="前往人工复核").click()
    waiting = desk.locator("[data-waiting]")
    expect(waiting).to_have_count(1)
    assert "荣誉" not in desk.inner_text("main")
    settle(desk)
    found += problems(desk, axe, {"theme": "dark"})
    waiting.get_by_role("link", name="打开").click()
    expect(desk.get_by_text("我的荣誉没有算进去。")).to_be_visible()
    expect(desk.get_by_role("heading", name="影响因素")).to_be_visible()
    settle(desk)
    found += problems(desk, axe, {"theme": "dark"})
    desk.get_by_label("理由").fill("荣誉已计入，见影响因素。")
    desk.get_by_role("button", name="答复申请人").click()
    expect(desk.locator("[data-review=ANSWERED]")).to_contain_text("荣誉已计入")
    expect(desk.get_by_role("heading", name="影响因素")).to_have_count(0)
    desk.get_by_role("link", name="人工复核").click()
    expect(desk.get_by_text("没有等待答复的申请")).to_be_visible()
    page.reload()
    expect(page.locator("[data-review=ANSWERED]")).to_contain_text("荣誉已计入，见影响因素。")
    expect(page.get_by_role("button", name="申请人工复核")).to_be_visible()
    assert found + problems(page, axe, ELDER) == []


def test_by_whom_one_is_monitored_and_how_often_they_were_told(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    phone = device(**ELDER)
    page = phone.sign_in("citizen-9", "/grants/monitored")
    expect(page.get_by_text("没有单位收到变化提示")).to_be_visible()
    phone.open("/grants")
    wanted = {"stages": ["PRE_LOAN", "POST_LOAN"], "monitoring": True}
    asked = ask(server, "told", **wanted, subject={"connectCode": code(page)})
    phone.open(f"/grants/{asked['id']}")
    decide(page, monitoring=True)
    expect(page.locator("[data-status=ACTIVE]")).to_be_visible()
    # A statement beside a record is a change of it.
    phone.open("/record")
    write(open_record(page), "罚款已经缴清。")
    expect(page.locator("[data-statement=said]")).to_be_visible()

    phone.open("/grants").get_by_role("link", name="谁收到变化提示").click()
    told = page.locator("[data-monitored=true]")
    expect(told).to_contain_text("海津示例银行")
    expect(told).to_contain_text("1 次")
    settle(page)
    found = problems(page, axe, ELDER)
    told.get_by_role("button", name="停止贷后提示").click()
    expect(page.get_by_role("status").filter(has_text="不再收到贷后提示")).to_be_visible()
    expect(page.locator("[data-monitored=false]")).to_contain_text("停止于")
    expect(page.get_by_role("button", name="停止贷后提示")).to_have_count(0)
    assert found == []
