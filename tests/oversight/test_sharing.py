"""Sharing out (Art. 5): an organ asks, one person approves, another reviews, and either side ends it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from core.moments import day_of
from oversight.duty.tables import release
from oversight.sharing import shares
from oversight.sharing.ending import Warner
from oversight.sharing.tables import share
from parties import directory
from tests.harness.callers import Town
from tests.harness.everything import stored

_SHARE = "share { id number version state approvedByMe need districts organ { name } askedBy reason } replayed"
_LIST = """query($w: Boolean!) { approvals { shares(waiting: $w) { edges { node {
  id version state approvedByMe need categories kinds organ { name } } } } } }"""
_OWN = "{ agencyWork { shares { edges { node { id state reason } } } } }"


def _until(days: int) -> str:
    day: date = day_of(datetime.now(UTC)) + timedelta(days=days)
    return day.isoformat()


async def _ask(town: Town, *, by: str = "agency-1", key: str = "k", **changed: Any) -> dict[str, Any]:
    asked = {
        "need": "核验从业许可申请人的行政处罚",
        "instrument": "海津市示例条例",
        "article": "第十条",
        "categories": ["ADMINISTRATIVE"],
        "kinds": ["NATURAL_PERSON"],
        "districts": ["129901"],
        "validUntil": _until(90),
        "idempotencyKey": key,
        **changed,
    }
    return await town.act(by, "shareRequest", asked, _SHARE)


async def _act(town: Town, by: str, what: str, one: dict[str, Any], **more: Any) -> dict[str, Any]:
    input_ = {"shareId": one["id"], "expectedVersion": one["version"], **more}
    return await town.act(by, what, input_, _SHARE)


async def _end(town: Town, by: str, what: str, share_id: str) -> dict[str, Any]:
    return await town.act(by, what, {"shareId": share_id}, _SHARE)


async def _listed(town: Town, *, waiting: bool = True) -> list[dict[str, Any]]:
    edges = (await town.data("approver-1", _LIST, {"w": waiting}))["approvals"]["shares"]["edges"]
    return [edge["node"] for edge in edges]


async def test_an_organ_asks_one_approves_another_reviews_and_it_ends(town: Town) -> None:
    asked = (await _ask(town))["share"]
    assert (asked["state"], asked["version"], asked["districts"]) == ("REQUESTED", 1, ["129901"])
    assert asked["askedBy"]
    assert (await _ask(town))["replayed"]
    (waiting,) = await _listed(town)
    assert (waiting["need"], waiting["categories"], waiting["kinds"]) == (
        "核验从业许可申请人的行政处罚",
        ["ADMINISTRATIVE"],
        ["NATURAL_PERSON"],
    )
    assert waiting["organ"]["name"]
    # Nobody reviews what nobody approved, nor what they approved themselves.
    assert (await _act(town, "approver-1", "shareReview", asked))["code"] == "SHARE_STATE"
    approved = (await _act(town, "approver-1", "shareApprove", asked))["share"]
    assert (approved["state"], approved["version"], approved["approvedByMe"]) == ("APPROVED", 2, True)
    before = await stored(town)
    assert (await _act(town, "approver-1", "shareReview", approved))["code"] == "SECOND_PERSON"
    assert (await _act(town, "approver-2", "shareReview", asked))["code"] == "VERSION_CHANGED"
    assert (await _act(town, "approver-2", "shareApprove", approved))["code"] == "SHARE_STATE"
    assert await stored(town) == before
    active = (await _act(town, "approver-2", "shareReview", approved))["share"]
    assert (active["state"], active["version"]) == ("ACTIVE", 3)
    last = await town.count("SELECT coalesce(max(position), 0) FROM change")
    assert await town.count("SELECT position FROM share") == last, "what was before is not handed over"
    assert await _listed(town) == []
    assert [one["state"] for one in await _listed(town, waiting=False)] == ["ACTIVE"]
    assert (await _act(town, "approver-1", "shareRefuse", active, reason="过宽"))["code"] == "SHARE_STATE"
    ended = await _end(town, "approver-1", "shareEnd", active["id"])
    assert (ended["share"]["state"], ended["replayed"]) == ("ENDED", False)
    assert (await _end(town, "approver-2", "shareEnd", active["id"]))["replayed"]
    assert (await _end(town, "agency-1", "shareGiveBack", active["id"]))["replayed"]


@pytest.mark.parametrize("after", [False, True], ids=["at once", "after the approval"])
async def test_it_is_refused_with_a_reason_which_its_organ_reads(town: Town, after: bool) -> None:
    asked = (await _ask(town))["share"]
    if after:
        asked = (await _act(town, "approver-1", "shareApprove", asked))["share"]
    assert (await _act(town, "approver-2", "shareRefuse", asked, reason=" "))["code"] == "INVALID_INPUT"
    refused = (await _act(town, "approver-2", "shareRefuse", asked, reason="号码129901199001010012无关"))["share"]
    assert refused["state"] == "REFUSED"
    assert "129901199001010012" not in refused["reason"]
    (own,) = (await town.data("agency-2", _OWN))["agencyWork"]["shares"]["edges"]
    assert own["node"] == {"id": asked["id"], "state": "REFUSED", "reason": refused["reason"]}
    for what in ("shareApprove", "shareReview"):
        assert (await _act(town, "approver-1", what, refused))["code"] == "SHARE_STATE"


async def test_what_is_too_wide_is_refused_by_its_places_and_nothing_is_kept(town: Town) -> None:
    before = await stored(town)
    refused = await _ask(town, categories=["REGISTRATION"], districts=[], wholeCity=True, validUntil=_until(366))
    assert refused["code"] == "INVALID_INPUT"
    assert [(one["path"][-1], one["code"]) for one in refused["details"]] == [
        ("categories", "NOT_OF_PEOPLE"),
        ("wholeCity", "WHOLE_CITY_OF_PEOPLE"),
        ("validUntil", "TERM_TOO_LONG"),
    ]
    assert await stored(town) == before


async def test_after_its_last_day_it_has_ended_and_nobody_agrees_to_it(town: Town) -> None:
    asked = (await _ask(town))["share"]
    async with town.house.database.writing() as unit:
        await unit.run(share.update().values(valid_until=day_of(datetime.now(UTC)) - timedelta(days=1)))
    assert (await _act(town, "approver-1", "shareApprove", asked))["code"] == "SHARE_STATE"
    assert [one["state"] for one in await _listed(town, waiting=False)] == ["ENDED"]
    assert await _listed(town) == [], "it waits for nobody's word"
    before = await stored(town)
    assert (await _end(town, "approver-1", "shareEnd", asked["id"]))["replayed"], "it was over before"
    assert (await _end(town, "agency-1", "shareGiveBack", asked["id"]))["replayed"]
    assert await stored(town) == before


async def test_a_persons_number_is_kept_in_none_of_its_texts(town: Town) -> None:
    number = "129901199001010012"
    written = dict.fromkeys(("need", "instrument", "article"), f"号码{number}")
    assert (await _ask(town, **written))["share"]["state"] == "REQUESTED"
    async with town.house.database.reading() as unit:
        row = await unit.first(share.select())
    assert row is not None
    assert [text for text in (row.need, row.instrument, row.article) if number in text] == []


async def test_an_organ_gives_its_own_back_and_anothers_is_as_absent_as_a_made_up_one(town: Town) -> None:
    asked = (await _ask(town))["share"]
    async with town.house.database.writing() as unit:
        await unit.run(share.update().values(party_id="pty_another"))
    before = await stored(town)
    other = await _end(town, "agency-1", "shareGiveBack", asked["id"])
    none = await _end(town, "agency-1", "shareGiveBack", "shr_none")
    assert other == none
    assert other["code"] == "NOT_AVAILABLE"
    assert (await town.data("agency-1", _OWN))["agencyWork"]["shares"]["edges"] == []
    assert await stored(town) == before
    mine = (await _ask(town, key="k2"))["share"]
    assert (await _end(town, "agency-2", "shareGiveBack", mine["id"]))["share"]["state"] == "ENDED"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", ["handler-1", "officer-1", "provider-1", "bank-1", "citizen-1", "supervisor-1"])
async def test_who_asks_is_an_organ_and_who_agrees_an_approver(town: Town, persona: str) -> None:
    asked = (await _ask(town))["share"]
    before = await stored(town)
    document = "mutation($i: ShareRequestInput!) { shareRequest(input: $i) { __typename } }"
    input_ = {
        **dict.fromkeys(("need", "instrument", "article"), "某"),
        "categories": ["CONTRACT"],
        "kinds": ["LEGAL_PERSON"],
        "wholeCity": True,
        "validUntil": _until(1),
        "idempotencyKey": "k",
    }
    for other in (persona, "approver-1"):
        assert (await town.ask(other, document, {"i": input_})).status == 403
    named = f'shareId: "{asked["id"]}", expectedVersion: 1'
    for other in (persona, "agency-1"):
        for what in ("shareApprove", "shareReview"):
            refused = await town.ask(other, f"mutation {{ {what}(input: {{{named}}}) {{ __typename }} }}")
            assert refused.status == 403
        ending = f'mutation {{ shareEnd(input: {{shareId: "{asked["id"]}"}}) {{ __typename }} }}'
        assert (await town.ask(other, ending)).status == 403
    assert (await town.ask(persona, _LIST, {"w": True})).get("data") is None
    assert await stored(town) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_words_at_once_are_told_apart(town: Town) -> None:
    asked = (await _ask(town))["share"]
    said = await asyncio.gather(
        *(_act(town, by, "shareApprove", asked) for by in ("approver-1", "approver-2") for _ in range(3)),
        _act(town, "approver-1", "shareRefuse", asked, reason="过宽"),
    )
    assert sum("share" in one for one in said) == 1
    assert {one["code"] for one in said if "code" in one} <= {"SHARE_STATE", "VERSION_CHANGED"}
    assert await town.count("SELECT version FROM share") == 2


_FEW: dict[str, Any] = {"kinds": ["LEGAL_PERSON"], "districts": [], "wholeCity": True}


async def test_several_shares_of_one_organ_are_no_copy_either(town: Town) -> None:
    first = await _ask(town, categories=["REGISTRATION", "CONTRACT", "HONOUR", "COMPLIANCE"], **_FEW)
    assert first["share"]
    before = await stored(town)
    refused = await _ask(town, key="more", categories=["JUDICIAL", "PROFESSIONAL", "COMMITMENT"], **_FEW)
    assert [(one["path"], one["code"]) for one in refused["details"]] == [
        (["input", "categories"], "TOO_MANY_TOGETHER")
    ]
    after = await stored(town)
    assert {name for name, rows in before.items() if after[name] != rows} <= {"idempotency"}
    assert (await _ask(town, key="same", categories=["REGISTRATION", "JUDICIAL", "COMMITMENT"], **_FEW))["share"]
    # What is over is held no more.
    assert (await _end(town, "agency-1", "shareGiveBack", first["share"]["id"]))["share"]["state"] == "ENDED"
    assert (await _ask(town, key="again", categories=["PROFESSIONAL", "HONOUR"], **_FEW))["share"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_requests_at_once_one_is_beyond_what_an_organ_may_hold(town: Town) -> None:
    sets = (["REGISTRATION", "CONTRACT", "HONOUR", "COMPLIANCE"], ["JUDICIAL", "PROFESSIONAL", "COMMITMENT"])
    both = await asyncio.gather(*(_ask(town, key=one[0], categories=one, **_FEW) for one in sets))
    assert sorted("share" in one for one in both) == [False, True]


async def _active(town: Town, **changed: Any) -> dict[str, Any]:
    asked = (await _ask(town, **changed))["share"]
    approved = (await _act(town, "approver-1", "shareApprove", asked))["share"]
    return dict((await _act(town, "approver-2", "shareReview", approved))["share"])


_RELEASES = """{ approvals { releases(waiting: false) { edges { node {
  kind about holds count sha256 recipient outcome } } } } }"""


async def _releases(town: Town) -> list[dict[str, Any]]:
    edges = (await town.data("approver-1", _RELEASES))["approvals"]["releases"]["edges"]
    return [edge["node"] for edge in edges if edge["node"]["kind"] == "SHARE"]


async def test_the_second_word_is_a_release_of_just_this_scope(town: Town) -> None:
    asked = (await _ask(town))["share"]
    approved = (await _act(town, "approver-1", "shareApprove", asked))["share"]
    assert await _releases(town) == [], "it never waits where another could decide it"
    active = (await _act(town, "approver-2", "shareReview", approved))["share"]
    (released,) = await _releases(town)
    assert (released["about"], released["outcome"], released["count"]) == (active["id"], "RELEASED", 0)
    assert released["holds"] == f"{active['number']} {active['need']}"
    assert released["recipient"] == active["organ"]["name"]
    async with town.house.database.reading() as unit:
        row = await unit.first(share.select())
        said = await unit.first(release.select().where(release.c.kind == "SHARE"))
    assert row is not None
    assert said is not None
    assert said.sha256 == shares.scope_digest(row) == released["sha256"]
    assert (said.requested_by, said.decided_by) == (row.approved_by, row.reviewed_by)
    for name, value in (("need", "另一需要"), ("districts", ["129902"]), ("kinds", ["LEGAL_PERSON"])):
        assert shares.scope_digest(SimpleNamespace(**{**row._asdict(), name: value})) != said.sha256


async def test_people_of_the_whole_city_are_not_put_together_from_several_shares(town: Town) -> None:
    first = [f"12990{n}" for n in range(1, 6)]
    assert (await _ask(town, districts=first))["share"]
    before = await stored(town)
    refused = await _ask(town, key="k2", districts=["129906"])
    assert [(one["path"], one["code"]) for one in refused["details"]] == [
        (["input", "districts"], "TOO_MANY_DISTRICTS_TOGETHER")
    ]
    after = await stored(town)
    assert {name for name, rows in before.items() if after[name] != rows} <= {"idempotency"}
    assert (await _ask(town, key="k3", districts=["129906"], kinds=["LEGAL_PERSON"]))["share"]


async def _told(town: Town) -> list[tuple[str, bool]]:
    """What was told of shares, and whether to the institution, in order."""
    async with town.house.database.reading() as unit:
        institution = await directory.institution(unit)
        rows = await unit.all(text("SELECT kind, party_id, params_sealed FROM outbox WHERE kind LIKE 'SHARE%'"))
    assert all(row.params_sealed is None for row in rows), "an id and no more"
    return sorted((row.kind, row.party_id == institution) for row in rows)


async def test_the_organ_and_the_institution_are_told_by_ids_alone(town: Town) -> None:
    active = await _active(town, validUntil=_until(15))
    asked = [("SHARE_APPROVED", False), ("SHARE_ASKED", False), ("SHARE_ASKED", True)]
    assert await _told(town) == asked
    warner, now = Warner(town.house.database), datetime.now(UTC)
    await warner.run_once(now)
    assert await _told(town) == asked, "fourteen days before, and no sooner"
    await asyncio.gather(*(warner.run_once(now + timedelta(days=1)) for _ in range(3)))
    await warner.run_once(now + timedelta(days=2))
    assert await _told(town) == [asked[0], *asked[1:], ("SHARE_ENDING", False)], "once"
    await _end(town, "approver-1", "shareEnd", active["id"])
    await _end(town, "approver-1", "shareEnd", active["id"])
    assert [one for one in await _told(town) if one[0] == "SHARE_ENDED"] == [("SHARE_ENDED", False)]
    other = await _active(town, key="k2")
    await _end(town, "agency-1", "shareGiveBack", other["id"])
    ended = [one for one in await _told(town) if one[0] == "SHARE_ENDED"]
    assert ended == [("SHARE_ENDED", False), ("SHARE_ENDED", True)]
    third = (await _ask(town, key="k3"))["share"]
    await _act(town, "approver-1", "shareRefuse", third, reason="过宽")
    assert [one for one in await _told(town) if one[0] == "SHARE_RETURNED"] == [("SHARE_RETURNED", False)]
