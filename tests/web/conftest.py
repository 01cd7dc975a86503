"""One real server and one real browser a run; a fresh context, which is a fresh device, for each test."""

import asyncio
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from api.__main__ import main
from api.house import House
from api.settings import DEMONSTRATION_ISSUER
from api.tokens import LONGEST_LIFE_SECONDS
from parties import sessions
from tests.harness import city
from tests.harness.city import Templates
from tests.harness.servers import ROOT, Server

Result = TypeVar("Result")
_WHOLE = ("chromium", "chromium-browser", "google-chrome")
# Has no windows that nobody sees: a quarter of the work for each page.
_LIGHT = "chromium-headless-shell"
_PHONE = {"width": 390, "height": 844}
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

expect.set_options(timeout=10_000)


def need(what: str, *, is_there: bool) -> None:
    """Skip without it; in CI a missing tool is a failure."""
    if is_there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is not on this machine")


def apart(work: Coroutine[Any, Any, Result]) -> Result:
    """On a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Running:
    """The server of the run, which a test may stop and start again at the same address."""

    def __init__(self, templates: Templates, *, told: bool = False, **environment: str) -> None:
        """`told`: with the cases of the city's story."""
        self._environment = environment
        self._name = f"web_{uuid.uuid4().hex[:8]}"
        self._settings = templates.settings(apart(city.copy(templates, "sqlite", self._name)))
        if told:
            apart(city.tell(self._settings))
        self._server = self._start({})
        self.url = self._server.url
        self._port = self._server.port
        self._tokens: dict[str, tuple[str, float]] = {}

    def _start(self, environment: dict[str, str]) -> Server:
        # Found where it listens, as a demonstration is: the pages' proofs name the address they are at.
        generous = {
            "HAIHE_ANONYMOUS_PER_MINUTE": "100000",
            "HAIHE_PERSON_PER_MINUTE": "100000",
            "HAIHE_ORIGIN": "",
            **self._environment,
            **environment,
        }
        server = Server(self._settings, f"{self._name}-{uuid.uuid4().hex[:4]}", environment=generous)
        server.port = int(environment.get("HAIHE_PORT", server.port))
        server.url = f"http://127.0.0.1:{server.port}"
        return server.__enter__()

    def stop(self) -> None:
        self._server.stop()

    def session(self, persona: str) -> str:
        """The cookie of who is signed in at the demonstration's issuer."""

        async def begun() -> str:
            house = House(self._settings)
            try:
                async with house.database.writing() as unit:
                    return await sessions.begin(unit, issuer=DEMONSTRATION_ISSUER, name=persona, at=datetime.now(UTC))
            finally:
                await house.close()

        return apart(begun())

    def token(self, persona: str) -> str:
        """A token as `haihe token` prints it, for those whose desks the app has no room for.

        Made again in the middle of its life: a slow run is longer than that.
        """
        made, at = self._tokens.get(persona, ("", 0.0))
        if not made or time.monotonic() - at > LONGEST_LIFE_SECONDS / 2:
            s = self._settings
            given = {"DATA": s.data, "DATABASE_URL": s.database_url, "KEYS": s.key_file}
            environment = {f"HAIHE_{name}": str(value) for name, value in given.items()}
            command = partial(CliRunner().invoke, main, ["token", persona], env=environment, catch_exceptions=False)
            with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this thread
                made = elsewhere.submit(command).result().output.strip()
            self._tokens[persona] = (made, time.monotonic())
        return made

    def ask(self, persona: str, document: str, **variables: Any) -> Any:
        """One operation's data, as a persona over HTTP."""
        answer = json.loads(self.post(persona, document, variables))
        assert "errors" not in answer, answer
        return answer["data"]

    def post(self, persona: str, document: str, variables: Any) -> str:
        """One operation's answer, as its bytes say it. `variables` may be JSON text already."""
        given = json.loads(variables) if isinstance(variables, str) else variables
        headers = {"Authorization": f"Bearer {self.token(persona)}"}
        body = {"query": document, "variables": given}
        return httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=60).text

    def start(self) -> None:
        self._server = self._start({"HAIHE_PORT": str(self._port)})


@pytest.fixture(scope="session")
def server(templates: Templates) -> Iterator[Running]:
    running = Running(templates)
    yield running
    running.stop()


@pytest.fixture
def told(templates: Templates) -> Iterator[Running]:
    """A city with the cases of its story."""
    running = Running(templates, told=True)
    yield running
    running.stop()


def launch(playwright: Playwright, *arguments: str, whole: bool = False) -> Browser:
    """The machine's own Chromium, or none and the test is skipped. Only a `whole` one asks what its pages may use."""
    names = _WHOLE if whole else (_LIGHT, *_WHOLE)
    found = next((path for name in names if (path := shutil.which(name))), None)
    need("chromium", is_there=found is not None)
    always = ("--no-sandbox", "--disable-dev-shm-usage")
    return playwright.chromium.launch(executable_path=found, args=[*always, *arguments])


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


class Device:
    """Somebody's phone or till: a context of its own, and what went wrong on its pages."""

    def __init__(self, context: BrowserContext, base: str, session: Callable[[str], str] | None = None) -> None:
        """`session`: makes a cookie of the issuer's, where its database is at hand."""
        self.context = context
        self.base = base
        self._session = session
        self.faults: list[str] = []
        self.asked: list[str] = []
        context.on("page", self._watch)
        self.page = context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if _is_fault(line.text) else None)
        page.on("request", lambda sent: self.asked.append(operation(sent)) if sent.url.endswith("/graphql") else None)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def sign_in(self, persona: str, path: str = "/home") -> Page:
        """At a page of the app, as who is signed in at the issuer already, where its database is at hand.

        Through the front door otherwise, which is test_issuer's and two more apps to load.
        """
        if self._session is not None:
            cookie = {"name": "haihe-session", "value": self._session(persona), "url": self.base}
            self.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
            return self.open(path)
        self.open(path)
        self.page.get_by_role("button", name=re.compile("^(登录|Sign in)$")).click()
        self.page.locator(f'button[value="{persona}"]').click()
        self.page.wait_for_url(f"**{path}")
        return self.page

    def go(self, tab: str) -> Page:
        """To one of the rooms, by its tab."""
        self.page.get_by_role("navigation", name="主要页面").get_by_role("link", name=tab).click()
        return self.page


def _is_fault(text: str) -> bool:
    return any(word in text for word in ("Content Security Policy", "TrustedHTML", "TrustedScript", "Uncaught"))


def operation(request: Any) -> str:
    """What a request to the API asks."""
    return str(json.loads(request.post_data or "{}").get("operationName"))


def context_of(
    browser: Browser,
    base: str,
    *,
    width: int = 390,
    language: str = "zh",
    elder: bool = False,
    theme: str = "light",
    keeps: bool = False,
) -> BrowserContext:
    """A fresh device that shows things so. Only one that `keeps` has a service worker, which fetches the whole app."""
    worker: Literal["allow", "block"] = "allow" if keeps else "block"
    context = browser.new_context(
        base_url=base,
        viewport={**_PHONE, "width": width},
        locale="zh-CN",
        reduced_motion="reduce",
        service_workers=worker,
    )
    settings = json.dumps({"language": language, "elder": elder, "theme": theme})
    context.add_init_script(
        # Not every document has a storage: the browser's own page about a refused frame has none.
        "try { if (!localStorage.getItem('haihe.settings'))"
        f" localStorage.setItem('haihe.settings', {settings!r}) }} catch {{}}"
    )
    return context


@pytest.fixture
def device(server: Running, browser: Browser) -> Iterator[Callable[..., Device]]:
    """Make a device: `device(elder=True)`, `device(theme="dark")`, `device(width=320)`.

    By `base` it is at another service, by `browser` in another browser.
    """
    made: list[Device] = []

    def make(*, base: str = server.url, browser: Browser = browser, **shown: Any) -> Device:
        session = server.session if base == server.url else None
        made.append(Device(context_of(browser, base, **shown), base, session))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    # Whatever a test looked at: no page broke, and nothing ran into the policy.
    assert [fault for one in made for fault in one.faults] == []


@pytest.fixture(scope="session")
def axe() -> str:
    need("axe-core (make web)", is_there=AXE.is_file())
    return Path(AXE).read_text("utf-8")
