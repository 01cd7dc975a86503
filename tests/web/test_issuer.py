"""On a real database the app signs in at an issuer elsewhere, and takes no answer that is not for it."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from api.house import House
from api.migrating import migrate
from api.settings import Settings
from core import installation
from core.identity import IdentityType, parse
from core.installation import Kind
from core.moments import day_of
from credit import entering
from credit.entering import NewSubject
from credit.kinds import SubjectKind
from parties import links
from parties.links import Owner
from tests.harness import city
from tests.harness.city import Templates
from tests.harness.issuer import CLIENT_ID, SCOPE, Issuer
from tests.harness.servers import Server
from tests.web.conftest import Device, apart

_NAME, _NUMBER = "林小河", "11010519491231002X"
# The router's list of scroll positions is there and empty (`test_sessions`).
_KEPT = """() => ({ local: Object.keys(localStorage), cookies: document.cookie, address: location.href,
                    session: Object.keys(sessionStorage).filter((name) => name !== "vue-router:scroll") })"""


async def _found(settings: Settings, issuer: str) -> None:
    """A real installation in which one person is known, by a sign-in at the issuer."""
    house, at = House(settings), datetime.now(UTC)
    try:
        await migrate(house.database)
        number = parse(IdentityType.RESIDENT_ID, _NUMBER, today=day_of(at))
        async with house.database.writing() as unit:
            await installation.stamp(unit, Kind.REAL, at=at)
            await entering.add_subjects(unit, [NewSubject(SubjectKind.NATURAL_PERSON, number, _NAME)], at=at)
            subject = (await entering.known(unit, [number]))[number.number]
            await links.link(unit, issuer=issuer, name=_NAME, owner=Owner(subject_id=subject.id))
    finally:
        await house.close()


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer(_NAME) as running:
        yield running


@pytest.fixture(scope="module")
def installation_url(templates: Templates, issuer: Issuer) -> Iterator[str]:
    """A real service whose app signs in at the issuer."""
    name = f"real_{uuid.uuid4().hex[:8]}"
    url = apart(city.empty(templates, "sqlite", name))
    settings = templates.settings(url).model_copy(update={"origin": "https://credit.example"})
    apart(_found(settings, issuer.url))
    environment = {
        "HAIHE_ISSUERS": json.dumps([{"issuer": issuer.url, "jwks": f"{issuer.url}/jwks"}]),
        "HAIHE_LOG_ORIGIN": "credit.example/log",
        "HAIHE_APP_ISSUER": issuer.url,
        "HAIHE_APP_AUTHORIZATION_ENDPOINT": f"{issuer.url}/authorize",
        "HAIHE_APP_TOKEN_ENDPOINT": f"{issuer.url}/token",
        "HAIHE_APP_CLIENT_ID": CLIENT_ID,
        "HAIHE_APP_SCOPE": SCOPE,
        "HAIHE_APP_END_SESSION_ENDPOINT": f"{issuer.url}/end",
    }
    with Server(settings, name, environment=environment) as server:
        issuer.redirect_uri = f"{server.url}/signed-in"
        yield server.url


@pytest.fixture
def phone(issuer: Issuer, installation_url: str, device: Callable[..., Device]) -> Device:
    issuer.behaviour = "OK"
    issuer.asked.clear()
    issuer.exchanged.clear()
    return device(base=installation_url)


def enter(phone: Device, path: str = "/") -> Page:
    """Through the front door and the issuer's page."""
    page = phone.open(path)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name=f"以{_NAME}登录").click()
    return page


def test_a_person_signs_in_and_sees_what_is_theirs(phone: Device, issuer: Issuer) -> None:
    page = enter(phone, "/home")
    expect(page.get_by_role("heading", name=f"{_NAME}，您好")).to_be_visible()
    silent, asked = issuer.asked
    assert (silent["prompt"], "prompt" in asked) == ("none", False)
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", SCOPE)
    assert len({silent["nonce"], asked["nonce"], silent["state"], asked["state"], asked["code_challenge"]}) == 5
    kept = page.evaluate(_KEPT)
    assert kept == {"local": ["haihe.settings"], "session": [], "cookies": "", "address": f"{phone.base}/home"}

    page.reload()
    expect(page.get_by_role("heading", name=f"{_NAME}，您好")).to_be_visible()
    assert [one.get("prompt") for one in issuer.asked] == ["none", None, "none"]
    assert issuer.exchanged == [200, 200]
    phone.go("记录")
    expect(page.get_by_role("heading", name="我的记录")).to_be_visible()


def test_signing_out_is_signing_out_there_too(phone: Device) -> None:
    page = enter(phone, "/mine")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("此设备上没有留下您的信息")).to_be_visible()
    phone.open("/home")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert _NAME not in page.inner_text("body")
    assert page.evaluate(_KEPT)["session"] == []


@pytest.mark.parametrize(
    ("behaviour", "told", "exchanged"),
    [
        ("STATE", "与这次登录不符", []),
        ("ISS", "与这次登录不符", []),
        ("NONCE", "与这次登录不符", [200]),
        ("AUDIENCE", "与这次登录不符", [200]),
        ("NO_ID_TOKEN", "与这次登录不符", [200]),
        ("CHALLENGE", "登录没有完成", [400]),
        ("DENIED", "您取消了登录", []),
        ("UNAVAILABLE", "登录服务暂时不可用", []),
    ],
)
def test_what_is_no_answer_to_us_signs_nobody_in(
    phone: Device, issuer: Issuer, behaviour: str, told: str, exchanged: list[int]
) -> None:
    issuer.behaviour = behaviour
    page = enter(phone)
    expect(page.get_by_role("alert")).to_contain_text(told)
    # Neither a token nor what was asked with stays anywhere, and nothing was asked of the service.
    kept = page.evaluate(_KEPT)
    assert kept == {"local": ["haihe.settings"], "session": [], "cookies": "", "address": f"{phone.base}/signed-in"}
    assert (issuer.exchanged, phone.asked) == (exchanged, [])

    issuer.behaviour = "OK"
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name=f"{_NAME}，您好")).to_be_visible()


def test_an_issuer_that_is_down_is_told_on_our_own_page(phone: Device, issuer: Issuer) -> None:
    page = phone.open("/")
    issuer.stop()
    try:
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_text("现在连不上登录服务")).to_be_visible()
        phone.open("/record")
        expect(page.get_by_text("现在连不上登录服务")).to_be_visible()
        assert page.evaluate(_KEPT)["session"] == []
    finally:
        issuer.start()
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name=f"以{_NAME}登录").click()
    expect(page.get_by_role("heading", name="我的记录")).to_be_visible()


def test_an_issuer_that_goes_away_after_its_answer_is_told(phone: Device, issuer: Issuer) -> None:
    page = phone.open("/")
    page.get_by_role("button", name="登录", exact=True).click()
    page.route(f"{issuer.url}/token", lambda route: route.abort())
    page.get_by_role("button", name=f"以{_NAME}登录").click()
    expect(page.get_by_role("alert")).to_contain_text("现在连不上登录服务")
    assert page.evaluate(_KEPT)["session"] == []
