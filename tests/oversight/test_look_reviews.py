"""What is unusual opens one review (Art. 13): never twice, never lost, looked into by somebody else."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core.database import Database
from core.moments import CITY, day_of
from core.principal import Channel
from oversight.duty import watching
from oversight.duty.tables import look_review
from oversight.duty.watching import Watch
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.sealing import seal

_NODE = """id number rule basis day seen limit count lookIds state outcome version takeable mine sentence
  looker { id label } owner { id } party { name }"""
_LIST = (
    "query($s: LookReviewState) { security { reviews(first: 100, state: $s) { edges { node { " + _NODE + " } } } } }"
)
_SHOWN = "review { " + _NODE + " } replayed"


async def _watched(town: Town, *, at: datetime | None = None) -> None:
    await seal(town.house)
    while await Watch(town.house.database).watch(at=at or datetime.now(UTC)):
        pass


async def _listed(town: Town, persona: str = "officer-1", **state: str) -> list[dict[str, Any]]:
    found = await town.data(persona, _LIST, state)
    return [edge["node"] for edge in found["security"]["reviews"]["edges"]]


async def _staff(town: Town, name: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT staff_id FROM identity_link WHERE name = :n"), {"n": name})
    assert row is not None
    return str(row.staff_id)


async def _looked(town: Town, name: str, many: int, *, case: str | None = None, hour: int = 10) -> list[str]:
    """A staff member had so many looks at citizen-1 at this hour of the day before yesterday."""
    staff_id = await _staff(town, name)
    async with town.house.database.writing() as unit:
        subject = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = 'citizen-1'"))
        party = await unit.first(text("SELECT party_id FROM staff WHERE id = :i"), {"i": staff_id})
        assert subject is not None
        assert party is not None
        lens = Lens(Audience.ORGAN, BasisKind.COUNTER, subject.subject_id)
        looks = [
            Look(
                lens,
                BasisKind.COUNTER.value,
                Shape.of({"CreditRecord.title"}),
                "COUNTER_OTHER_PERSON",
                Channel.COUNTER,
                actor_party_id=party.party_id,
                officer_id=staff_id,
                case_number=case,
            )
            for _ in range(many)
        ]
        day = datetime.now(CITY) - timedelta(days=2)
        await Log(Shapes()).append(unit, looks, at=day.replace(hour=hour, minute=5))
    return [look.id for look in looks]


async def test_the_citys_late_look_is_under_review_and_opened_once(town: Town) -> None:
    await _watched(town)
    (late,) = [one for one in await _listed(town) if one["rule"] == "OUT_OF_HOURS"]
    assert (late["basis"], late["seen"], late["limit"], late["count"], late["state"]) == ("GRANT", 1, 0, 1, "OPEN")
    assert late["day"] == (day_of(datetime.now(UTC)) - timedelta(days=1)).isoformat()
    assert late["party"]["name"] == "海津示例银行"
    assert late["sentence"] == "有1次查询在工作时间之外（上限0次）。"
    assert late["takeable"]
    # The log read again from its beginning, and by two at once: nothing is opened twice.
    before = await stored(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE watched SET position = 0"))
    await _watched(town)
    after = await stored(town)
    assert after["look_review"] == before["look_review"]
    # Whom it was at is in no row of it.
    async with town.house.database.reading() as unit:
        subject = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = 'citizen-1'"))
    assert subject is not None
    assert subject.subject_id not in str(after["look_review"])


async def test_what_grows_before_anybody_takes_it_is_one_review_and_what_is_taken_stands(town: Town) -> None:
    await _looked(town, "clerk-1", 1)
    await _watched(town)
    (found,) = [one for one in await _listed(town) if one["rule"] == "NO_CASE"]
    assert (found["seen"], found["count"]) == (1, 1)
    ids = await _looked(town, "clerk-1", 2, hour=11)
    await _watched(town)
    (grown,) = [one for one in await _listed(town) if one["rule"] == "NO_CASE"]
    assert (grown["id"], grown["seen"], grown["count"]) == (found["id"], 3, 3)
    assert set(ids) <= set(grown["lookIds"])
    await town.act("officer-1", "lookReviewTake", {"reviewId": found["id"]}, _SHOWN)
    await _looked(town, "clerk-1", 1, hour=12)
    await _watched(town)
    (taken,) = [one for one in await _listed(town) if one["rule"] == "NO_CASE"]
    assert (taken["state"], taken["count"]) == ("TAKEN", 3)


async def test_a_watch_that_is_killed_half_way_goes_on_without_loss(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _watched(town)
    await _looked(town, "clerk-1", 3)
    await seal(town.house)
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    opened, tries = watching.reviews.open_, 0

    async def dies(*args: Any, **kwargs: Any) -> int:
        nonlocal tries
        tries += 1
        made = await opened(*args, **kwargs)
        if tries % 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(watching.reviews, "open_", dies)
    watch = Watch(town.house.database)
    for _ in range(200):
        try:
            if not await watch.watch(at=datetime.now(UTC)):
                break
        except RuntimeError:
            continue
    else:
        raise AssertionError("it never ends")
    assert tries > 2
    assert [one["count"] for one in await _listed(town) if one["rule"] == "NO_CASE"] == [3]


async def test_programs_people_and_what_is_old_are_not_reviewed(town: Town) -> None:
    await _watched(town, at=datetime.now(UTC) + timedelta(days=100))
    assert await _listed(town) == []


async def test_a_review_is_taken_decided_and_closed_and_misuse_takes_two(town: Town) -> None:
    await _looked(town, "clerk-1", 1)
    await _watched(town)
    review = next(one for one in await _listed(town) if one["rule"] == "NO_CASE")
    close = {"reviewId": review["id"], "expectedVersion": 1, "outcome": "MISUSE", "reason": "查询邻居"}
    assert (await town.act("officer-1", "lookReviewClose", close, _SHOWN))["code"] == "WRONG_STATE"
    taken = (await town.act("officer-1", "lookReviewTake", {"reviewId": review["id"]}, _SHOWN))["review"]
    assert (taken["state"], taken["mine"], taken["version"]) == ("TAKEN", True, 2)
    assert (await town.act("officer-1", "lookReviewTake", {"reviewId": review["id"]}, _SHOWN))["replayed"]
    assert (await town.act("officer-1", "lookReviewClose", close, _SHOWN))["code"] == "VERSION_CHANGED"
    empty = {**close, "expectedVersion": 2, "reason": "  "}
    assert (await town.act("officer-1", "lookReviewClose", empty, _SHOWN))["code"] == "INVALID_INPUT"
    decided = (await town.act("officer-1", "lookReviewClose", {**close, "expectedVersion": 2}, _SHOWN))["review"]
    assert (decided["state"], decided["outcome"]) == ("DECIDED", "MISUSE")
    said = {"reviewId": review["id"], "expectedVersion": 3, "stands": True}
    assert (await town.act("officer-1", "lookReviewConfirm", said, _SHOWN))["code"] == "SECOND_PERSON"
    # A second person may disagree: it goes back to whoever has it.
    back = (await town.act("approver-1", "lookReviewConfirm", {**said, "stands": False}, _SHOWN))["review"]
    assert (back["state"], back["outcome"]) == ("TAKEN", None)
    await town.act("officer-1", "lookReviewClose", {**close, "expectedVersion": 4}, _SHOWN)
    closed = (await town.act("approver-2", "lookReviewConfirm", {**said, "expectedVersion": 5}, _SHOWN))["review"]
    assert (closed["state"], closed["outcome"]) == ("CLOSED", "MISUSE")
    assert review["id"] in [one["id"] for one in await _listed(town, "approver-1", s="CLOSED")]


async def test_anything_else_is_closed_by_one(town: Town) -> None:
    await _watched(town)
    late = next(one for one in await _listed(town) if one["rule"] == "OUT_OF_HOURS")
    await town.act("officer-1", "lookReviewTake", {"reviewId": late["id"]}, _SHOWN)
    close = {"reviewId": late["id"], "expectedVersion": 2, "outcome": "JUSTIFIED", "reason": "加班"}
    assert (await town.act("officer-1", "lookReviewClose", close, _SHOWN))["review"]["state"] == "CLOSED"


async def test_nobody_reviews_their_own_looks(town: Town) -> None:
    await _looked(town, "officer-1", 1)
    await _looked(town, "approver-1", 1)
    await _watched(town)
    by = {one["looker"]["id"]: one for one in await _listed(town) if one["rule"] == "NO_CASE"}
    own, other = by[await _staff(town, "officer-1")], by[await _staff(town, "approver-1")]
    before = await stored(town)
    assert not own["takeable"]
    assert (await town.act("officer-1", "lookReviewTake", {"reviewId": own["id"]}, _SHOWN))["code"] == "SECOND_PERSON"
    assert (await stored(town))["look_review"] == before["look_review"]
    await town.act("officer-1", "lookReviewTake", {"reviewId": other["id"]}, _SHOWN)
    misuse = {"reviewId": other["id"], "expectedVersion": 2, "outcome": "MISUSE", "reason": "x"}
    await town.act("officer-1", "lookReviewClose", misuse, _SHOWN)
    said = {"reviewId": other["id"], "expectedVersion": 3, "stands": False}
    assert (await town.act("approver-1", "lookReviewConfirm", said, _SHOWN))["code"] == "SECOND_PERSON"


async def test_a_look_that_its_subject_does_not_know_is_reviewed(town: Town) -> None:
    history = "{ me { accessHistory(first: 50) { edges { node { id actor { name } } } } } }"
    lines = (await town.data("citizen-1", history))["me"]["accessHistory"]["edges"]
    look = next(line["node"]["id"] for line in lines if line["node"]["actor"]["name"] == "海津示例银行")
    for key in ("a", "b"):
        await town.act("citizen-1", "accessQuestion", {"accessId": look, "idempotencyKey": key}, "replayed")
    (found,) = [one for one in await _listed(town) if one["rule"] == "QUESTIONED"]
    assert (found["lookIds"], found["party"]["name"]) == ([look], "海津示例银行")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_who_take_a_review_at_once_one_has_it(town: Town) -> None:
    await _watched(town)
    given = {"label": "信息安全责任人乙", "post": "SECURITY", "idempotencyKey": "k"}
    other = (await town.act("approver-1", "staffEmploy", given, "staff { id }"))["staff"]["id"]
    late = next(one for one in await _listed(town) if one["rule"] == "OUT_OF_HOURS")

    async def take(database: Database, by: str) -> str:
        try:
            async with database.writing() as unit:
                await watching.reviews.take(unit, by, late["id"], at=datetime.now(UTC))
        except watching.reviews.WrongState:
            return "late"
        return by

    people = [await _staff(town, "officer-1"), other] * 4
    took = await asyncio.gather(*(take(town.house.database, by) for by in people))
    (owner,) = set(took) - {"late"}
    async with town.house.database.reading() as unit:
        row = await unit.first(look_review.select().where(look_review.c.id == late["id"]))
    assert row is not None
    assert (row.taken_by, row.version) == (owner, 2)


@pytest.mark.parametrize("persona", ["handler-1", "clerk-1", "bank-1", "citizen-1", "supervisor-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_else_has_the_desk(town: Town, persona: str) -> None:
    await _watched(town)
    (late,) = [one for one in await _listed(town) if one["rule"] == "OUT_OF_HOURS"]
    before = await stored(town)
    refused = await town.ask(persona, _LIST)
    assert refused.code in ("NOT_AVAILABLE", "FORBIDDEN")
    assert refused.get("data") is None
    take = f'mutation {{ lookReviewTake(input: {{reviewId: "{late["id"]}"}}) {{ __typename }} }}'
    assert (await town.ask(persona, take)).status == 403
    # An approver says the second word and takes nothing.
    assert (await town.ask("approver-1", take)).status == 403
    assert (await stored(town))["look_review"] == before["look_review"]
