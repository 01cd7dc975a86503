"""A freeze takes one person and holds from the next request; lifting it takes two."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from tests.harness.callers import Town
from tests.harness.scale import scaled

_DESK = "{ recipient { party { name } } }"
_SELECTION = "party { state version awaiting } frozen replayed"


async def _act(town: Town, by: str, name: str, target: str, id_: str, issuer: str | None = None) -> dict[str, Any]:
    input_ = {"target": target, "id": id_, "issuer": issuer, "reason": "疑似泄露"}
    return await town.act(by, name, input_, _SELECTION)


async def _target(town: Town, target: str, persona: str) -> tuple[str, str | None]:
    from sqlalchemy import text

    if target == "LINK":
        return persona, DEMONSTRATION_ISSUER
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text("SELECT s.id, s.party_id FROM staff s JOIN identity_link l ON l.staff_id = s.id WHERE l.name = :n"),
            {"n": persona},
        )
    assert row is not None
    return (row.party_id if target == "PARTY" else row.id), None


@pytest.mark.parametrize("target", ["PARTY", "STAFF", "LINK"])
async def test_one_person_freezes_and_two_lift(town: Town, target: str) -> None:
    named = await _target(town, target, "bank-1")
    assert (await town.ask("bank-1", _DESK)).status == 200
    frozen = await _act(town, "officer-1", "partyFreeze", target, *named)
    assert (frozen["frozen"], frozen["replayed"]) == (True, False)
    refused = await town.ask("bank-1", _DESK)
    assert (refused.status, refused.code, refused.get("data")) == (403, "FORBIDDEN", None)
    assert (await town.ask("employer-1", _DESK)).status == 200
    assert (await _act(town, "officer-1", "partyFreeze", target, *named))["replayed"]

    first = await _act(town, "officer-1", "partyLift", target, *named)
    assert first["frozen"]
    assert (await town.ask("bank-1", _DESK)).status == 403
    assert (await _act(town, "officer-1", "partyLift", target, *named))["code"] == "SECOND_PERSON"
    assert (await town.ask("bank-1", _DESK)).status == 403
    assert not (await _act(town, "approver-1", "partyLift", target, *named))["frozen"]
    assert (await town.ask("bank-1", _DESK)).status == 200
    assert (await _act(town, "approver-1", "partyLift", target, *named))["code"] == "WRONG_STATE"


async def test_a_citizens_sign_in_is_frozen_alone(town: Town) -> None:
    await _act(town, "officer-1", "partyFreeze", "LINK", "citizen-3", DEMONSTRATION_ISSUER)
    assert (await town.ask("citizen-3", "{ me { name } }")).status == 403
    assert (await town.ask("citizen-1", "{ me { name } }")).status == 200
    # The act's record does not keep the sign-in's name.
    assert await town.count("SELECT count(*) FROM party_act WHERE target_id LIKE '%citizen%'") == 0


async def test_a_motion_before_a_freeze_is_not_agreed_to_after_it(town: Town) -> None:
    party_id, _ = await _target(town, "PARTY", "bank-1")
    await _act(town, "officer-1", "partyFreeze", "PARTY", party_id)
    await _act(town, "officer-1", "partyLift", "PARTY", party_id)
    await _act(town, "approver-1", "partyLift", "PARTY", party_id)
    again = await _act(town, "officer-1", "partyFreeze", "PARTY", party_id)
    assert again["party"]["awaiting"] == []
    # One person alone lifts nothing, though two agreed to a lift of the freeze before.
    assert (await _act(town, "approver-2", "partyLift", "PARTY", party_id))["frozen"]


async def test_what_cannot_be_frozen(town: Town) -> None:
    party_id, _ = await _target(town, "PARTY", "bank-1")
    for target, id_, issuer, code in (
        ("PARTY", "pty_" + "0" * 20, None, "NOT_AVAILABLE"),
        ("STAFF", party_id, None, "NOT_AVAILABLE"),
        ("CLIENT_KEY", "key_x", None, "NOT_AVAILABLE"),
        ("LINK", "citizen-1", "urn:elsewhere", "NOT_AVAILABLE"),
        ("LINK", "citizen-1", None, "INVALID_INPUT"),
        ("PARTY", party_id, "urn:elsewhere", "INVALID_INPUT"),
    ):
        assert (await _act(town, "officer-1", "partyFreeze", target, id_, issuer))["code"] == code
    assert (await _act(town, "officer-1", "partyLift", "PARTY", party_id))["code"] == "WRONG_STATE"
    assert await town.count("SELECT count(*) FROM party_act") == 0


async def test_a_registered_party_cannot_be_frozen_and_a_frozen_one_can_be_suspended(town: Town) -> None:
    party_id, _ = await _target(town, "PARTY", "bank-1")
    version = (await _act(town, "officer-1", "partyFreeze", "PARTY", party_id))["party"]["version"]
    for by in ("officer-1", "approver-1"):
        input_ = {"partyId": party_id, "expectedVersion": version, "reason": "核查属实"}
        last = await town.act(by, "partySuspend", input_, "party { state }")
    assert last["party"]["state"] == "SUSPENDED"
    assert (await _act(town, "officer-1", "partyFreeze", "PARTY", party_id))["code"] == "WRONG_STATE"
    assert (await town.ask("bank-1", _DESK)).status == 403


async def test_a_freeze_leaves_two_who_can_lift_it(town: Town) -> None:
    """One officer's token, in the wrong hands, must not lock out everybody who could undo what it did."""
    institution, _ = await _target(town, "PARTY", "officer-1")
    refused = await _act(town, "officer-1", "partyFreeze", "PARTY", institution)
    assert refused["code"] == "NOBODY_LEFT"
    version = await town.count("SELECT version FROM party WHERE id = :i", i=institution)
    suspended = {"partyId": institution, "expectedVersion": version, "reason": "无"}
    assert (await town.act("officer-1", "partySuspend", suspended, "party { state }"))["code"] == "NOBODY_LEFT"

    stopped = []
    for persona in ("approver-1", "approver-2", "officer-1"):
        for target in ("STAFF", "LINK"):
            outcome = await _act(town, "officer-1", "partyFreeze", target, *(await _target(town, target, persona)))
            if outcome.get("code") != "NOBODY_LEFT":
                stopped.append((persona, target))
    assert stopped == [("approver-1", "STAFF"), ("approver-1", "LINK")]
    assert await town.count("SELECT count(*) FROM party_act") == len(stopped)
    assert (await town.ask("officer-1", "{ approvals { parties { edges { node { state } } } } }")).status == 200


async def test_a_stopped_organisation_is_a_subject_still(town: Town) -> None:
    """Art. 7: it reads its own record; and it takes back what it gave. It gives nothing, and its staff does nothing."""
    made = await town.grant("company-1-legal", key="before")
    grant = made["grant"]
    async with town.house.database.reading() as unit:
        company = await personas.party_of(unit, "company-1-legal")
    assert company is not None
    await _act(town, "officer-1", "partyFreeze", "PARTY", company)

    read = await town.ask("company-1-legal", "{ me { name records(first: 1) { edges { node { id } } } } }")
    assert (read.status, bool(read["data"]["me"]["name"])) == (200, True)
    steps = await town.count("SELECT count(*) FROM grant_step"), await town.count("SELECT count(*) FROM consent_grant")
    approving = {"grantId": grant["id"], "expectedVersion": grant["version"], "noticeHash": "0" * 64}
    for persona, name, input_ in (
        ("company-1-legal", "grantIssue", {"recipientId": company, "noticeHash": "0" * 64, "idempotencyKey": "after"}),
        ("company-1-seal", "grantApprove", {**approving, "capacity": "SEAL_KEEPER"}),
    ):
        terms = {"purpose": "FINANCING", "categories": ["HONOUR"], "validUntil": "2099-01-01T00:00:00Z"}
        given = {**input_, **(terms if name == "grantIssue" else {})}
        kind = name[0].upper() + name[1:]
        refused = await town.ask(
            persona,
            f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename }} }}",
            {"input": given},
        )
        assert (refused.status, refused.code) == (403, "FORBIDDEN"), refused
    assert steps == (
        await town.count("SELECT count(*) FROM grant_step"),
        await town.count("SELECT count(*) FROM consent_grant"),
    )
    revoked = await town.act("company-1-legal", "grantRevoke", {"grantId": grant["id"]}, "grant { status }")
    assert revoked["grant"]["status"] == "REJECTED"


class _Readers:
    """Readers that go on until each has begun some looks after the freeze was acknowledged."""

    def __init__(self, town: Town, late: int) -> None:
        self._town = town
        self._late = late
        self._answered = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self.before: Counter[int] = Counter()
        self.after: Counter[int] = Counter()

    async def read(self) -> None:
        late = 0
        while late < self._late:
            begun_after = self._acknowledged.is_set()
            answer = await self._town.ask("bank-1", _DESK)
            (self.after if begun_after else self.before)[answer.status] += 1
            late += begun_after
            self._answered.set()

    async def freeze(self, target: str, named: tuple[str, str | None]) -> None:
        await self._answered.wait()
        await _act(self._town, "officer-1", "partyFreeze", target, *named)
        self._acknowledged.set()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("target", ["PARTY", "STAFF", "LINK"])
async def test_no_request_begun_after_the_acknowledgement_is_answered(town: Town, target: str) -> None:
    named = await _target(town, target, "bank-1")
    for _ in range(scaled(2, 50)):
        readers = _Readers(town, 5)
        await asyncio.gather(readers.freeze(target, named), *(readers.read() for _ in range(12)))
        assert readers.before[200] > 0
        assert readers.after == {403: 60}
        for by in ("officer-1", "approver-1"):
            await _act(town, by, "partyLift", target, *named)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_many_who_freeze_at_once_freeze_once(town: Town) -> None:
    named = await _target(town, "PARTY", "bank-1")
    answers = await asyncio.gather(*(_act(town, "officer-1", "partyFreeze", "PARTY", *named) for _ in range(24)))
    assert Counter(answer["replayed"] for answer in answers) == {False: 1, True: 23}
    assert await town.count("SELECT count(*) FROM party_act") == 1
    assert await town.count("SELECT epoch FROM party WHERE id = :i", i=named[0]) == 2
