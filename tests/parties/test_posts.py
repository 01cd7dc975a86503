"""Posts through the API: a manager or an approver gives, the security officer links, and nobody does both."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api import personas
from api.personas import PERSONAS, Persona
from api.settings import DEMONSTRATION_ISSUER
from core.moments import day_of
from core.principal import Scope
from parties.clients import ISSUER
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored
from tests.harness.scale import scaled

_STAFF = "staff { id label post storeId validFrom validUntil frozen linked } replayed"
_DESK = "{ organisation { party { name } staff(first: 100) { edges { node { id label post linked } } } } }"
_PERSON = Persona("新来的人", "haihe-desk", PERSONAS["partner-1"].channel, tuple(Scope))


async def _party_of(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        return await personas.party_of(unit, persona) or ""


async def _as(town: Town, sub: str, party_id: str, document: str, **variables: Any) -> Answered:
    """Ask as any sign-in of the demonstration's issuer, with every scope in the token."""
    token = personas.sign(town.house.rings, _PERSON, sub, party_id, audience="haihe", at=datetime.now(UTC))
    return await town.ask(None, document, variables, headers={"Authorization": f"Bearer {token}"})


async def _store(town: Town, persona: str = "partner-1") -> str:
    found = await town.data(persona, "{ partner { stores { id } } }")
    return str(found["partner"]["stores"][0]["id"])


async def _till(town: Town, *, key: str = "k", **changed: Any) -> dict[str, Any]:
    given = {"label": "收银台9号", "post": "TILL", "storeId": await _store(town), "idempotencyKey": key, **changed}
    return await town.act("partner-1", "staffEmploy", {k: v for k, v in given.items() if v is not ...}, _STAFF)


async def _link(town: Town, staff_id: str, name: str, *, key: str = "l", by: str = "officer-1") -> dict[str, Any]:
    given = {"issuer": DEMONSTRATION_ISSUER, "name": name, "staffId": staff_id, "idempotencyKey": key}
    return await town.act(by, "signInLink", given, _STAFF)


async def _codes(answer: dict[str, Any]) -> list[str]:
    assert answer["code"] == "INVALID_INPUT", answer
    return [detail["code"] for detail in answer["details"]]


async def test_a_till_is_employed_by_its_manager_linked_by_the_officer_and_gone_the_same_day(town: Town) -> None:
    party_id = await _party_of(town, "partner-1")
    made = await _till(town)
    staff = made["staff"]
    assert (staff["post"], staff["linked"], staff["frozen"], made["replayed"]) == ("TILL", False, False, False)
    check = 'mutation { claimCheck(input: {code: "1"}) { __typename } }'
    assert (await _as(town, "till-9", party_id, check)).status == 403
    assert (await _link(town, staff["id"], "till-9"))["staff"]["linked"]
    assert (await _as(town, "till-9", party_id, check))["data"]["claimCheck"] == {"__typename": "Refusal"}
    assert (await _as(town, "till-9", party_id, _DESK)).status == 403
    listed = (await town.data("partner-1", _DESK))["organisation"]["staff"]["edges"]
    assert {"id": staff["id"], "label": "收银台9号", "post": "TILL", "linked": True} in [e["node"] for e in listed]

    left = await town.act("partner-1", "staffLeave", {"staffId": staff["id"]}, _STAFF)
    yesterday = day_of(datetime.now(UTC)) - timedelta(days=1)
    assert (left["staff"]["validUntil"], left["replayed"]) == (yesterday.isoformat(), False)
    assert (await _as(town, "till-9", party_id, check)).status == 403
    assert (await town.act("partner-1", "staffLeave", {"staffId": staff["id"]}, _STAFF))["replayed"]


async def test_the_institution_gives_an_organisation_its_manager_who_gives_its_officers(town: Town) -> None:
    bank = await _party_of(town, "bank-1")
    given = {"partyId": bank, "label": "行长", "post": "MANAGER", "idempotencyKey": "m"}
    manager = await town.act("approver-1", "staffEmploy", given, _STAFF)
    await _link(town, manager["staff"]["id"], "bank-manager")
    employ = "mutation($i: StaffEmployInput!) { staffEmploy(input: $i) { __typename ... on Refusal { code } } }"
    officer = {"label": "信贷员乙", "post": "OFFICER", "idempotencyKey": "o"}
    assert (await _as(town, "bank-manager", bank, employ, i=officer))["data"]["staffEmploy"] == {
        "__typename": "StaffEmployPayload"
    }
    another = {**officer, "post": "MANAGER", "idempotencyKey": "o2"}
    assert (await _as(town, "bank-manager", bank, employ, i=another))["data"]["staffEmploy"]["code"] == "INVALID_INPUT"
    # The institution finds whom to link, and whom to freeze, at its own desk.
    desk = "query($p: ID!) { approvals { staff(partyId: $p) { edges { node { label post linked } } } } }"
    found = (await town.data("officer-1", desk, {"p": bank}))["approvals"]["staff"]["edges"]
    assert {"label": "行长", "post": "MANAGER", "linked": True} in [edge["node"] for edge in found]
    assert {"label": "信贷员乙", "post": "OFFICER", "linked": False} in [edge["node"] for edge in found]


async def test_the_same_key_employs_once_and_what_breaks_a_rule_employs_nobody(town: Town) -> None:
    today = day_of(datetime.now(UTC))
    first, again = await _till(town), await _till(town)
    assert first["staff"] == again["staff"]
    assert again["replayed"]
    before = await town.count("SELECT count(*) FROM staff")
    assert await _codes(await _till(town, key="a", label=" ")) == ["LENGTH"]
    assert await _codes(await _till(town, key="b", post="OFFICER")) == ["POST_NOT_GIVEN", "STORE_OF_TILL"]
    assert await _codes(await _till(town, key="c", storeId=...)) == ["STORE_OF_TILL"]
    assert await _codes(await _till(town, key="d", storeId="sto_x")) == ["NO_SUCH_STORE"]
    gone = (today - timedelta(days=1)).isoformat()
    assert await _codes(await _till(town, key="e", validUntil=gone)) == ["PAST"]
    late = {"staffId": first["staff"]["id"], "from": gone}
    assert await _codes(await town.act("partner-1", "staffLeave", late, _STAFF)) == ["DAY_PASSED"]
    assert await town.count("SELECT count(*) FROM staff") == before


async def test_another_organisations_posts_and_stores_are_absent_to_a_manager(town: Town) -> None:
    async with town.house.database.reading() as unit:
        others = await unit.first(
            text("SELECT id FROM store WHERE party_id <> :p"), {"p": await _party_of(town, "partner-1")}
        )
        banker = await unit.first(
            text("SELECT id FROM staff WHERE party_id = :p"), {"p": await _party_of(town, "bank-1")}
        )
    assert others is not None
    assert banker is not None
    assert await _codes(await _till(town, storeId=others.id)) == ["NO_SUCH_STORE"]
    answers = [
        await _till(town, key="p", partyId=await _party_of(town, "bank-1"), storeId=..., post="OFFICER"),
        await _till(town, key="q", partyId="pty_" + "0" * 20, storeId=..., post="OFFICER"),
        await town.act("partner-1", "staffLeave", {"staffId": banker.id}, _STAFF),
        await town.act("partner-1", "staffLeave", {"staffId": "stf_" + "0" * 20}, _STAFF),
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "NOT_AVAILABLE"
    # Nor does one approver put a merchant's till out by way of posts: that is freezing's, and the officer's.
    assert (await town.act("approver-1", "staffLeave", {"staffId": banker.id}, _STAFF))["code"] == "NOT_AVAILABLE"


async def test_a_sign_in_is_linked_once_and_a_post_has_one(town: Town) -> None:
    made = (await _till(town))["staff"]["id"]
    other = (await _till(town, key="k2"))["staff"]["id"]
    assert (await _link(town, made, "citizen-1"))["code"] == "LINK_TAKEN"
    assert not (await _link(town, made, "till-9", key="l2"))["replayed"]
    assert (await _link(town, made, "till-10", key="l3"))["code"] == "POST_LINKED"
    assert (await _link(town, other, "till-9", key="l4"))["code"] == "LINK_TAKEN"
    assert (await _link(town, "stf_" + "0" * 20, "till-11", key="l5"))["code"] == "NOT_AVAILABLE"
    reserved = {"issuer": ISSUER, "name": "cli_x", "staffId": other, "idempotencyKey": "l6"}
    assert await _codes(await town.act("officer-1", "signInLink", reserved, _STAFF)) == ["ISSUER_RESERVED"]
    assert await _codes(await _link(town, other, "a\tb", key="l7")) == ["LENGTH"]
    assert await town.count("SELECT count(*) FROM identity_link WHERE name IN ('till-9', 'till-10', 'till-11')") == 1
    assert (await town.data("citizen-1", "{ me { name } }"))["me"]["name"] == "林海生"


async def test_a_districts_institution_gets_its_first_approver_from_the_citys_and_staffs_itself(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE party SET institution = true, district = '129901' WHERE code = 'XZSP'"))
    theirs = await _party_of(town, "agency-1")
    given = {"partyId": theirs, "label": "区审批人", "idempotencyKey": "a"}
    for post in ("HANDLER", "SECURITY", "SUPERVISOR"):
        refused = await town.act("approver-1", "staffEmploy", {**given, "post": post, "idempotencyKey": post}, _STAFF)
        assert await _codes(refused) == ["POST_NOT_GIVEN"], post
    made = (await town.act("approver-1", "staffEmploy", {**given, "post": "APPROVER"}, _STAFF))["staff"]
    document = "mutation($i: StaffEmployInput!) { staffEmploy(input: $i) { __typename ... on Refusal { code } } }"
    handler = {"label": "区处理员", "post": "HANDLER", "idempotencyKey": "h"}
    assert (await _as(town, "district-1", theirs, document, i=handler)).status == 403, "nobody has linked it"
    # Nobody but the city's security officer does.
    assert (await _link(town, made["id"], "district-1"))["staff"]["linked"]
    said = (await _as(town, "district-1", theirs, document, i=handler))["data"]["staffEmploy"]
    assert said == {"__typename": "StaffEmployPayload"}
    # They give posts at home alone, and go when the city's approver says so.
    city, bank = await _party_of(town, "approver-1"), await _party_of(town, "bank-1")
    before = await stored(town)
    for party_id in (city, bank, "pty_nobody"):
        elsewhere = {**handler, "partyId": party_id, "idempotencyKey": party_id}
        answer = (await _as(town, "district-1", theirs, document, i=elsewhere))["data"]["staffEmploy"]
        assert answer == {"__typename": "Refusal", "code": "NOT_AVAILABLE"}
    assert await stored(town) == before
    # A district's are not among the city's: their going leaves nobody alone.
    assert "staff" in await town.act("approver-2", "staffLeave", {"staffId": made["id"]}, _STAFF)
    assert (await _as(town, "district-1", theirs, document, i=handler)).status == 403


async def _staff_of(town: Town, name: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT staff_id FROM identity_link WHERE name = :n"), {"n": name})
    assert row is not None
    return str(row.staff_id)


async def _leave(town: Town, name: str, by: str, **changed: Any) -> dict[str, Any]:
    return await town.act(by, "staffLeave", {"staffId": await _staff_of(town, name), **changed}, _STAFF)


async def _third(town: Town, *, linked: bool = True) -> str:
    """A third approver, whom both others know."""
    given = {"label": "审批人丙", "post": "APPROVER", "idempotencyKey": "third"}
    made = (await town.act("approver-1", "staffEmploy", given, _STAFF))["staff"]["id"]
    if linked:
        await _link(town, made, "approver-9", key="third")
    return str(made)


async def test_nobody_puts_out_the_last_who_could_confirm_lift_or_link(town: Town) -> None:
    today = day_of(datetime.now(UTC))
    third = await _third(town, linked=False)
    before = await stored(town)
    later = (today + timedelta(days=400)).isoformat()
    for name, by, on in (
        ("approver-2", "approver-1", None),
        ("approver-1", "approver-1", None),
        ("approver-2", "approver-1", later),
        ("officer-1", "approver-1", None),
    ):
        refused = await _leave(town, name, by, **{"from": on})
        assert refused["code"] == "NOBODY_LEFT", (name, "a post that nobody can act in is nobody")
    assert await stored(town) == before
    # A third one, who can act: one of three may go, and the next may not, from whatever day.
    await _link(town, third, "approver-9", key="third")
    soon = (today + timedelta(days=20)).isoformat()
    assert (await _leave(town, "approver-9", "approver-1", **{"from": soon}))["staff"]["validUntil"]
    assert (await _leave(town, "approver-2", "approver-1"))["code"] == "NOBODY_LEFT", "the third is gone in three weeks"
    assert "staff" in await _leave(town, "clerk-1", "approver-1"), "whom no rule needs goes at once"
    # Who cannot act holds nothing up.
    await town.act("officer-1", "partyFreeze", {"target": "STAFF", "id": third, "reason": "x"}, "frozen")
    assert "staff" in await _leave(town, "approver-9", "approver-1")


def _said(answer: dict[str, Any] | BaseException) -> str | None:
    """A refusal's code; whoever was put out before they were heard is forbidden everything."""
    if isinstance(answer, BaseException):
        assert "FORBIDDEN" in str(answer), answer
        return "FORBIDDEN"
    return answer.get("code")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_three_approvers_who_put_each_other_out_two_are_left(town: Town) -> None:
    await _third(town)
    answers = await asyncio.gather(
        _leave(town, "approver-2", "approver-1"),
        _leave(town, "approver-1", "approver-2"),
        _leave(town, "approver-9", "approver-1"),
        _leave(town, "approver-9", "approver-2"),
        return_exceptions=True,
    )
    assert "NOBODY_LEFT" in [_said(one) for one in answers]
    left = """SELECT count(*) FROM staff s JOIN party p ON p.id = s.party_id WHERE p.institution AND p.district IS NULL
      AND s.post = 'APPROVER' AND s.valid_until IS NULL"""
    assert await town.count(left) == 2


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_many_who_link_at_once_one_does(town: Town) -> None:
    made = (await _till(town))["staff"]["id"]
    answers = await asyncio.gather(*(_link(town, made, f"new-{n}", key=f"n{n}") for n in range(scaled(12, 48))))
    said = Counter(answer.get("code", "linked") for answer in answers)
    assert said == {"linked": 1, "POST_LINKED": len(answers) - 1}
    assert await town.count("SELECT count(*) FROM identity_link WHERE name LIKE 'new-%'") == 1


_INPUTS = {
    "staffEmploy": {"label": "甲", "post": "OFFICER", "idempotencyKey": "x"},
    "staffLeave": {"staffId": "stf_x"},
    "signInLink": {"issuer": "x", "name": "x", "staffId": "stf_x", "idempotencyKey": "x"},
    "clientRegister": {"label": "甲", "scopes": ["SELF_READ"], "idempotencyKey": "x"},
    "clientKeyAdd": {
        "clientId": "cli_x",
        "kid": "k",
        "jwk": {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"},
        "validUntil": "2030-01-01T00:00:00Z",
        "idempotencyKey": "x",
    },
    "clientKeyRetire": {"keyId": "key_x"},
}
_GIVERS = {"partner-1", "approver-1", "approver-2"}
# Whoever gives posts registers programs too: the institution's own are its kiosks.
_MAY = {"signInLink": {"officer-1"}}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("act", _INPUTS)
async def test_every_actor_and_act_even_with_every_scope_in_the_token(town: Town, act: str) -> None:
    tables = ("staff", "identity_link", "client", "client_key")
    before = [await town.count(f"SELECT count(*) FROM {table}") for table in tables]
    document = f"mutation($i: {act[0].upper()}{act[1:]}Input!) {{ {act}(input: $i) {{ __typename }} }}"
    for name, persona in PERSONAS.items():
        party_id = await _party_of(town, name)
        claims = replace(persona, scopes=tuple(Scope))
        token = personas.sign(town.house.rings, claims, name, party_id or None, audience="haihe", at=datetime.now(UTC))
        answer = await town.ask(None, document, {"i": _INPUTS[act]}, headers={"Authorization": f"Bearer {token}"})
        if name in _MAY.get(act, _GIVERS):
            assert answer["data"][act]["__typename"] == "Refusal", name
        else:
            assert (answer.status, answer.code, answer.get("data")) == (403, "FORBIDDEN", None), name
    assert [await town.count(f"SELECT count(*) FROM {table}") for table in tables] == before
