"""Signing in for the app: code and PKCE, the session behind it, and every way to get one that is not one's own."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from api import personas, signing_in
from parties import sessions
from tests.harness.callers import Town
from tests.harness.signing_in import CHALLENGE, HERE, HTTP_ORIGIN, Browser, told

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def _look(town: Town, token: str, document: str = "{ me { name } }") -> Any:
    return await town.ask(None, document, headers={"Authorization": f"Bearer {token}"})


async def test_a_citizen_signs_in_looks_renews_and_signs_out(town: Town) -> None:
    browser = Browser(town)
    chosen = await browser.choose("citizen-1")
    said = told(chosen)
    assert (said["state"], said["iss"]) == ("st&te", "urn:haihe:demonstration")
    cookie = next(line for line in chosen.headers.get_list("set-cookie") if line.startswith("haihe-session="))
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    answer = await browser.swap(said["code"])
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert body["scope"] == "claim:make self:read"  # what was asked for, cut to what a citizen may try
    assert answer.headers["cache-control"] == "no-store"
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["client_id"], claims["sub"]) == ("haihe-app", "citizen-1")
    assert (await _look(town, body["access_token"])).status == 200
    # Renewing shows no page.
    renewed = await browser.swap(told(await browser.go(prompt="none"))["code"])
    assert (await _look(town, renewed.json()["access_token"])).status == 200
    assert (await browser.http.post("/sign-out")).status_code == 204
    assert told(await browser.go(prompt="none"))["error"] == "login_required"
    assert await town.count("SELECT count(*) FROM app_session") == 0


async def test_nothing_that_opens_anything_is_stored(town: Town) -> None:
    browser = Browser(town)
    code = told(await browser.choose("citizen-1"))["code"]
    key = browser.http.cookies["haihe-session"]
    for text, table in ((code, "app_code"), (key, "app_session")):
        assert await town.count(f"SELECT count(*) FROM {table} WHERE id = :i", i=text) == 0
        hashed = hashlib.sha256(text.encode()).hexdigest()
        assert await town.count(f"SELECT count(*) FROM {table} WHERE id = :i", i=hashed) == 1


@pytest.mark.parametrize("persona", ["till-1", "partner-1"])
@on_sqlite
async def test_staff_sign_in_too(town: Town, persona: str) -> None:
    scope = " ".join(personas.APP_SCOPES)
    token = await Browser(town).token(persona, scope=scope)
    desk = await _look(town, token, "{ partner { party { name } } viewer { name } }")
    assert desk["data"]["partner"]["party"]["name"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims["scope"].split()) == set(personas.PERSONAS[persona].scopes) & personas.APP_SCOPES


# ------------------------------------------------------------------------------------------------- acting for another
_MANDATES = "{ viewer { mandates { edges { node { id kind subject { name } } } } } }"


async def test_a_token_acts_for_a_live_mandate_of_ones_own_and_for_no_other(town: Town) -> None:
    found = await town.data("citizen-3", _MANDATES)
    mandates = {edge["node"]["kind"]: edge["node"] for edge in found["viewer"]["mandates"]["edges"]}
    assert {"GUARDIAN", "AGENT"} <= set(mandates)
    browser = Browser(town)
    for kind in ("GUARDIAN", "AGENT"):
        token = await browser.token("citizen-3", mandate=mandates[kind]["id"])
        seen = await _look(town, token, "{ viewer { actingFor { name } } }")
        assert seen["data"]["viewer"]["actingFor"]["name"] == mandates[kind]["subject"]["name"]
    # Back to oneself in the same session, without a page.
    own = (await browser.swap(told(await browser.go(prompt="none"))["code"])).json()["access_token"]
    assert not {"org", "mandate"} & set(jwt.decode(own, options={"verify_signature": False}))
    stranger = Browser(town)
    await stranger.choose("citizen-2")
    for mandate in (mandates["GUARDIAN"]["id"], mandates["AGENT"]["id"], "mdt_00000000000000000000"):
        assert told(await stranger.go(prompt="none", mandate=mandate))["error"] == "access_denied"
    assert told(await Browser(town).choose("till-1", mandate=mandates["AGENT"]["id"]))["error"] == "access_denied"


async def test_an_ended_mandate_gives_no_token(town: Town) -> None:
    from parties import mandates

    found = await town.data("citizen-3", _MANDATES)
    ward = next(e["node"]["id"] for e in found["viewer"]["mandates"]["edges"] if e["node"]["kind"] == "GUARDIAN")
    browser = Browser(town)
    await browser.choose("citizen-3", mandate=ward)
    async with town.house.database.writing() as unit:
        assert await mandates.end(unit, ward, at=datetime.now(UTC))
    assert told(await browser.go(prompt="none", mandate=ward))["error"] == "access_denied"


@on_sqlite
async def test_who_is_frozen_gets_no_code(town: Town) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    given = {"target": "LINK", "id": "citizen-1", "issuer": "urn:haihe:demonstration", "reason": "查实"}
    assert (await town.act("officer-1", "partyFreeze", given, "frozen"))["frozen"]
    assert told(await browser.go(prompt="none"))["error"] == "access_denied"


# ------------------------------------------------------------------------------------------------- codes
_WRONG = {
    "another verifier": {"code_verifier": "w" * 43},
    "the challenge as verifier": {"code_verifier": CHALLENGE},
    "a short verifier": {"code_verifier": "v" * 42},
    "another address": {"redirect_uri": "http://haihe.test/signed-in/"},
    "another code": {"code": "x"},
    "a code of no text": {"code": "\x01"},
}


@pytest.mark.parametrize("case", _WRONG)
@on_sqlite
async def test_a_code_tried_wrongly_is_one_answer_and_is_used_up(town: Town, case: str) -> None:
    browser = Browser(town)
    code = told(await browser.choose("citizen-1"))["code"]
    wrong = await browser.swap(code, **_WRONG[case])
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_grant"})
    assert (await browser.swap(code)).status_code == (200 if "code" in _WRONG[case] else 400)


@on_sqlite
async def test_a_code_for_another_client_or_a_form_in_part_gives_nothing(town: Town) -> None:
    browser = Browser(town)
    code = told(await browser.choose("citizen-1"))["code"]
    other = await browser.swap(code, client_id="haihe-desk")
    assert (other.status_code, other.json()) == (401, {"error": "invalid_client"})
    for lacking in ("code", "client_id", "redirect_uri", "code_verifier"):
        assert (await browser.swap(code, **{lacking: ""})).json() == {"error": "invalid_request"}
    assert (await browser.swap(code)).status_code == 200


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_code_is_taken_once_by_64_who_try_at_once(town: Town) -> None:
    browser = Browser(town)
    code = told(await browser.choose("citizen-1"))["code"]
    answers = await asyncio.gather(*(browser.swap(code) for _ in range(64)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 63
    assert {answer.text for answer in answers if answer.status_code == 400} == {'{"error":"invalid_grant"}'}


async def test_a_code_lives_a_minute_and_dies_with_its_session(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(town)
    late = told(await browser.choose("citizen-1"))["code"]
    _later(monkeypatch, sessions.CODE_LIFE)
    assert (await browser.swap(late)).json() == {"error": "invalid_grant"}
    code = told(await browser.go(prompt="none"))["code"]
    await browser.http.post("/sign-out")
    assert (await browser.swap(code)).json() == {"error": "invalid_grant"}


def _later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    from api import clock

    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + by)


# ------------------------------------------------------------------------------------------------- sessions
@pytest.mark.parametrize("by", [sessions.IDLE, sessions.LONGEST])
async def test_a_session_ends_when_nobody_used_it(town: Town, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    _later(monkeypatch, by)
    assert told(await browser.go(prompt="none"))["error"] == "login_required"
    await Browser(town).choose("citizen-2")
    assert await town.count("SELECT count(*) FROM app_session") == 1  # what has run out is forgotten


@on_sqlite
async def test_use_prolongs_a_session_but_not_for_ever(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    step = timedelta(minutes=29)
    for turn in range(1, 26):
        _later(monkeypatch, step)
        kept = "code" in told(await browser.go(prompt="none"))
        assert kept is (step * turn < sessions.LONGEST), turn


@on_sqlite
async def test_a_session_that_somebody_was_given_is_not_signed_in_to(town: Town) -> None:
    victim = Browser(town)
    victim.http.cookies.set("haihe-session", "planted", domain="haihe.test")
    await victim.choose("citizen-1")
    assert victim.http.cookies["haihe-session"] != "planted"
    attacker = Browser(town)
    attacker.http.cookies.set("haihe-session", "planted")
    assert told(await attacker.go(prompt="none"))["error"] == "login_required"


@on_sqlite
async def test_signing_in_again_ends_the_session_before(town: Town) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    before = browser.http.cookies["haihe-session"]
    await browser.choose("citizen-2")
    other = Browser(town)
    other.http.cookies.set("haihe-session", before)
    assert told(await other.go(prompt="none"))["error"] == "login_required"


@on_sqlite
async def test_the_cookies_are_secure_where_there_is_tls(town: Town) -> None:
    browser = Browser(town, "https://haihe.test")
    chosen = await browser.choose("citizen-1")
    session = next(c for c in chosen.headers.get_list("set-cookie") if c.startswith("__Host-haihe-session="))
    assert "secure" in session.lower()
    assert "domain" not in session.lower()
    assert "code" in told(await browser.go(prompt="none"))


# ------------------------------------------------------------------------------------------------- forged requests
@on_sqlite
async def test_a_form_that_is_not_the_pages_own_signs_nobody_in(town: Town) -> None:
    browser = Browser(town)
    page = await browser.go()
    proof = browser.http.cookies["haihe-form"]
    assert proof in page.text
    for form, headers in (
        ({"persona": "citizen-2"}, {}),
        ({"persona": "citizen-2", "form": ""}, {}),
        ({"persona": "citizen-2", "form": "x"}, {}),
        ({"persona": "citizen-2", "form": "中"}, {}),
        ({"persona": "citizen-2", "form": proof}, {"Sec-Fetch-Site": "cross-site"}),
        ({"persona": "nobody", "form": proof}, {}),
        ({"form": proof}, {}),
    ):
        answer = await browser.http.post(browser.url(), data=form, headers=headers)
        assert (answer.status_code, "haihe-session" in browser.http.cookies) == (403, False), form
    bare = Browser(town)
    assert (await bare.http.post(bare.url(), data={"persona": "citizen-2", "form": ""})).status_code == 403
    assert (await bare.http.post(bare.url(), content=b"\xff" * 5000)).status_code == 403
    assert await town.count("SELECT count(*) FROM app_session") == 0


@on_sqlite
async def test_another_site_signs_nobody_out(town: Town) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    assert (await browser.http.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await browser.http.get("/sign-out")).status_code == 405
    assert "code" in told(await browser.go(prompt="none"))
    assert (await Browser(town).http.post("/sign-out")).status_code == 204


_UNSENT: dict[str, dict[str, str | None]] = {
    "no client": {"client_id": None},
    "another client": {"client_id": "evil"},
    "no address": {"redirect_uri": None},
    "another host": {"redirect_uri": "http://evil.test/signed-in"},
    "another scheme": {"redirect_uri": "https://haihe.test/signed-in"},
    "a deeper path": {"redirect_uri": f"{HERE}/x"},
    "a way up": {"redirect_uri": f"{HTTP_ORIGIN}/x/../signed-in"},
    "a user": {"redirect_uri": "http://haihe.test@evil.test/signed-in"},
    "a query": {"redirect_uri": f"{HERE}?x=1"},
    "a fragment": {"redirect_uri": f"{HERE}#x"},
    "a script": {"redirect_uri": "javascript:alert(1)"},
}


@pytest.mark.parametrize("case", _UNSENT)
@pytest.mark.parametrize("prompt", [None, "none"])
@on_sqlite
async def test_nobody_is_sent_to_an_address_that_is_not_the_apps(town: Town, case: str, prompt: str | None) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    answer = await browser.go(**_UNSENT[case], prompt=prompt)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@on_sqlite
async def test_an_address_that_stands_twice_sends_nobody(town: Town) -> None:
    browser = Browser(town)
    for more in ("&redirect_uri=http://evil.test/", f"&redirect_uri={HERE}", "&client_id=haihe-app", "&state=x"):
        assert (await browser.http.get(browser.url() + more)).status_code == 400, more
    host = {"Host": "h" * 400}
    assert (
        await browser.http.get(browser.url(redirect_uri=f"http://{'h' * 400}/signed-in"), headers=host)
    ).status_code == 400


_REFUSED: dict[str, tuple[dict[str, str | None], str]] = {
    "an implicit grant": ({"response_type": "token"}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "invalid_request"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "no method": ({"code_challenge_method": None}, "invalid_request"),
    "a challenge that is none": ({"code_challenge": "x" * 42 + "!"}, "invalid_request"),
    "a scope of ours that is not the app's": ({"scope": "webhook:manage"}, "invalid_scope"),
    "a scope that is none": ({"scope": "self:read x"}, "invalid_scope"),
    "a prompt that is none": ({"prompt": "consent"}, "invalid_request"),
    "a mandate that is none": ({"mandate": "x' OR 1=1"}, "invalid_request"),
    "an endless state": ({"state": "s" * 513}, "invalid_request"),
}


@pytest.mark.parametrize("case", _REFUSED)
@on_sqlite
async def test_what_is_asked_wrongly_is_told_to_the_app_alone(town: Town, case: str) -> None:
    browser = Browser(town)
    await browser.choose("citizen-1")
    changed, error = _REFUSED[case]
    answer = await browser.go(**{"prompt": "none", **changed})
    assert told(answer)["error"] == error
    assert answer.headers["location"].startswith(f"{HERE}?")
    state = parse_qs(urlsplit(answer.headers["location"]).query).get("state")
    assert state == (None if case == "an endless state" else ["st&te"])


@on_sqlite
async def test_the_metadata_names_what_there_is(town: Town) -> None:
    said = (await town.http.get(signing_in.METADATA_PATH)).json()
    assert said["authorization_endpoint"] == f"{HTTP_ORIGIN}/oauth/authorize"
    assert said["token_endpoint"] == f"{HTTP_ORIGIN}/oauth/token"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert (await town.http.get(urlsplit(said["jwks_uri"]).path)).status_code == 200
