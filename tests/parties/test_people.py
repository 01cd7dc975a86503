"""Posts with terms, mandates between people, and whose sign-in is whose."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.errors import Invalid, NotAvailable
from core.moments import day_of
from parties import admission, links, lookup, mandates
from parties.errors import LinkTaken, WrongState
from parties.kinds import MandateKind
from parties.links import Owner
from parties.tables import identity_link, staff
from tests.harness.callers import Answered, Town

_DESK = "{ recipient { party { name } } }"


async def _subject(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": persona})
    assert row is not None
    return str(row.subject_id)


async def _for(town: Town, holder: str, ward: str) -> str | None:
    async with town.house.database.reading() as unit:
        return await lookup.mandate_for(unit, issuer=DEMONSTRATION_ISSUER, name=holder, ward=ward)


async def _ask(town: Town, persona: str, mandate_id: str | None, document: str, **variables: Any) -> Answered:
    token = personas.mint(town.house.rings, persona, None, audience="haihe", at=datetime.now(UTC), mandate=mandate_id)
    return await town.ask(None, document, variables, headers={"Authorization": f"Bearer {token}"})


# --------------------------------------------------------------------------------------------------- posts
@pytest.mark.parametrize(
    ("begins", "ends", "status"),
    [(None, None, 200), (0, 0, 200), (-9, None, 200), (None, 0, 200), (1, None, 403), (None, -1, 403), (-9, -1, 403)],
)
async def test_a_post_holds_from_its_first_to_its_last_day(
    town: Town, begins: int | None, ends: int | None, status: int
) -> None:
    today = day_of(datetime.now(UTC))
    term = [None if days is None else today + timedelta(days=days) for days in (begins, ends)]
    employed = select(identity_link.c.staff_id).where(identity_link.c.name == "bank-1").scalar_subquery()
    async with town.house.database.writing() as unit:
        changed = staff.update().where(staff.c.id == employed).values(valid_from=term[0], valid_until=term[1])
        assert await unit.run(changed) == 1
    assert (await town.ask("bank-1", _DESK)).status == status


async def test_who_leaves_is_gone_the_same_day(town: Town) -> None:
    async with town.house.database.reading() as unit:
        row = await unit.first(
            select(staff.c.id, staff.c.party_id)
            .join(identity_link, identity_link.c.staff_id == staff.c.id)
            .where(identity_link.c.name == "bank-1")
        )
    assert row is not None
    today = day_of(datetime.now(UTC))
    async with town.house.database.writing() as unit:
        assert not await admission.leave(unit, "pty_other", row.id, on=today)
        assert await admission.leave(unit, row.party_id, row.id, on=today + timedelta(days=1))
    assert (await town.ask("bank-1", _DESK)).status == 200
    async with town.house.database.writing() as unit:
        assert await admission.leave(unit, row.party_id, row.id, on=today)
        assert not await admission.leave(unit, row.party_id, row.id, on=today)
    assert (await town.ask("bank-1", _DESK)).status == 403


async def test_a_viewer_may_be_staff(town: Town) -> None:
    document = (
        "{ viewer { name party { name kind } actingFor { name identity { masked } } mandates { edges { cursor } } } }"
    )
    found = (await town.data("bank-1", document))["viewer"]
    assert found == {
        "name": "经办人",
        "party": {"name": "海津示例银行", "kind": "BANK"},
        "actingFor": {"name": "海津示例银行", "identity": {"masked": "—"}},
        "mandates": {"edges": []},
    }
    assert (await town.data("citizen-1", "{ viewer { party { name } } }"))["viewer"] == {"party": None}


# --------------------------------------------------------------------------------------------------- mandates
async def test_a_guardian_acts_for_the_ward_and_the_wards_trail_says_so(town: Town) -> None:
    mandate_id = await _for(town, "citizen-3", "ward-1")
    seen = await _ask(town, "citizen-3", mandate_id, "{ viewer { name actingFor { name } } me { name } }")
    assert seen["data"] == {"viewer": {"name": "周建国", "actingFor": {"name": "邓福安"}}, "me": {"name": "邓福安"}}
    trail = "{ me { accessHistory { edges { node { basis summary actor { name } } } } } }"
    found = (await town.data("ward-1", trail))["me"]["accessHistory"]["edges"]
    assert [edge["node"] for edge in found] == [
        {
            "basis": "MANDATE",
            "summary": "您的监护人代您通过手机应用查看了您的信息：没有信用记录条目。",
            "actor": {"name": "监护人"},
        }
    ] * 2  # the card and the record
    grant = await _ask(town, "citizen-3", mandate_id, 'mutation { grantRevoke(input: {grantId: "x"}) { __typename } }')
    assert grant["data"]["grantRevoke"]["__typename"] == "Refusal"


_WHO = "SELECT count(*) FROM access WHERE subject_id = :s AND basis = :b AND purpose = 'SELF_QUERY'"


async def test_a_notice_that_a_helper_reads_is_not_said_to_be_read_by_oneself(town: Town) -> None:
    ward, mandate_id = await _subject(town, "citizen-2"), await _for(town, "citizen-8", "citizen-2")
    await town.grant("citizen-2", key="told")
    notices = "{ me { notices(first: 1) { edges { node { id } } } } }"
    notice_id = (await town.data("citizen-2", notices))["me"]["notices"]["edges"][0]["node"]["id"]
    own, others = await town.count(_WHO, s=ward, b="SELF"), await town.count(_WHO, s=ward, b="MANDATE")
    read = (
        "mutation($i: NoticeReadInput!) { noticeRead(input: $i) { ... on NoticeReadPayload { notice { message } } } }"
    )
    told = await _ask(town, "citizen-8", mandate_id, read, i={"noticeId": notice_id})
    assert "海津示例银行" in told["data"]["noticeRead"]["notice"]["message"]
    assert await town.count(_WHO, s=ward, b="SELF") == own
    assert await town.count(_WHO, s=ward, b="MANDATE") == others + 1


@pytest.mark.parametrize(
    ("acting", "shown"),
    [
        (False, "mandates { edges { node { subject { name identity { masked } } } } }"),
        (True, "actingFor { name identity { masked } }"),
    ],
)
async def test_another_persons_card_is_a_look_at_them_wherever_it_is_shown(
    town: Town, acting: bool, shown: str
) -> None:
    ward, mandate_id = await _subject(town, "citizen-2"), await _for(town, "citizen-8", "citizen-2")
    seen = await _ask(town, "citizen-8", mandate_id if acting else None, f"{{ viewer {{ {shown} }} }}")
    assert "吴秀兰" in seen.response.text
    assert await town.count(_WHO, s=ward, b="MANDATE") == 1
    await _ask(town, "citizen-8", mandate_id if acting else None, "{ viewer { name mandates { edges { cursor } } } }")
    assert await town.count(_WHO, s=ward, b="MANDATE") == 1


_CONSENTS = {
    "scoreOpen": 'scoreOpen(input: {noticeHash: "x", idempotencyKey: "x"})',
    "scoreClose": 'scoreClose(input: {idempotencyKey: "x"})',
    "grantRevoke": 'grantRevoke(input: {grantId: "x"})',
    "grantIssue": 'grantIssue(input: {recipientId: "x", purpose: FINANCING, categories: [HONOUR], '
    'validUntil: "2027-01-01T00:00:00Z", noticeHash: "x", idempotencyKey: "x"})',
}


@pytest.mark.parametrize("act", _CONSENTS)
async def test_a_helper_reads_and_consents_to_nothing(town: Town, act: str) -> None:
    mandate_id = await _for(town, "citizen-8", "citizen-2")
    before = await town.count("SELECT count(*) FROM score WHERE status = 'OPEN'")
    assert (await _ask(town, "citizen-8", mandate_id, "{ me { name } }"))["data"] == {"me": {"name": "吴秀兰"}}
    refused = await _ask(town, "citizen-8", mandate_id, f"mutation {{ {_CONSENTS[act]} {{ __typename }} }}")
    assert (refused.status, refused.code, refused.get("data")) == (403, "FORBIDDEN", None)
    assert await town.count("SELECT count(*) FROM score WHERE status = 'OPEN'") == before
    assert await town.count("SELECT count(*) FROM idempotency") == 0
    offer = await town.open_offer()
    claim = "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename } }"
    given = {"offerId": offer, "noticeHash": await town.notice("CLAIM"), "idempotencyKey": "x"}
    assert (await _ask(town, "citizen-8", mandate_id, claim, i=given))["data"]["claimCreate"] == {
        "__typename": "ClaimCreatePayload"
    }


async def test_a_mandate_is_its_holders_alone_and_ends_at_once(town: Town) -> None:
    mandate_id = await _for(town, "citizen-3", "ward-1")
    assert (await _ask(town, "citizen-1", mandate_id, "{ me { name } }")).status == 403
    assert (await _ask(town, "ward-1", mandate_id, "{ me { name } }")).status == 403
    assert (await _ask(town, "citizen-3", mandate_id, "{ me { name } }")).status == 200
    async with town.house.database.writing() as unit:
        assert await mandates.end(unit, mandate_id or "", at=datetime.now(UTC))
        assert not await mandates.end(unit, mandate_id or "", at=datetime.now(UTC))
    assert (await _ask(town, "citizen-3", mandate_id, "{ me { name } }")).status == 403
    seen = await town.data("citizen-3", "{ viewer { mandates { edges { node { kind } } } } }")
    assert [edge["node"]["kind"] for edge in seen["viewer"]["mandates"]["edges"]] == ["AGENT"]


@pytest.mark.parametrize(("begins", "ends", "status"), [(0, 0, 200), (-5, None, 200), (1, None, 403), (-5, -1, 403)])
async def test_a_mandate_holds_within_its_term(town: Town, begins: int, ends: int | None, status: int) -> None:
    at = datetime.now(UTC)
    today = day_of(at)
    person, subject = await _subject(town, "citizen-5"), await _subject(town, "citizen-6")
    async with town.house.database.writing() as unit:
        made = await mandates.give(
            unit,
            person_id=person,
            subject_id=subject,
            kind=MandateKind.HELPER,
            valid_from=today + timedelta(days=begins),
            valid_until=None if ends is None else today + timedelta(days=ends),
            at=at,
        )
    assert (await _ask(town, "citizen-5", made, "{ me { name } }")).status == status


_UNGIVEN = [
    (kind, "citizen-6", 0, "MANDATE_KIND")
    for kind in MandateKind
    if kind not in (MandateKind.GUARDIAN, MandateKind.HELPER)
] + [(MandateKind.HELPER, "citizen-5", 0, "ANOTHER"), (MandateKind.HELPER, "citizen-6", -1, "PAST")]


@pytest.mark.parametrize(("kind", "subject", "days", "code"), _UNGIVEN)
async def test_what_mandate_is_never_given(town: Town, kind: MandateKind, subject: str, days: int, code: str) -> None:
    at = datetime.now(UTC)
    person, other = await _subject(town, "citizen-5"), await _subject(town, subject)
    with pytest.raises(Invalid) as refused:
        async with town.house.database.writing() as unit:
            await mandates.give(
                unit,
                person_id=person,
                subject_id=other,
                kind=kind,
                valid_from=day_of(at),
                valid_until=day_of(at) + timedelta(days=days),
                at=at,
            )
    assert [detail.code for detail in refused.value.details] == [code]
    assert await town.count("SELECT count(*) FROM mandate") == 2


async def test_one_live_mandate_between_two_people(town: Town) -> None:
    at = datetime.now(UTC)
    person, ward = await _subject(town, "citizen-3"), await _subject(town, "ward-1")

    async def give() -> str | None:
        async with town.house.database.writing() as unit:
            return await mandates.give(
                unit, person_id=person, subject_id=ward, kind=MandateKind.HELPER, valid_from=day_of(at), at=at
            )

    assert await give() is None
    async with town.house.database.writing() as unit:
        await mandates.end(unit, await _for(town, "citizen-3", "ward-1") or "", at=at)
    assert await give() is not None


# --------------------------------------------------------------------------------------------------- sign-ins
async def test_linking_the_same_again_changes_nothing_and_another_is_refused(town: Town) -> None:
    one, other = [Owner(subject_id=await _subject(town, f"citizen-{number}")) for number in (1, 2)]
    name = {"issuer": DEMONSTRATION_ISSUER, "name": "citizen-1"}
    async with town.house.database.writing() as unit:
        assert not await links.link(unit, **name, owner=one)
    for taker in (other, Owner(staff_id="stf_x")):
        with pytest.raises(LinkTaken):
            async with town.house.database.writing() as unit:
                await links.link(unit, **name, owner=taker)
    assert (await town.data("citizen-1", "{ me { name } }"))["me"]["name"] == "林海生"


async def test_a_sign_in_moves_from_its_owner_only_and_never_while_frozen(town: Town) -> None:
    one, other = [Owner(subject_id=await _subject(town, f"citizen-{number}")) for number in (1, 2)]
    name = {"issuer": DEMONSTRATION_ISSUER, "name": "citizen-1"}
    with pytest.raises(NotAvailable):
        async with town.house.database.writing() as unit:
            await links.move(unit, **name, taken_from=other, to=one)
    async with town.house.database.writing() as unit:
        await links.move(unit, **name, taken_from=one, to=other)
    assert (await town.data("citizen-1", "{ me { name } }"))["me"]["name"] == "吴秀兰"
    assert await town.count("SELECT epoch FROM identity_link WHERE name = 'citizen-1'") == 2
    frozen = {"target": "LINK", "id": "citizen-1", "issuer": DEMONSTRATION_ISSUER, "reason": "冒用"}
    await town.act("officer-1", "partyFreeze", frozen, "frozen")
    with pytest.raises(WrongState):
        async with town.house.database.writing() as unit:
            await links.move(unit, **name, taken_from=other, to=one)
    assert (await town.ask("citizen-1", "{ me { name } }")).status == 403


def test_a_sign_in_is_one_of_two() -> None:
    for wrong in ({}, {"subject_id": "a", "staff_id": "b"}):
        with pytest.raises(ValueError, match="belongs"):
            Owner(**wrong)
