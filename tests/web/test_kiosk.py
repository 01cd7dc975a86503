"""The kiosk's page: three steps, by touch and by keyboard, read aloud; it asks before it ends, and leaves nothing."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

from tests.harness import organs
from tests.web.conftest import Device, Running, operation
from tests.web.test_access import problems, settle

# A browser of a kiosk has a voice; this one writes down what it is given to say.
_VOICE = """() => {
  window.spoken = [];
  const voice = { lang: "zh-CN", name: "test" };
  const voices = new EventTarget();
  Object.assign(voices, { getVoices: () => [voice], cancel: () => {}, speak: (one) => window.spoken.push(one.text) });
  Object.defineProperty(window, "speechSynthesis", { value: voices });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.print = () => { window.printed = (window.printed ?? 0) + 1; };
}"""
_LEFT = """async () => ({
  local: { ...localStorage },
  session: { ...sessionStorage },
  bases: (await indexedDB.databases()).map((one) => one.name).sort(),
  kept: (await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat(),
  cookies: document.cookie,
  entries: history.length,
  state: JSON.stringify(history.state ?? {}).replaceAll(/"scroll":[^}]*}/g, ""),
})"""


def _standing(device: Device) -> Page:
    """At a kiosk whose sign-in stands for its key, as in any demonstration."""
    page = device.page
    page.add_init_script(f"({_VOICE})()")
    device.sign_in("kiosk-1", "/kiosk")
    page.locator("[data-lay]").wait_for()
    settle(page)
    return page


def _lay(page: Page, name: str) -> None:
    page.get_by_label("演示证照").select_option(label=name)
    page.get_by_role("button", name="开始读取").click()
    page.locator("[data-choose]").wait_for()


def _asks(sent: Request, name: str) -> bool:
    return sent.url.endswith("/graphql") and operation(sent) == name


def _name(persona: str) -> str:
    return organs.identity(persona)["name"]


def test_three_steps_from_a_card_to_an_empty_screen(server: Running, device: Callable[..., Device], axe: str) -> None:
    """A report, printed twice; the trail; and afterwards the browser holds what it held before."""
    at_kiosk = device(width=1080, keeps=True)
    page = _standing(at_kiosk)
    mode = {"elder": True}
    found = problems(page, axe, mode)
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)"), "it has all of its files before it serves"
    before = page.evaluate(_LEFT)
    assert "请把身份证" in page.evaluate("spoken.at(-1)")

    name = _name("citizen-5")
    _lay(page, name)
    found += problems(page, axe, mode)
    expect(page.locator("body")).not_to_contain_text(name)
    page.get_by_role("button", name="信用报告").click()
    sheet = page.locator("[data-sheet=report]")
    expect(sheet).to_contain_text(name)
    code = sheet.locator("[data-code]").inner_text()
    settle(page)
    found += problems(page, axe, mode)
    page.get_by_role("button", name="打印", exact=True).click()
    page.get_by_role("button", name="再打印一次").click()
    assert page.evaluate("printed") == 2
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("button", name="再打印一次")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="已取到").click()
    expect(page.get_by_role("status")).to_contain_text("请带好您的材料")
    page.get_by_role("button", name="看其他内容").click()
    page.get_by_role("button", name="谁看过我").click()
    expect(page.locator("[data-sheet=trail]")).to_contain_text("凭您的身份证件")
    settle(page)
    found += problems(page, axe, mode)
    spoken = " ".join(page.evaluate("spoken"))
    assert name not in spoken
    assert "第三步" not in spoken
    assert "按打印" in spoken

    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="End and clear the screen").click()
    page.locator("[data-step=over]").wait_for()
    expect(page.locator("body")).not_to_contain_text(name)
    found += problems(page, axe, mode)
    page.get_by_role("button", name="重新开始").click()
    page.locator("[data-step=lay] [data-lay]").wait_for()
    settle(page)
    assert page.evaluate(_LEFT) == before
    page.go_back()
    settle(page)
    for secret in (name, code):
        expect(page.locator("body")).not_to_contain_text(secret)
    looks = server.ask("citizen-5", "{ me { accessHistory(first: 2) { edges { node { basis channel } } } } }")
    assert [one["node"]["channel"] for one in looks["me"]["accessHistory"]["edges"]] == ["KIOSK", "KIOSK"]
    told = server.ask("citizen-5", "{ me { notices(first: 3) { edges { node { kind message } } } } }")
    assert "自助终端1号" in json.dumps(told, ensure_ascii=False)
    assert found == []


def test_by_keyboard_alone_with_a_face_that_is_agreed_to(device: Callable[..., Device], axe: str) -> None:
    """In the dark, in elder mode, at 320 px: the same three steps."""
    mode = {"elder": True, "theme": "dark"}
    page = _standing(device(width=320, **mode))
    page.get_by_label("输入密码").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("人脸比对", exact=True)).to_be_checked()
    page.get_by_label("演示证照").select_option(label="海津示例餐饮管理有限公司")
    begin = page.get_by_role("button", name="开始读取")
    expect(begin).to_be_disabled()
    found = problems(page, axe, mode)
    page.get_by_label("我同意本次用人脸比对").focus()
    page.keyboard.press("Space")
    begin.focus()
    page.keyboard.press("Enter")
    page.locator("[data-choose]").wait_for()
    expect(page.get_by_role("heading", name="第二步")).to_be_focused()
    page.get_by_role("button", name="信用报告").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-sheet=report]")).to_contain_text("海津示例餐饮管理有限公司")
    settle(page)
    found += problems(page, axe, mode)
    # Whoever leaves the page without a word leaves nothing on it either.
    page.goto("/privacy")
    page.go_back()
    page.locator("[data-step=lay] [data-lay]").wait_for()
    expect(page.locator("[data-sheet]")).to_have_count(0)
    assert found == []


def test_it_asks_whether_somebody_is_there_and_ends_by_itself(device: Callable[..., Device], axe: str) -> None:
    """Three minutes after the last touch it asks; whoever says so stays; two minutes later nothing is on the screen."""
    phone = device(width=1080)
    page = phone.page
    page.clock.install()
    _standing(phone)
    name = _name("citizen-7")
    _lay(page, name)
    # A look puts the end off: an answer that came after the clock was moved would set the page's clock right again.
    with page.expect_event("requestfinished", lambda sent: _asks(sent, "KioskVisitStay")):
        page.get_by_role("button", name="信用报告").click()
    expect(page.locator("[data-sheet=report]")).to_contain_text(name)
    settle(page)
    asked = page.get_by_role("alertdialog", name="您还需要时间吗")
    expect(asked).to_have_count(0)
    page.clock.fast_forward(185_000)
    expect(asked).to_be_visible()
    assert "您还需要时间吗" in page.evaluate("spoken.at(-1)")
    stay = page.get_by_role("button", name="我还需要时间")
    expect(stay).to_be_focused()
    found = problems(page, axe, {"elder": True})
    stay.click()
    expect(asked).to_be_hidden()
    expect(page.locator("[data-sheet=report]")).to_contain_text(name)
    page.clock.fast_forward(185_000)
    expect(asked).to_be_visible()
    page.clock.fast_forward(125_000)
    page.locator("[data-step=over]").wait_for()
    expect(asked).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text(name)
    page.clock.fast_forward(9_000)
    page.locator("[data-step=lay] [data-lay]").wait_for()
    assert found == []


def _registered(server: Running, office: Device, axe: str, key: str) -> tuple[str, str, list[str]]:
    """An approver registers a device with this key; its client's id, its key's own, and what is wrong with the page."""
    page = office.sign_in("approver-1", "/handling/devices")
    form = page.locator("[data-register]")
    form.get_by_label("终端名称").fill("自助终端9号")
    form.get_by_label("终端的公钥").fill("no key")
    expect(form).to_contain_text("这不是公钥")
    form.get_by_label("终端的公钥").fill(key)
    form.get_by_label("密钥名称").fill("k1")
    form.get_by_role("button", name="登记").click()
    page.locator("[data-given]").wait_for()
    settle(page)
    listed = page.locator("[data-device]", has_text="自助终端9号")
    expect(listed).to_contain_text("可用")
    client = listed.get_attribute("data-device")
    assert client is not None
    keys = "{ organisation { clients(first: 100) { edges { node { id keys { id } } } } } }"
    nodes = [edge["node"] for edge in server.ask("approver-1", keys)["organisation"]["clients"]["edges"]]
    return client, next(node["keys"][0]["id"] for node in nodes if node["id"] == client), problems(page, axe, {})


def test_a_device_is_set_up_serves_by_its_own_key_and_is_put_out(
    server: Running, device: Callable[..., Device], axe: str
) -> None:
    """Nobody signs in: the device made its key; frozen, it shows nobody anything from the next touch on."""
    phone = device(width=1080)
    page = phone.open("/kiosk")
    page.add_init_script(f"({_VOICE})()")
    expect(page.get_by_role("alert")).to_contain_text("尚未启用")
    found = problems(page, axe, {"elder": True})
    page.get_by_role("link", name="登记本终端").click()
    key = page.locator("[data-key]")
    expect(key).not_to_have_value("")
    found += problems(page, axe, {})
    client_id, key_id, wrong = _registered(server, device(base=server.url, width=1280), axe, key.input_value())
    found += wrong
    page.get_by_label("终端编号").fill(client_id)
    page.get_by_label("密钥名称").fill("wrong")
    page.get_by_role("button", name="保存并启用").click()
    expect(page.get_by_role("alert")).to_contain_text("不对")
    page.get_by_label("密钥名称").fill("k1")
    page.get_by_role("button", name="保存并启用").click()
    page.locator("[data-lay]").wait_for()
    page.reload()
    page.locator("[data-lay]").wait_for()
    name = _name("citizen-8")
    _lay(page, name)
    freeze = "mutation($i: PartyFreezeInput!) { partyFreeze(input: $i) { __typename } }"
    server.ask("officer-1", freeze, i={"target": "CLIENT_KEY", "id": key_id, "reason": "核查"})
    page.get_by_role("button", name="信用报告").click()
    page.locator("[data-step=over], .kiosk [role=alert]").first.wait_for()
    expect(page.locator("[data-sheet]")).to_have_count(0)
    page.goto(f"{server.url}/kiosk")
    expect(page.get_by_role("alert")).to_contain_text("尚未启用")
    assert found == []
