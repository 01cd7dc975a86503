"""Contesting for somebody else, signed in as oneself: a helper and a guardian, what they may, and what they may not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from api import clock, personas
from objections import letters, wording
from objections.kinds import ObjectionOutcome
from tests.harness import contesting, objecting
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_FILE = """mutation($i: ObjectionFileInput!) { objectionFile(input: $i) { ... on ObjectionFilePayload { joined
  objection { id number capacity applicant evidence { id } } }
  ... on Refusal { code details { path code } } } }"""
_OWN = "{ me { name objections(first: 50) { edges { node { id capacity applicant text steps { act } } } } } }"
_SAY = """mutation($i: ObjectionSayInput!) { objectionSay(input: $i) {
  ... on ObjectionSayPayload { objection { messages { side text } } } ... on Refusal { code } } }"""
_WITHDRAW = """mutation($i: ObjectionChangeInput!) { objectionWithdraw(input: $i) {
  ... on ObjectionWithdrawPayload { objection { status } } ... on Refusal { code } } }"""
_SPEAK = "mutation($i: RecordStatementAttachInput!) { recordStatementAttach(input: $i) { __typename } }"
_GIVE = "mutation($i: PartyBlockInput!) { partyBlock(input: $i) { __typename } }"


class Acting:
    """Somebody who acts for another person."""

    def __init__(self, town: Town, headers: Mapping[str, str]) -> None:
        self._town = town
        self.headers = headers

    async def ask(self, document: str, **variables: Any) -> Answered:
        return await self._town.ask(None, document, variables, headers=self.headers)

    async def upload(self) -> str:
        answer = await self._town.http.post("/uploads", content=b"%PDF-1.7 evidence", headers=dict(self.headers))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def file(self, target_id: str | None, *papers: str, key: str = "file") -> dict[str, Any]:
        """Contest a record; or, without one, say that something is missing."""
        said = {
            "target": "RECORD",
            "targetId": target_id,
            "ground": "ERROR",
            "request": "CORRECT",
            "text": "金额有误。",
        }
        if target_id is None:
            said |= {"target": "MISSING_RECORD", "ground": "OMISSION", "request": "ADD", "described": "一项荣誉"}
        answer = await self.ask(_FILE, i={**said, "evidenceIds": papers, "idempotencyKey": key})
        assert "errors" not in answer, answer
        return dict(answer["data"]["objectionFile"])


async def acting(town: Town, holder: str, kind: str) -> Acting:
    """A persona under their mandate of this kind."""
    found = await town.data(holder, "{ viewer { mandates { edges { node { id kind } } } } }")
    held = next(e["node"]["id"] for e in found["viewer"]["mandates"]["edges"] if e["node"]["kind"] == kind)
    rings, audience = town.house.rings, town.house.settings.audience
    token = personas.mint(rings, holder, None, audience=audience, at=datetime.now(UTC), mandate=held)
    return Acting(town, {"Authorization": f"Bearer {token}"})


_MARKED = """SELECT count(*) FROM objection o JOIN subject s ON s.id = o.subject_id
  LEFT JOIN record r ON r.id = o.target_id WHERE o.id = :i AND (s.omissions <> '[]' OR r.marks <> '[]')"""


@pytest.mark.parametrize(
    ("holder", "kind", "whose"), [("citizen-8", "HELPER", "citizen-2"), ("citizen-3", "GUARDIAN", "ward-1")]
)
async def test_it_is_the_persons_own_case_and_says_who_filed_it(town: Town, holder: str, kind: str, whose: str) -> None:
    somebody = await acting(town, holder, kind)
    name = (await town.data(holder, "{ viewer { name } }"))["viewer"]["name"]
    ward = (await town.data(whose, "{ me { name } }"))["me"]["name"]
    record_id = await contesting.record_of(town, whose) if kind == "HELPER" else None
    made = (await somebody.file(record_id, await somebody.upload()))["objection"]
    assert (made["capacity"], made["applicant"], len(made["evidence"])) == (kind, name, 1)
    assert await town.count(_MARKED, i=made["id"]) == 1
    # Both read it, each in the person's name; it is none of the other's own.
    own = (await town.data(whose, _OWN))["me"]
    assert (await somebody.ask(_OWN))["data"]["me"] == own
    assert [edge["node"]["id"] for edge in own["objections"]["edges"]] == [made["id"]]
    theirs = (await town.data(holder, _OWN))["me"]["objections"]["edges"]
    assert made["id"] not in [edge["node"]["id"] for edge in theirs]
    told = await town.data(whose, "{ me { notices { edges { node { kind about } } } } }")
    assert {"kind": "OBJECTION_FILED", "about": made["id"]} in [e["node"] for e in told["me"]["notices"]["edges"]]
    said = await somebody.ask(_SAY, i={"objectionId": made["id"], "text": "请尽快。", "idempotencyKey": "say"})
    assert said["data"]["objectionSay"]["objection"]["messages"] == [{"side": "APPLICANT", "text": "请尽快。"}]
    await objecting.opened(town, made["id"])
    async with town.house.database.reading() as unit:
        row = await objecting.row(town, made["id"])
        told_ = await letters.preview(unit, row, ObjectionOutcome.DELETED, "属实。", at=clock.now())
    letter = wording.letter_of(told_)
    if kind == "GUARDIAN":
        assert (letter.addressee, f"代{ward}提出" in letter.opening) == (f"{name}（{ward}的监护人）", True)
    else:
        assert (letter.addressee, f"您的协助人{name}" in letter.opening) == (ward, True)
    back = {"objectionId": made["id"], "expectedVersion": await objecting.version(town, made["id"])}
    over = await somebody.ask(_WITHDRAW, i=back)
    assert over["data"]["objectionWithdraw"] == {"objection": {"status": "WITHDRAWN"}}
    assert await town.count(_MARKED, i=made["id"]) == 0


async def test_a_helper_contests_what_is_the_persons_and_consents_to_nothing(town: Town) -> None:
    helper = await acting(town, "citizen-8", "HELPER")
    mine, theirs = await contesting.record_of(town, "citizen-8"), await contesting.record_of(town, "citizen-1")
    paper = await contesting.upload(town, "citizen-8")
    before = await stored(town)
    absent = [await helper.file(one, key=one) for one in ("rec_nothing", theirs, mine)]
    assert all(one == {"code": "NOT_AVAILABLE", "details": []} for one in absent), "nor what is the helper's own"
    record_id = await contesting.record_of(town, "citizen-2")
    refused = await helper.file(record_id, paper, key="paper")
    assert [one["code"] for one in refused["details"]] == ["NO_SUCH_UPLOAD"], "a paper of one's own is not the person's"
    spoken = {"recordId": record_id, "text": "x", "expectedVersion": 1, "idempotencyKey": "x"}
    assert (await helper.ask(_SPEAK, i=spoken)).status in (400, 403, 422)
    assert (await helper.ask(_GIVE, i={"partyId": "pty_x"})).status in (400, 403, 422)
    assert await stored(town) == before


async def test_when_the_mandate_is_over_the_case_stays_and_they_see_nothing_of_it(town: Town) -> None:
    helper = await acting(town, "citizen-8", "HELPER")
    made = (await helper.file(await contesting.record_of(town, "citizen-2")))["objection"]
    async with town.house.database.writing() as unit:
        await unit.run(
            text("UPDATE mandate SET ended_at = :at WHERE kind = 'HELPER'"), {"at": "2026-01-01 00:00:00+00"}
        )
    before = await stored(town)
    assert (await helper.ask(_OWN)).status == 403
    said = {"objectionId": made["id"], "text": "还有一句。", "idempotencyKey": "say"}
    assert (await helper.ask(_SAY, i=said)).status == 403
    assert (await town.http.post("/uploads", content=b"%PDF-1.7", headers=dict(helper.headers))).status_code == 403
    assert await stored(town) == before
    (own,) = (edge["node"] for edge in (await town.data("citizen-2", _OWN))["me"]["objections"]["edges"])
    assert own["id"] == made["id"]
