"""An organisation's two marks, in any order, by two credentials; a guardian for a ward; 个体工商户 by one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from parties import lookup
from tests.harness.asking import GRANT, approve, ask, asked, company, desk, read
from tests.harness.callers import Town

_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_SEAL, _LEGAL = "company-1-seal", "company-1-legal"
_APPROVALS = "grant { status version approvals { capacity } } replayed"


def _look(grant_id: str) -> dict[str, Any]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}


async def _asked(town: Town, request_id: str, **changed: Any) -> str:
    made = await ask(town, request_id, subject={"identity": await company(town)}, **changed)
    return str(made["grant"]["id"])


@pytest.mark.parametrize("order", [(_SEAL, _LEGAL), (_LEGAL, _SEAL)], ids=["seal first", "representative first"])
async def test_two_marks_in_either_order(town: Town, order: Sequence[str]) -> None:
    grant_id = await _asked(town, "marks", includesEvaluation=True)
    first = await approve(town, order[0], grant_id, select=_APPROVALS)
    assert (first["grant"]["status"], first["grant"]["version"]) == ("PARTLY_APPROVED", 2)
    assert (await town.ask("bank-1", _LOOK, _look(grant_id))).code == "NOT_AVAILABLE"
    told = await town.data(order[1], "{ me { notices(first: 1) { edges { node { kind } } } } }")
    assert told["me"]["notices"]["edges"][0]["node"]["kind"] == "GRANT_MARKED"
    assert (await approve(town, order[0], grant_id))["code"] == "MARK_GIVEN"
    wider = await approve(town, order[1], grant_id, terms={"uses": 3})
    assert wider["code"] == "TERMS_FIXED"
    second = await approve(town, order[1], grant_id, select=_APPROVALS)
    assert (second["grant"]["status"], second["grant"]["version"]) == ("ACTIVE", 3)
    assert {mark["capacity"] for mark in second["grant"]["approvals"]} == {"SEAL_KEEPER", "LEGAL_REPRESENTATIVE"}
    assert "errors" not in await town.ask("bank-1", _LOOK, _look(grant_id))
    assert len((await desk(town, grant_id))["approvals"]) == 2
    assert await town.count("SELECT count(*) FROM grant_mark WHERE grant_id = :g", g=grant_id) == 2


async def test_an_offer_by_one_mark_is_seen_by_its_recipient_when_it_is_whole(town: Town) -> None:
    made = await town.grant(_SEAL, key="offer")
    grant_id = made["grant"]["id"]
    assert made["grant"]["status"] == "PARTLY_APPROVED"
    assert await desk(town, grant_id) == {}
    hidden = {"grantId": grant_id, "expectedVersion": 1}
    assert (await town.act("bank-1", "grantRelinquish", hidden, GRANT))["code"] == "NOT_AVAILABLE"
    assert (await approve(town, _LEGAL, grant_id))["grant"]["status"] == "ACTIVE"
    assert (await desk(town, grant_id))["status"] == "ACTIVE"
    other = (await town.grant(_LEGAL, key="taken back"))["grant"]["id"]
    ended = await town.act(_SEAL, "grantRevoke", {"grantId": other}, "grant { status } replayed")
    assert ended["grant"]["status"] == "REJECTED"
    assert await desk(town, other) == {}
    third = (await town.grant(_LEGAL, key="refused"))["grant"]["id"]
    refused = await town.act(_SEAL, "grantReject", {"grantId": third, "expectedVersion": 1}, GRANT)
    assert refused["grant"]["status"] == "REJECTED"
    assert await desk(town, third) == {}
    for grant_id, version in ((other, 2), (third, 1), (third, 2)):
        hidden = {"grantId": grant_id, "expectedVersion": version}
        assert (await town.act("bank-1", "grantRelinquish", hidden, GRANT))["code"] == "NOT_AVAILABLE"


async def _represent(town: Town, name: str, kind: str, person: str) -> None:
    """`person`'s human being gets a mark of the company, by a sign-in of its own."""
    async with town.house.database.writing() as unit:
        await unit.run(
            text(
                "INSERT INTO identity_link (issuer, name, subject_id) SELECT issuer, :n, subject_id FROM identity_link"
                " WHERE name = :p"
            ),
            {"n": name, "p": person},
        )
        await unit.run(
            text(
                "INSERT INTO representation (id, person_id, party_id, kind, version) SELECT"
                " :i, l.subject_id, p.id, :k, 1"
                " FROM identity_link l, party p WHERE l.name = :p AND p.code = 'COMPANY1'"
            ),
            {"i": f"rep_{name}", "k": kind, "p": person},
        )


async def test_one_person_may_hold_both_marks_by_two_sign_ins_unless_the_company_says_otherwise(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _represent(town, "seal-of-legal", "SEAL_KEEPER", _LEGAL)
    monkeypatch.setitem(personas.PERSONAS, "seal-of-legal", personas.PERSONAS[_LEGAL])  # type: ignore[arg-type]
    grant_id = await _asked(town, "both")
    assert (await approve(town, _LEGAL, grant_id))["grant"]["status"] == "PARTLY_APPROVED"
    same = await approve(town, _LEGAL, grant_id, capacity="SEAL_KEEPER")
    assert same["code"] == "MARK_GIVEN"
    apart = await town.act(_LEGAL, "grantMarksSet", {"fromTwoPeople": True}, "fromTwoPeople replayed")
    assert (apart["fromTwoPeople"], apart["replayed"]) == (True, False)
    refused = await approve(town, "seal-of-legal", grant_id, capacity="SEAL_KEEPER")
    assert refused["code"] == "OTHER_PERSON"
    assert (await read(town, _LEGAL, grant_id))["version"] == 2
    assert (await town.act(_SEAL, "grantMarksSet", {"fromTwoPeople": False}, "replayed"))["code"] == "NOT_AVAILABLE"
    again = await town.act(_LEGAL, "grantMarksSet", {"fromTwoPeople": False}, "fromTwoPeople replayed")
    assert again["fromTwoPeople"] is False
    made = await approve(town, "seal-of-legal", grant_id, capacity="SEAL_KEEPER")
    assert made["grant"]["status"] == "ACTIVE"


async def test_a_capacity_that_is_not_the_callers_is_refused(town: Town) -> None:
    grant_id = await _asked(town, "capacity")
    for capacity in ("LEGAL_REPRESENTATIVE", "GUARDIAN", "NEAR_RELATIVE"):
        refused = await approve(town, _SEAL, grant_id, capacity=capacity)
        assert (refused["code"], refused["details"][0]["path"]) == ("INVALID_INPUT", ["input", "capacity"])
    mine = await asked(town, "citizen-2", "mine")
    assert (await approve(town, "citizen-2", mine, capacity="SEAL_KEEPER"))["code"] == "INVALID_INPUT"
    assert await town.count("SELECT count(*) FROM grant_mark") == 0


async def test_individual_businesses_give_one_mark(town: Town) -> None:
    grant_id = await asked(town, "shop-1", "shop")
    assert (await approve(town, "shop-1", grant_id))["grant"]["status"] == "ACTIVE"
    assert await town.count("SELECT count(*) FROM grant_mark") == 0


async def test_a_guardian_approves_for_the_ward_and_the_step_says_so(town: Town) -> None:
    grant_id = await asked(town, "ward-1", "ward")
    async with town.house.database.reading() as unit:
        mandate = await lookup.mandate_for(unit, issuer=DEMONSTRATION_ISSUER, name="citizen-3", ward="ward-1")
    token = personas.mint(
        town.house.rings,
        "citizen-3",
        None,
        audience="haihe",
        at=datetime.now(UTC) - timedelta(seconds=1),
        mandate=mandate,
    )
    notice = await town.notice(
        "GRANT", recipientId=await town.party("海津示例银行"), purpose="FINANCING", categories=["ADMINISTRATIVE"]
    )
    document = """mutation($i: GrantApproveInput!) { grantApprove(input: $i) { ... on GrantApprovePayload { grant {
      status steps { capacity } } } ... on Refusal { code } } }"""
    given = {"grantId": grant_id, "expectedVersion": 1, "noticeHash": notice, "capacity": "GUARDIAN"}
    answer = await town.ask(None, document, {"i": given}, headers={"Authorization": f"Bearer {token}"})
    assert answer["data"]["grantApprove"]["grant"] == {
        "status": "ACTIVE",
        "steps": [{"capacity": "SELF"}, {"capacity": "GUARDIAN"}],
    }
