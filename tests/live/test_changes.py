"""What is told, to whom, and in which order: a listener hears of every change of its own once, and of nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.lens import Audience, BasisKind, Lens
from credit import marks
from credit.marks import Marked, Value
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from notices.tables import change
from tests.harness import asking, objecting
from tests.harness.callers import Town
from tests.harness.sockets import CHANGES, cursor, listening, number, opened


async def _claimed(town: Town) -> tuple[str, str]:
    """A claim of an adult's, and its code."""
    made = await town.claim("citizen-1", await town.open_offer(), key="k")
    return made["claim"]["id"], made["claim"]["codes"][0]["digits"]


async def test_the_phone_hears_that_its_code_was_looked_at_and_redeemed(town: Town) -> None:
    claim_id, digits = await _claimed(town)
    async with listening(town, "citizen-1") as phone:
        await town.act("till-1", "claimCheck", {"code": digits}, "offerTitle")
        await number(town)
        assert (await phone.change() | {"cursor": ""}) == {"cursor": "", "kind": "CLAIM", "id": claim_id, "version": 1}
        await town.redeem(digits, key="r")
        await number(town)
        heard = [await phone.change(), await phone.change()]
        assert [(one["kind"], one["version"]) for one in heard] == [("CLAIM", 2), ("NOTICE", 1)]
        assert heard[0]["id"] == claim_id


async def test_the_merchant_hears_of_redemptions_and_the_till_of_its_own_store(town: Town) -> None:
    _, digits = await _claimed(town)
    async with listening(town, "partner-1") as desk, listening(town, "till-1") as till:
        made = await town.redeem(digits, key="r")
        await number(town)
        for heard in (await desk.change(), await till.change()):
            assert (heard["kind"], heard["id"]) == ("REDEMPTION", made["redemption"]["id"])
        assert desk.nothing()
        assert till.nothing()


async def test_both_sides_of_a_grant_hear_of_it_and_a_stranger_hears_nothing(town: Town) -> None:
    async with (
        listening(town, "citizen-1") as subject,
        listening(town, "bank-1") as bank,
        listening(town, "citizen-2") as stranger,
    ):
        made = await town.grant("citizen-1", key="g")
        await number(town)
        grant_id = made["grant"]["id"]
        assert {(one["kind"], one["id"]) for one in (await subject.change(), await subject.change())} >= {
            ("GRANT", grant_id)
        }
        heard = await bank.change()
        assert (heard["kind"], heard["id"], heard["version"]) == ("GRANT", grant_id, 1)
        await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "grant { version }")
        await number(town)
        heard = await bank.change()
        assert (heard["kind"], heard["id"], heard["version"]) == ("GRANT", grant_id, 2)
        assert stranger.nothing()


async def test_a_refusal_that_reads_like_silence_is_silent_here_too(town: Town) -> None:
    grant_id = await asking.asked(town, "citizen-2", "r-1")
    async with listening(town, "bank-1") as bank, listening(town, "citizen-2") as subject:
        seen = await asking.read(town, "citizen-2", grant_id)
        refused = {"grantId": grant_id, "expectedVersion": seen["version"], "tell": False}
        assert "grant" in await town.act("citizen-2", "grantReject", refused, "grant { status }")
        await number(town)
        assert (await subject.change())["id"] == grant_id
        other = await asking.asked(town, "citizen-6", "r-2")
        await number(town)
        assert (await bank.change())["id"] == other


async def test_a_record_and_its_mark_are_told(town: Town) -> None:
    found = await town.data("citizen-2", "{ me { id records(first: 1) { edges { node { id version } } } } }")
    (edge,) = found["me"]["records"]["edges"]
    value = Value(Marked.RECORD, Lens(Audience.SUBJECT, BasisKind.SELF, found["me"]["id"]), edge["node"]["id"])
    at = datetime.now(UTC)
    async with listening(town, "citizen-2") as phone:
        async with town.house.database.writing() as unit:
            await marks.mark(unit, value, filed_at=at, at=at)
        await number(town)
        heard = await phone.change()
        assert (heard["kind"], heard["id"]) == ("RECORD", edge["node"]["id"])
        assert heard["version"] == edge["node"]["version"] + 1


async def test_who_contests_who_answers_and_who_is_asked_hear_of_a_case(town: Town) -> None:
    case_id = await objecting.filed(town)
    await objecting.work_for(town, (await objecting.row(town, case_id)).provider_id)
    async with (
        listening(town, "citizen-9") as subject,
        listening(town, "handler-2") as desk,
        listening(town, "approver-1") as approver,
        listening(town, "provider-1") as provider,
        listening(town, "bank-1") as neighbour,
    ):
        await objecting.opened(town, case_id)
        await number(town)
        for one in (subject, desk, approver):
            assert {**await one.change(), "cursor": ""} == _heard("OBJECTION", case_id, 2)
        await objecting.forwarded(town, case_id)
        (question,) = await objecting.verifications(town)
        await number(town)
        assert {**await desk.change(), "cursor": ""} == _heard("OBJECTION", case_id, 3)
        assert {**await provider.change(), "cursor": ""} == _heard("VERIFICATION", question["id"], 1)
        await objecting.withdrawn(town, case_id)
        await number(town)
        assert {**await desk.change(), "cursor": ""} == _heard("OBJECTION", case_id, 4)
        assert {**await provider.change(), "cursor": ""} == _heard("VERIFICATION", question["id"], 1), "it is over"
        assert provider.nothing()
        assert neighbour.nothing()


def _heard(kind: str, id_: str, version: int) -> dict[str, object]:
    return {"cursor": "", "kind": kind, "id": id_, "version": version}


async def test_a_score_that_is_closed_and_a_notice_that_is_read_are_told(town: Town) -> None:
    async with listening(town, "citizen-1") as phone:
        await town.act("citizen-1", "scoreClose", {"idempotencyKey": "c"}, "replayed")
        await number(town)
        heard = [await phone.change() for _ in range(2)]
        assert [one["kind"] for one in heard] == ["SCORE", "NOTICE"]
        await town.act("citizen-1", "noticeRead", {"noticeId": heard[1]["id"]}, "replayed")
        await number(town)
        again = await phone.change()
        assert (again["kind"], again["id"], again["version"]) == ("NOTICE", heard[1]["id"], 2)


async def test_whoever_comes_back_hears_everything_once(town: Town) -> None:
    """Cut off after every event, and coming back with the last cursor: all of them, in order, none twice."""
    start = await cursor(town, "citizen-1")
    (owner,) = {await _subject(town)}
    for n in range(7):
        async with town.house.database.writing() as unit:
            await changes.tell(unit, Change(owner, ChangeKind.CLAIM, f"clm_{n}", n + 1), at=datetime.now(UTC))
    await number(town)
    heard, after = [], start
    for _ in range(7):
        async with listening(town, "citizen-1", after=after) as phone:
            one = await phone.change()
            heard.append(one["version"])
            after = one["cursor"]
    assert heard == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_row_that_is_committed_later_is_not_passed_by(town: Town) -> None:
    """Its serial id is lower than that of a row which a listener has heard of: its position is not. SQLite has one
    writer, and no such rows."""
    owner = await _subject(town)
    async with listening(town, "citizen-1") as phone:
        async with town.house.database.writing() as slow:
            await changes.tell(slow, Change(owner, ChangeKind.CLAIM, "clm_slow", 1), at=datetime.now(UTC))
            async with town.house.database.writing() as quick:
                await changes.tell(quick, Change(owner, ChangeKind.CLAIM, "clm_quick", 1), at=datetime.now(UTC))
            await number(town)
            assert (await phone.change())["id"] == "clm_quick"
        await number(town)
        assert (await phone.change())["id"] == "clm_slow"


async def test_an_old_cursor_a_foreign_one_and_a_made_up_one_are_refused(town: Town) -> None:
    old = await cursor(town, "citizen-1")
    owner = await _subject(town)
    async with town.house.database.writing() as unit:
        for n in range(3):
            await changes.tell(unit, Change(owner, ChangeKind.CLAIM, "clm", n), at=datetime.now(UTC))
    await number(town)
    young = await cursor(town, "citizen-1")
    async with town.house.database.writing() as unit:
        await changes.prune(unit, at=datetime.now(UTC))  # what the city told when it was built
        assert await changes.prune(unit, at=datetime.now(UTC) + changes.KEEP + timedelta(minutes=1)) > 0
        assert await unit.all(change.select())  # the highest position is kept
    theirs = await cursor(town, "citizen-2")
    async with opened(town) as phone:
        await phone.begin(f"Bearer {await town.token('citizen-1')}")
        for n, (after, code) in enumerate(
            [(old, "CHANGES_FORGOTTEN"), (theirs, "BAD_CURSOR"), ("x" * 40, "BAD_CURSOR")]
        ):
            phone.subscribe(str(n), after=after)
            refused = await phone.hear()
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"]["code"] == code
        phone.subscribe("young", after=young)
        async with town.house.database.writing() as unit:
            await changes.tell(unit, Change(owner, ChangeKind.CLAIM, "clm", 9), at=datetime.now(UTC))
        await number(town)
        assert (await phone.change())["version"] == 9


async def test_whose_post_has_nothing_to_hear_of_is_refused(town: Town) -> None:
    async with opened(town) as desk:
        await desk.begin(f"Bearer {await town.token('agency-1')}")
        desk.subscribe("1", query=CHANGES)
        refused = await desk.hear()
        assert refused["payload"][0]["extensions"]["code"] == "FORBIDDEN"


async def _subject(town: Town) -> str:
    found = await town.data("citizen-1", "{ me { id } }")
    return str(found["me"]["id"])
