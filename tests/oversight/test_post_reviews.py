"""The quarterly word on every post (Art. 13): by somebody else, within its time, and never the last two."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.demo.confirming import Confirming
from api.settings import DEMONSTRATION_ISSUER
from core.moments import day_of
from oversight.duty import posts
from oversight.duty.tables import post_review
from tests.harness.callers import Town
from tests.harness.everything import stored

_LIST = """{ approvals { postReviews(first: 100) { edges { node { id quarter outcome decidable until
  staff { id label post validUntil linked } institution { name } } } } } }"""
_REVIEW = "review { id outcome decidedAt staff { id validUntil } } replayed"
_MINE = "{ handling { cases { edges { node { id } } } } }"


async def _opened(town: Town, *, at: datetime | None = None) -> int:
    async with town.house.database.writing() as unit:
        return await posts.open_(unit, at=at or datetime.now(UTC))


async def _listed(town: Town, persona: str = "approver-1") -> dict[str, dict[str, Any]]:
    """The lines that wait, by the sign-in that is linked to the post."""
    nodes = [edge["node"] for edge in (await town.data(persona, _LIST))["approvals"]["postReviews"]["edges"]]
    async with town.house.database.reading() as unit:
        names = {row.staff_id: row.name for row in await unit.all(text("SELECT staff_id, name FROM identity_link"))}
    return {names.get(node["staff"]["id"], node["staff"]["id"]): node for node in nodes}


async def _say(town: Town, by: str, review_id: str, *, stays: bool) -> dict[str, Any]:
    return await town.act(by, "postReviewDecide", {"reviewId": review_id, "stays": stays}, _REVIEW)


async def test_every_post_of_the_institution_is_listed_once_a_quarter(town: Town) -> None:
    assert await _opened(town) == await town.count(
        "SELECT count(*) FROM staff s JOIN party p ON p.id = s.party_id"
        " WHERE p.institution AND s.post NOT IN ('KIOSK', 'SYSTEM')"
    )
    assert await _opened(town) == 0
    listed = await _listed(town)
    assert {"approver-1", "approver-2", "clerk-1", "handler-1", "handler-2", "officer-1"} <= set(listed)
    assert not {"kiosk-1", "bank-1", "agency-1", "till-1", "provider-1"} & set(listed)
    assert [name for name, node in listed.items() if not node["decidable"]] == ["approver-1"]
    assert {node["outcome"] for node in listed.values()} == {None}
    # The next quarter has a list of its own.
    assert await _opened(town, at=datetime.now(UTC) + timedelta(days=93)) == len(listed)


async def test_somebody_else_confirms_a_post_or_ends_it_the_same_day(town: Town) -> None:
    await _opened(town)
    listed = await _listed(town)
    kept = await _say(town, "approver-1", listed["handler-1"]["id"], stays=True)
    assert (kept["review"]["outcome"], kept["review"]["staff"]["validUntil"], kept["replayed"]) == (
        "CONFIRMED",
        None,
        False,
    )
    assert (await _say(town, "approver-1", listed["handler-1"]["id"], stays=True))["replayed"]
    assert (await _say(town, "approver-2", listed["handler-1"]["id"], stays=False))["code"] == "REVIEW_OVER"
    assert "errors" not in await town.ask("handler-1", _MINE)

    assert "errors" not in await town.ask("handler-2", _MINE)
    gone = await _say(town, "approver-1", listed["handler-2"]["id"], stays=False)
    yesterday = (day_of(datetime.now(UTC)) - timedelta(days=1)).isoformat()
    assert (gone["review"]["outcome"], gone["review"]["staff"]["validUntil"]) == ("ENDED", yesterday)
    assert (await town.ask("handler-2", _MINE)).status == 403
    assert {"handler-1", "handler-2"} & set(await _listed(town)) == set()


async def test_nobody_speaks_for_themselves_nor_for_whom_they_gave_or_linked_the_post(town: Town) -> None:
    given = {"label": "处理员丙", "post": "HANDLER", "idempotencyKey": "k"}
    made = await town.act("approver-1", "staffEmploy", given, "staff { id }")
    staff_id = made["staff"]["id"]
    link = {"issuer": DEMONSTRATION_ISSUER, "name": "handler-9", "staffId": staff_id, "idempotencyKey": "l"}
    assert (await town.act("officer-1", "signInLink", link, "staff { linked }"))["staff"]["linked"]
    await _opened(town)
    listed = await _listed(town)
    assert not listed["handler-9"]["decidable"]
    assert (await _listed(town, "approver-2"))["handler-9"]["decidable"]
    before = await stored(town)
    for persona in ("approver-1", "handler-9"):
        refused = await _say(town, "approver-1", listed[persona]["id"], stays=True)
        assert refused["code"] == "SECOND_PERSON", persona
    # Nor whoever linked the sign-in: an officer who is an approver by now.
    approver = "SELECT staff_id FROM identity_link WHERE name = 'approver-1'"
    async with town.house.database.writing() as unit:
        linker = await unit.first(text("SELECT linked_by FROM identity_link WHERE name = 'handler-9'"))
        officer = await unit.first(text("SELECT staff_id FROM identity_link WHERE name = 'officer-1'"))
        assert linker == officer
        await unit.run(text("UPDATE staff SET given_by = NULL"))
        await unit.run(text(f"UPDATE identity_link SET linked_by = ({approver}) WHERE name = 'handler-9'"))
    assert (await _say(town, "approver-1", listed["handler-9"]["id"], stays=False))["code"] == "SECOND_PERSON"
    after = await stored(town)
    assert after["post_review"] == before["post_review"]
    assert (await _say(town, "approver-2", listed["handler-9"]["id"], stays=True))["review"]["outcome"] == "CONFIRMED"


async def test_what_nobody_confirms_ends_by_itself_but_for_the_last_two_approvers(town: Town) -> None:
    now = datetime.now(UTC)
    await _opened(town)
    listed = await _listed(town)
    await _say(town, "approver-1", listed["clerk-1"]["id"], stays=True)
    async with town.house.database.writing() as unit:
        assert await posts.lapse(unit, at=now + timedelta(days=1)) == 0
        await unit.run(post_review.update().values(until=now - timedelta(seconds=1)))
    assert (await _say(town, "approver-1", listed["handler-1"]["id"], stays=True))["code"] == "REVIEW_OVER"
    assert "errors" not in await town.ask("handler-1", _MINE)
    async with town.house.database.writing() as unit:
        await posts.lapse(unit, at=now)
    assert (await town.ask("handler-1", _MINE)).status == 403
    async with town.house.database.reading() as unit:
        rows = await unit.all(
            text("SELECT l.name, r.outcome FROM post_review r JOIN identity_link l ON l.staff_id = r.staff_id")
        )
    became = {row.name: row.outcome for row in rows}
    assert (became["approver-1"], became["approver-2"], became["clerk-1"]) == ("KEPT", "KEPT", "CONFIRMED")
    assert (became["handler-1"], became["handler-2"]) == ("LAPSED", "LAPSED")
    assert "errors" not in await town.ask("approver-2", _LIST)


async def test_one_of_two_approvers_does_not_end_the_other(town: Town) -> None:
    await _opened(town)
    listed = await _listed(town)
    before = await stored(town)
    assert (await _say(town, "approver-1", listed["approver-2"]["id"], stays=False))["code"] == "NOBODY_LEFT"
    assert await stored(town) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_approvers_who_speak_at_once_are_told_apart_and_neither_ends_the_other_of_three(town: Town) -> None:
    given = {"label": "审批人丙", "post": "APPROVER", "idempotencyKey": "k"}
    third = (await town.act("approver-1", "staffEmploy", given, "staff { id }"))["staff"]["id"]
    link = {"issuer": DEMONSTRATION_ISSUER, "name": "approver-9", "staffId": third, "idempotencyKey": "l"}
    await town.act("officer-1", "signInLink", link, "staff { linked }")
    await _opened(town)
    listed = await _listed(town)
    said = await asyncio.gather(
        _say(town, "approver-1", listed["handler-1"]["id"], stays=True),
        _say(town, "approver-2", listed["handler-1"]["id"], stays=False),
    )
    assert sorted(one.get("code", "") for one in said) == ["", "REVIEW_OVER"]
    # Each ends the other of three: two would leave one.
    said = await asyncio.gather(
        _say(town, "approver-1", listed["approver-2"]["id"], stays=False),
        _say(town, "approver-2", listed["approver-1"]["id"], stays=False),
    )
    assert sorted(one.get("code", "") for one in said) == ["", "NOBODY_LEFT"]


@pytest.mark.parametrize("persona", ["handler-1", "clerk-1", "agency-1", "citizen-1", "partner-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_has_no_part_in_posts_has_no_list(town: Town, persona: str) -> None:
    await _opened(town)
    before = await stored(town)
    refused = await town.ask(persona, _LIST)
    assert refused.code == ("NOT_AVAILABLE" if persona == "citizen-1" else "FORBIDDEN")
    assert refused.get("data") is None
    line = (await _listed(town))["handler-2"]["id"]
    answer = await town.ask(
        persona, f'mutation {{ postReviewDecide(input: {{reviewId: "{line}", stays: false}}) {{ __typename }} }}'
    )
    assert answer.status == 403, answer
    assert await stored(town) == before


async def test_a_districts_posts_are_the_citys_business_too_and_not_the_other_way_round(town: Town) -> None:
    async with town.house.database.writing() as unit:
        city = await unit.first(text("SELECT id FROM party WHERE institution AND district IS NULL"))
        assert city is not None
        await unit.run(text("UPDATE party SET institution = true, district = '120101' WHERE code = 'XZSP'"))
    await _opened(town)
    theirs = [node for node in (await _listed(town)).values() if node["staff"]["label"].startswith("许可")]
    assert theirs
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT party_id FROM post_review WHERE id = :i"), {"i": theirs[0]["id"]})
        assert row is not None
        other = await unit.first(text("SELECT id FROM post_review WHERE party_id = :c"), {"c": city.id})
        assert other is not None
        here = posts.Reviewer(row.party_id, "stf_x", is_city=False)
        assert (await posts.find(unit, here, theirs[0]["id"])).party_id == row.party_id
        with pytest.raises(posts.NotAvailable):
            await posts.find(unit, here, other.id)


async def test_nobody_in_the_invented_city_loses_their_post_however_long_it_was_switched_off(town: Town) -> None:
    listed = await _opened(town)
    held = await town.count("SELECT count(*) FROM staff WHERE valid_until IS NULL")
    await Confirming(town.house.database).run_once(datetime.now(UTC) + timedelta(days=80))
    assert await town.count("SELECT count(*) FROM post_review WHERE outcome = 'CONFIRMED'") == listed
    assert await town.count("SELECT count(*) FROM staff WHERE valid_until IS NULL") == held
