"""What others may try: markup in every text, frames, redirects, and the token."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Device, Running
from tests.web.requests import ask
from tests.web.test_requests import code

_PAYLOAD = (
    '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    '<a href="javascript:window.hit=1">点我</a>{{window.hit=1}}'
)
# What a provider, a partner, a recipient or a citizen can write, wherever it is shown.
_WRITTEN = {
    "address", "authority", "benefitText", "contact", "dateLabel", "district", "documentNumber", "endReason", "have",
    "label", "message", "name", "needed", "operator", "orderNumber", "reason", "reference", "requirement", "retention",
    "statement", "store", "summary", "terms", "text", "title", "value", "withdrawalEffect", "offerTitle", "number",
    "masked", "article", "instrument", "caseNumber", "openedBy", "decidedBy", "purposeText",
    "described", "question", "remedy", "institution", "handler",
}  # fmt: skip

_SHELL_IS_KEPT = "navigator.serviceWorker.ready.then(() => true)"


def poisoned(value: Any, key: str = "") -> Any:
    """An answer in which every written text is an attack."""
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if key == "grantPreview":  # an answer within the answer
        return json.dumps(poisoned(json.loads(value)))
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    return _PAYLOAD if isinstance(value, str) and key in _WRITTEN else value


def poison(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=json.dumps(poisoned(answer.json())))


@pytest.mark.parametrize(
    ("persona", "paths"),
    [
        (
            "citizen-1",
            ("/home", "/score", "/notices", "/record", "/grants", "/grants/new", "/looks", "/offers", "/mine"),
        ),
        ("partner-1", ("/partner",)),
    ],
)
def test_no_text_is_ever_markup(device: Callable[..., Device], persona: str, paths: tuple[str, ...]) -> None:
    phone = device()
    phone.page.route("**/graphql", poison)
    page = phone.sign_in(persona, paths[0])
    for path in paths:
        phone.open(path)
        page.wait_for_load_state("networkidle")
        for summary in page.locator("summary").all()[:3]:
            summary.click()
        expect(page.get_by_text("<script>window.hit=1</script>").first).to_be_attached()
        found = page.evaluate(
            "[window.hit, document.querySelectorAll('#app img, #app script, a[href^=javascript]').length]"
        )
        assert found == [None, 0], path


def test_a_frame_elsewhere_shows_nothing(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    headers = phone.context.request.get(server.url).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "unsafe" not in headers["content-security-policy"]
    page = phone.page
    page.route(
        "http://evil.test/",
        lambda route: route.fulfill(body=f"<iframe src='{server.url}/home'></iframe>", content_type="text/html"),
    )
    page.goto("http://evil.test/")
    page.wait_for_load_state("networkidle")
    assert page.frames[1].evaluate("location.origin + document.body.innerText.length") != server.url
    assert page.frames[1].locator("#app").count() == 0
    phone.faults.clear()  # the browser's own words about the frame it refused


def test_what_a_party_writes_in_its_request_is_text(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.sign_in("citizen-3", "/grants")
    words = {"reason": _PAYLOAD[:200], "reference": "<img src=x onerror=window.hit=1>"}
    asked = ask(server, "attack", subject={"connectCode": code(page)}, **words)
    page.route("**/graphql", poison)
    for path in (f"/grants/{asked['id']}", "/home", "/notices", "/looks"):
        phone.open(path)
        page.wait_for_load_state("networkidle")
        for switch in page.get_by_role("switch").all():  # the text as it is sent; one's own looks too
            switch.click()
        for button in page.get_by_role("button", name="不认识这次查询").all()[:1]:
            button.click()
        expect(page.get_by_text("<script>window.hit=1</script>").first).to_be_attached()
        found = page.evaluate(
            "[window.hit, document.querySelectorAll('#app img, #app script, a[href^=javascript]').length]"
        )
        assert found == [None, 0], path


@pytest.mark.parametrize("wanted", ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_signing_in_leads_to_our_own_pages_only(server: Running, device: Callable[..., Device], wanted: str) -> None:
    phone = device()
    page = phone.page
    page.goto(f"{server.url}/?next={wanted}")
    page.get_by_role("button", name="登录").click()
    page.locator('button[value="citizen-1"]').click()
    page.wait_for_url(f"{server.url}/home")


def test_an_answer_that_nobody_asked_for_signs_nobody_in(server: Running, device: Callable[..., Device]) -> None:
    phone = device()
    page = phone.open("/signed-in?code=stolen&state=guessed")
    expect(page.get_by_text("没有登录成功")).to_be_visible()
    assert page.url == f"{server.url}/signed-in"  # neither code nor state stays in the address


def test_the_token_is_in_no_storage(device: Callable[..., Device]) -> None:
    phone = device(keeps=True)
    tokens: list[str] = []
    phone.page.on("request", lambda sent: tokens.append(sent.headers.get("authorization", "").removeprefix("Bearer ")))
    page = phone.sign_in("citizen-1")
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    assert page.evaluate(_SHELL_IS_KEPT)
    page.reload()
    expect(page.get_by_role("heading", name="林海生，您好")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const files = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) files.push(new URL(request.url).pathname);
          const stored = [{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state];
          return { files, rest: JSON.stringify(stored) };
        }"""
    )
    sent = {token for token in tokens if token}
    assert sent
    assert not any(token in kept["rest"] or "eyJ" in kept["rest"] for token in sent)
    # The worker keeps the shell and never an answer.
    assert "/" in kept["files"]
    assert all(path == "/" or path.startswith("/assets/") for path in kept["files"]), kept["files"]
    assert all(cookie["httpOnly"] for cookie in phone.context.cookies())
